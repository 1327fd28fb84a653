/** What a picture is called by its address: the last part of its path. */

/** @param {string} path */
export function fileNameOf(path) {
    const last = path.split(/[?#]/)[0]?.split("/").pop() || "picture";
    try {
        return decodeURIComponent(last);
    } catch {
        return last; // "100%.jpg" is an address, too
    }
}
