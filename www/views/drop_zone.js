/** The empty page, all of it a place to drop on; and drops anywhere, later. */
import { actions } from "../app/actions.js";
import { engine, isDragging, isOfflineReady, parts, total } from "../app/state.js";
import { html, nothing } from "../vendor/view.js";
import { chooseFiles, chooseFolder } from "./file_inputs.js";
import { pictureIcon } from "./icons.js";
import { PASTE_KEYS } from "./paste.js";
import { rounded, t } from "./text.js";

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
            <span class="drop-sign">${pictureIcon()}</span>
            <h2>${t("drop_title")}</h2>
            <p class="drop-promise">${t("drop_promise")}</p>
            <p class="drop-buttons">
                <button class="button is-main" type="button" @click=${chooseFiles}>${t("choose_files")}</button>
                <button class="button" type="button" @click=${chooseFolder}>${t("choose_folder")}</button>
                ${actions.hasCamera() ? cameraButton() : nothing}
            </p>
            <p class="drop-small">${t("or_paste", { keys: PASTE_KEYS })} ${t("formats")}</p>
            ${samples()}
            <p class="drop-small">
                <span data-engine-line>${engineLine()}</span>${isOfflineReady.value ? html` · <span>${t("works_offline")}</span>` : nothing}
            </p>
        </div>
    </div>`;
}

const cameraButton = () =>
    html`<button class="button" type="button" @click=${() => actions.showDialog("camera")}>${t("take_pictures")}</button>`;

function samples() {
    const all = actions.samplePictures();
    if (all.length === 0) return nothing;
    return html`<div class="drop-samples">
        <p class="drop-small">${t("samples")}</p>
        <div>
            ${all.map(({ name, url }) => {
                const what = t(/** @type {"sample_chelsea" | "sample_coffee" | "sample_camera"} */ (`sample_${name}`));
                const label = t("sample", { name: what });
                return html`<button type="button" data-sample=${name} aria-label=${label} title=${label} @click=${() => actions.addSample(name)}>
                    <img src=${url.href} alt="" />
                </button>`;
            })}
        </div>
    </div>`;
}

function engineLine() {
    const { status, facts, modelBytes = 0, readyMs = 0 } = engine.value;
    if (status === "loading") return t("engine_loading");
    if (status !== "ready" || !facts) return nothing; // the banner says it
    return t("engine_ready", {
        name: facts.name,
        megabytes: rounded(modelBytes / 1e6),
        seconds: rounded(readyMs / 1e3),
    });
}
