/**
 * Everything the page knows, as signals. Views read; only actions.js writes.
 * @import { ModelFacts, Summary, Tag, Timings } from "../core/engine_api.d.ts"
 * @import { Failure } from "../core/protocol.js"
 * @import { Variant } from "../core/engine.js"
 * @import { Language } from "../i18n/messages.js"
 * @import { Signal } from "../vendor/view.js"
 *
 * @typedef {"queued" | "working" | "done" | "failed"} PictureState
 * @typedef {{width: number, height: number, format: string, sha256: string, timings_ms: Timings}} PictureFacts
 * @typedef {{
 *   id: number, path: string, name: string, file: File, state: PictureState,
 *   facts?: PictureFacts, thumbnail?: string, error?: Failure }} Picture
 *
 * @typedef {{
 *   status: "loading" | "ready" | "off" | "failed",
 *   variant?: Variant, facts?: ModelFacts, model_bytes?: number, ready_ms?: number }} EngineState
 *
 * @typedef {{width: number, height: number, top: number}} Viewport
 * @typedef {Record<PictureState, number>} Counts
 */
import { computed, signal } from "../vendor/view.js";

/** @template T @typedef {import("../vendor/view.js").ReadonlySignal<T>} ReadonlySignal */

export const language = signal(/** @type {Language} */ ("en"));
export const threshold = signal(0.3);
export const engine = signal(/** @type {EngineState} */ ({ status: "loading" }));

/** What went wrong with the engine as a whole; pictures carry their own errors. */
export const problem = signal(/** @type {Failure | null} */ (null));

/** Picture ids in the order of the sheet. */
export const order = signal(/** @type {readonly number[]} */ ([]));
/** One signal a picture: ten thousand of them cost little, and a change redraws only where that picture is on screen. */
export const pictures = /** @type {Map<number, Signal<Picture>>} */ (new Map());

export const counts = signal(/** @type {Counts} */ ({ queued: 0, working: 0, done: 0, failed: 0 }));
/** How many were finished before the run under way began; null when nothing is under way. */
export const run_base = signal(/** @type {number | null} */ (null));
/** Pictures a second over the last few. */
export const rate = signal(0);

export const summary = signal(/** @type {Summary | null} */ (null));
/** Tags under the policy, of the pictures on screen and some around. */
export const tags = signal(/** @type {ReadonlyMap<number, Tag[]>} */ (new Map()));

/** The place on the sheet that has the keyboard. */
export const current = signal(0);
/** The picture whose details are open. */
export const opened = signal(/** @type {number | null} */ (null));
export const viewport = signal(/** @type {Viewport} */ ({ width: 0, height: 0, top: 0 }));
export const open_menu = signal(/** @type {"add" | "export" | null} */ (null));
export const is_dragging = signal(false);
/** The last thing said to a screen reader; where it is worth seeing too, it is shown for a while. */
export const said = signal({ text: "", is_shown: false });

export const total = computed(() => order.value.length);
export const finished = computed(() => counts.value.done + counts.value.failed);
export const is_running = computed(() => counts.value.queued + counts.value.working > 0);
/** The thresholds behind the three words; the middle one is the card's own. */
export const presets = computed(() => {
    const balanced = engine.value.facts?.policy.threshold ?? 0.3;
    return { generous: balanced / 2, balanced, sure: (1 + balanced) / 2 };
});

/** @param {number} id */
export function picture_of(id) {
    return pictures.get(id)?.value;
}
