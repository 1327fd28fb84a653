/**
 * The store's worker: SQLite, and the calls of protocol.js over it. The tab that owns the database starts it (client.js); the other tabs ask
 * it on a channel.
 * @import { StoreRequest, StoreStart } from "./protocol.js"
 * @import { Sqlite } from "./library/sqlite.d.ts"
 */
import init from "@sqlite.org/sqlite-wasm";
import { removePeerConnections } from "../core/peer_connections.js";
import { CodedError, failureOf } from "../core/protocol.js";
import { beginLibrary } from "./library/begin.js";
import { Answering } from "./library/calls.js";
import { makeKeeper } from "./library/keeper.js";
import { verify } from "./library/verifying.js";
import { STORE_PROTOCOL } from "./protocol.js";

/** The library looks itself over after this much quiet. */
const QUIET_MS = 3000;
/** And in slices, with pauses in which it can be asked. */
const PAUSE_MS = 50;
/** What is younger may be of pictures that are not committed yet. */
const STARTED_MS = Date.now();

const scope = /** @type {DedicatedWorkerGlobalScope} */ (/** @type {unknown} */ (globalThis));
removePeerConnections(scope);

/** @type {Promise<{keeper: import("./library/keeper.js").Keeper, answering: Answering, begun: import("./protocol.js").StoreStarted["begun"]}> | null} */
let started = null;
/** The other tabs. @type {BroadcastChannel | null} */
let others = null;

/** @param {StoreStart} asked */
async function start(asked) {
    const keeper = await makeKeeper(await loadSqlite(asked.module), asked, (change) =>
        others?.postMessage({ kind: "change", change }),
    );
    const answering = new Answering(keeper);
    // Before another tab can ask for anything.
    const begun = asked.beginning ? await beginLibrary(keeper, asked.beginning) : null;
    if (!keeper.place.isMemory) {
        others = new BroadcastChannel(asked.channel);
        others.onmessage = ({ data }) => void (data.kind === "ask" && answerOther(data));
        others.postMessage({ kind: "owner" });
    }
    return { keeper, answering, begun };
}

/** @param {WebAssembly.Module} module @returns {Promise<Sqlite>} */
function loadSqlite(module) {
    // Of its ways to store only the one that needs no isolated page, and no worker of its own.
    Object.assign(globalThis, {
        sqlite3ApiConfig: { disable: { vfs: { opfs: true, "opfs-vfs": true, "opfs-wl": true, kvvfs: true } } },
    });
    return new Promise((resolve, reject) => {
        const options = {
            /** @param {WebAssembly.Imports} imports @param {(instance: WebAssembly.Instance, module: WebAssembly.Module) => void} done */
            instantiateWasm(imports, done) {
                // Of a failure here SQLite's loader would say nothing, and never be done.
                WebAssembly.instantiate(module, imports).then((instance) => done(instance, module), reject);
                return {};
            },
            print: () => {},
            printErr: () => {},
        };
        /** @type {(options: object) => Promise<any>} */ (init)(options).then(resolve, reject);
    });
}

/** @param {StoreRequest} request */
async function answer({ name, params }) {
    if (name === "live") return holdLock(params.lock);
    if (name === "start") {
        started ??= start(params);
        const { keeper, answering, begun } = await started;
        void lookOver(keeper, answering);
        return { ...keeper.place.facts, begun };
    }
    if (!started) throw new TypeError("start comes first");
    return (await started).answering.answer(name, params);
}

/** @param {import("./library/keeper.js").Keeper} keeper @param {Answering} answering */
async function lookOver(keeper, answering) {
    const quiet = async () => {
        do await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
        while (answering.isBusy(QUIET_MS));
    };
    if (keeper.place.isMemory) return;
    try {
        const damaged = await verify(() => keeper.opened.library.db, quiet);
        if (damaged.length > 0) others?.postMessage({ kind: "change", change: { by: "", damaged } });
        else await keeper.sweep({ before: STARTED_MS, quiet });
    } catch {
        // It could not be opened: every call says so.
    }
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

/** @param {StoreRequest} request */
async function reply(request) {
    const { seq } = request;
    try {
        return { seq, ok: await answer(request) };
    } catch (error) {
        return { seq, error: failureOf(error, "store_failed") };
    }
}

/** A tab that does not own the database. @param {StoreRequest & {protocol: number, params: {by: string}}} request */
async function answerOther(request) {
    const isOther = request.protocol !== STORE_PROTOCOL;
    const detail = "The library is open in a tab with another version of this page. Close that tab, or load it again.";
    const refused = { seq: request.seq, error: failureOf(new CodedError("library_in_use", detail), "store_failed") };
    others?.postMessage({ kind: "answer", to: request.params.by, ...(isOther ? refused : await reply(request)) });
}

/** @param {{data: StoreRequest}} event */
scope.onmessage = async ({ data }) => scope.postMessage(await reply(data));
