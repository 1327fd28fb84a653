/** The two file choosers, out of sight; buttons all over the page open them. Where the browser has a way to choose folders, that is used. */
import { actions } from "../app/actions.js";
import { html } from "../vendor/view.js";

const onChosen = (/** @type {Event} */ event) =>
    actions.addChosen(/** @type {HTMLInputElement} */ (event.currentTarget));

export const fileInputs = () => html`
    <input type="file" data-input="files" multiple accept="image/*,.avif,.heic,.heif,.tif,.tiff" hidden @change=${onChosen} />
    <input type="file" data-input="folder" webkitdirectory hidden @change=${onChosen} />
`;

/** @param {"files" | "folder"} kind */
function choose(kind) {
    const input = /** @type {HTMLInputElement | null} */ (document.querySelector(`[data-input="${kind}"]`));
    input?.click();
}

export const chooseFiles = () => choose("files");
export const chooseFolder = () => (actions.hasFolderChooser() ? void actions.addFolder() : choose("folder"));
