/**
 * The engine and its workers: started once, switched off after too many crashes, started again when someone asks.
 * @import { Engine, Model, Variant } from "../../core/engine.js"
 * @import { Limits, ModelFacts } from "../../core/engine_api.d.ts"
 * @import { Platform } from "../../platform/platform.d.ts"
 *
 * @typedef {{
 *   workers?: number, relaunches?: number, relaunch_window_ms?: number, timeout_ms?: number, variant?: Variant,
 *   limits?: Partial<Limits> }} Options
 */
import { BatchLink } from "../../core/batch.js";
import { WorkerClient } from "../../core/client.js";
import { load_engine } from "../../core/engine.js";
import { TaggerPool, pool_size } from "../../core/pool.js";
import { failure_of } from "../../core/protocol.js";
import { RelaunchLimit } from "../../core/relaunch.js";
import { batch } from "../../vendor/view.js";
import * as state from "../state.js";
import { requeue, take_back_working } from "./pictures.js";
import { apply_policy, recall_settings, take_look } from "./policy.js";
import { session } from "./session.js";

/** The model may take long on a slow machine, but not for ever. */
const START_TIMEOUT_MS = 120_000;

let engine_asked = 0;

/** @param {Platform} platform @param {Options} [options] */
export function start(platform, options = {}) {
    session.platform = platform;
    session.options = options;
    recall_settings();
    const { relaunches, relaunch_window_s } = state.settings.value;
    session.relaunch = new RelaunchLimit({
        max: options.relaunches ?? relaunches,
        window_ms: options.relaunch_window_ms ?? relaunch_window_s * 1000,
    });
    const timeout_ms = options.timeout_ms ?? 30_000;
    const shared = { relaunch: session.relaunch, timeout_ms, on_off: unless_stood_in(switch_off), on_failed: unless_stood_in(report_problem) };
    session.pool = new TaggerPool({
        ...shared,
        size: options.workers ?? pool_size(platform.machine()),
        start: (on_crash) => start_tagger(session.engine, on_crash),
        on_ready: ({ facts }) => engine_ready(facts),
        is_thorough: () => state.settings.value.is_thorough,
    });
    session.link = new BatchLink({
        ...shared,
        start: (on_crash) =>
            start_worker("batch", session.engine, on_crash, (client, { module, card, vocabulary }) =>
                client.call("start_batch", { module, card, vocabulary }, { timeout_ms: START_TIMEOUT_MS }),
            ),
        on_look: take_look,
    });
    start_engine(state.settings.value.model);
}

/** @param {string | null} key of the models that are kept; null for the one that comes with the page */
function start_engine(key) {
    state.model_in_use.value = key;
    state.engine.value = { status: "loading" };
    engine_asked = performance.now();
    session.engine = load(key === null ? undefined : session.platform.models.get(key));
    session.pool.resume();
    session.link.start();
}

/**
 * A model of the person's own that is gone, or does not start, is no reason to have none: the one that comes with the page stands in,
 * and the page says so. What was chosen stays chosen.
 * @param {(error: any) => void} otherwise
 */
const unless_stood_in = (otherwise) => (/** @type {unknown} */ error) => {
    const key = state.model_in_use.value;
    if (key === null || state.engine.value.status !== "loading") return otherwise(error);
    swap_model(null, load());
    const { code, detail } = failure_of(error, "own_model_failed");
    state.problem.value = { code: code === "own_model_missing" ? code : "own_model_failed", detail, subject: key };
};

/** @param {Promise<Model>} [model] in place of the one that comes with the page @returns {Promise<Engine>} */
function load(model) {
    // Wrapped, so that a browser without SIMD (thrown by the probe) takes the same way as a fetch that fails.
    const engine = (async () => load_engine(session.platform.engine_files(), { variant: session.options.variant, model }))();
    engine.catch(() => {}); // whoever waits for it reports it
    return engine;
}

/** @param {Promise<Engine>} engine @param {(error: import("../../core/protocol.js").CodedError) => void} on_crash */
const start_tagger = (engine, on_crash) =>
    start_worker("tagger", engine, on_crash, (client, { module, card, vocabulary, model, parts }) =>
        client.call("start_tagger", { module, card, vocabulary, model, parts, limits: session.options.limits ?? {} }, { timeout_ms: START_TIMEOUT_MS }),
    );

/**
 * @template R
 * @param {"tagger" | "batch" | "draft"} role @param {Promise<Engine>} engine @param {(error: import("../../core/protocol.js").CodedError) => void} on_crash
 * @param {(client: WorkerClient, engine: Engine) => Promise<R>} begin
 */
async function start_worker(role, engine, on_crash, begin) {
    // The script loads while the engine is still on its way.
    const client = new WorkerClient(await session.platform.start_worker(role), on_crash);
    try {
        return { client, ready: await begin(client, await engine) };
    } catch (error) {
        client.stop();
        throw error;
    }
}

/**
 * Puts another model in place of the one in use, and tags everything again. It is tried out first: as long as it does not start,
 * nothing changes.
 * @param {string | null} key of the models that are kept; null for the one that comes with the page
 * @throws what the engine says of a model that cannot be used
 */
export async function replace_model(key) {
    const engine = load(key === null ? undefined : session.platform.models.get(key));
    const { client } = await start_tagger(engine, () => {});
    client.stop();
    swap_model(key, engine);
}

/** What another model has found is forgotten, and nothing that a person said. @param {string | null} key @param {Promise<Engine>} engine */
function swap_model(key, engine) {
    const { pool, link, relaunch } = session;
    pool.stop();
    link.stop();
    link.forget_results();
    relaunch.reset();
    batch(() => {
        state.model_in_use.value = key;
        state.engine.value = { status: "loading" };
        state.problem.value = null;
        state.summary.value = null;
        state.tags.value = new Map();
        state.details.value = state.explanation.value = null;
        engine_asked = performance.now();
        session.engine = engine;
        take_back_working();
        requeue(state.order.value);
    });
    pool.resume();
    link.start();
}

/** A worker that reads models without a card, and labels; with the usual ways to normalise. */
export const start_drafter = () =>
    start_worker("draft", session.engine.catch(() => load()), () => {}, (client, { module }) =>
        client.call("start_engine", { module }, { timeout_ms: START_TIMEOUT_MS }),
    );

/**
 * What a model says of a picture, without being put in place.
 * @param {Model} model @param {File} file
 * @throws what the engine says of a model that cannot be used
 */
export async function try_model(model, file) {
    // The engine itself is there already, unless it could not be fetched.
    const engine = session.engine.then((engine) => ({ ...engine, ...model }), () => load(Promise.resolve(model)));
    const { client } = await start_tagger(engine, () => {});
    try {
        return await client.call("tag", { file }, { timeout_ms: START_TIMEOUT_MS });
    } finally {
        client.stop();
    }
}

/** @param {ModelFacts} facts */
async function engine_ready(facts) {
    if (state.engine.value.status === "ready") return;
    const { variant, model } = await session.engine;
    const ready_ms = performance.now() - engine_asked;
    state.engine.value = { status: "ready", variant, facts, model_bytes: model.byteLength, ready_ms };
    apply_policy();
}

/** @param {unknown} error */
function switch_off(error) {
    // Only the taggers: the threshold and the export go on working over what is done, as long as the batch itself lives.
    session.pool.stop();
    batch(() => {
        state.engine.value = { ...state.engine.value, status: "off" };
        state.problem.value = failure_of(error, "local_model_off");
        take_back_working();
    });
}

/** @param {unknown} error */
export function report_problem(error) {
    const failure = failure_of(error, "inference_failed");
    state.problem.value = failure;
    if (failure.code !== "policy_invalid") state.engine.value = { ...state.engine.value, status: "failed" };
}

/** The button of a problem: forgets the crashes so far, fetches again what could not be fetched, and goes on with the queue. */
export function try_again() {
    const { pool, link, relaunch } = session;
    pool.stop();
    link.stop();
    relaunch.reset();
    state.problem.value = null;
    // What is tagged belongs to the model in use; only before that, the one that was chosen gets another chance.
    start_engine(state.finished.value > 0 ? state.model_in_use.value : state.settings.value.model);
}

export function dismiss_problem() {
    state.problem.value = null;
}
