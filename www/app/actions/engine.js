/**
 * The engine and its workers: started once, switched off after too many crashes, started again when someone asks, replaced with another
 * model.
 * @import { ModelFacts } from "../../core/engine_api.d.ts"
 * @import { SessionReady } from "../../core/protocol.js"
 * @import { Context } from "../context.js"
 * @import { Loading } from "../workers.js"
 * @import { SecondLookActions } from "./second_looks.js"
 * @import { SnapshotActions } from "./snapshot.js"
 * @import { TaggingActions } from "./tagging.js"
 */
import { failureOf } from "../../core/protocol.js";
import { batch } from "../../vendor/signals.js";
import * as state from "../state.js";
import { load, startTagger } from "../workers.js";

/** What is wrong with what is kept is nothing against the engine. */
const OF_THE_LIBRARY = /^(library|store)_/;

/** @typedef {ReturnType<typeof createEngine>} EngineActions */

/**
 * @param {Context} context @param {Pick<TaggingActions, "requeueWorking">} tagging
 * @param {Pick<SnapshotActions, "applyPolicy">} snapshot @param {Pick<SecondLookActions, "forget" | "rest">} looks
 * @param {() => void} onSwapped another model is in place
 */
export function createEngine(context, { requeueWorking }, { applyPolicy }, looks, onSwapped) {
    const { pool, session, relaunch, library } = context;
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
        const loading = load(context, key);
        const { client } = await startTagger(context, loading.engine, () => {});
        client.stop();
        swapModel(key, loading);
    }

    /**
     * What this model has found before shows at once, and what others have found until it has; nothing that a person said changes.
     * @param {string | null} key @param {Loading} loading
     */
    function swapModel(key, loading) {
        pool.stop();
        session.stop();
        looks.forget();
        relaunch.reset();
        batch(() => {
            state.problem.value = null;
            state.summary.value = null;
            state.tags.value = new Map();
            state.details.value = state.explanation.value = null;
            use(key, loading);
            requeueWorking();
        });
        onSwapped();
        pool.restart();
        session.start();
    }

    /** @param {string | null} key @param {Loading} loading */
    function use(key, loading) {
        state.modelInUse.value = key;
        state.engine.value = { status: "loading" };
        engineAsked = performance.now();
        library.forgetModel();
        Object.assign(context, loading);
    }

    /** The model's card has been read, and what is kept can be shown. @param {SessionReady} ready */
    async function sessionReady({ facts, pipeline_version: pipeline }) {
        const { basis } = context;
        const { vocabulary } = await basis;
        if (basis !== context.basis) return;
        library.useModel({ facts, pipeline, vocabulary });
        if (state.engine.value.facts) return;
        state.engine.value = { ...state.engine.value, facts };
        applyPolicy();
    }

    /** @param {ModelFacts} facts */
    async function engineReady(facts) {
        if (state.engine.value.status === "ready") return;
        const { variant, model } = await context.engine;
        const readyMs = performance.now() - engineAsked;
        state.engine.value = { status: "ready", variant, facts, modelBytes: model.byteLength, readyMs };
        performance.mark("tagsmith:ready");
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
        if (!OF_THE_LIBRARY.test(failure.code) && failure.code !== "policy_invalid")
            state.engine.value = { ...state.engine.value, status: "failed" };
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
        sessionReady,
        startWorkers,
        retryEngine,
    };
}
