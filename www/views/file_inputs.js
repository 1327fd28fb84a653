/** The two file choosers, out of sight; buttons all over the page open them. Where the browser has a way to choose folders, that is used. */
import { actions } from "../app/actions.js";
import { html } from "../vendor/view.js";

const onChosen = (/** @type {Event} */ event) =>
    actions.addChosen(/** @type {HTMLInputElement} */ (event.currentTarget));

/** Extensions whose type some browsers do not know; formats that are only named are no use to choose. */
const ACCEPTED =
    "image/*,.avif,.heic,.heif,.tif,.tiff,.3fr,.arw,.cr2,.cr3,.crw,.dng,.iiq,.mrw,.nef,.nrw,.orf,.pef,.raf,.raw,.rw2,.srw,.x3f";

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
