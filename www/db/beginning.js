/**
 * The beginning of a library: what is asked of the store in a first visit, before the store is there. It is some 0.4 MB that nobody needs
 * for the first tags. What is to be kept until then is committed to an IndexedDB, in its order, and written into the library before anything
 * else is: by this tab, or, where that is gone, by whoever opens the database next.
 *
 * Only the tab that owns the database (client.js) begins a library, and only where there is none. So it knows the answers.
 * @import { NewRun, Opened, StoreBeginning, StoreCalls } from "./protocol.js"
 *
 * @typedef {{name: keyof StoreCalls, params: any}} Call
 * What was answered, and is to be written: `resolve` and `reject` say what became of it.
 * @typedef {Call & {written: Promise<null>, resolve: (done: null) => void, reject: (error: unknown) => void}} Begun
 */
import { hasLibrary } from "./has_library.js";
import { answerOf, begin, openIndexed } from "./indexed.js";
import { DATABASE, directoryName } from "./paths.js";

const CALLS = "calls";
/** The first collection of a library, and its first run. */
const FIRST = 1;
/** More files than that nobody adds before the store is there. */
const MAX_IDS = 1e6;

/** Calls that write, and say no more than that they did. @type {ReadonlySet<keyof StoreCalls>} */
const WRITES = new Set(
    /** @type {const} */ ([
        "add_files",
        "touch_files",
        "set_states",
        "remove_files",
        "end_run",
        "record",
        "correct",
        "add_step",
        "save_view",
        "save_settings",
        "set_texts",
        "rename_collection",
    ]),
);
/** Calls that only read: they wait for the store, and keep nothing else from being answered. @type {ReadonlySet<keyof StoreCalls>} */
const READS = new Set(
    /** @type {const} */ ([
        "files",
        "taggings",
        "tags",
        "texts",
        "runs",
        "outdated",
        "jobs",
        "settings",
        "collections",
        "own_taggers",
    ]),
);

export class Beginning {
    #db;
    /** @type {Begun[]} */
    #calls = [];
    #library = "";
    #nIds = 0;
    /** @type {NewRun | null} */
    #run = null;
    /** Whether the worker has been told of it: what it makes by itself is told no more. */
    #isTold = false;
    /** Whether something was asked that only the store can answer: what comes after it must not overtake it. */
    #isOver = false;
    /** Whether what is found is on its way to the screen: then the store may come a moment later. */
    hasResults = false;
    /** Called where there is no room for a call: it waits for the store. */
    onFull = () => {};
    /** Whether the worker is on its way. */
    isFetching = false;

    /** @param {IDBDatabase} db */
    constructor(db) {
        this.#db = db;
    }

    /** A library that is made now. @param {string} scope @returns {Promise<Beginning | null>} null where there is one, or nothing can be kept */
    static async make(scope) {
        if (await hasLibrary(scope)) return null;
        const db = await openCalls(scope);
        if (!db) return null;
        const beginning = new Beginning(db);
        beginning.#library = JSON.stringify(crypto.randomUUID()); // as the setting has it
        try {
            await beginning.clear();
            await beginning.#put("open", { library: beginning.#library });
            // From now on there is one for every tab, though nothing is in it yet.
            const root = await navigator.storage.getDirectory();
            const folder = await root.getDirectoryHandle(directoryName(scope), { create: true });
            await folder.getDirectoryHandle(DATABASE, { create: true });
            return beginning;
        } catch {
            return null; // no room: the store says so
        }
    }

    /** What a tab has left that was gone before the store was there. @param {string} scope @returns {Promise<Beginning | null>} */
    static async left(scope) {
        const db = await openCalls(scope);
        if (!db) return null;
        const beginning = new Beginning(db);
        if (await beginning.#read().catch(() => false)) return beginning;
        db.close();
        return null;
    }

    /** Of a library that is gone for good. @param {string} scope */
    static async drop(scope) {
        const db = await openCalls(scope);
        if (db) await new Beginning(db).end(false);
    }

    /** What nobody here has written must not keep the library from being opened. @returns {Promise<boolean>} whether anything was left */
    async #read() {
        /** @type {unknown[]} */
        const kept = await answerOf(this.#db.transaction(CALLS).objectStore(CALLS).getAll());
        const [opened, ...calls] = kept.map((one) => /** @type {Partial<Call>} */ (Object(one)));
        if (opened?.name !== "open" || typeof opened.params?.library !== "string") return false;
        this.#library = opened.params.library;
        for (const { name, params } of calls) if (name && isSound(name, params)) void this.#take(name, params);
        return true;
    }

    /** What was answered, in its order. @returns {readonly Begun[]} */
    get calls() {
        return this.#calls;
    }

    /** @returns {NewRun | null} */
    get run() {
        return this.#run;
    }

    /** What the worker makes first, so that it is what was answered here. @returns {StoreBeginning} */
    tell() {
        this.#isTold = true;
        return { library: this.#library, n_ids: this.#nIds, run: this.#run };
    }

    /** @param {keyof StoreCalls} name @param {any} params @returns {Promise<any> | null} null where only the store can answer */
    answer(name, params) {
        const answer = this.#isOver ? null : this.#answered(name, params);
        if (!answer && !READS.has(name)) this.#isOver = true;
        if (answer && name === "record") this.hasResults = true;
        return answer;
    }

    /** @param {keyof StoreCalls} name @param {any} params @returns {Promise<any> | null} */
    #answered(name, params) {
        if (WRITES.has(name)) {
            // Whether a step can be moved, the store knows: another tab may have been faster.
            return params.move ? null : this.#keep(name, params).then(() => null);
        }
        if (this.#isTold) return null;
        const isUntouched = !this.#calls.some((call) => call.name === "add_files" || call.name === "remove_files");
        if (name === "open")
            return isUntouched && params.collection === undefined ? Promise.resolve(this.#opened()) : null;
        if (name === "order") return isUntouched ? Promise.resolve(new Uint32Array()) : null;
        if (name === "begin_run") return this.#run ? null : this.#keep(name, params).then(() => FIRST);
        if (name !== "reserve_ids") return null;
        const first = this.#nIds + 1;
        return this.#keep(name, params).then(() => first);
    }

    /** @returns {Opened} */
    #opened() {
        const now = Date.now();
        const facts = { name: "", folder: null, made_ms: now, opened_ms: now, view: null, n_files: 0 };
        return {
            ...{
                kept: "opfs",
                reason: null,
                library: this.#library,
                has_others: false,
                n_files: 0,
                n_jobs: 0,
                n_own: 0,
            },
            collection: { id: FIRST, ...facts },
            steps: [],
            settings: {},
        };
    }

    /** Committed here; where there is no room for it, once the store has it. @param {keyof StoreCalls} name @param {any} params */
    #keep(name, params) {
        const written = this.#take(name, params);
        return this.#put(name, params).catch(() => {
            this.#isOver = true;
            this.onFull();
            return written;
        });
    }

    /** @param {keyof StoreCalls} name @param {any} params @returns {Promise<unknown>} */
    #take(name, params) {
        if (name === "reserve_ids") this.#nIds += params.n;
        else if (name === "begin_run") this.#run = params;
        else return this.#add(name, params);
        return Promise.resolve();
    }

    /** @param {keyof StoreCalls} name @param {any} params */
    #add(name, params) {
        /** @type {Pick<Begun, "resolve" | "reject">} */
        let settle = { resolve: () => {}, reject: () => {} };
        /** @type {Promise<null>} */
        const written = new Promise((resolve, reject) => (settle = { resolve, reject }));
        written.catch(() => {}); // whoever writes it is told
        if (name === "add_files") for (const { id } of params.files) this.#nIds = Math.max(this.#nIds, id);
        this.#calls.push({ name, params, written, ...settle });
        return written;
    }

    /** @param {keyof StoreCalls} name @param {any} params */
    async #put(name, params) {
        // Also where the browser has closed the database of itself, which is said at once.
        const { transaction, done } = begin(this.#db, CALLS, "readwrite", { durability: "strict" });
        transaction.objectStore(CALLS).put({ name, params });
        await done;
    }

    /** What only waits for the store waits in vain; what is committed is written by the next one. @param {unknown} error */
    giveUp(error) {
        for (const { reject } of this.#calls) reject(error);
        this.#db.close();
    }

    /** All of it is written that can be, or is of no use any more. @param {boolean} isCutOff some of it may not be: it is left for another time */
    async end(isCutOff) {
        if (!isCutOff) await this.clear().catch(() => {}); // writing it again changes nothing
        for (const { reject } of this.#calls) reject(new DOMException("It was not written.", "AbortError"));
        this.#db.close();
    }

    async clear() {
        const { transaction, done } = begin(this.#db, CALLS, "readwrite");
        transaction.objectStore(CALLS).clear();
        await done;
    }
}

/** Whether it is a call that is kept here, of the shape that is needed to take it. @param {keyof StoreCalls} name @param {any} params */
function isSound(name, params) {
    if (typeof params !== "object" || params === null) return false;
    if (name === "reserve_ids") return params.n > 0 && params.n <= MAX_IDS;
    if (name === "add_files") return Array.isArray(params.files) && params.files.every(isFile);
    if (name === "record") return Array.isArray(params.results) && params.results.every(isObject);
    if (name === "begin_run") return typeof params.tagger === "string" && Array.isArray(params.components);
    return WRITES.has(name);
}

/** @param {unknown} value */
const isObject = (value) => typeof value === "object" && value !== null;
/** @param {any} file */
const isFile = (file) => Number.isSafeInteger(Object(file).id);

/** @param {string} scope */
const openCalls = (scope) => openIndexed(`tagsmith-beginning ${scope}`, [CALLS], { autoIncrement: true });

/**
 * The same call with the run that the store has begun.
 * @param {any} params @param {number | null} run @returns {any}
 */
export function withRun({ run: mine, results, ...params }, run) {
    const ofRun = (/** @type {any} */ one) => ("run" in one ? { ...one, run } : one);
    return { ...params, ...(mine !== undefined && { run }), ...(results && { results: results.map(ofRun) }) };
}
