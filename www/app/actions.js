/**
 * Everything that can happen, and the only writer of state.js. `start` is called once by the shell; views call the rest.
 * @import { Look, TaggedPicture } from "../core/protocol.js"
 * @import { Engine, Variant } from "../core/engine.js"
 * @import { Limits, Policy } from "../core/engine_api.d.ts"
 * @import { Found, Platform } from "../platform/platform.d.ts"
 * @import { Language } from "../i18n/messages.js"
 * @import { MessageKey } from "../i18n/en.js"
 * @import { Picture, Viewport } from "./state.js"
 *
 * @typedef {{
 *   workers?: number, relaunches?: number, relaunch_window_ms?: number, timeout_ms?: number, variant?: Variant,
 *   limits?: Partial<Limits> }} Options
 */
import { BatchLink } from "../core/batch.js";
import { WorkerClient } from "../core/client.js";
import { load_engine } from "../core/engine.js";
import { TaggerPool, pool_size } from "../core/pool.js";
import { failure_of } from "../core/protocol.js";
import { RelaunchLimit } from "../core/relaunch.js";
import { best_language, catalogues, message } from "../i18n/messages.js";
import { batch, signal } from "../vendor/view.js";
import { Pace } from "./pace.js";
import * as state from "./state.js";

/** The model may take long on a slow machine, but not for ever. */
const START_TIMEOUT_MS = 120_000;
/** Long enough to read a short sentence twice. */
const SHOWN_MS = 6_000;
/** Pictures whose type the browser may not know by their name. */
const PICTURE_NAMES = /^[^.]+$|\.(avif|bmp|gif|heic|heif|ico|jfif|jpe?g|png|tiff?|webp)$/i;
/** More tags than this are never kept beside what is on screen. */
const MAX_KEPT_TAGS = 600;

/** @type {Platform} */
let platform;
/** @type {Options} */
let options;
/** @type {RelaunchLimit} */
let relaunch;
/** @type {TaggerPool} */
let pool;
/** @type {BatchLink} */
let link;
/** @type {Promise<Engine>} */
let engine;
let engine_asked = 0;
let next_id = 1;
let is_threshold_own = false;
const pace = new Pace();

/** @param {Platform} page @param {Options} [wanted] */
export function start(page, wanted = {}) {
    platform = page;
    options = wanted;
    recall_settings();
    relaunch = new RelaunchLimit({ max: options.relaunches ?? 5, window_ms: options.relaunch_window_ms ?? 60_000 });
    const timeout_ms = options.timeout_ms ?? 30_000;
    const on_off = (/** @type {unknown} */ error) => switch_off(error);
    const on_failed = (/** @type {unknown} */ error) => report_problem(error);
    pool = new TaggerPool({
        size: options.workers ?? pool_size(platform.machine()),
        relaunch,
        timeout_ms,
        start: (on_crash) =>
            start_worker("tagger", on_crash, (client, { module, card, vocabulary, model }) =>
                client.call("start_tagger", { module, card, vocabulary, model, limits: options.limits ?? {} }, { timeout_ms: START_TIMEOUT_MS }),
            ),
        on_ready: ({ facts }) => engine_ready(facts),
        on_off,
        on_failed,
    });
    link = new BatchLink({
        relaunch,
        timeout_ms,
        start: (on_crash) =>
            start_worker("batch", on_crash, (client, { module, card, vocabulary }) =>
                client.call("start_batch", { module, card, vocabulary }, { timeout_ms: START_TIMEOUT_MS }),
            ),
        on_look: take_look,
        on_off,
        on_failed,
    });
    start_engine();
}

function start_engine() {
    state.engine.value = { status: "loading" };
    engine_asked = performance.now();
    // Wrapped, so that a browser without SIMD (thrown by the probe) takes the same way as a fetch that fails.
    engine = (async () => load_engine(platform.engine_files(), { variant: options.variant }))();
    engine.catch(() => {}); // both workers that wait for it report it
    pool.resume();
    link.start();
}

/**
 * @template R
 * @param {"tagger" | "batch"} role @param {(error: import("../core/protocol.js").CodedError) => void} on_crash
 * @param {(client: WorkerClient, engine: Engine) => Promise<R>} begin
 */
async function start_worker(role, on_crash, begin) {
    // The script loads while the engine is still on its way.
    const client = new WorkerClient(await platform.start_worker(role), on_crash);
    try {
        return { client, ready: await begin(client, await engine) };
    } catch (error) {
        client.stop();
        throw error;
    }
}

/** @param {import("../core/engine_api.d.ts").ModelFacts} facts */
async function engine_ready(facts) {
    if (state.engine.value.status === "ready") return;
    const { variant, model } = await engine;
    batch(() => {
        const ready_ms = performance.now() - engine_asked;
        state.engine.value = { status: "ready", variant, facts, model_bytes: model.byteLength, ready_ms };
        if (!is_threshold_own) state.threshold.value = facts.policy.threshold;
    });
    link.apply(policy());
}

/** @param {unknown} error */
function switch_off(error) {
    // Only the taggers: the threshold and the export go on working over what is done, as long as the batch itself lives.
    pool.stop();
    batch(() => {
        state.engine.value = { ...state.engine.value, status: "off" };
        state.problem.value = failure_of(error, "local_model_off");
        // Their workers are gone; they are first in the queue when the model is switched on again.
        for (const { value } of state.pictures.values()) if (value.state === "working") move(value, { state: "queued" });
    });
}

/** @param {unknown} error */
function report_problem(error) {
    const failure = failure_of(error, "inference_failed");
    state.problem.value = failure;
    if (failure.code !== "policy_invalid") state.engine.value = { ...state.engine.value, status: "failed" };
}

/** The button of a problem: forgets the crashes so far, fetches again what could not be fetched, and goes on with the queue. */
export function try_again() {
    pool.stop();
    link.stop();
    relaunch.reset();
    state.problem.value = null;
    start_engine();
}

export function dismiss_problem() {
    state.problem.value = null;
}

/** Adds files to the sheet; what is under way goes on. @param {readonly Found[]} found */
export function add_files(found) {
    const wanted = found.filter(is_wanted);
    const skipped = found.length - wanted.length;
    const fresh = wanted.map(({ file, path }) => /** @type {Picture} */ ({ id: next_id++, path, name: file.name, file, state: "queued" }));
    if (skipped > 0) show("said_skipped", { n: skipped });
    if (fresh.length === 0) return;
    batch(() => {
        begin_run();
        for (const picture of fresh) state.pictures.set(picture.id, signal(picture));
        state.order.value = [...state.order.value, ...fresh.map(({ id }) => id)];
        state.counts.value = { ...state.counts.value, queued: state.counts.value.queued + fresh.length };
        state.open_menu.value = null;
    });
    if (skipped === 0) say("said_started", { n: fresh.length });
    for (const picture of fresh) enqueue(picture);
}

/** What someone picks by hand is always tried. A folder also holds other things, which would only fail. @param {Found} found */
function is_wanted({ file, path }) {
    if (!path.includes("/")) return true;
    if (file.name.startsWith(".")) return false;
    return file.type.startsWith("image/") || (file.type === "" && PICTURE_NAMES.test(file.name));
}

/** @param {DataTransfer} drop */
export async function add_dropped(drop) {
    state.is_dragging.value = false;
    for await (const found of platform.dropped_files(drop)) add_files(found);
}

/** @param {HTMLInputElement} input */
export function add_chosen(input) {
    add_files(platform.chosen_files(input));
    input.value = ""; // the same files may be chosen again
}

/** @param {string} name */
export async function add_sample(name) {
    const sample = platform.samples().find((one) => one.name === name);
    if (!sample) return;
    try {
        const blob = await (await fetch(sample.url)).blob();
        const file_name = `${name}.${sample.url.pathname.split(".").pop()}`;
        add_files([{ file: new File([blob], file_name, { type: blob.type }), path: file_name }]);
    } catch (error) {
        state.problem.value = { code: "engine_unreachable", detail: String(error) };
    }
}

export const sample_pictures = () => platform.samples();

/** @param {Picture} picture */
async function enqueue({ id, path, file }) {
    try {
        const { thumbnail, ...tagging } = await pool.tag(id, file, () => change(id, { state: "working" }));
        finish(id, { state: "done", facts: facts_of(tagging), thumbnail: URL.createObjectURL(thumbnail) });
        link.record({ id, path, tagging });
    } catch (thrown) {
        if (Object(thrown).name === "AbortError") return; // taken off the sheet by cancel()
        const error = failure_of(thrown, "inference_failed");
        finish(id, { state: "failed", error });
        link.record({ id, path, ...error });
    }
}

/** @param {Omit<TaggedPicture, "thumbnail">} tagging */
function facts_of({ width, height, format, sha256, timings_ms }) {
    return { width, height, format, sha256, timings_ms };
}

/** @param {number} id */
export function retry(id) {
    const picture = state.pictures.get(id)?.value;
    if (picture?.state !== "failed") return;
    link.remove(id);
    batch(() => {
        change(id, { state: "queued" });
        begin_run();
    });
    enqueue(picture);
}

/** Takes off what has not been started; what is done, or being done, stays. */
export function cancel() {
    const dropped = new Set(pool.cancel());
    batch(() => {
        for (const id of dropped) state.pictures.delete(id);
        state.order.value = state.order.value.filter((id) => !dropped.has(id));
        state.counts.value = { ...state.counts.value, queued: state.counts.value.queued - dropped.size };
        state.current.value = Math.max(0, Math.min(state.current.value, state.order.value.length - 1));
        if (state.opened.value !== null && dropped.has(state.opened.value)) state.opened.value = null;
        end_run_if_over();
    });
    show("said_cancelled", { n: dropped.size });
}

function begin_run() {
    if (state.run_base.value !== null) return;
    pace.reset();
    state.rate.value = 0;
    state.run_base.value = state.finished.value;
}

function end_run_if_over() {
    if (state.is_running.value || state.run_base.value === null) return false;
    state.run_base.value = null;
    return true;
}

/** @param {number} id @param {Partial<Picture>} news */
function finish(id, news) {
    batch(() => {
        change(id, news);
        state.rate.value = pace.tick(performance.now());
        const base = state.run_base.value ?? 0;
        const finished = state.finished.value - base;
        const n = state.total.value - base;
        if (end_run_if_over()) {
            const { failed } = state.counts.value;
            if (failed > 0) say("said_done_failed", { n: failed });
            else say("said_done", { n });
        } else if (n >= 8 && finished % Math.ceil(n / 4) === 0) {
            say("said_part", { finished, total: n }); // four times in all: enough to know that it goes on
        }
    });
}

/** @param {number} id @param {Partial<Picture>} news */
function change(id, news) {
    const picture = state.pictures.get(id);
    if (picture) batch(() => move(picture.value, news));
}

/** @param {Picture} picture @param {Partial<Picture>} news */
function move({ error: _, ...picture }, news) {
    const cell = state.pictures.get(picture.id);
    if (!cell) return;
    const next = { ...picture, ...news };
    const counts = { ...state.counts.value };
    counts[picture.state]--;
    counts[next.state]++;
    state.counts.value = counts;
    cell.value = next;
}

/** @returns {Policy} */
function policy() {
    const max_tags = state.engine.value.facts?.policy.max_tags ?? 8;
    return { threshold: state.threshold.value, max_tags, allow: [], deny: [], language: state.language.value };
}

/** @param {Look} look @param {number[]} ids @param {Policy | null} applied */
function take_look({ summary, tags }, ids, applied) {
    // Under a new policy only what was asked for is fresh; the rest is asked for when it comes on screen.
    const is_fresh = applied !== null || state.tags.value.size > MAX_KEPT_TAGS;
    const next = new Map(is_fresh ? [] : state.tags.value);
    ids.forEach((id, idx) => next.set(id, tags[idx] ?? []));
    batch(() => {
        // `pictures` counts the failed ones too.
        const n_before = (state.summary.value?.pictures ?? 0) - (state.summary.value?.failed ?? 0);
        if (n_before === 0 && summary.pictures > summary.failed) performance.measure("tagsmith:first-tags", { start: 0 });
        state.summary.value = summary;
        state.tags.value = next;
    });
}

/** Which pictures are on screen: their tags are kept up to date. @param {number[]} ids */
export function watch_tags(ids) {
    link.watch(ids);
}

/** @param {number} wanted in [0, 1] */
export function set_threshold(wanted) {
    const threshold = Math.round(Math.min(0.99, Math.max(0.01, wanted)) * 100) / 100;
    is_threshold_own = true;
    state.threshold.value = threshold;
    platform.remember("threshold", threshold);
    link.apply(policy());
}

/** @param {Language} language */
export function set_language(language) {
    state.language.value = language;
    platform.remember("language", language);
    link.apply(policy());
}

function recall_settings() {
    const threshold = platform.recall("threshold");
    is_threshold_own = typeof threshold === "number" && threshold >= 0.01 && threshold <= 0.99;
    if (is_threshold_own) state.threshold.value = /** @type {number} */ (threshold);
    const language = platform.recall("language");
    const is_known = typeof language === "string" && language in catalogues;
    state.language.value = is_known ? /** @type {Language} */ (language) : best_language(platform.languages());
}

/** @param {"csv" | "jsonl"} format */
export async function export_tags(format) {
    state.open_menu.value = null;
    const ids = state.order.value.filter((id) => ["done", "failed"].includes(state.picture_of(id)?.state ?? ""));
    try {
        const name = `tagsmith-${ids.length}-${new Date().toISOString().slice(0, 10)}.${format}`;
        platform.save_file(await link.report(format, ids), name);
        show("said_saved", { name });
    } catch (error) {
        state.problem.value = failure_of(error, "local_model_off");
    }
}

/** @param {MessageKey} key @param {Record<string, string | number>} params */
function say(key, params) {
    // What is being shown stays in sight for its time.
    if (!state.said.value.is_shown) state.said.value = { text: message(state.language.value, key, params), is_shown: false };
}

/** Says it to everyone. @param {MessageKey} key @param {Record<string, string | number>} params */
function show(key, params) {
    const said = { text: message(state.language.value, key, params), is_shown: true };
    state.said.value = said;
    setTimeout(() => {
        if (state.said.value === said) state.said.value = { ...said, is_shown: false };
    }, SHOWN_MS);
}

/** @param {number} idx a place on the sheet; beyond the ends means the end */
export function go_to(idx) {
    state.current.value = Math.max(0, Math.min(idx, state.order.value.length - 1));
    if (state.opened.value !== null) state.opened.value = state.order.value[state.current.value] ?? null;
}

/** @param {number | null} id */
export function open_details(id) {
    batch(() => {
        state.opened.value = id;
        const idx = id === null ? -1 : state.order.value.indexOf(id);
        if (idx >= 0) state.current.value = idx;
    });
}

/** @param {Viewport} viewport */
export function set_viewport(viewport) {
    state.viewport.value = viewport;
}

/** @param {"add" | "export" | null} menu */
export function show_menu(menu) {
    state.open_menu.value = menu;
}

/** @param {boolean} is_dragging */
export function set_dragging(is_dragging) {
    state.is_dragging.value = is_dragging;
}
