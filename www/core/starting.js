/**
 * How workers begin in each role.
 * @import { Limits } from "./engine_api.d.ts"
 * @import { Basis, Engine } from "./engine.js"
 * @import { CodedError } from "./protocol.js"
 */
import { WorkerClient } from "./client.js";

/** The model may take long on a slow machine, but not for ever. */
export const START_TIMEOUT_MS = 120_000;

/**
 * @template Loaded, Ready
 * @param {Promise<Worker>} starting @param {Promise<Loaded>} loading
 * @param {(error: CodedError) => void} onCrash @param {(client: WorkerClient, loaded: Loaded) => Promise<Ready>} begin
 */
export async function startWorker(starting, loading, onCrash, begin) {
    // The script loads while what it runs is still on its way.
    const client = new WorkerClient(await starting, onCrash);
    try {
        return { client, ready: await begin(client, await loading) };
    } catch (error) {
        client.stop();
        throw error;
    }
}

/** @param {WorkerClient} client @param {Engine} engine @param {Partial<Limits>} [limits] */
export const beginTagger = (client, { module, card, vocabulary, model, companions }, limits = {}) =>
    client.call(
        "start_tagger",
        { module, card, vocabulary, model, companions, limits },
        { timeoutMs: START_TIMEOUT_MS },
    );

/** @param {WorkerClient} client @param {Basis} basis */
export const beginSession = (client, { session: module, card, vocabulary }) =>
    client.call("start_session", { module, card, vocabulary }, { timeoutMs: START_TIMEOUT_MS });
