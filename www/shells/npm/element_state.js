/**
 * What a browser keeps of the element between two visits of its page.
 * @import { ShownTag } from "./element_view.js"
 */

/** @param {readonly ShownTag[]} tags */
export const stateOf = (tags) => JSON.stringify(tags.map(({ id, name, confidence }) => ({ id, name, confidence })));

/** Of whatever it gives back: the tags, or none. @param {unknown} state @returns {ShownTag[]} */
export function tagsOfState(state) {
    if (typeof state !== "string") return [];
    try {
        const tags = JSON.parse(state);
        return Array.isArray(tags) ? tags.filter(isTag) : [];
    } catch {
        return [];
    }
}

/** @param {any} tag @returns {tag is ShownTag} */
const isTag = (tag) =>
    typeof tag?.id === "string" && typeof tag.name === "string" && typeof tag.confidence === "number";
