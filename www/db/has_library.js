/** Whether a library is kept here, or can be, without opening it: the browser's private files say so, of which nothing goes with a crash. */
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

/** Why nothing can be kept here, as far as a page can tell; null where it can. @returns {Promise<string | null>} */
export async function whyNotKept() {
    const { storage, locks } = /** @type {Partial<Navigator>} */ (globalThis.navigator ?? {});
    if (!storage?.getDirectory || !locks || !globalThis.BroadcastChannel) return "no_private_files";
    return storage.getDirectory().then(
        () => null,
        (error) => String(error),
    );
}
