/**
 * Pictures that are drawn, for what is taught: stripes and dots, which the bundled network tells apart, in colours, sizes and places that differ by a seed.
 */
import { pngFile } from "../png_file.mjs";

/** @typedef {"stripes" | "dots"} Kind */

/** In pixels: small, so that nothing waits for it. The guideline on size says so. */
const SIDE = 160;

/** Numbers in [0, 1), the same for the same seed. @param {number} seed */
function chance(seed) {
    let state = (seed * 2_654_435_761) >>> 0;
    return () => {
        state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
        return state / 2 ** 32;
    };
}

/** @param {Kind} kind @param {number} seed @returns {import("../harness.mjs").NamedFile} */
export function drawn(kind, seed) {
    const next = chance(seed + (kind === "dots" ? 1_000 : 0));
    const colour = (/** @type {number} */ from) => Array.from({ length: 3 }, () => Math.floor(from + next() * 90));
    const [ground, ink] = [colour(160), colour(10)];
    const isInk = kind === "stripes" ? stripes(next) : dots(next);
    const rows = Array.from({ length: SIDE }, (_, y) => {
        const row = Buffer.alloc(1 + SIDE * 3);
        for (let x = 0; x < SIDE; x++) row.set(isInk(x, y) ? ink : ground, 1 + x * 3);
        return row;
    });
    return { name: `${kind}-${seed}.png`, mimeType: "image/png", buffer: pngFile(SIDE, SIDE, rows) };
}

/** @param {() => number} next @returns {(x: number, y: number) => boolean} */
function stripes(next) {
    const width = 10 + next() * 8;
    const slant = next() * 0.6 - 0.3;
    const from = next() * width;
    return (x, y) => Math.floor((x + slant * y + from) / width) % 2 === 0;
}

/** @param {() => number} next @returns {(x: number, y: number) => boolean} */
function dots(next) {
    const step = 28 + next() * 14;
    const radius = step * (0.28 + next() * 0.1);
    const [left, top] = [next() * step, next() * step];
    return (x, y) => Math.hypot(((x + left) % step) - step / 2, ((y + top) % step) - step / 2) < radius;
}

/** @param {Kind} kind @param {number} n @param {number} [first] */
export const some = (kind, n, first = 1) => Array.from({ length: n }, (_, idx) => drawn(kind, first + idx));
