/**
 * Assets that no file holds any more, with everything that is about them.
 * @import { Library } from "./library.js"
 */

/** Thumbnails that are deleted at the same time. */
const AT_ONCE = 64;
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
        for (const table of ["tagging", "embedding", "thumbnail"])
            db.run(`DELETE FROM ${table} WHERE ${IS_ORPHAN} ${table}.asset)`);
        db.run(`DELETE FROM asset WHERE ${IS_ORPHAN} asset.id)`);
        db.run("DELETE FROM step"); // they are about files that are gone
    });
    db.exec("PRAGMA incremental_vacuum");
    let freed = former - sizeOf(db);
    for (let first = 0; first < hashes.length; first += AT_ONCE) {
        const some = hashes.slice(first, first + AT_ONCE).map((sha256) => thumbnails.delete(sha256));
        for (const bytes of await Promise.all(some)) freed += bytes;
    }
    return freed;
}

/** Of the database, in bytes. @param {import("./database.js").Database} db */
export const sizeOf = (db) => db.number("PRAGMA page_count") * db.number("PRAGMA page_size");
