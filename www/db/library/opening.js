/**
 * Opening the library: in the browser's private file system, or in memory where there is none; made where it is missing, brought up to
 * date where it is old, refused where it is newer than this page, or no library.
 * @import { StorePlace } from "../protocol.js"
 * @import { Pool, Sqlite } from "./sqlite.d.ts"
 */
import { CodedError } from "../../core/protocol.js";
import { Database, PAGE_SIZE } from "./database.js";
import { MIGRATIONS } from "./migrations.js";

/** "TAGS". */
export const APPLICATION_ID = 0x54414753;
export const LIBRARY = "/library.db";
/** A tab that dies lets go of its files a moment after its lock. */
const LOCKED_FOR_MS = 5000;
const LOCKED = ["NoModificationAllowedError", "InvalidStateError"];

/**
 * Where the pool of files lies; null, with the reason, where there can be none.
 * @param {Sqlite} sqlite @param {string | null} directory
 * @returns {Promise<{pool: Pool | null, place: StorePlace}>}
 */
export async function openPool(sqlite, directory) {
    if (!directory) return { pool: null, place: { kept: "memory", reason: null } };
    const end = Date.now() + LOCKED_FOR_MS;
    for (;;) {
        try {
            const pool = await sqlite.installOpfsSAHPoolVfs({
                name: "tagsmith",
                directory,
                initialCapacity: 6,
                verbosity: 0,
                // Files that cannot be opened now are somebody's library.
                preserveOnInitFailure: true,
                forceReinitIfPreviouslyFailed: true,
            });
            return { pool, place: { kept: "opfs", reason: null } };
        } catch (error) {
            const { name, message } = /** @type {Error} */ (error);
            if (LOCKED.includes(name) && Date.now() < end) await new Promise((resolve) => setTimeout(resolve, 50));
            else return { pool: null, place: { kept: "memory", reason: `${name}: ${message}` } };
        }
    }
}

/** @param {Sqlite} sqlite @param {Pool | null} pool */
export function openLibrary(sqlite, pool) {
    const database = new Database(sqlite, pool ? new pool.OpfsSAHPoolDb(LIBRARY) : new sqlite.oo1.DB(":memory:"));
    try {
        // One connection has the file: what is cached stays right, and a commit need not empty the journal's name.
        database.exec(
            `PRAGMA page_size = ${PAGE_SIZE}; PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = PERSIST; PRAGMA synchronous = FULL; PRAGMA cache_size = -32000;`,
        );
        migrate(database);
        return database;
    } catch (error) {
        database.close();
        throw error;
    }
}

/** Makes what is missing, in one transaction. @param {Database} database */
export function migrate(database) {
    const version = versionOf(database);
    if (version === MIGRATIONS.length) return;
    database.transaction(() => {
        for (const sql of MIGRATIONS.slice(version)) database.exec(sql);
        database.exec(`PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${MIGRATIONS.length};`);
    });
}

/** 0 for an empty database. @param {Database} database @throws library_newer, library_damaged */
export function versionOf(database) {
    const version = database.number("PRAGMA user_version");
    const isEmpty = database.number("SELECT count(*) FROM sqlite_schema") === 0;
    if (isEmpty && version === 0) return 0;
    if (database.number("PRAGMA application_id") !== APPLICATION_ID || version === 0)
        throw new CodedError("library_damaged", "This is no library of Tagsmith.");
    if (version > MIGRATIONS.length)
        throw new CodedError(
            "library_newer",
            `The library has version ${version}, this page reads up to ${MIGRATIONS.length}. Load the page again to get the newer one.`,
        );
    return version;
}
