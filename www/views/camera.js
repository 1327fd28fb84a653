/** Taking pictures. The dialog stays open for more; what is taken goes to the grid at once. */
import { actions } from "../app/dialog_actions.js";
import { camera } from "../app/state.js";
import { html, live, nothing } from "../vendor/view.js";
import { cameraIcon } from "./icons.js";
import { whenDrawn } from "./mount.js";
import { t, errorText } from "./text.js";

/** @type {import("./dialog.js").DialogView} */
export const cameraDialog = {
    title: "camera",
    body: cameraBody,
    isWide: true,
    onOpen: (body) => begin(body),
    onClose: () => actions.closeCamera(),
};

/**
 * When the picture stands, the keyboard is on the shutter: Space and Enter take it.
 * @param {HTMLElement} body @param {string} [deviceId] was chosen: the keyboard stays there
 */
export async function begin(body, deviceId) {
    await actions.openCamera(deviceId);
    const wanted = deviceId ? '[data-do="which-camera"]' : '[data-do="shutter"], [data-do="camera-again"]';
    whenDrawn(() => /** @type {HTMLElement | null} */ (body.querySelector(wanted))?.focus());
}

/** @param {Event} event */
const bodyOf = (event) =>
    /** @type {HTMLElement} */ (/** @type {Element} */ (event.currentTarget).closest(".dialog-body"));

/** `live`: an object is set anew with every drawing else, and a stream that is set anew begins with a black picture. */
function cameraBody() {
    const state = camera.value;
    if (!state) return html`${nothing}`;
    if (state.status === "failed") return failure(state.error);
    const { nTaken } = state;
    return html`<div class="camera" tabindex="-1" @keydown=${onKey}>
        ${cameraFrame(state)}
        <div class="camera-actions">
            ${which(state)}
            <button class="button is-main" type="button" data-do="shutter" ?disabled=${state.status !== "live"} @click=${take}>
                ${cameraIcon()}<span>${t("camera_take")}</span>
            </button>
            <span data-count="taken" data-value=${nTaken}>${nTaken > 0 ? t("camera_taken", { n: nTaken }) : nothing}</span>
        </div>
        <p class="camera-words">${t("camera_keys")}</p>
    </div>`;
}

/** What it sees. @param {import("../app/state.js").CameraState} state */
export const cameraFrame = (state) => html`<div class="camera-frame">
    ${state.status === "opening" ? html`<p class="camera-wait" role="status">${t("camera_opening")}</p>` : nothing}
    <video
        class=${state.isFront ? "is-front" : ""}
        autoplay
        muted
        playsinline
        aria-label=${t("camera_preview")}
        .srcObject=${live(state.stream)}
    ></video>
</div>`;

/** Another one, where there are several. @param {import("../app/state.js").CameraState} state */
export function which({ devices, deviceId }) {
    if (devices.length < 2) return nothing;
    const choose = (/** @type {Event} */ event) =>
        begin(bodyOf(event), /** @type {HTMLSelectElement} */ (event.currentTarget).value);
    return html`<select class="field" data-do="which-camera" aria-label=${t("camera_which")} @change=${choose}>
        ${devices.map(({ id, name }, idx) => {
            const words = name || t("camera_unnamed", { n: idx + 1 });
            return html`<option value=${id} .selected=${id === deviceId}>${words}</option>`;
        })}
    </select>`;
}

/** @param {import("../core/protocol.js").Failure | null} error */
export function failure(error) {
    const { title, remedy, action } = errorText(error ?? undefined);
    const again = (/** @type {Event} */ event) => begin(bodyOf(event));
    return html`<div class="camera camera-failed" role="alert" data-code=${error?.code ?? nothing}>
        <p><strong>${title}</strong> ${remedy}</p>
        <button class="button" type="button" data-do="camera-again" title=${error?.detail ?? nothing} @click=${again}>${action}</button>
    </div>`;
}

/** @param {Event} event */
function take(event) {
    const video = /** @type {Element} */ (event.currentTarget).closest(".camera")?.querySelector("video");
    if (video) actions.takePicture(video);
}

/** A key that is held down takes one picture, on the button and anywhere beside it. @param {KeyboardEvent} event */
function onKey(event) {
    if (event.key !== " " && event.key !== "Enter") return;
    const isOnControl = /** @type {Element} */ (event.target).closest("button, select");
    if (event.repeat || !isOnControl) event.preventDefault();
    if (!event.repeat && !isOnControl) take(event);
}
