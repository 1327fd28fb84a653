/**
 * Which cells a finger or a box touches, and how fast the grid scrolls under one that is at its edge. Pure arithmetic; places are those
 * of the whole grid, however far it is scrolled.
 * @import { GridLayout } from "./grid_layout.js"
 *
 * @typedef {{x: number, y: number}} Point
 * @typedef {{left: number, top: number, right: number, bottom: number}} Box
 */

/** So near to an edge the grid begins to scroll, slowly, and from the edge on as fast as it does. */
const EDGE_PX = 56;
const SLOWEST = 0.1;
const FASTEST = 1.8;

/** The cell nearest to a point; null where there is none. @param {GridLayout} layout @param {number} n @param {Point} point */
export function idxAt({ columns, cellWidth, cellHeight, gap, pad }, n, { x, y }) {
    if (n === 0) return null;
    /** @param {number} at @param {number} side @param {number} most */
    const nearest = (at, side, most) => Math.max(0, Math.min(most, Math.floor((at - pad + gap / 2) / (side + gap))));
    const row = nearest(y, cellHeight, Math.ceil(n / columns) - 1);
    return Math.min(n - 1, row * columns + nearest(x, cellWidth, columns - 1));
}

/** The cells that a box touches, in order. @param {GridLayout} layout @param {number} n @param {Box} box @returns {number[]} */
export function idxsIn({ columns, cellWidth, cellHeight, gap, pad }, n, { left, top, right, bottom }) {
    /** @param {number} start @param {number} end @param {number} side @param {number} most */
    const touched = (start, end, side, most) => {
        const first = Math.max(0, Math.ceil((start - pad - side) / (side + gap)));
        const last = Math.min(most, Math.floor((end - pad) / (side + gap)));
        return Array.from({ length: Math.max(0, last - first + 1) }, (_, step) => first + step);
    };
    const rows = touched(top, bottom, cellHeight, Math.ceil(n / columns) - 1);
    const across = touched(left, right, cellWidth, columns - 1);
    return rows.flatMap((row) => across.map((column) => row * columns + column)).filter((idx) => idx < n);
}

/**
 * How fast the grid scrolls under a pointer, in pixels a millisecond, upwards below 0; 0 away from the edges.
 * @param {number} y @param {{top: number, bottom: number}} window both in the same coordinates
 */
export function edgeSpeed(y, { top, bottom }) {
    const zone = Math.min(EDGE_PX, (bottom - top) / 4);
    const [above, below] = [top + zone - y, y - (bottom - zone)];
    if (above <= 0 && below <= 0) return 0;
    const share = Math.min(1, Math.max(above, below) / zone);
    return (above > below ? -1 : 1) * (SLOWEST + (FASTEST - SLOWEST) * share * share);
}
