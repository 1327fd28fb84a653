/** Whether a library is kept here, without opening it: the browser's private files say so, of which nothing goes with a crash. */
import { DATABASE, directoryName } from "./paths.js";

/** @param {string} scope the page's address @returns {Promise<boolean>} */
export async function hasLibrary(scope) {
    try {
        const root = await navigator.storage.getDirectory();
        await (await root.getDirectoryHandle(directoryName(scope))).getDirectoryHandle(DATABASE);
        return true;
    } catch {
        return false; // there is none, or there can be none
    }
}
