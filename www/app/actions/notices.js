/**
 * Telling people what happened, in their language.
 * @import { MessageKey } from "../../i18n/en.js"
 */
import { message } from "../../i18n/messages.js";
import * as state from "../state.js";

/** Long enough to read a short sentence twice. */
const SHOWN_MS = 6_000;

/** Says it to a screen reader. @param {MessageKey} key @param {Record<string, string | number>} [params] */
export function say(key, params) {
    // What is being shown stays in sight for its time.
    if (!state.said.value.isShown)
        state.said.value = { text: message(state.language.value, key, params), isShown: false };
}

/** Says it to everyone. @param {MessageKey} key @param {Record<string, string | number>} [params] */
export function show(key, params) {
    const said = { text: message(state.language.value, key, params), isShown: true };
    state.said.value = said;
    setTimeout(() => {
        if (state.said.value === said) state.said.value = { ...said, isShown: false };
    }, SHOWN_MS);
}
