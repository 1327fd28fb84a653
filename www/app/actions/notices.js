/**
 * Telling people what happened, in their language: everyone by a message that is shown for a while, and who cannot see by a live region.
 * @import { MessageKey } from "../../i18n/en.js"
 * @import { Dialog, Notice } from "../state.js"
 */
import { message } from "../../i18n/messages.js";
import * as state from "../state.js";

/** Long enough to read a short sentence twice. */
const SHOWN_MS = 6_000;
/** Where there is a button in it: long enough to get there as well. */
const SHOWN_WITH_ACTION_MS = 12_000;
/** By then a screen reader has taken what was said. */
const TAKEN_MS = 1_000;

let nSaid = 0;
let lastAt = 0;

/** Says it to a screen reader, after what is being said. @param {string} text */
export function say(text) {
    const at = performance.now();
    const isOver = at - lastAt > TAKEN_MS;
    lastAt = at;
    // All that was said goes at once: a line that moved up would be heard again.
    state.said.value = [...(isOver ? [] : state.said.value), { n: ++nSaid, text }];
}

/** Says it to a screen reader. @param {MessageKey} key @param {Record<string, string | number>} [params] */
export function announce(key, params) {
    say(message(state.language.value, key, params));
}

/**
 * Says it to everyone.
 * @param {MessageKey} key @param {Record<string, string | number>} [params] @param {{words: MessageKey, dialog: Dialog}} [action] a button beside it
 */
export function notify(key, params, action) {
    const text = message(state.language.value, key, params);
    /** @type {Notice} */
    const notice = { text, isShown: true };
    if (action) notice.action = { text: message(state.language.value, action.words), dialog: action.dialog };
    state.notice.value = notice;
    say(text);
    setTimeout(
        () => {
            if (state.notice.value === notice) state.notice.value = { text, isShown: false };
        },
        action ? SHOWN_WITH_ACTION_MS : SHOWN_MS,
    );
}
