/**
 * The most units that may be asked for in a month: what was billed, what may have been, and what is on its way count. Nothing is sent that
 * could go beyond it.
 *
 * Of the log, by provider. @typedef {{provider: string, n_billed: number, n_maybe: number}} UnitTotal
 */

/** When the month began, by the clock and the time zone of this device. @param {number} nowMs */
export function monthStart(nowMs) {
    const now = new Date(nowMs);
    return new Date(now.getFullYear(), now.getMonth(), 1).getTime();
}

/** What a provider has cost since then, at worst. @param {readonly UnitTotal[]} totals @param {string} provider */
export const unitsUsed = (totals, provider) =>
    totals.reduce((sum, one) => (one.provider === provider ? sum + one.n_billed + one.n_maybe : sum), 0);

export class Cap {
    #most;
    #used;
    #now;
    /** Of requests that are not in the log yet. */
    #nReserved = 0;
    /** One looks at a time: two could each see the last unit. @type {Promise<unknown>} */
    #turn = Promise.resolve();

    /**
     * @param {() => number | null} most units a month, as it is set now; null for no limit
     * @param {(sinceMs: number) => Promise<number>} used what was used since then, as the log has it @param {() => number} now
     */
    constructor(most, used, now) {
        this.#most = most;
        this.#used = used;
        this.#now = now;
    }

    /** As the library holds to it, whichever tabs ask at once; none without a limit. @returns {{most: number, since_ms: number} | undefined} */
    get limit() {
        const most = this.#most();
        return most === null ? undefined : { most, since_ms: monthStart(this.#now()) };
    }

    /** What is left of this month; Infinity without a limit. @returns {Promise<number>} */
    async left() {
        const most = this.#most();
        if (most === null) return Number.POSITIVE_INFINITY;
        const used = await this.#used(monthStart(this.#now()));
        return Math.max(0, most - used - this.#nReserved);
    }

    /**
     * Sets units aside for a request, which gives them back once the log counts them, or it is not made.
     * @param {number} n @returns {Promise<(() => void) | null>} null where they are not left
     */
    reserve(n) {
        const mine = this.#turn.then(async () => {
            if ((await this.left()) < n) return null;
            this.#nReserved += n;
            let isReserved = true;
            return () => {
                if (isReserved) this.#nReserved -= n;
                isReserved = false;
            };
        });
        this.#turn = mine.catch(() => {});
        return mine;
    }
}
