/**
 * The trainer, seen from the page: a worker that is started when somebody needs it, and ended to cancel what it is at.
 * @import { TrainCalls } from "./train_protocol.js"
 *
 * @typedef {{startWorker: () => Promise<Worker>, loadModule: () => Promise<WebAssembly.Module>}} TrainerParts
 */
import { WorkerClient } from "./client.js";

const START_TIMEOUT_MS = 120_000;
/** The largest set takes a fraction of that on a slow machine. */
const TIMEOUT_MS = 300_000;
/** What is about the set that the worker holds, or has opened: it is lost with the worker. @type {ReadonlySet<keyof TrainCalls>} */
const OF_WHAT_IS_HELD = new Set(["hold", "train", "guidelines", "change", "read_set", "close_set"]);

export class Trainer {
    #parts;
    #onGone;
    /** @type {Promise<WorkerClient<TrainCalls>> | null} */
    #client = null;

    /** @param {TrainerParts} parts @param {() => void} [onGone] told when what it held is lost */
    constructor(parts, onGone = () => {}) {
        this.#parts = parts;
        this.#onGone = onGone;
    }

    /**
     * @template {keyof TrainCalls} K
     * @param {K} name @param {TrainCalls[K][0]} params @param {{onProgress?: (share: number) => void}} [how] @returns {Promise<TrainCalls[K][1]>}
     */
    async call(name, params, how = {}) {
        try {
            return await this.#ask(name, params, how);
        } catch (error) {
            // Somebody else's training was cancelled, and this was in its way: the next worker is asked.
            if (Object(error).name !== "AbortError" || OF_WHAT_IS_HELD.has(name)) throw error;
            return this.#ask(name, params, how);
        }
    }

    /**
     * @template {keyof TrainCalls} K
     * @param {K} name @param {TrainCalls[K][0]} params @param {{onProgress?: (share: number) => void}} how @returns {Promise<TrainCalls[K][1]>}
     */
    async #ask(name, params, how) {
        const starting = (this.#client ??= this.#start());
        const client = await starting.catch((error) => {
            if (this.#client === starting) this.#client = null;
            throw error;
        });
        return client.call(name, params, { timeoutMs: TIMEOUT_MS, ...how });
    }

    /** Bytes of the module's memory, as of its last answer. */
    async memory() {
        return (await this.#client)?.memory ?? 0;
    }

    /** Ends the worker: what was asked of the set that it held is rejected as aborted, as that is lost; the rest is asked of the next one. */
    stop() {
        const ending = this.#client;
        if (!ending) return;
        this.#client = null;
        ending.then((client) => client.stop()).catch(() => {});
        this.#onGone();
    }

    async #start() {
        const [worker, module] = await Promise.all([this.#parts.startWorker(), this.#parts.loadModule()]);
        /** @type {WorkerClient<TrainCalls>} */
        const client = new WorkerClient(worker, () => {
            this.#client = null;
            this.#onGone();
        });
        try {
            await client.call("load", { module }, { timeoutMs: START_TIMEOUT_MS });
            return client;
        } catch (error) {
            client.stop();
            throw error;
        }
    }
}
