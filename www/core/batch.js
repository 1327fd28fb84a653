/**
 * The one batch worker, seen from the page. Everything that waits goes in one turn, and at most one turn is under way: a slider
 * may move as fast as it likes, the newest policy wins and none queues up behind another.
 *
 * What was recorded is also kept here (a few hundred bytes a picture): if the worker crashes, a new one gets all of it again,
 * and nothing that was done is lost.
 * @import { Policy } from "./engine_api.d.ts"
 * @import { BatchReady, Fail, Look, Put, Turn } from "./protocol.js"
 * @import { RelaunchLimit } from "./relaunch.js"
 * @import { WorkerClient } from "./client.js"
 *
 * @typedef {{
 *   relaunch: RelaunchLimit, timeout_ms?: number,
 *   start: (on_crash: (error: CodedError) => void) => Promise<{client: WorkerClient, ready: BatchReady}>,
 *   on_ready?: (ready: BatchReady) => void,
 *   on_look: (look: Look, ids: number[], policy: Policy | null) => void,
 *   on_off: (error: CodedError) => void, on_failed: (error: unknown) => void }} BatchOptions
 */
import { CodedError } from "./protocol.js";

export class BatchLink {
    #options;
    /** @type {WorkerClient | null} */
    #client = null;
    #is_stopped = false;
    #is_busy = false;
    #is_dirty = false;
    /** @type {Map<number, Put | Fail>} */
    #kept = new Map();
    /** @type {Map<number, Put | Fail>} recorded and not yet sent */
    #fresh = new Map();
    /** @type {Set<number>} */
    #removed = new Set();
    /** @type {Policy | null} the newest policy, for a worker that starts anew */
    #policy = null;
    #is_policy_new = false;
    /** @type {number[]} */
    #ids = [];
    /** @type {(() => void)[]} */
    #waiting = [];

    /** @param {BatchOptions} options */
    constructor(options) {
        this.#options = options;
    }

    /** @param {Put | Fail} result */
    record(result) {
        this.#kept.set(result.id, result);
        this.#fresh.set(result.id, result);
        this.#touch();
    }

    /** @param {number} id */
    remove(id) {
        if (!this.#kept.delete(id)) return;
        this.#fresh.delete(id);
        this.#removed.add(id);
        this.#touch();
    }

    /** @param {Policy} policy */
    apply(policy) {
        this.#policy = policy;
        this.#is_policy_new = true;
        this.#touch();
    }

    /** Which pictures' tags are wanted with every turn from now on. @param {number[]} ids */
    watch(ids) {
        this.#ids = ids;
        this.#touch();
    }

    /** The export of these pictures, under everything recorded and applied before. @param {"csv" | "jsonl"} format @param {number[]} ids */
    async report(format, ids) {
        while (this.#is_busy || this.#is_dirty) await new Promise((resolve) => this.#waiting.push(() => resolve(null)));
        if (!this.#client) throw new CodedError("local_model_off", "The local model is off.");
        return this.#client.call("report", { format, ids }, { timeout_ms: 120_000 });
    }

    async start() {
        this.#is_stopped = false;
        /** @type {WorkerClient | null} */
        let client = null;
        try {
            const started = await this.#options.start((error) => this.#lose(client, error));
            client = this.#client = started.client;
            this.#options.on_ready?.(started.ready);
            this.#fresh = new Map(this.#kept);
            this.#removed.clear();
            this.#is_policy_new = this.#policy !== null;
            this.#touch();
        } catch (error) {
            if (error instanceof CodedError && error.code === "worker_crashed") return; // #lose has seen to it
            this.#options.on_failed(error);
        }
    }

    stop() {
        this.#is_stopped = true;
        this.#client?.stop();
        this.#client = null;
        this.#release();
    }

    #touch() {
        this.#is_dirty = true;
        if (!this.#is_busy && this.#client) this.#turn(this.#client);
    }

    /** @param {WorkerClient} client */
    async #turn(client) {
        this.#is_busy = true;
        await null; // what is recorded in the same breath goes along
        /** @type {Turn} */
        const turn = { removes: [...this.#removed], puts: [], fails: [], policy: this.#is_policy_new ? this.#policy : null, ids: [] };
        turn.ids = this.#ids.filter((id) => this.#kept.has(id)); // the others are still waiting for their tags
        for (const result of this.#fresh.values()) {
            if ("tagging" in result) turn.puts.push(result);
            else turn.fails.push(result);
        }
        this.#removed.clear();
        this.#fresh.clear();
        this.#is_policy_new = this.#is_dirty = false;
        try {
            const look = await client.call("update", turn, { timeout_ms: this.#options.timeout_ms ?? 30_000 });
            this.#options.on_look(look, turn.ids, turn.policy);
        } catch (error) {
            if (!client.is_gone) this.#options.on_failed(error);
        }
        this.#is_busy = false;
        if (this.#client !== client) return; // crashed meanwhile; the new worker starts its own turn
        if (this.#is_dirty) this.#turn(client);
        else this.#release();
    }

    #release() {
        if (!this.#client) this.#is_dirty = false;
        for (const wake of this.#waiting.splice(0)) wake();
    }

    /** @param {WorkerClient | null} client @param {CodedError} error */
    #lose(client, error) {
        if (this.#is_stopped || this.#client !== client) return;
        this.#client = null;
        if (this.#options.relaunch.take()) {
            this.start();
            return;
        }
        this.stop();
        this.#options.on_off(new CodedError("local_model_off", error.detail));
    }
}
