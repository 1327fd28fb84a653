/**
 * What the address may ask for: `?workers=2&relaunches=5&relaunch_window_ms=60000&timeout_ms=30000&engine=simd128`, and the limits
 * `max_file_bytes`, `max_side`, `max_pixels`. For machines of a special kind, measurements and tests.
 * @import { Options } from "../../app/actions.js"
 */

/** @param {string} query @returns {Options} */
export function read_options(query) {
    const wanted = new URLSearchParams(query);
    /** @param {string} name @param {number} least */
    const number = (name, least) => {
        const value = Number(wanted.get(name) ?? NaN);
        return Number.isFinite(value) && value >= least ? value : undefined;
    };
    /** @type {Options} */
    const options = {};
    for (const name of /** @type {const} */ (["workers", "relaunch_window_ms", "timeout_ms"])) {
        const value = number(name, 1);
        if (value !== undefined) options[name] = value;
    }
    const relaunches = number("relaunches", 0);
    if (relaunches !== undefined) options.relaunches = relaunches;
    const engine = wanted.get("engine");
    if (engine === "simd128" || engine === "relaxed") options.variant = engine;
    for (const name of /** @type {const} */ (["max_file_bytes", "max_side", "max_pixels"])) {
        const value = number(name, 1);
        if (value !== undefined) options.limits = { ...options.limits, [name]: value };
    }
    return options;
}
