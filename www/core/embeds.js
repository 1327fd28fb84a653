/**
 * Pictures that wait to be embedded for training. Whoever looks for tags comes before them, and second looks after them.
 * @import { Job } from "./pool.js"
 */

export class Embeds {
    /** @type {Job[]} */
    #queue = [];
    /** Who asked for each. @type {WeakMap<Job, unknown>} */
    #owners = new WeakMap();

    get n() {
        return this.#queue.length;
    }

    /** @param {Job} job @param {unknown} owner */
    add(job, owner) {
        this.#owners.set(job, owner);
        this.#queue.push(job);
    }

    /** What ended its worker comes once more, after the others. @param {Job} job */
    addAgain(job) {
        this.#queue.push(job);
    }

    /** What a worker that was stopped had in hand. @param {Job} job */
    putBack(job) {
        this.#queue.unshift(job);
    }

    next() {
        return this.#queue.shift();
    }

    /** Whoever asked for them wants them no more. @param {unknown} owner */
    cancel(owner) {
        const reason = new DOMException("Cancelled.", "AbortError");
        const isMeant = (/** @type {Job} */ job) => this.#owners.get(job) === owner;
        const dropped = this.#queue.filter(isMeant);
        this.#queue = this.#queue.filter((job) => !isMeant(job));
        for (const { reject } of dropped) reject(reason);
    }
}
