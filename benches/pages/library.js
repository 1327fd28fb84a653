/** The store as it is shipped, in a page that has nothing else: filled, and backed up. */
import { RelaunchLimit } from "/core/relaunch.js";
import { openStore } from "/db/client.js";
import { fillLibrary } from "./made_library.js";

/** @param {Record<string, string>} names @param {string} scope the page whose library it is */
function open(names, scope) {
    const file = (/** @type {string} */ name) => `/page/${names[name]}`;
    return openStore({
        scope,
        startWorker: async () => new Worker(file("store.js")),
        loadModule: () => WebAssembly.compileStreaming(fetch(file("sqlite3.wasm"))),
        relaunch: new RelaunchLimit(),
    });
}

/** @param {{names: Record<string, string>, scope: string, n: number}} wanted */
export async function fill({ names, scope, n }) {
    const get = async (/** @type {string} */ name) => (await fetch(`/page/${names[name]}`)).json();
    const [card, vocabulary] = [await get("model.json"), await get("vocabulary.json")];
    const store = await open(names, scope);
    const { kept, reason, collection } = await store.call("open", {});
    if (kept !== "opfs") throw new Error(`Nothing is kept here: ${reason}`);
    const { pipeline_version: pipeline = 1 } = card;
    const model = { id: card.id, version: card.version, pipeline };
    const tags = vocabulary.tags.map((/** @type {any} */ { id, names }) => ({ id, name: names.en }));
    const { ms, made } = await fillLibrary(store, { collection: collection.id, n, tags, model });
    store.close();
    return { ms, made, database: await largestFile(await navigator.storage.getDirectory()) };
}

/** The database's, among those of its pool; thumbnails and the journal are smaller. @param {any} folder @returns {Promise<number>} bytes */
async function largestFile(folder) {
    let largest = 0;
    for await (const handle of folder.values()) {
        const size = handle.kind === "file" ? (await handle.getFile()).size : await largestFile(handle);
        largest = Math.max(largest, size);
    }
    return largest;
}

/** @param {{names: Record<string, string>, scope: string}} wanted */
export async function backUp({ names, scope }) {
    const store = await open(names, scope);
    await store.call("open", {});
    const begun = performance.now();
    const { size } = await store.call("backup", { thumbnails: false });
    return { ms: performance.now() - begun, size };
}
