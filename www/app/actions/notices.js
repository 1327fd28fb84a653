/**
 * Telling people what happened, in their language.
 * @import { MessageKey } from "../../i18n/en.js"
 */
import { message } from "../../i18n/messages.js";
import * as state from "../state.js";

/** Long enough to read a short sentence twice. */
const SHOWN_MS = 6_000;

/** Says it to a screen reader. @param {MessageKey} key @param {Record<string, string | number>} [params] */
export function announce(key, params) {
    // What is being shown stays in sight for its time.
    if (!state.notice.value.isShown)
        state.notice.value = { text: message(state.language.value, key, params), isShown: false };
}

/** Says it to everyone. @param {MessageKey} key @param {Record<string, string | number>} [params] */
export function notify(key, params) {
    const notice = { text: message(state.language.value, key, params), isShown: true };
    state.notice.value = notice;
    setTimeout(() => {
        if (state.notice.value === notice) state.notice.value = { ...notice, isShown: false };
    }, SHOWN_MS);
}
