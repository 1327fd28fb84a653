/**
 * Assets that no file holds any more, with everything that is about them.
 * @import { Library } from "./library.js"
 */
import dropSteps from "../queries/drop_steps.sql";
import { endIdle } from "./jobs.js";

/** Thumbnails that are deleted at the same time. */
const AT_ONCE = 64;
/** Of `PRAGMA auto_vacuum`. */
const INCREMENTAL = 2;
const IS_ORPHAN = "NOT EXISTS (SELECT 1 FROM file WHERE file.asset =";

/** Deletes them for good, and gives back the room. @param {Library} library @param {() => void} deleteFiles @returns {Promise<number>} bytes freed */
export async function deleteWithOrphans({ db, thumbnails }, deleteFiles) {
    /** @type {string[]} */
    const hashes = [];
    const former = sizeOf(db);
    db.transaction(() => {
        deleteFiles();
        const orphans = `SELECT lower(hex(sha256)) FROM asset WHERE ${IS_ORPHAN} asset.id)`;
        db.each(orphans, [], (row) => void hashes.push(row.text(0)));
        for (const table of ["tagging", "embedding", "view", "square", "found_text", "thumbnail"])
            db.run(`DELETE FROM ${table} WHERE ${IS_ORPHAN} ${table}.asset)`);
        db.run(`DELETE FROM asset WHERE ${IS_ORPHAN} asset.id)`);
        db.exec(dropSteps);
        endIdle(db);
    });
    shrink(db);
    let freed = former - sizeOf(db);
    for (let first = 0; first < hashes.length; first += AT_ONCE) {
        const some = hashes.slice(first, first + AT_ONCE).map((sha256) => thumbnails.delete(sha256));
        for (const bytes of await Promise.all(some)) freed += bytes;
    }
    return freed;
}

/**
 * Pages that are free go back to the disk. A library that the command line began has to be put in order for that, once.
 * @param {import("./database.js").Database} db
 */
export function shrink(db) {
    try {
        // One page with each row: only all of them are all.
        if (db.number("PRAGMA auto_vacuum") === INCREMENTAL) db.run("PRAGMA incremental_vacuum");
        else db.exec("PRAGMA auto_vacuum = INCREMENTAL; VACUUM");
    } catch (error) {
        // Without room for that the pages stay the library's own, and are used again.
        if (/** @type {{code?: string}} */ (error).code !== "storage_full") throw error;
    }
}

/** What assets have thumbnails in a folder. @param {import("./database.js").Database} db @param {string} folder two hexadecimal digits @returns {ReadonlySet<string>} */
export function hashesIn(db, folder) {
    const first = Number.parseInt(folder, 16);
    const query = "SELECT lower(hex(sha256)) FROM asset WHERE sha256 BETWEEN ?1 AND ?2";
    const [from, to] = [Uint8Array.of(first), new Uint8Array(33).fill(255).fill(first, 0, 1)];
    return new Set(db.all(query, [from, to], (row) => row.text(0)));
}

/** Of the database, in bytes. @param {import("./database.js").Database} db */
export const sizeOf = (db) => db.number("PRAGMA page_count") * db.number("PRAGMA page_size");
