/** What the library has: asked of its database as another tab of it would; where none is open, it is opened for that moment. */
import { sha256Of } from "../../app/known_files.js";
import { fetchModule } from "../../core/engine.js";
import { RelaunchLimit } from "../../core/relaunch.js";
import { openStore } from "../../db/client.js";
import { hasLibrary } from "../../db/has_library.js";
import { channelName } from "../../db/paths.js";
import { browser } from "./browser.js";

/** Whoever adds a picture does not wait for a library that does not answer. */
const PATIENCE_MS = 4_000;

/** Whether its open collection has a picture with this content, as far as that can be found out. @param {Blob} blob @returns {Promise<boolean>} */
export async function isInLibrary(blob) {
    const scope = browser.runtime.getURL("");
    if (!(await hasLibrary(scope)) && !(await isOpen(scope))) return false;
    const store = await openStore({
        scope,
        startWorker: async () => new Worker(browser.runtime.getURL("store.js"), { name: "tagsmith store" }),
        loadModule: () => fetchModule(new URL(browser.runtime.getURL("sqlite3.wasm"))),
        relaunch: new RelaunchLimit(),
    });
    const late = setTimeout(() => store.close(), PATIENCE_MS); // what it was asked is then refused
    try {
        const [{ collection }, sha256] = await Promise.all([store.call("open", {}), sha256Of(blob)]);
        const asked = { collection: collection.id, sha256s: sha256 ? [sha256] : [] };
        const [asset] = await store.call("find_assets", asked);
        return (asset?.files.length ?? 0) > 0;
    } catch {
        return false; // the library itself says what is wrong with it
    } finally {
        clearTimeout(late);
        store.close();
    }
}

/** One that has just begun is not on the disk yet. @param {string} scope */
async function isOpen(scope) {
    const { held = [] } = await navigator.locks.query();
    return held.some(({ name }) => name === channelName(scope));
}
