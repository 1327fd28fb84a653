/** How fast pictures get finished, over the last few seconds: what came before says little about what comes next. */
export class RateMeter {
    /** @type {number[]} */
    #times = [];

    /** @param {{windowMs?: number}} [options] */
    constructor({ windowMs = 10_000 } = {}) {
        this.windowMs = windowMs;
    }

    reset() {
        this.#times = [];
    }

    /** One more is finished. @param {number} now @returns {number} pictures a second; 0 while that cannot be said */
    tick(now) {
        this.#times.push(now);
        while (this.#times.length > 2 && now - /** @type {number} */ (this.#times[0]) > this.windowMs)
            this.#times.shift();
        const span = now - /** @type {number} */ (this.#times[0]);
        return span > 0 ? ((this.#times.length - 1) * 1000) / span : 0;
    }
}
