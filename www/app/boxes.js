/**
 * Where the things of a tag are in a picture. Pure.
 * @import { Tag } from "../core/engine_api.d.ts"
 *
 * Left, top, width and height, as fractions of the upright picture.
 * @typedef {Tag["boxes"][number]} Box
 */

/**
 * What was found of a tag: of itself, else of the nearest that lies above it and was, such as the people of a group. `isAbove` says so.
 * @typedef {{id: string, name: string, count: number, boxes: readonly Box[], isAbove: boolean}} Counted
 *
 * @param {Tag} tag @returns {Counted | null}
 */
export function countedOf({ id, name, count, boxes, parents }) {
    if (boxes.length > 0) return { id, name, count: count ?? boxes.length, boxes, isAbove: false };
    const above = parents.find((parent) => parent.boxes.length > 0);
    return above ? { ...above, count: above.count ?? above.boxes.length, isAbove: true } : null;
}

/**
 * What was found of a tag of the picture, or of one that lies above its tags.
 * @param {readonly Tag[]} tags of the picture @param {string} id @returns {Counted | null}
 */
export function foundOf(tags, id) {
    const own = tags.find((tag) => tag.id === id);
    if (own) return countedOf(own);
    const above = tags.flatMap(({ parents }) => parents).find((parent) => parent.id === id && parent.boxes.length > 0);
    return above ? { ...above, count: above.count ?? above.boxes.length, isAbove: false } : null;
}

/** What of a box lies within the picture: a box may reach over its edges. @param {Box} box @returns {Box} */
export function inside([left, top, width, height]) {
    const [x, y] = [Math.max(0, left), Math.max(0, top)];
    return [x, y, Math.max(0, Math.min(1, left + width) - x), Math.max(0, Math.min(1, top + height) - y)];
}
