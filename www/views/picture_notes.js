/** What is to be known of a picture's file beside its size: that not all of it came, that the engine did not open it, that it is not here. */
import { html } from "../vendor/view.js";
import { missingFile } from "../app/state.js";
import { chooseFiles } from "./file_inputs.js";
import { warningIcon } from "./icons.js";
import { errorText, t } from "./text.js";

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
export const detailNotes = (picture) => [
    ...notesOf(picture).map(
        (note) =>
            html`<p class="details-note" data-note=${note}>${warningIcon()}<span><strong>${t(`note_${note}`)}.</strong> ${t(`note_${note}_why`)}</span></p>`,
    ),
    ...(picture.file === null && missingFile.value === picture.id ? [fileNote()] : []),
];

function fileNote() {
    const { title, remedy } = errorText({ code: "file_needed" });
    return html`<p class="details-note" data-note="file">${warningIcon()}<span><strong>${title}</strong> ${remedy}
        <button class="tag-reset" type="button" data-do="choose-file" @click=${chooseFiles}>${t("files_choose")}</button></span></p>`;
}
