/**
 * Which pictures of those that are meant go to a provider, and about how much that is. What is left out is counted by its reason, and each
 * picture has one: the first that holds.
 * @typedef {{never: number, unreadable: number, no_file: number, not_empty: number, sure: number}} LeftOut
 */

/** Bytes a pixel of a JPEG as it leaves: photographs take a little less, screens full of text more. */
const BYTES_A_PIXEL = 0.25;

/**
 * @param {readonly number[]} ids
 * @param {{mayLeave: (id: number) => boolean, isReadable: (id: number) => boolean, hasFile: (id: number) => boolean, isEmpty: (id: number) => boolean, isDoubted: (id: number) => boolean}} is
 * @returns {{asked: number[], left_out: LeftOut}}
 */
export function choose(ids, { mayLeave, isReadable, hasFile, isEmpty, isDoubted }) {
    /** @type {LeftOut} */
    const leftOut = { never: 0, unreadable: 0, no_file: 0, not_empty: 0, sure: 0 };
    const asked = ids.filter((id) => {
        const why = !mayLeave(id)
            ? "never"
            : !isReadable(id)
              ? "unreadable"
              : !isEmpty(id)
                ? "not_empty"
                : !isDoubted(id)
                  ? "sure"
                  : !hasFile(id)
                    ? "no_file"
                    : null;
        if (why) leftOut[why]++;
        return why === null;
    });
    return { asked, left_out: leftOut };
}

/** Some of them, from all parts of the list: the first pictures are often of one place. @param {readonly number[]} ids @param {number} n @returns {number[]} in their order */
export const spread = (ids, n) =>
    n >= ids.length ? [...ids] : Array.from({ length: n }, (_, nth) => ids[Math.floor((nth * ids.length) / n)] ?? 0);

/**
 * About the bytes of a picture, made no larger than it is of use.
 * @param {{width: number, height: number} | undefined} size null where it was never read: then it counts as large
 * @param {{max_side: number, max_bytes: number}} need
 */
export function bytesAbout(size, { max_side: most, max_bytes: mostBytes }) {
    const { width, height } = size ?? { width: most, height: (most * 3) / 4 };
    const share = Math.min(1, most / Math.max(width, height, 1));
    return Math.min(mostBytes, Math.ceil(width * height * share * share * BYTES_A_PIXEL));
}
