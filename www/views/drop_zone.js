/** The empty page, all of it a place to drop on; and drops anywhere, later. */
import { actions } from "../app/actions.js";
import {
    engine,
    isDragging,
    isOfflineReady,
    isRegardless,
    isWaitingAsAdded,
    nameIn,
    parts,
    total,
} from "../app/state.js";
import { html, live, nothing } from "../vendor/view.js";
import { chooseFiles, chooseFolder } from "./file_inputs.js";
import { pictureIcon } from "./icons.js";
import { PASTE_KEYS } from "./paste.js";
import { t } from "./text.js";

/** @param {Window} window */
export function listenForDrops(window) {
    const carriesFiles = (/** @type {DragEvent} */ event) => event.dataTransfer?.types.includes("Files") ?? false;
    window.addEventListener("dragover", (event) => {
        if (!carriesFiles(event)) return;
        event.preventDefault();
        actions.setDragging(true);
    });
    window.addEventListener("dragleave", (event) => {
        if (!event.relatedTarget) actions.setDragging(false); // out of the window, not onto the next element
    });
    window.addEventListener("drop", (event) => {
        if (!event.dataTransfer || !carriesFiles(event)) return;
        event.preventDefault();
        actions.addDropped(event.dataTransfer);
    });
}

export function dropZone() {
    // It stays until what takes its place is there.
    if (total.value > 0 && parts.value.has("work"))
        return isDragging.value ? html`<div class="drop-veil"><p>${t("drop_here")}</p></div>` : html`${nothing}`;
    return html`<div class="drop-zone ${isDragging.value ? "is-dragging" : ""}">
        <div class="drop-area">
            <h2>${t("drop_title")}</h2>
            <p class="drop-gain">${t("drop_gain")}</p>
            <p class="drop-buttons">
                <button class="button is-main" type="button" @click=${chooseFiles}>${pictureIcon()}<span>${t("choose_files")}</span></button>
                <button class="button" type="button" @click=${chooseFolder}>${t("choose_folder")}</button>
                ${actions.hasCamera() ? cameraButton() : nothing}
            </p>
            ${isWaitingAsAdded.value ? regardless() : nothing}
            <p class="drop-small drop-ways">${t("or_paste", { keys: PASTE_KEYS })}</p>
            <p class="drop-promise">${t("drop_promise")}${isOfflineReady.value ? html` <span>${t("works_offline")}</span>` : nothing}</p>
            ${samples()}
            <p class="drop-small">${engine.value.status === "loading" ? loading() : t("formats")}</p>
        </div>
    </div>`;
}

/** Pictures of this collection wait untagged, unless somebody says otherwise. */
const regardless = () => html`<label class="drop-small drop-regardless">
    <input
        type="checkbox"
        data-do="tag-regardless"
        .checked=${live(isRegardless.value)}
        @change=${(/** @type {Event} */ { currentTarget }) => actions.tagRegardless(/** @type {HTMLInputElement} */ (currentTarget).checked)}
    />
    <span>${t("tag_regardless")}</span>
</label>`;

const cameraButton = () =>
    html`<button class="button" type="button" @click=${() => actions.showDialog("camera")}>${t("take_pictures")}</button>`;

function samples() {
    const all = actions.samplePictures();
    if (all.length === 0) return nothing;
    return html`<div class="drop-samples">
        <p class="drop-small">${t("samples")}</p>
        <ul>
            ${all.map((one) => html`<li>${sample(one)}</li>`)}
        </ul>
    </div>`;
}

/** With the tags that it gets, so that everybody sees at once what comes of a picture. @param {ReturnType<typeof actions.samplePictures>[0]} picture */
function sample({ name, small, tags }) {
    const what = t(/** @type {"sample_chelsea" | "sample_coffee" | "sample_camera"} */ (`sample_${name}`));
    const label = t("sample", { name: what });
    return html`<button type="button" data-sample=${name} title=${label} @click=${() => actions.addSample(name)}>
        <img src=${small.href} alt=${label} width="144" height="108" />
        ${tags.map(({ id, names }) => html`<span class="drop-tag" data-sample-tag=${id}>${nameIn(names) ?? id}</span>`)}
    </button>`;
}

const loading = () => html`<span class="drop-loading">${t("engine_loading")}</span>`;
