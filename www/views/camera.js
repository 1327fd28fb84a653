/** Taking pictures. The dialog stays open for more; what is taken goes to the sheet at once. */
import { dialog_actions } from "../app/dialog_actions.js";
import { camera } from "../app/state.js";
import { html, nothing } from "../vendor/view.js";
import { camera_icon } from "./icons.js";
import { when_drawn } from "./mount.js";
import { t, words_of } from "./words.js";

/** @type {import("./dialog.js").DialogView} */
export const camera_dialog = { title: "camera", body: camera_body, is_wide: true, on_open: (body) => begin(body), on_close: () => dialog_actions.close_camera() };

/**
 * When the picture stands, the keyboard is on the shutter: Space and Enter take it.
 * @param {HTMLElement} body @param {string} [device_id] was chosen: the keyboard stays there
 */
async function begin(body, device_id) {
    await dialog_actions.open_camera(device_id);
    const wanted = device_id ? "select" : '[data-do="shutter"], [data-do="camera-again"]';
    when_drawn(() => /** @type {HTMLElement | null} */ (body.querySelector(wanted))?.focus());
}

/** @param {Event} event */
const body_of = (event) => /** @type {HTMLElement} */ (/** @type {Element} */ (event.currentTarget).closest(".dialog-body"));

function camera_body() {
    const state = camera.value;
    if (!state) return html`${nothing}`;
    if (state.status === "failed") return failure(state.error);
    const { n_taken } = state;
    return html`<div class="camera" tabindex="-1" @keydown=${on_key}>
        <div class="camera-frame">
            ${state.status === "opening" ? html`<p class="camera-wait" role="status">${t("camera_opening")}</p>` : nothing}
            <video
                class=${state.is_front ? "is-front" : ""}
                autoplay
                muted
                playsinline
                aria-label=${t("camera_preview")}
                .srcObject=${state.stream}
            ></video>
        </div>
        <div class="camera-deeds">
            ${which(state)}
            <button class="button is-main" type="button" data-do="shutter" ?disabled=${state.status !== "live"} @click=${take}>
                ${camera_icon()}<span>${t("camera_take")}</span>
            </button>
            <span data-count="taken" data-value=${n_taken}>${n_taken > 0 ? t("camera_taken", { n: n_taken }) : nothing}</span>
        </div>
        <p class="camera-words">${t("camera_keys")}</p>
    </div>`;
}

/** @param {import("../app/state.js").CameraState} state */
function which({ devices, device_id }) {
    if (devices.length < 2) return nothing;
    const choose = (/** @type {Event} */ event) => begin(body_of(event), /** @type {HTMLSelectElement} */ (event.currentTarget).value);
    return html`<select class="field" data-do="which-camera" aria-label=${t("camera_which")} @change=${choose}>
        ${devices.map(({ id, name }, idx) => {
            const words = name || t("camera_unnamed", { n: idx + 1 });
            return html`<option value=${id} .selected=${id === device_id}>${words}</option>`;
        })}
    </select>`;
}

/** @param {import("../core/protocol.js").Failure | null} error */
function failure(error) {
    const { title, remedy, action } = words_of(error ?? undefined);
    const again = (/** @type {Event} */ event) => begin(body_of(event));
    return html`<div class="camera camera-failed" role="alert" data-code=${error?.code ?? nothing}>
        <p><strong>${title}</strong> ${remedy}</p>
        <button class="button" type="button" data-do="camera-again" title=${error?.detail ?? nothing} @click=${again}>${action}</button>
    </div>`;
}

/** @param {Event} event */
function take(event) {
    const video = /** @type {Element} */ (event.currentTarget).closest(".camera")?.querySelector("video");
    if (video) dialog_actions.take_picture(video);
}

/** A key that is held down takes one picture, on the button and anywhere beside it. @param {KeyboardEvent} event */
function on_key(event) {
    if (event.key !== " " && event.key !== "Enter") return;
    const is_on_control = /** @type {Element} */ (event.target).closest("button, select");
    if (event.repeat || !is_on_control) event.preventDefault();
    if (!event.repeat && !is_on_control) take(event);
}
