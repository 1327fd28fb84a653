/**
 * Fetching the engine and starting workers with it. Whoever starts one stops it.
 * @import { Basis, Engine, Model } from "../core/engine.js"
 * @import { CodedError } from "../core/protocol.js"
 * @import { Context } from "./context.js"
 *
 * A model on its way. @typedef {{engine: Promise<Engine>, basis: Promise<Basis>}} Loading
 */
import { loadEngine } from "../core/engine.js";
import { START_TIMEOUT_MS, beginSession, beginTagger, startWorker } from "../core/starting.js";

/**
 * @param {Pick<Context, "platform" | "options">} context
 * @param {Promise<Model> | string | null} model itself, or its key among those that are kept; null for the one that comes with the page
 * @returns {Loading}
 */
export function load({ platform, options }, model) {
    const wanted = typeof model === "string" ? platform.models.get(model) : (model ?? undefined);
    const loading = loadOrReject(platform.engineFiles(), { variant: options.variant, model: wanted });
    for (const part of Object.values(loading)) part.catch(() => {}); // whoever waits for it reports it
    return loading;
}

/** A browser without SIMD (thrown by the probe) takes the same way as a fetch that fails. @type {typeof loadEngine} */
function loadOrReject(files, options) {
    try {
        return loadEngine(files, options);
    } catch (error) {
        return { engine: Promise.reject(error), basis: Promise.reject(error) };
    }
}

/** @param {Context} context @param {Promise<Engine>} engine @param {(error: CodedError) => void} onCrash */
export const startTagger = ({ platform, options }, engine, onCrash) =>
    startWorker(platform.startWorker("tagger"), engine, onCrash, (client, loaded) =>
        beginTagger(client, loaded, options.limits),
    );

/** @param {Context} context @param {Promise<Basis>} basis @param {(error: CodedError) => void} onCrash */
export const startSession = ({ platform }, basis, onCrash) =>
    startWorker(platform.startWorker("session"), basis, onCrash, beginSession);

/** A worker that reads models without a card, and labels; with the usual ways to normalise. @param {Context} context */
export const startImporter = (context) =>
    startWorker(
        context.platform.startWorker("importer"),
        context.engine.catch(() => load(context, null).engine),
        () => {},
        (client, { module }) => client.call("start_importer", { module }, { timeoutMs: START_TIMEOUT_MS }),
    );

/**
 * What a model says of a picture, without being put in place.
 * @param {Context} context @param {Model} model @param {File} file
 * @throws what the engine says of a model that cannot be used
 */
export async function tryModel(context, model, file) {
    // The engine itself is there already, unless it could not be fetched.
    const engine = context.engine.then(
        (engine) => ({ ...engine, ...model }),
        () => load(context, Promise.resolve(model)).engine,
    );
    const { client } = await startTagger(context, engine, () => {});
    try {
        return await client.call("tag", { file }, { timeoutMs: START_TIMEOUT_MS });
    } finally {
        client.stop();
    }
}
