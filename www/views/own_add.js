/** Examples that are dropped, chosen or taken: pictures for a tag that is typed, or folders that are called like their tags. */
import { actions } from "../app/own_actions.js";
import { MAX_NAME } from "../app/collection_names.js";
import { addingExamples, exampleCamera, examplesAdded } from "../app/own_view_state.js";
import { html, live, nothing, signal } from "../vendor/view.js";
import { failureBox } from "./failure_box.js";
import { cameraIcon, folderIcon, pictureIcon } from "./icons.js";
import { localForm } from "./local_form.js";
import { openExampleCamera, ownCamera } from "./own_camera.js";
import { t } from "./text.js";

const isOver = signal(false);
/** The tag that is typed, and of which tagger's examples. */
const typed = signal({ tagger: "", word: "" });

/** Why files of a training set are left out. */
const LEFT_OUT = /** @type {const} */ ({
    no_tag: "taught_left_no_tag",
    missing: "taught_left_missing",
    unsafe_path: "taught_left_unsafe_path",
    same_path: "taught_left_same_path",
});

/** @param {string} tagger its id */
export function ownAdd(tagger) {
    const word = typed.value.tagger === tagger ? typed.value.word : "";
    const type = (/** @type {Event} */ { currentTarget }) =>
        void (typed.value = { tagger, word: /** @type {HTMLInputElement} */ (currentTarget).value });
    const drop = (/** @type {DragEvent} */ event) => {
        event.preventDefault();
        event.stopPropagation(); // the grid is not meant
        isOver.value = false;
        if (event.dataTransfer) void actions.dropExamples(tagger, word, event.dataTransfer);
    };
    const choose = (/** @type {Event} */ event) =>
        void actions.chooseExamples(tagger, word, /** @type {HTMLInputElement} */ (event.currentTarget));
    const press = (/** @type {Event} */ { currentTarget }, /** @type {string} */ input) =>
        /** @type {HTMLElement | null} */ (
            /** @type {HTMLElement} */ (currentTarget).closest(".own-add")?.querySelector(`[data-input="${input}"]`)
        )?.click();
    const chooseFolder = (/** @type {Event} */ event) =>
        actions.hasFolderChooser() ? void actions.chooseExampleFolder(tagger, word) : press(event, "example-folder");
    const openCamera = (/** @type {Event} */ { currentTarget }) =>
        openExampleCamera(tagger, /** @type {Element} */ (currentTarget));
    const isBusy = addingExamples.value !== null;
    const isCameraOpen = exampleCamera.value?.tagger === tagger;
    const added = examplesAdded.value?.tagger === tagger ? examplesAdded.value : null;
    const adding = addingExamples.value?.tagger === tagger ? addingExamples.value : null;
    return localForm(html`<div
        class="own-add ${isOver.value ? "is-over" : ""}"
        @dragover=${() => void ((isOver.value = true))}
        @dragleave=${leave}
        @drop=${drop}
    >
        <label for="own-add-tag">${t("taught_add_tag")}</label>
        <span class="own-with-button">
            <input class="field" type="text" id="own-add-tag" autocomplete="off" maxlength=${MAX_NAME} aria-describedby="own-add-why" .value=${live(word)} @input=${type} />
            <button class="button" type="button" data-do="choose-examples" ?disabled=${isBusy} @click=${(/** @type {Event} */ event) => press(event, "examples")}>${pictureIcon()}${t("taught_add_choose")}</button>
            <button class="button" type="button" data-do="choose-example-folder" ?disabled=${isBusy} @click=${chooseFolder}>${folderIcon()}${t("taught_add_folder")}</button>
            ${
                actions.hasCamera() && !isCameraOpen
                    ? html`<button class="button" type="button" data-do="example-camera" @click=${openCamera}>${cameraIcon()}${t("taught_add_camera")}</button>`
                    : nothing
            }
            <input type="file" data-input="example-folder" webkitdirectory hidden @change=${choose} />
            <input type="file" data-input="examples" multiple accept="image/*,.zip,.tm,.csv,.tsv,.json,.xmp" hidden @change=${choose} />
        </span>
        <p class="own-why" id="own-add-why">${t("taught_add_why")}</p>
        ${isCameraOpen ? ownCamera(word.trim()) : nothing}
        ${adding ? html`<p role="status" data-adding=${adding.n}>${t("taught_adding", { n: adding.n })}</p>` : nothing}
        ${added ? outcome(added) : nothing}
    </div>`);
}

/** Out of it, and not onto what is in it. @param {DragEvent} event */
function leave({ currentTarget, relatedTarget }) {
    const isInside = /** @type {Node} */ (currentTarget).contains(/** @type {Node | null} */ (relatedTarget));
    if (!isInside) isOver.value = false;
}

/** @param {NonNullable<typeof examplesAdded.value>} added */
const outcome = ({ n, nLeft, leftOut, failure }) => html`${failureBox(failure)}
    <p role="status" data-examples-added=${n}>${t("taught_added", { n })} ${nLeft > 0 ? t("taught_added_left", { n: nLeft }) : nothing}</p>
    ${leftOut.map(
        ({ reason, n, paths }) => html`<details data-left-out=${reason}>
            <summary>${t(LEFT_OUT[reason], { n })}</summary>
            <ul>
                ${paths.map((path) => html`<li>${path}</li>`)}
            </ul>
        </details>`,
    )}`;
