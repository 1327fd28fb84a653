/** Taking examples: as long as the button is held, with a pointer or with Space or Enter, one picture after the other. */
import { actions } from "../app/own_actions.js";
import { exampleCamera } from "../app/own_view_state.js";
import { camera } from "../app/state.js";
import { html, nothing } from "../vendor/view.js";
import { begin, cameraFrame, failure, which } from "./camera.js";
import { cameraIcon } from "./icons.js";
import { whenDrawn } from "./mount.js";
import { t } from "./text.js";

/** Whether the button is held now; and when it was let go last, so that the click that follows takes nothing more. */
let isHeld = false;
let letGoAt = Number.NEGATIVE_INFINITY;
const CLICK_MS = 500;

/** @param {string} tagger @param {Element} place */
export function openExampleCamera(tagger, place) {
    actions.openExampleCamera(tagger);
    const body = /** @type {HTMLElement} */ (place.closest(".own-add"));
    whenDrawn(() => {
        const [tag] = body.getElementsByTagName("input");
        // Without a tag nothing can be taken: that comes first.
        if (tag?.value.trim() === "") tag.focus();
        void begin(body);
    });
}

/** @param {string} word the tag that is typed */
export function ownCamera(word) {
    const state = camera.value;
    if (!state) return nothing;
    const taken = exampleCamera.value;
    if (!taken) return nothing;
    const close = html`<button class="button" type="button" data-do="close-example-camera" @click=${closeIt}>${t("taught_camera_close")}</button>`;
    if (state.status === "failed") return html`${failure(state.error)}<p class="own-buttons">${close}</p>`;
    return html`<div class="camera own-camera">
        ${cameraFrame(state)}
        <div class="camera-actions">
            ${which(state)}
            <button
                class="button is-main own-shutter"
                type="button"
                data-do="shutter"
                aria-describedby="own-camera-why"
                ?disabled=${state.status !== "live" || word === ""}
                @pointerdown=${onPointer}
                @pointerup=${letGo}
                @pointercancel=${letGo}
                @lostpointercapture=${letGo}
                @keydown=${onKey}
                @keyup=${onKeyUp}
                @blur=${letGo}
                @click=${onClick}
                @contextmenu=${(/** @type {Event} */ event) => event.preventDefault()}
            >
                ${cameraIcon()}<span><bdi>${word === "" ? t("taught_camera_take_any") : t("taught_camera_take", { name: word })}</bdi></span>
            </button>
            ${close}
        </div>
        <p class="own-why" id="own-camera-why">${word === "" ? t("taught_camera_needs_tag") : t("taught_camera_hold")}</p>
        ${
            taken.n > 0
                ? html`<p role="status" data-count="taken-examples" data-value=${taken.n}><bdi>${t("taught_camera_taken", { n: taken.n, name: taken.word })}</bdi></p>
                      <ul class="own-pictures" aria-label=${t("taught_camera_last")}>
                          ${taken.shown.map((url) => html`<li><span class="own-picture"><img src=${url} alt="" decoding="async" /></span></li>`)}
                      </ul>`
                : nothing
        }
    </div>`;
}

/** The keyboard goes back to what opened it. @param {Event} event */
function closeIt({ currentTarget }) {
    const body = /** @type {Element} */ (currentTarget).closest(".own-add");
    actions.closeExampleCamera();
    whenDrawn(() => /** @type {HTMLElement | null} */ (body?.querySelector('[data-do="example-camera"]'))?.focus());
}

/** @param {Event} event */
function hold({ currentTarget }) {
    const place = /** @type {Element} */ (currentTarget).closest(".own-add");
    const video = place?.querySelector("video");
    const word = place?.querySelector("input")?.value ?? "";
    isHeld = true;
    if (video) void actions.takeExamples(video, word, () => isHeld);
}

function letGo() {
    if (isHeld) letGoAt = performance.now();
    isHeld = false;
}

/** Held until it is let go, wherever the pointer is by then. @param {PointerEvent} event */
function onPointer(event) {
    if (event.button !== 0) return;
    /** @type {Element} */ (event.currentTarget).setPointerCapture(event.pointerId);
    hold(event);
}

/** @param {KeyboardEvent} event */
const isShutterKey = (event) => event.key === " " || event.key === "Enter";

/** @param {KeyboardEvent} event */
function onKey(event) {
    if (!isShutterKey(event)) return;
    event.preventDefault(); // no click follows
    if (!event.repeat) hold(event);
}

/** @param {KeyboardEvent} event */
function onKeyUp(event) {
    if (!isShutterKey(event)) return;
    event.preventDefault();
    letGo();
}

/** Of whatever presses without holding, as a screen reader does: one picture. @param {Event} event */
function onClick(event) {
    if (isHeld || performance.now() - letGoAt < CLICK_MS) return;
    hold(event);
    letGo();
}
