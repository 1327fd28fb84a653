/**
 * "Only what the local model doubts": the pictures of which it says nothing that it is sure of. What it has not looked at, it cannot be
 * sure of either.
 */

/**
 * @param {readonly number[]} ids
 * @param {(id: number) => readonly {confidence: number | null, source?: string}[] | null} tagsOf what shows of a picture, whoever says it; null where nothing was looked at
 * @param {number} sureFrom the confidence from which the model is right where it says something
 * @returns {number[]} in their order
 */
export const doubted = (ids, tagsOf, sureFrom) =>
    ids.filter((id) => {
        const tags = tagsOf(id);
        return tags === null || !tags.some((tag) => isOwn(tag) && (tag.confidence ?? 0) >= sureFrom);
    });

/** Said by a model of this device, or by the person. @param {{source?: string}} tag */
const isOwn = ({ source }) => source !== "cloud";
