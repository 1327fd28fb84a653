/**
 * Second looks that wait: at pictures that have their first tags, for the objects in them. None is in front of anything else: the pool asks
 * for one where a worker has nothing to do.
 * @import { CompanionBuffers } from "./engine.js"
 * @import { Job } from "./pool.js"
 *
 * @typedef {{load: (isAgain: boolean) => Promise<CompanionBuffers>, onOff: (error: unknown) => void}} ObjectDetector
 *   `load`: its files, `isAgain` past everything that is kept; `onOff`: it could not be had, is damaged, or has ended too many workers
 */
import { CodedError, failureOf } from "./protocol.js";

/** So many workers in a row that ended at second looks are the detector's fault, and no picture's. */
const MOST_CRASHES = 4;

/** What is said of a detector, by what became of it. @type {Readonly<Record<string, string>>} */
const CODES = { engine_unreachable: "objects_unreachable", objects_off: "objects_off" };

/** Why no objects are found. @param {unknown} error that a detector was turned off for */
export function objectsFailure(error) {
    const { code, detail } = failureOf(error, "objects_damaged");
    return new CodedError(CODES[code] ?? "objects_damaged", detail);
}

export class SecondLooks {
    #detector;
    #onLoaded;
    /** @type {Job[]} */
    #queue = [];
    /** @type {CompanionBuffers | null} */
    #files = null;
    #isLoading = false;
    #isOff = false;
    #hasFailed = false;
    /** How many workers ended since a second look was answered. */
    #nCrashes = 0;

    /** @param {ObjectDetector | undefined} detector @param {() => void} onLoaded told when there is something to hand out */
    constructor(detector, onLoaded) {
        this.#detector = detector;
        this.#onLoaded = onLoaded;
    }

    /** The detector's files; there whenever a second look was handed out. */
    get files() {
        return this.#files ?? {};
    }

    /** @param {Job} job */
    add(job) {
        this.#queue.push(job);
    }

    /** What a worker that was stopped had in hand. @param {Job} job */
    putBack(job) {
        this.#queue.unshift(job);
    }

    /**
     * The next one, `preferred` pictures first. The detector is fetched when it is asked for the first time; until it is there, there is none.
     * @param {ReadonlySet<number>} preferred @returns {Job | undefined}
     */
    next(preferred) {
        if (this.#isOff || this.#queue.length === 0) return undefined;
        if (this.#files === null) {
            void this.#load();
            return undefined;
        }
        const at = preferred.size > 0 ? this.#queue.findIndex(({ task }) => preferred.has(task.id)) : 0;
        return this.#queue.splice(Math.max(0, at), 1)[0];
    }

    /** @param {(id: number) => boolean} isMeant @param {unknown} reason */
    cancel(isMeant, reason) {
        const dropped = this.#queue.filter(({ task }) => isMeant(task.id));
        this.#queue = this.#queue.filter(({ task }) => !isMeant(task.id));
        for (const { reject } of dropped) reject(reason);
    }

    /** A worker has answered. */
    noteAnswer() {
        this.#nCrashes = 0;
    }

    /**
     * A worker ended at this one. It gets one more try after all others, unless it took too long; then it is given up.
     * @param {Job} job @param {CodedError} error @param {boolean} isTimedOut
     */
    charge(job, error, isTimedOut) {
        job.crashes++;
        if (isTimedOut || job.crashes > 1) job.reject(error);
        else this.#queue.push(job);
        if (++this.#nCrashes >= MOST_CRASHES) this.turnOff(new CodedError("objects_off", error.detail));
    }

    /** Nothing is handed out until `retry`; what waits goes on waiting. @param {unknown} error */
    turnOff(error) {
        this.#files = null;
        this.#hasFailed = true;
        if (this.#isOff) return; // several workers found the same
        this.#isOff = true;
        this.#detector?.onOff(error);
    }

    /** Somebody wants it tried again. */
    retry() {
        this.#isOff = false;
        this.#nCrashes = 0;
    }

    async #load() {
        if (this.#isLoading || !this.#detector) return;
        this.#isLoading = true;
        try {
            this.#files = await this.#detector.load(this.#hasFailed);
        } catch (error) {
            this.turnOff(error);
        }
        this.#isLoading = false;
        if (!this.#isOff) this.#onLoaded();
    }
}
