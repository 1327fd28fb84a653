/**
 * Telling people what happened, in their language.
 * @import { MessageKey } from "../../i18n/en.js"
 * @import { Dialog, Notice } from "../state.js"
 */
import { message } from "../../i18n/messages.js";
import * as state from "../state.js";

/** Long enough to read a short sentence twice. */
const SHOWN_MS = 6_000;
/** Where there is a button in it: long enough to get there as well. */
const SHOWN_WITH_ACTION_MS = 12_000;

/** Says it to a screen reader. @param {MessageKey} key @param {Record<string, string | number>} [params] */
export function announce(key, params) {
    // What is being shown stays in sight for its time.
    if (!state.notice.value.isShown)
        state.notice.value = { text: message(state.language.value, key, params), isShown: false };
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
    setTimeout(
        () => {
            if (state.notice.value === notice) state.notice.value = { text, isShown: false };
        },
        action ? SHOWN_WITH_ACTION_MS : SHOWN_MS,
    );
}
