/**
 * What never leaves this device, whatever is asked for: pictures of some collections, and those in some folders. It is looked at when
 * somebody is asked, and once more at the last place before a picture is sent.
 *
 * `folders`: by the beginning of a path, whole folders at a time. @typedef {{collections: readonly number[], folders: readonly string[]}} NeverLeave
 */

/** Folders that differ only in how they are written are one: in doubt, a picture stays. @param {string} path */
const partsOf = (path) =>
    path
        .normalize("NFC")
        .toLocaleLowerCase("en")
        .split(/[\\/]+/)
        .filter((part) => part !== "" && part !== ".");

/** @param {readonly string[]} path @param {readonly string[]} folder */
const isInside = (path, folder) => folder.length < path.length && folder.every((part, idx) => part === path[idx]);

/** @param {{collection: number, path: string}} picture @param {NeverLeave} never @returns {boolean} */
export function mayLeave({ collection, path }, { collections, folders }) {
    if (collections.includes(collection)) return false;
    const parts = partsOf(path);
    return !folders.some((folder) => {
        const wanted = partsOf(folder);
        return wanted.length > 0 && isInside(parts, wanted);
    });
}

/**
 * By what is kept for all libraries: a collection is kept as `LIBRARY/NUMBER`. One that took another's place, as after a restore, has another
 * name and most often the same collections: what was said of a number holds on, as in doubt a picture stays.
 * @param {{collections: readonly string[], folders: readonly string[]}} kept @returns {NeverLeave}
 */
export const neverOf = ({ collections, folders }) => ({
    collections: [...new Set(collections.map(numberOf))],
    folders,
});

/** @param {string} place */
export const numberOf = (place) => Number(place.slice(place.lastIndexOf("/") + 1));
