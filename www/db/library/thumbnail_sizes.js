/**
 * How much room thumbnails take. To ask for the size of each costs about as much as reading it, so of very many only some are asked, evenly.
 * @import { Value } from "./sqlite.d.ts"
 * @import { Library } from "./library.js"
 */

/** Of all that are kept; and of each of the collections, which are many. */
const N_ASKED = 2000;
const N_ASKED_OF_EACH = 100;
const AT_ONCE = 64;

/** @param {Library} library @param {number} [each] added for each */
export const thumbnailBytes = (library, each) =>
    bytesAmong(library, library.db.number("SELECT count(*) FROM asset"), "TRUE", [], N_ASKED, each);

/** What deleting a collection frees of them. @param {Library} library @param {number} collection @param {number} n its assets that no other has */
export const ownThumbnailBytes = (library, collection, n) =>
    bytesAmong(
        library,
        n,
        `EXISTS (SELECT 1 FROM file WHERE file.asset = asset.id AND file.collection = ?2)
            AND NOT EXISTS (SELECT 1 FROM file WHERE file.asset = asset.id AND file.collection <> ?2)`,
        [collection],
        N_ASKED_OF_EACH,
    );

/**
 * @param {Library} library @param {number} n so many assets are meant @param {string} which a condition of SQL @param {readonly Value[]} values
 * @param {number} nAsked @param {number} [each] @returns {Promise<number>} in bytes, and exact where all are asked
 */
async function bytesAmong({ db, thumbnails }, n, which, values, nAsked, each = 0) {
    const query = `SELECT lower(hex(sha256)) FROM asset WHERE id % ?1 = 0 AND ${which}`;
    const step = Math.max(1, Math.ceil(n / nAsked));
    const asked = db.all(query, [step, ...values], (row) => row.text(0));
    let bytes = 0;
    for (let first = 0; first < asked.length; first += AT_ONCE) {
        const some = asked.slice(first, first + AT_ONCE).map((sha256) => thumbnails.bytesOf(sha256));
        for (const size of await Promise.all(some)) bytes += size > 0 ? size + each : 0;
    }
    return asked.length === 0 ? 0 : (bytes / asked.length) * n;
}
