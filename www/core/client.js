/**
 * One worker, seen from the page: typed calls, and one certain word when it is gone.
 * @import { Reply, Calls, Stage } from "./protocol.js"
 *
 * @typedef {{transfer?: Transferable[], signal?: AbortSignal, timeoutMs?: number, onProgress?: (share: number) => void}} CallOptions
 * @typedef {{
 *   resolve: (value: any) => void, reject: (reason: unknown) => void, onProgress: ((share: number) => void) | undefined,
 *   stage: Stage, timer: ReturnType<typeof setTimeout> | undefined, timeoutMs: number | undefined }} Pending
 */
import { CodedError, DECODED } from "./protocol.js";

let nextLock = 0;

/** @template {Record<keyof C, [any, any]>} [C=Calls] what can be asked of it */
export class WorkerClient {
    #worker;
    #onCrash;
    #seq = 0;
    /** @type {Map<number, Pending>} */
    #pending = new Map();
    #watch = new AbortController();
    isGone = false;
    /** Whether it was ended because an answer took too long. */
    isTimedOut = false;
    /** Bytes of the engine's memory, as of the last answer. */
    memory = 0;

    /**
     * @param {Worker} worker
     * @param {(error: CodedError) => void} [onCrash] called once, after every pending call was rejected with the same error
     */
    constructor(worker, onCrash = () => {}) {
        this.#worker = worker;
        this.#onCrash = onCrash;
        worker.onmessage = (event) => this.#receive(event.data);
        worker.onerror = (event) => this.#crash(event.message || "The worker script could not be loaded.");
        worker.onmessageerror = () => this.#crash("The worker sent something that cannot be read.");
        this.#watchLife();
    }

    /**
     * @template {keyof C} K
     * @param {K} name @param {C[K][0]} params @param {CallOptions} [options]
     * @returns {Promise<C[K][1]>}
     */
    call(name, params, { transfer = [], signal, timeoutMs, onProgress } = {}) {
        return new Promise((resolve, reject) => {
            if (this.isGone) return reject(new CodedError("worker_crashed", "The worker is gone."));
            if (signal?.aborted) return reject(signal.reason);
            const seq = ++this.#seq;
            const timer = this.#timer(seq, timeoutMs);
            this.#pending.set(seq, { resolve, reject, onProgress, stage: "picture", timer, timeoutMs });
            // An engine cannot be interrupted; whoever aborts stops waiting, and the late answer is dropped.
            signal?.addEventListener("abort", () => this.#settle(seq)?.reject(signal.reason), { once: true });
            this.#worker.postMessage({ seq, name, params }, transfer);
        });
    }

    /** Ends the worker; calls still open are rejected as aborted. */
    stop() {
        this.#end(new DOMException("The worker was stopped.", "AbortError"));
    }

    /** A loop without end gives no event at all: only time tells. @param {number} seq @param {number | undefined} timeoutMs */
    #timer(seq, timeoutMs) {
        if (!timeoutMs) return undefined;
        return setTimeout(() => {
            this.isTimedOut = true;
            this.#crash(`No answer in ${Math.round(timeoutMs / 1000)} s.`, this.#pending.get(seq)?.stage);
        }, timeoutMs);
    }

    /** @param {Reply} answer */
    #receive(answer) {
        if ("crash" in answer) return this.#crash(answer.crash, answer.stage);
        if ("progress" in answer) return this.#progress(answer.seq, answer.progress);
        if ("isWaiting" in answer) return this.#pauseTimer(answer.seq, answer.isWaiting);
        this.memory = answer.memory;
        const pending = this.#settle(answer.seq);
        if ("ok" in answer) pending?.resolve(answer.ok);
        else pending?.reject(new CodedError(answer.error.code, answer.error.detail, answer.error.subject));
    }

    /** Begins anew when the waiting is over. @param {number} seq @param {boolean} isWaiting */
    #pauseTimer(seq, isWaiting) {
        const pending = this.#pending.get(seq);
        if (!pending) return;
        clearTimeout(pending.timer);
        pending.timer = isWaiting ? undefined : this.#timer(seq, pending.timeoutMs);
    }

    /** @param {number} seq */
    #settle(seq) {
        const pending = this.#pending.get(seq);
        clearTimeout(pending?.timer);
        this.#pending.delete(seq);
        return pending;
    }

    /** @param {number} seq @param {number} share */
    #progress(seq, share) {
        const pending = this.#pending.get(seq);
        if (!pending) return;
        if (share === DECODED) pending.stage = "network";
        pending.onProgress?.(share);
    }

    /** A network that stops the engine is told of as one that failed; the picture may be a good one. @param {string} detail @param {Stage} [stage] */
    #crash(detail, stage = "picture") {
        if (this.isGone) return;
        const error = new CodedError(stage === "network" ? "inference_failed" : "worker_crashed", detail);
        this.#end(error);
        this.#onCrash(error);
    }

    /** @param {Error} reason */
    #end(reason) {
        if (this.isGone) return;
        this.isGone = true;
        this.#watch.abort();
        this.#worker.onmessage = this.#worker.onerror = this.#worker.onmessageerror = null;
        this.#worker.terminate();
        for (const seq of [...this.#pending.keys()]) this.#settle(seq)?.reject(reason);
    }

    /**
     * A worker that closes itself, or that the browser ends for want of memory, raises no event. So it holds a lock for life,
     * and we wait for the same lock: the day we get it, the worker is dead.
     */
    #watchLife() {
        const locks = globalThis.navigator?.locks;
        if (!locks) return; // no secure context: the time-out of each call remains
        const lock = `tagsmith-worker-${Date.now()}-${Math.random()}-${++nextLock}`;
        const { signal } = this.#watch;
        this.call(/** @type {keyof C} */ ("live"), /** @type {any} */ ({ lock }))
            .then(() => locks.request(lock, { signal }, () => this.#crash("The worker ended by itself.")))
            .catch(() => {}); // stopped, or crashed and reported already
    }
}
