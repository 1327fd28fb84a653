/**
 * Addresses that may be reached for a while, beside those of providers that are on: of a job or a trial with settings of its own. They are
 * given back when that ends, and at once where the provider is turned off.
 *
 * @typedef {() => void} Release
 * @typedef {(origins: readonly string[], isOn: () => boolean) => Promise<Release>} Reach resolves once they may be reached
 */

export class HeldOrigins {
    /** @type {Set<{origins: readonly string[], isOn: () => boolean}>} */
    #holders = new Set();

    /** @param {readonly string[]} origins @param {() => boolean} isOn whether whoever holds them may still ask @returns {Release} */
    hold(origins, isOn) {
        const holder = { origins, isOn };
        this.#holders.add(holder);
        return () => void this.#holders.delete(holder);
    }

    /** Each may be there more than once. @returns {readonly string[]} */
    get origins() {
        return [...this.#holders].flatMap(({ origins, isOn }) => (isOn() ? origins : []));
    }
}
