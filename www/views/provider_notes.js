/**
 * What was understood of a set-up. A note of another version has no words here, and is not shown.
 * @import { Note } from "../app/provider_state.js"
 * @import { MessageKey } from "../i18n/en.js"
 */
import { language } from "../app/state.js";
import { hasMessage } from "../i18n/messages.js";
import { html, nothing } from "../vendor/view.js";
import { t } from "./text.js";

/** @param {readonly Note[]} all */
export function providerNotes(all) {
    const known = all.flatMap(({ code, params }) => {
        const key = `provider_note_${code}`;
        return hasMessage(language.value, key) ? [{ code, words: t(/** @type {MessageKey} */ (key), params) }] : [];
    });
    if (known.length === 0) return nothing;
    return html`<div role="status"><ul class="provider-notes">${known.map(({ code, words }) => html`<li data-note=${code}>${words}</li>`)}</ul></div>`;
}
