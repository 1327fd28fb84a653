/**
 * The worker that makes pictures small and bare before they leave: one for all jobs, with an engine and no model, started when it is
 * needed and ended with the last job.
 * @import { PictureNeed } from "../../core/engine_api.d.ts"
 * @import { Shrunk } from "../../core/protocol.js"
 * @import { Context } from "../context.js"
 */
import { WorkerClient } from "../../core/client.js";
import { limitsOf } from "../settings.js";
import * as state from "../state.js";

const START_TIMEOUT_MS = 120_000;
const TIMEOUT_MS = 60_000;

export class Shrinker {
    #context;
    /** @type {Promise<WorkerClient> | null} */
    #client = null;

    /** @param {Pick<Context, "engine" | "platform">} context */
    constructor(context) {
        this.#context = context;
    }

    /** @param {Blob} file @param {PictureNeed} need @returns {Promise<Shrunk>} */
    async shrink(file, need) {
        const starting = (this.#client ??= this.#start());
        const client = await starting.catch((error) => {
            if (this.#client === starting) this.#client = null;
            throw error;
        });
        return client.call("shrink", { file, need, limits: limitsOf(state.settings.value) }, { timeoutMs: TIMEOUT_MS });
    }

    stop() {
        this.#client?.then((client) => client.stop()).catch(() => {});
        this.#client = null;
    }

    /** A picture that ends it ends only itself: the next one gets another worker. */
    async #start() {
        const { engine, platform } = this.#context;
        const worker = await platform.startWorker("shrinker");
        /** @type {WorkerClient} */
        const client = new WorkerClient(worker, () => {
            this.#client = null;
        });
        try {
            const { module } = await engine;
            await client.call("start_shrinker", { module }, { timeoutMs: START_TIMEOUT_MS });
            return client;
        } catch (error) {
            client.stop();
            throw error;
        }
    }
}
