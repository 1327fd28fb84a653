/**
 * What the address may ask for: `?workers=2&relaunches=5&relaunchWindowMs=60000&timeoutMs=30000&engine=simd128`, and the limits
 * `max_file_bytes`, `max_side`, `max_pixels`. For machines of a special kind, measurements and tests.
 * @import { Options } from "../../app/actions.js"
 */

/** The most that an address may ask for: whoever follows a link has not chosen it. */
const MOST = Object.freeze({
    workers: 6,
    relaunches: 50,
    relaunch_window_ms: 600_000,
    timeout_ms: 600_000,
    max_file_bytes: 128 * 2 ** 20,
    max_side: 16_384,
    max_pixels: 100e6,
});

/** @param {string} query @returns {Options} */
export function readOptions(query) {
    const wanted = new URLSearchParams(query);
    /** @param {keyof typeof MOST} name @param {number} least */
    const number = (name, least) => {
        const value = Number(wanted.get(name) ?? NaN);
        return Number.isFinite(value) && value >= least ? Math.min(Math.floor(value), MOST[name]) : undefined;
    };
    const engine = wanted.get("engine");
    /** @type {Options} */
    const options = {
        workers: number("workers", 1),
        relaunches: number("relaunches", 0),
        relaunchWindowMs: number("relaunch_window_ms", 1),
        timeoutMs: number("timeout_ms", 1),
        variant: engine === "simd128" || engine === "relaxed" ? engine : undefined,
    };
    for (const name of /** @type {const} */ (["max_file_bytes", "max_side", "max_pixels"])) {
        const value = number(name, 1);
        if (value !== undefined) options.limits = { ...options.limits, [name]: value };
    }
    return options;
}
