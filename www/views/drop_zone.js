/** The empty page, all of it a place to drop on; and drops anywhere, later. */
import { actions } from "../app/actions.js";
import { engine, is_dragging, is_offline_ready, total } from "../app/state.js";
import { html, nothing } from "../vendor/view.js";
import { choose_files, choose_folder } from "./file_inputs.js";
import { picture_icon } from "./icons.js";
import { PASTE_KEYS } from "./paste.js";
import { rounded, t } from "./words.js";

/** @param {Window} window */
export function listen_for_drops(window) {
    const carries_files = (/** @type {DragEvent} */ event) => event.dataTransfer?.types.includes("Files") ?? false;
    window.addEventListener("dragover", (event) => {
        if (!carries_files(event)) return;
        event.preventDefault();
        actions.set_dragging(true);
    });
    window.addEventListener("dragleave", (event) => {
        if (!event.relatedTarget) actions.set_dragging(false); // out of the window, not onto the next element
    });
    window.addEventListener("drop", (event) => {
        if (!event.dataTransfer || !carries_files(event)) return;
        event.preventDefault();
        actions.add_dropped(event.dataTransfer);
    });
}

export function drop_zone() {
    if (total.value > 0) return is_dragging.value ? html`<div class="drop-veil"><p>${t("drop_here")}</p></div>` : html`${nothing}`;
    return html`<div class="drop-zone ${is_dragging.value ? "is-dragging" : ""}">
        <div class="drop-area">
            <span class="drop-sign">${picture_icon()}</span>
            <h2>${t("drop_title")}</h2>
            <p class="drop-promise">${t("drop_promise")}</p>
            <p class="drop-buttons">
                <button class="button is-main" type="button" @click=${choose_files}>${t("choose_files")}</button>
                <button class="button" type="button" @click=${choose_folder}>${t("choose_folder")}</button>
                ${actions.has_camera() ? camera_button() : nothing}
            </p>
            <p class="drop-small">${t("or_paste", { keys: PASTE_KEYS })} ${t("formats")}</p>
            ${samples()}
            <p class="drop-small">
                <span data-engine-line>${engine_line()}</span>${is_offline_ready.value ? html` · <span>${t("works_offline")}</span>` : nothing}
            </p>
        </div>
    </div>`;
}

const camera_button = () => html`<button class="button" type="button" @click=${() => actions.show_dialog("camera")}>${t("take_pictures")}</button>`;

function samples() {
    const all = actions.sample_pictures();
    if (all.length === 0) return nothing;
    return html`<div class="drop-samples">
        <p class="drop-small">${t("samples")}</p>
        <div>
            ${all.map(({ name, url }) => {
                const what = t(/** @type {"sample_chelsea" | "sample_coffee" | "sample_camera"} */ (`sample_${name}`));
                const label = t("sample", { name: what });
                return html`<button type="button" data-sample=${name} aria-label=${label} title=${label} @click=${() => actions.add_sample(name)}>
                    <img src=${url.href} alt="" />
                </button>`;
            })}
        </div>
    </div>`;
}

function engine_line() {
    const { status, facts, model_bytes = 0, ready_ms = 0 } = engine.value;
    if (status === "loading") return t("engine_loading");
    if (status !== "ready" || !facts) return nothing; // the banner says it
    return t("engine_ready", { name: facts.name, megabytes: rounded(model_bytes / 1e6), seconds: rounded(ready_ms / 1e3) });
}
