/** The store as it is shipped, in a page that has nothing else: filled, and backed up. */
import { RelaunchLimit } from "/core/relaunch.js";
import { openStore } from "/db/client.js";
import { openSession } from "./engines.js";
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
export async function measure({ names, scope, n }) {
    const { client, ready, card, vocabulary } = await openSession(names);
    client.stop();
    const store = await open(names, scope);
    const { kept, reason, collection } = await store.call("open", {});
    if (kept !== "opfs") throw new Error(`Nothing is kept here: ${reason}`);
    const model = { id: card.id, version: card.version, pipeline: ready.pipeline_version };
    const tags = vocabulary.tags.map((/** @type {any} */ { id, names }) => ({ id, name: names.en }));
    const filled = await fillLibrary(store, { collection: collection.id, n, tags, model });
    const { database } = await store.call("usage", {});
    const begun = performance.now();
    const { size } = await store.call("backup", { thumbnails: false });
    const backup = { ms: performance.now() - begun, size };
    store.close();
    return { filled, database, backup };
}
