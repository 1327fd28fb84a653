/** What is to be known of a picture's file beside its size: that not all of it came, that the engine did not open it. */
import { html } from "../vendor/view.js";
import { warningIcon } from "./icons.js";
import { t } from "./text.js";

/** @param {import("../app/state.js").PictureEntry} picture @returns {("incomplete" | "browser")[]} */
function notesOf({ state, facts }) {
    if (state !== "done" || !facts) return [];
    return [
        ...(facts.incomplete ? /** @type {const} */ (["incomplete"]) : []),
        ...(facts.decoder ? /** @type {const} */ (["browser"]) : []),
    ];
}

/** On its card. @param {import("../app/state.js").PictureEntry} picture */
export const cardNotes = (picture) =>
    notesOf(picture).map(
        (note) =>
            html`<span class="card-note" data-note=${note} title=${t(`note_${note}_why`)}>${warningIcon()}<span>${t(`note_${note}`)}</span></span>`,
    );

/** For who does not see the card. @param {import("../app/state.js").PictureEntry} picture */
export const spokenNotes = (picture) => notesOf(picture).map((note) => t(`note_${note}`));

/** In full. @param {import("../app/state.js").PictureEntry} picture */
export const detailNotes = (picture) =>
    notesOf(picture).map(
        (note) =>
            html`<p class="details-note" data-note=${note}>${warningIcon()}<span><strong>${t(`note_${note}`)}.</strong> ${t(`note_${note}_why`)}</span></p>`,
    );
