/**
 * The engine and its workers: started once, switched off after too many crashes, started again when someone asks, replaced with another
 * model.
 * @import { Engine } from "../../core/engine.js"
 * @import { ModelFacts } from "../../core/engine_api.d.ts"
 * @import { Context } from "../context.js"
 * @import { SecondLookActions } from "./second_looks.js"
 * @import { SnapshotActions } from "./snapshot.js"
 * @import { TaggingActions } from "./tagging.js"
 */
import { failureOf } from "../../core/protocol.js";
import { batch } from "../../vendor/signals.js";
import * as state from "../state.js";
import { load, startTagger } from "../workers.js";

/** @typedef {ReturnType<typeof createEngine>} EngineActions */

/**
 * @param {Context} context @param {Pick<TaggingActions, "requeue" | "requeueWorking">} tagging
 * @param {Pick<SnapshotActions, "applyPolicy">} snapshot @param {Pick<SecondLookActions, "forget" | "rest">} looks
 */
export function createEngine(context, { requeue, requeueWorking }, { applyPolicy }, looks) {
    const { pool, session, relaunch } = context;
    let engineAsked = performance.now();

    /** Starts the workers with the engine of the context. */
    function startWorkers() {
        state.modelInUse.value = state.settings.value.model;
        pool.restart();
        session.start();
    }

    /**
     * A model of the person's own that is gone, or does not start, is no reason to have none: the one that comes with the page stands in,
     * and the page says so. What was chosen stays chosen.
     * @param {(error: any) => void} otherwise
     */
    const orUseBundled = (otherwise) => (/** @type {unknown} */ error) => {
        const key = state.modelInUse.value;
        if (key === null || state.engine.value.status !== "loading") return otherwise(error);
        swapModel(null, load(context, null));
        const { code, detail } = failureOf(error, "own_model_failed");
        state.problem.value = { code: code === "own_model_missing" ? code : "own_model_failed", detail, subject: key };
    };

    /**
     * Puts another model in place of the one in use, and tags everything again. It is tried out first: as long as it does not start,
     * nothing changes.
     * @param {string | null} key of the models that are kept; null for the one that comes with the page
     * @throws what the engine says of a model that cannot be used
     */
    async function replaceModel(key) {
        const engine = load(context, key);
        const { client } = await startTagger(context, engine, () => {});
        client.stop();
        swapModel(key, engine);
    }

    /** What another model has found is forgotten, and nothing that a person said. @param {string | null} key @param {Promise<Engine>} engine */
    function swapModel(key, engine) {
        pool.stop();
        session.stop();
        session.forgetResults();
        looks.forget();
        relaunch.reset();
        batch(() => {
            state.problem.value = null;
            state.summary.value = null;
            state.tags.value = new Map();
            state.details.value = state.explanation.value = null;
            use(key, engine);
            requeueWorking();
            requeue(state.orderedIds.value);
        });
        pool.restart();
        session.start();
    }

    /** @param {string | null} key @param {Promise<Engine>} engine */
    function use(key, engine) {
        state.modelInUse.value = key;
        state.engine.value = { status: "loading" };
        engineAsked = performance.now();
        context.engine = engine;
    }

    /** @param {ModelFacts} facts */
    async function engineReady(facts) {
        if (state.engine.value.status === "ready") return;
        const { variant, model } = await context.engine;
        const readyMs = performance.now() - engineAsked;
        state.engine.value = { status: "ready", variant, facts, modelBytes: model.byteLength, readyMs };
        applyPolicy();
    }

    /** @param {unknown} error */
    function switchOff(error) {
        // Only the taggers: the threshold and the export go on working over what is done, as long as the session itself lives.
        pool.stop();
        batch(() => {
            state.engine.value = { ...state.engine.value, status: "off" };
            state.problem.value = failureOf(error, "local_model_off");
            requeueWorking();
            looks.rest();
        });
    }

    /** @param {unknown} error */
    function reportProblem(error) {
        const failure = failureOf(error, "inference_failed");
        state.problem.value = failure;
        if (failure.code !== "policy_invalid") state.engine.value = { ...state.engine.value, status: "failed" };
    }

    /** The button of a problem: forgets the crashes so far, fetches again what could not be fetched, and goes on with the queue. */
    function retryEngine() {
        pool.stop();
        session.stop();
        relaunch.reset();
        state.problem.value = null;
        // What is tagged belongs to the model in use; only before that, the one that was chosen gets another chance.
        const key = state.finished.value > 0 ? state.modelInUse.value : state.settings.value.model;
        use(key, load(context, key));
        pool.restart();
        session.start();
    }

    function dismissProblem() {
        state.problem.value = null;
    }

    return {
        dismissProblem,
        engineReady,
        off: orUseBundled(switchOff),
        failed: orUseBundled(reportProblem),
        replaceModel,
        startWorkers,
        retryEngine,
    };
}
