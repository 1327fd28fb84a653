/**
 * Where databases lie: in the pool of files in the browser's private file system, or in memory.
 * @import { StorePlace } from "../protocol.js"
 * @import { Pool, Sqlite } from "./sqlite.d.ts"
 */
import { CodedError } from "../../core/protocol.js";
import { Database, PAGE_SIZE } from "./database.js";
import { isForRoom, watchFiles } from "./refusals.js";

export const SQLITE_TYPE = "application/vnd.sqlite3";
/** A tab that dies lets go of its files a moment after its lock. */
const LOCKED_FOR_MS = 5000;
const LOCKED = ["NoModificationAllowedError", "InvalidStateError"];
/** Beside the library, while something is done: gone afterwards, or with the next start. */
export const TEMPORARY = { backup: "/backup.db", incoming: "/incoming.db", rescued: "/rescued.db" };
/** The library, a backup that is made and one that comes in, each with its journal. */
const N_FILES = 6;
/** What stays of a journal: that of a whole library, which a restore writes, would double the room it takes. */
const JOURNAL_BYTES = 2 ** 20;
/** All checks of a library together take at most two steps a byte. */
const STEPS_A_BYTE = 20;
const MIN_STEPS = 2_000_000;
const CHUNK_BYTES = 4 * 2 ** 20;
/** Of a backup that is read into SQLite's own memory, which ends at 2 GB. */
const MAX_MEMORY_BYTES = 2 ** 30;

export class Place {
    #sqlite;
    #pool;

    /** @param {Sqlite} sqlite @param {Pool | null} pool @param {StorePlace} facts */
    constructor(sqlite, pool, facts) {
        this.#sqlite = sqlite;
        this.#pool = pool;
        this.facts = facts;
    }

    get isMemory() {
        return this.#pool === null;
    }

    /** There were fewer files where there was no room when they were first made. @throws storage_full */
    async makeRoom() {
        await this.#pool?.reserveMinimumCapacity(N_FILES).catch(refuse);
    }

    /** The database of this name, made where it is missing. @param {string} name @param {number} [maxSteps] of a stranger's, as in Database */
    open(name, maxSteps) {
        const database = new Database(
            this.#sqlite,
            this.#pool ? new this.#pool.OpfsSAHPoolDb(name) : new this.#sqlite.oo1.DB(name),
            maxSteps,
        );
        try {
            // One connection has the file, so what is cached stays right; the journal's file is kept, with its head emptied.
            database.exec(`PRAGMA page_size = ${PAGE_SIZE}; PRAGMA auto_vacuum = INCREMENTAL; PRAGMA locking_mode = EXCLUSIVE;
                PRAGMA journal_mode = PERSIST; PRAGMA journal_size_limit = ${JOURNAL_BYTES}; PRAGMA synchronous = FULL;
                PRAGMA cache_size = -32000;`);
            return database;
        } catch (error) {
            database.close();
            throw error;
        }
    }

    /** @param {string} name */
    unlink(name) {
        for (const file of [name, `${name}-journal`]) {
            if (this.#pool) this.#pool.unlink(file);
            else unlinkInMemory(this.#sqlite, file);
        }
    }

    /** A file of the pool, byte by byte. @param {string} name @returns {Blob} */
    contentOf(name) {
        if (!this.#pool) throw new CodedError("store_failed", "What is in memory has no file.");
        return new Blob([this.#pool.exportFile(name)], { type: SQLITE_TYPE });
    }

    /** The database in a file of a person's, under a name of ours. @param {Blob} file @param {string} name @returns {Promise<Database>} */
    async import(file, name) {
        this.unlink(name);
        if (!this.#pool && file.size > MAX_MEMORY_BYTES)
            throw new CodedError(
                "storage_full",
                `The backup has ${file.size} bytes; in memory there is room for ${MAX_MEMORY_BYTES}.`,
            );
        let at = 0;
        const chunk = async () => {
            if (at >= file.size) return undefined;
            const bytes = new Uint8Array(await file.slice(at, at + CHUNK_BYTES).arrayBuffer());
            at += bytes.length;
            return bytes;
        };
        try {
            if (this.#pool) await this.#pool.importDb(name, chunk);
            else this.#sqlite.capi.sqlite3_js_posix_create_file(name, new Uint8Array(await file.arrayBuffer()));
        } catch (error) {
            refuse(error);
        }
        return this.open(name, MIN_STEPS + STEPS_A_BYTE * file.size);
    }
}

/** @param {unknown} error of the file system's @returns {never} */
export function refuse(error) {
    throw isForRoom(error) ? new CodedError("storage_full", /** @type {Error} */ (error).message) : error;
}

/** @param {Sqlite} sqlite @param {string} file */
function unlinkInMemory({ wasm }, file) {
    const name = wasm.allocCString(file);
    wasm.exports.sqlite3__wasm_vfs_unlink(0, name);
    wasm.dealloc(name);
}

/** @param {Sqlite} sqlite @param {string | null} directory null for memory @param {string | null} reason why @returns {Promise<Place>} */
export async function findPlace(sqlite, directory, reason) {
    const memory = (/** @type {string | null} */ reason) => new Place(sqlite, null, { kept: "memory", reason });
    if (!directory) return memory(reason);
    watchFiles();
    const end = Date.now() + LOCKED_FOR_MS;
    for (;;) {
        try {
            const pool = await sqlite.installOpfsSAHPoolVfs({
                name: "tagsmith",
                directory,
                initialCapacity: N_FILES,
                verbosity: 0,
                // Files that cannot be opened now are somebody's library.
                preserveOnInitFailure: true,
                forceReinitIfPreviouslyFailed: true,
            });
            return new Place(sqlite, pool, { kept: "opfs", reason: null });
        } catch (error) {
            const { name, message } = /** @type {Error} */ (error);
            if (!LOCKED.includes(name) || Date.now() >= end) return memory(`${name}: ${message}`);
            await new Promise((resolve) => setTimeout(resolve, 50));
        }
    }
}
