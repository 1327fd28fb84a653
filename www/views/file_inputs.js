/** The two file choosers, out of sight; buttons all over the page open them. Where the browser has a way to choose folders, that is used. */
import { actions } from "../app/actions.js";
import { RAW_EXTENSIONS } from "../app/picture_names.js";
import { html } from "../vendor/view.js";

const onChosen = (/** @type {Event} */ event) =>
    actions.addChosen(/** @type {HTMLInputElement} */ (event.currentTarget));

/** Extensions whose type some browsers do not know; formats that are only named are no use to choose. */
const ACCEPTED = [
    "image/*",
    ...["avif", "heic", "heif", "tif", "tiff", ...RAW_EXTENSIONS].map((one) => `.${one}`),
].join();

export const fileInputs = () => html`
    <input type="file" data-input="files" multiple accept=${ACCEPTED} hidden @change=${onChosen} />
    <input type="file" data-input="folder" webkitdirectory hidden @change=${onChosen} />
`;

/** @param {"files" | "folder"} kind */
function choose(kind) {
    const input = /** @type {HTMLInputElement | null} */ (document.querySelector(`[data-input="${kind}"]`));
    input?.click();
}

export const chooseFiles = () => choose("files");
export const chooseFolder = () => (actions.hasFolderChooser() ? void actions.addFolder() : choose("folder"));
