/**
 * The engine and its workers: started once, switched off after too many crashes, started again when someone asks, replaced with another
 * model.
 * @import { Engine } from "../../core/engine.js"
 * @import { ModelFacts } from "../../core/engine_api.d.ts"
 * @import { Context } from "../context.js"
 * @import { SnapshotActions } from "./snapshot.js"
 * @import { TaggingActions } from "./tagging.js"
 */
import { failure_of } from "../../core/protocol.js";
import { batch } from "../../vendor/signals.js";
import * as state from "../state.js";
import { load, start_tagger } from "../workers.js";

/** @typedef {ReturnType<typeof create_engine>} EngineActions */

/**
 * @param {Context} context @param {Pick<TaggingActions, "requeue" | "take_back_working">} tagging
 * @param {Pick<SnapshotActions, "apply_policy">} snapshot
 */
export function create_engine(context, { requeue, take_back_working }, { apply_policy }) {
    const { pool, session, relaunch } = context;
    let engine_asked = performance.now();

    /** Starts the workers with the engine of the context. */
    function start_workers() {
        state.model_in_use.value = state.settings.value.model;
        pool.resume();
        session.start();
    }

    /**
     * A model of the person's own that is gone, or does not start, is no reason to have none: the one that comes with the page stands in,
     * and the page says so. What was chosen stays chosen.
     * @param {(error: any) => void} otherwise
     */
    const unless_stood_in = (otherwise) => (/** @type {unknown} */ error) => {
        const key = state.model_in_use.value;
        if (key === null || state.engine.value.status !== "loading") return otherwise(error);
        swap_model(null, load(context, null));
        const { code, detail } = failure_of(error, "own_model_failed");
        state.problem.value = { code: code === "own_model_missing" ? code : "own_model_failed", detail, subject: key };
    };

    /**
     * Puts another model in place of the one in use, and tags everything again. It is tried out first: as long as it does not start,
     * nothing changes.
     * @param {string | null} key of the models that are kept; null for the one that comes with the page
     * @throws what the engine says of a model that cannot be used
     */
    async function replace_model(key) {
        const engine = load(context, key);
        const { client } = await start_tagger(context, engine, () => {});
        client.stop();
        swap_model(key, engine);
    }

    /** What another model has found is forgotten, and nothing that a person said. @param {string | null} key @param {Promise<Engine>} engine */
    function swap_model(key, engine) {
        pool.stop();
        session.stop();
        session.forget_results();
        relaunch.reset();
        batch(() => {
            state.problem.value = null;
            state.summary.value = null;
            state.tags.value = new Map();
            state.details.value = state.explanation.value = null;
            use(key, engine);
            take_back_working();
            requeue(state.order.value);
        });
        pool.resume();
        session.start();
    }

    /** @param {string | null} key @param {Promise<Engine>} engine */
    function use(key, engine) {
        state.model_in_use.value = key;
        state.engine.value = { status: "loading" };
        engine_asked = performance.now();
        context.engine = engine;
    }

    /** @param {ModelFacts} facts */
    async function engine_ready(facts) {
        if (state.engine.value.status === "ready") return;
        const { variant, model } = await context.engine;
        const ready_ms = performance.now() - engine_asked;
        state.engine.value = { status: "ready", variant, facts, model_bytes: model.byteLength, ready_ms };
        apply_policy();
    }

    /** @param {unknown} error */
    function switch_off(error) {
        // Only the taggers: the threshold and the export go on working over what is done, as long as the batch itself lives.
        pool.stop();
        batch(() => {
            state.engine.value = { ...state.engine.value, status: "off" };
            state.problem.value = failure_of(error, "local_model_off");
            take_back_working();
        });
    }

    /** @param {unknown} error */
    function report_problem(error) {
        const failure = failure_of(error, "inference_failed");
        state.problem.value = failure;
        if (failure.code !== "policy_invalid") state.engine.value = { ...state.engine.value, status: "failed" };
    }

    /** The button of a problem: forgets the crashes so far, fetches again what could not be fetched, and goes on with the queue. */
    function try_again() {
        pool.stop();
        session.stop();
        relaunch.reset();
        state.problem.value = null;
        // What is tagged belongs to the model in use; only before that, the one that was chosen gets another chance.
        const key = state.finished.value > 0 ? state.model_in_use.value : state.settings.value.model;
        use(key, load(context, key));
        pool.resume();
        session.start();
    }

    function dismiss_problem() {
        state.problem.value = null;
    }

    return {
        dismiss_problem,
        engine_ready,
        off: unless_stood_in(switch_off),
        failed: unless_stood_in(report_problem),
        replace_model,
        start_workers,
        try_again,
    };
}
