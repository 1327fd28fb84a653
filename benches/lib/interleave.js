/**
 * How everything here is measured: side by side, in one run, medians after a warm-up. Used by node and in the browser.
 *
 * @typedef {Record<string, () => Promise<number>>} Sides name → does the work once and gives the milliseconds it took
 */

/**
 * Runs every side once a round. The order turns from round to round, so that a slow moment of the machine, or the trace that one
 * side leaves in the caches, hits all alike.
 * @param {Sides} sides @param {{warmUp: number, rounds: number}} plan
 * @returns {Promise<Record<string, number[]>>} the milliseconds of the rounds after the warm-up
 */
export async function interleave(sides, { warmUp, rounds }) {
    const names = Object.keys(sides);
    /** @type {Record<string, number[]>} */
    const times = Object.fromEntries(names.map((name) => [name, []]));
    for (let round = 0; round < warmUp + rounds; round++) {
        for (let turn = 0; turn < names.length; turn++) {
            const name = names[(round + turn) % names.length];
            const ms = await sides[name]();
            if (round >= warmUp) times[name].push(ms);
        }
    }
    return times;
}

/** @param {readonly number[]} values */
export const median = (values) => quantile(values, 0.5);

/** The value below which `share` of the values lie, between two of them by proportion. @param {readonly number[]} values @param {number} share in [0, 1] */
export function quantile(values, share) {
    const sorted = [...values].sort((a, b) => a - b);
    const place = (sorted.length - 1) * share;
    const below = Math.floor(place);
    const above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (sorted[above] - sorted[below]) * (place - below);
}
