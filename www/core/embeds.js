/**
 * Pictures that wait to be embedded for training. Whoever looks for tags comes before them, and second looks after them.
 * @import { Job } from "./pool.js"
 */

export class Embeds {
    /** @type {Job[]} */
    #queue = [];

    get n() {
        return this.#queue.length;
    }

    /** @param {Job} job */
    add(job) {
        this.#queue.push(job);
    }

    /** What a worker that was stopped had in hand. @param {Job} job */
    putBack(job) {
        this.#queue.unshift(job);
    }

    next() {
        return this.#queue.shift();
    }

    /** Nobody trains any more. */
    cancel() {
        const reason = new DOMException("Cancelled.", "AbortError");
        for (const { reject } of this.#queue.splice(0)) reject(reason);
    }
}
