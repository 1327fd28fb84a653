/** Whether anything is kept, without fetching the database to see. */
import { DATABASE, directoryName } from "./paths.js";

/** @param {string} scope as that of the store @returns {Promise<boolean>} */
export async function hasLibrary(scope) {
    try {
        const root = await navigator.storage.getDirectory();
        const own = await root.getDirectoryHandle(directoryName(scope));
        await own.getDirectoryHandle(DATABASE);
        return true;
    } catch {
        return false; // not there, or nothing may be stored
    }
}
