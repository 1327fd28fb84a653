/**
 * Everything the page knows, as signals. Views read; only actions.js writes.
 * @import { Change, Details, Filter, ModelFacts, OwnTag, Summary, Tag, Timings } from "../core/engine_api.d.ts"
 * @import { Failure } from "../core/protocol.js"
 * @import { Variant } from "../core/engine.js"
 * @import { Language } from "../i18n/messages.js"
 * @import { Settings } from "./settings.js"
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
 * @typedef {"settings" | "help" | "models" | "camera" | "self_test"} Dialog
 * @typedef {"add" | "export" | "more"} Menu
 * @typedef {Record<PictureState, number>} Counts
 */
import { computed, signal } from "../vendor/view.js";
import { DEFAULTS } from "./settings.js";

/** @template T @typedef {import("../vendor/view.js").ReadonlySignal<T>} ReadonlySignal */

export const language = signal(/** @type {Language} */ ("en"));
/** What is remembered across visits. */
export const settings = signal(/** @type {Settings} */ (DEFAULTS));
export const engine = signal(/** @type {EngineState} */ ({ status: "loading" }));

/** What went wrong with the engine as a whole; pictures carry their own errors. */
export const problem = signal(/** @type {Failure | null} */ (null));

/** The ids of all pictures, in the order they came. */
export const order = signal(/** @type {readonly number[]} */ ([]));
/** Which of them are wanted on the sheet; null for all. */
export const filter = signal(/** @type {Filter | null} */ (null));
/** What the filter lets through; null until that is known. */
export const found = signal(/** @type {ReadonlySet<number> | null} */ (null));
/** One signal a picture: ten thousand of them cost little, and a change redraws only where that picture is on screen. */
export const pictures = /** @type {Map<number, Signal<Picture>>} */ (new Map());

export const counts = signal(/** @type {Counts} */ ({ queued: 0, working: 0, done: 0, failed: 0 }));
/** Nothing more is handed out; what is done stays. */
export const is_paused = signal(false);
/** How many were finished before the run under way began; null when nothing is under way. */
export const run_base = signal(/** @type {number | null} */ (null));
/** Pictures a second over the last few. */
export const rate = signal(0);

export const summary = signal(/** @type {Summary | null} */ (null));
/** Tags under the policy, of the pictures on screen and some around. */
export const tags = signal(/** @type {ReadonlyMap<number, Tag[]>} */ (new Map()));
/** What is beside the tags of the picture that is open. */
export const details = signal(/** @type {({id: number} & Details) | null} */ (null));
/** What the threshold that is being moved shows more and less than the one before. */
export const change = signal(/** @type {Change | null} */ (null));
/** What undo and redo would do, in words. */
export const history = signal(/** @type {{undo: string | null, redo: string | null}} */ ({ undo: null, redo: null }));
/** Tags that may be meant by what was typed. */
export const completions = signal(/** @type {readonly OwnTag[]} */ ([]));

/** Pictures chosen for what is done next. */
export const selection = signal(/** @type {ReadonlySet<number>} */ (new Set()));
/** The place on the sheet that has the keyboard. */
export const current = signal(0);
/** The picture whose details are open. */
export const opened = signal(/** @type {number | null} */ (null));
/** The open picture fills the window. */
export const is_large = signal(false);
export const dialog = signal(/** @type {Dialog | null} */ (null));
export const viewport = signal(/** @type {Viewport} */ ({ width: 0, height: 0, top: 0 }));
export const open_menu = signal(/** @type {Menu | null} */ (null));
export const is_dragging = signal(false);
/** The page works without a network. */
export const is_offline_ready = signal(false);
/** A newer version of the page waits to be loaded. */
export const update_ready = signal(false);
/** The last thing said to a screen reader; where it is worth seeing too, it is shown for a while. */
export const said = signal({ text: "", is_shown: false });

/** The pictures on the sheet, in order. */
export const sheet = computed(() => {
    if (filter.value === null) return order.value;
    const some = found.value;
    return some === null ? [] : order.value.filter((id) => some.has(id));
});
export const threshold = computed(() => settings.value.threshold ?? engine.value.facts?.policy.threshold ?? 0.3);
export const max_tags = computed(() => settings.value.max_tags ?? engine.value.facts?.policy.max_tags ?? 8);
/** The language of the tags: the page's, unless another is wanted. */
export const tag_language = computed(() => settings.value.tag_language ?? language.value);
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
