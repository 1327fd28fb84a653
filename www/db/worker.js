/**
 * The store's worker: SQLite, and the calls of protocol.js over it. It is started by the tab that owns the database (client.js).
 * @import { Change, StoreRequest, StoreStart, StorePlace } from "./protocol.js"
 */
import init from "@sqlite.org/sqlite-wasm";
import { removePeerConnections } from "../core/peer_connections.js";
import { CodedError, failureOf } from "../core/protocol.js";
import { STORE_PROTOCOL } from "./protocol.js";
import { collectionCalls, open } from "./library/collections.js";
import { correctionCalls } from "./library/corrections.js";
import { fileCalls } from "./library/files.js";
import { knownCalls } from "./library/known.js";
import { Library } from "./library/library.js";
import { openLibrary, openPool } from "./library/opening.js";
import { Recorder } from "./library/results.js";
import { runCalls } from "./library/runs.js";
import { stepCalls } from "./library/steps.js";
import { taggingCalls } from "./library/taggings.js";
import { memoryThumbnails, storedThumbnails } from "./library/thumbnails.js";

const scope = /** @type {DedicatedWorkerGlobalScope} */ (/** @type {unknown} */ (globalThis));
removePeerConnections(scope);

/** @type {Promise<{library: Library, recorder: Recorder, place: StorePlace}> | null} */
let started = null;

/** @param {StoreStart} start */
async function start({ module, directory, channel }) {
    const sqlite = await loadSqlite(module);
    const { pool, place } = await openPool(sqlite, directory && `${directory}/database`);
    const db = openLibrary(sqlite, pool);
    const others = channel && pool ? listen(channel) : null;
    const thumbnails = pool ? storedThumbnails(await folder(`${directory}/thumbnails`)) : memoryThumbnails();
    const library = new Library(db, thumbnails, (by, changed) => {
        /** @type {Change} */
        const change = { by, ...changed };
        others?.postMessage({ kind: "change", change });
    });
    others?.postMessage({ kind: "owner" });
    return { library, recorder: new Recorder(library), place };
}

/** Answers the tabs that do not own the database. @param {string} name */
function listen(name) {
    const channel = new BroadcastChannel(name);
    channel.onmessage = async ({ data }) => {
        if (data.kind !== "ask") return;
        const { by: to } = data.params;
        channel.postMessage({ kind: "answer", to, ...(await reply(data)) });
    };
    return channel;
}

/** @param {WebAssembly.Module} module @returns {Promise<import("./library/sqlite.d.ts").Sqlite>} */
function loadSqlite(module) {
    // Of its ways to store only the one that needs no isolated page, and no worker of its own.
    Object.assign(globalThis, {
        sqlite3ApiConfig: { disable: { vfs: { opfs: true, "opfs-vfs": true, "opfs-wl": true, kvvfs: true } } },
    });
    const options = {
        /** @param {WebAssembly.Imports} imports @param {(instance: WebAssembly.Instance, module: WebAssembly.Module) => void} done */
        instantiateWasm(imports, done) {
            void WebAssembly.instantiate(module, imports).then((instance) => done(instance, module));
            return {};
        },
        print: () => {},
        printErr: () => {},
    };
    return /** @type {(options: object) => Promise<any>} */ (init)(options);
}

/** In the browser's private file system. @param {string} path */
async function folder(path) {
    let handle = await navigator.storage.getDirectory();
    for (const name of path.split("/")) handle = await handle.getDirectoryHandle(name, { create: true });
    return handle;
}

const calls = {
    ...fileCalls,
    ...knownCalls,
    ...runCalls,
    ...taggingCalls,
    ...correctionCalls,
    ...stepCalls,
    ...collectionCalls,
};

/** @param {StoreRequest} request */
async function answer({ name, params }) {
    if (name === "live") return holdLock(params.lock);
    if (name === "start") {
        started ??= start(params);
        return (await started).place;
    }
    if (!started) throw new TypeError("start comes first");
    const { library, recorder, place } = await started;
    const { by, params: asked } = /** @type {{by: string, params: any}} */ (params);
    if (name === "record") return recorder.record(asked.results, by);
    if (name === "open") return open(library, place, asked.collection);
    return /** @type {Record<string, Function>} */ (calls)[name]?.(library, asked, by);
}

/** Holds a lock until this worker dies, however it dies (see core/client.js). @param {string} lock */
function holdLock(lock) {
    return new Promise((held) => {
        void navigator.locks.request(lock, () => {
            held(null);
            return new Promise(() => {});
        });
    });
}

/** @param {StoreRequest & {protocol?: number}} request */
async function reply({ protocol = STORE_PROTOCOL, ...request }) {
    const { seq } = request;
    try {
        if (protocol !== STORE_PROTOCOL)
            throw new CodedError(
                "library_in_use",
                "The library is open in a tab with another version of this page. Close that tab, or load it again.",
            );
        return { seq, ok: await answer(/** @type {StoreRequest} */ (request)) };
    } catch (error) {
        return { seq, error: failureOf(error, "store_failed") };
    }
}

/** @param {{data: StoreRequest}} event */
scope.onmessage = async ({ data }) => scope.postMessage(await reply(data));
