/**
 * Taggers in a row of workers: a queue, a size, and what happens when one of them crashes.
 * @import { Explanation } from "./engine_api.d.ts"
 * @import { Calls, TaggedReply, TaggerReady } from "./protocol.js"
 * @import { RelaunchLimit } from "./relaunch.js"
 *
 * What a worker is asked: the tags of a picture, which the queue holds for `id`, or why it has one of them.
 * @typedef {{name: "tag", params: {file: Blob}, id: number} | {name: "explain", params: Calls["explain"][0]}} Task
 *
 * @typedef {{
 *   task: Task, crashes: number, on_progress: (share: number) => void,
 *   resolve: (answer: any) => void, reject: (reason: unknown) => void }} Job
 *
 * @typedef {{client: WorkerClient | null, job: Job | null}} Slot a worker's place; without client while it starts
 *
 * @typedef {{
 *   size: number, relaunch: RelaunchLimit, timeout_ms?: number,
 *   start: (on_crash: (error: CodedError) => void) => Promise<{client: WorkerClient, ready: TaggerReady}>,
 *   on_ready?: (ready: TaggerReady) => void,
 *   is_tiled?: () => boolean,
 *   on_off: (error: CodedError) => void, on_failed: (error: unknown) => void }} PoolOptions
 *   `is_tiled` is asked when a picture's turn comes
 */
import { WorkerClient } from "./client.js";
import { CodedError } from "./protocol.js";

/** An engine with its model and one large picture takes about this much. */
const WORKER_MB = 200;

/**
 * How many taggers to run: one core is left to the page, and memory is not overrun.
 * @param {{cores?: number | undefined, memory_gb?: number | undefined}} machine
 */
export function pool_size({ cores = 2, memory_gb = 4 }) {
    return Math.max(1, Math.min(cores - 1, Math.floor((memory_gb * 1024) / WORKER_MB), 6));
}

export class TaggerPool {
    #options;
    /** @type {Job[]} */
    #queue = [];
    /** @type {Slot[]} */
    #slots = [];
    #is_stopped = false;
    #is_paused = false;
    /** Asked for before any picture came, so that the first one finds an engine that is ready. */
    #wanted = 0;

    /** @param {PoolOptions} options */
    constructor(options) {
        this.#options = options;
    }

    /** Starts up to `count` workers now, without waiting for pictures. @param {number} [count] */
    warm(count = 1) {
        this.#wanted = Math.max(this.#wanted, Math.min(count, this.#options.size));
        this.#pump();
    }

    /**
     * Tags one picture when its turn comes.
     * @param {number} id @param {Blob} file
     * @param {(share: number) => void} [on_progress] told 0 when its turn comes, and `DECODED` @returns {Promise<TaggedReply>}
     */
    tag(id, file, on_progress = () => {}) {
        return new Promise((resolve, reject) => {
            this.#queue.push({ task: { name: "tag", params: { file }, id }, crashes: 0, on_progress, resolve, reject });
            this.#pump();
        });
    }

    /**
     * Where in a picture the model saw `tag`. Somebody is looking at it now, so it goes before all that waits.
     * @param {Blob} file @param {string} tag an id of the vocabulary @returns {Promise<Explanation>}
     */
    explain(file, tag) {
        return new Promise((resolve, reject) => {
            this.#queue.unshift({ task: { name: "explain", params: { file, tag } }, crashes: 0, on_progress: () => {}, resolve, reject });
            this.#pump();
        });
    }

    /**
     * Drops what nobody has started on. Their promises are rejected as aborted.
     * @param {(id: number) => boolean} [is_meant] @returns {number[]} the ids dropped
     */
    cancel(is_meant = () => true) {
        const reason = new DOMException("Cancelled.", "AbortError"); // one for all: ten thousand traces take a moment
        /** @type {number[]} */
        const dropped = [];
        this.#queue = this.#queue.filter(({ task, reject }) => {
            if (task.name !== "tag" || !is_meant(task.id)) return true;
            dropped.push(task.id);
            reject(reason);
            return false;
        });
        return dropped;
    }

    /** Hands out nothing more; what is under way is finished. */
    pause() {
        this.#is_paused = true;
    }

    go_on() {
        this.#is_paused = false;
        this.#pump();
    }

    /** Starts again after the relaunch limit or a failed start; what is queued goes on. */
    resume() {
        this.#is_stopped = false;
        this.#wanted = Math.max(this.#wanted, 1);
        this.#pump();
    }

    /** Ends every worker and keeps the queue. */
    stop() {
        this.#is_stopped = true;
        for (const slot of this.#slots.splice(0)) {
            slot.client?.stop();
            if (slot.job) this.#queue.unshift(slot.job);
        }
    }

    #pump() {
        if (this.#is_stopped) return;
        for (const slot of this.#slots) {
            if (!slot.client || slot.job) continue;
            const job = this.#next_job();
            if (!job) break;
            this.#run(slot, slot.client, job);
        }
        // The first tags matter most: the others start when the first is ready, not beside it.
        const is_first_ready = this.#slots.some((slot) => slot.client);
        const starting = this.#slots.filter((slot) => !slot.client).length;
        const allowed = is_first_ready ? this.#options.size : 1;
        const waiting = this.#is_paused && this.#queue[0]?.task.name === "tag" ? 0 : this.#queue.length;
        const wanted = Math.max(this.#wanted - this.#slots.length, waiting - starting);
        for (let i = 0; i < wanted && this.#slots.length < allowed; i++) this.#start();
    }

    /** While the tagging is paused, only what somebody is looking at goes on. */
    #next_job() {
        if (this.#is_paused && this.#queue[0]?.task.name === "tag") return undefined;
        return this.#queue.shift();
    }

    async #start() {
        /** @type {Slot} */
        const slot = { client: null, job: null };
        this.#slots.push(slot);
        try {
            const { client, ready } = await this.#options.start((error) => this.#lose(slot, error));
            if (!this.#slots.includes(slot)) return client.stop();
            slot.client = client;
            this.#options.on_ready?.(ready);
            this.#pump();
        } catch (error) {
            if (!this.#slots.includes(slot)) return; // a crash: #lose has seen to it
            this.stop();
            this.#options.on_failed(error);
        }
    }

    /** @param {Slot} slot @param {WorkerClient} client @param {Job} job */
    async #run(slot, client, job) {
        slot.job = job;
        job.on_progress(0);
        const start = performance.now();
        try {
            const { name, params, ...detail } = job.task;
            const { on_progress } = job;
            const tiled = this.#options.is_tiled?.() ?? false;
            const answer = await client.call(name, name === "tag" ? { ...params, tiled } : params, { timeout_ms: this.#options.timeout_ms ?? 30_000, on_progress });
            // Counted by tests ("moving the threshold runs nothing") and read in the browser's performance panel.
            performance.measure(`tagsmith:${name}`, { start, end: performance.now(), detail });
            job.resolve(answer);
        } catch (error) {
            if (client.is_gone) return; // #lose decides about the picture
            job.reject(error);
        }
        slot.job = null;
        this.#pump();
    }

    /** A worker is gone: its job gets one more try, its place a new worker while the limit allows. @param {Slot} slot @param {CodedError} error */
    #lose(slot, error) {
        const idx = this.#slots.indexOf(slot);
        if (idx < 0) return;
        this.#slots.splice(idx, 1);
        const { job } = slot;
        if (job && ++job.crashes > 1) job.reject(error);
        else if (job) this.#queue.unshift(job);
        if (this.#is_stopped) return;
        if (this.#options.relaunch.take()) {
            this.#start();
            return;
        }
        this.stop();
        this.#options.on_off(new CodedError("local_model_off", error.detail));
    }
}
