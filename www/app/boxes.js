/**
 * Where the things of a tag are in a picture. Pure.
 * @import { Tag } from "../core/engine_api.d.ts"
 *
 * Left, top, width and height, as fractions of the upright picture.
 * @typedef {Tag["boxes"][number]} Box
 */

/**
 * The boxes of a tag: its own, or, where it only stands above other tags, theirs; one around each thing.
 * @param {readonly Tag[]} tags of the picture @param {string} id @returns {readonly Box[]}
 */
export function boxesOf(tags, id) {
    const own = tags.find((tag) => tag.id === id);
    if (own) return own.boxes;
    const below = tags.filter(({ parents }) => parents.some((parent) => parent.id === id));
    const all = below.flatMap(({ boxes }) => boxes);
    return [...new Map(all.map((box) => [box.join(" "), box])).values()];
}

/** What of a box lies within the picture: a box may reach over its edges. @param {Box} box @returns {Box} */
export function inside([left, top, width, height]) {
    const [x, y] = [Math.max(0, left), Math.max(0, top)];
    return [x, y, Math.max(0, Math.min(1, left + width) - x), Math.max(0, Math.min(1, top + height) - y)];
}
