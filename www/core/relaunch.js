/**
 * How often crashed workers may be started again: at most `max` times in any `windowMs`. Past that something is wrong for good
 * (too little memory, a picture that kills every engine), and starting again would only burn the battery.
 */
export class RelaunchLimit {
    /** @type {number[]} when the relaunches of the last window took place */
    #times = [];

    /** @param {{max?: number, windowMs?: number, now?: () => number}} [options] */
    constructor({ max = 5, windowMs = 60_000, now = () => performance.now() } = {}) {
        this.max = max;
        this.windowMs = windowMs;
        this.now = now;
    }

    /** Sets another limit; what was taken counts under it. @param {{max: number, windowMs: number}} limit */
    set({ max, windowMs }) {
        this.max = max;
        this.windowMs = windowMs;
    }

    /** Takes one relaunch; false where the limit is reached. */
    take() {
        const now = this.now();
        this.#times = this.#times.filter((time) => now - time < this.windowMs);
        if (this.#times.length >= this.max) return false;
        this.#times.push(now);
        return true;
    }

    /** A person asked to try again: the count starts anew. */
    reset() {
        this.#times = [];
    }
}
