/**
 * What can be read of a damaged library, in a new one beside it: docs/formats/library.md, "Rescue". The command line does the same by the
 * same queries.
 * @import { RescueFacts } from "../protocol.js"
 * @import { Database } from "./database.js"
 * @import { Place } from "./place.js"
 * @import { Sqlite } from "./sqlite.d.ts"
 */
import maybePaidBefore3 from "../queries/maybe_paid_before_3.sql";
import rescueCollection from "../queries/rescue_collection.sql";
import rescueCorrection from "../queries/rescue_correction.sql";
import rescueFile from "../queries/rescue_file.sql";
import rescueGivenText from "../queries/rescue_given_text.sql";
import rescueOwnTagger from "../queries/rescue_own_tagger.sql";
import settle from "../queries/rescue_settle.sql";
import rescueTag from "../queries/rescue_tag.sql";
import { checkLibrary, checkTables, damaged } from "./checks.js";
import { closeAll } from "./lost_requests.js";
import { identify, migrate } from "./opening.js";
import { TEMPORARY } from "./place.js";
import { isAsWritten, tablesOf } from "./verifying.js";

const RESCUED = TEMPORARY.rescued;
const MAX_U32 = 2 ** 32 - 1;

/**
 * What only a person can make again: of these, the rows that can be read are kept where the table is in doubt. `last`: of the numbers by
 * which they are found.
 * @type {Record<string, {query: string, last: number}>}
 */
const BY_ROWS = {
    collection: { query: rescueCollection, last: Number.MAX_SAFE_INTEGER },
    file: { query: rescueFile, last: MAX_U32 },
    tag: { query: rescueTag, last: MAX_U32 },
    correction: { query: rescueCorrection, last: MAX_U32 },
    given_text: { query: rescueGivenText, last: MAX_U32 },
    own_tagger: { query: rescueOwnTagger, last: MAX_U32 },
};
/** What is kept whole or not at all, and only if that is certain on which it rests. @type {Record<string, readonly string[]>} */
const WHOLE = {
    asset: [],
    run: [],
    tagging: ["asset", "run", "tag"],
    embedding: ["asset"],
    setting: [],
    thumbnail: ["asset"],
    request: [],
    awaited: ["run", "file", "request"],
    found_text: ["asset", "run"],
    head: [],
    training: [],
    view: ["asset"],
    square: ["asset"],
};
/** What somebody looked at who is done with a file. */
const REVIEWED = new Set(["file", "tag", "correction", "given_text"]);
/** Ranges that cannot be read are halved so often at most, all together: a damaged page has a few hundred rows. */
const MAX_HALVINGS = 4096;

/**
 * What `take` makes of the new library, which is gone afterwards, and of what is in it.
 * @template T
 * @param {Sqlite} sqlite @param {Place} place @param {string} name of the damaged one, which stays as it is
 * @param {(rescued: Database, facts: RescueFacts) => Promise<T> | T} take @returns {Promise<T>}
 * @throws library_damaged where nothing can be rescued
 */
export async function withRescued(sqlite, place, name, take) {
    const before = lookAt(sqlite, place, name);
    place.unlink(RESCUED);
    const rescued = place.open(RESCUED);
    try {
        migrate(rescued);
        rescued.run("DELETE FROM setting"); // the former ones come
        rescued.run("ATTACH ?1 AS damaged", [name]);
        rescued.transaction(() => fill(rescued, before));
        rescued.exec("DETACH damaged");
        closeAll(rescued);
        identify(rescued);
        checkLibrary(sqlite, rescued);
        return await take(rescued, factsOf(rescued, before));
    } finally {
        rescued.close();
        place.unlink(RESCUED);
    }
}

/** @typedef {Map<string, {nBefore: number | null, isCertain: boolean}>} Before */

/** Which tables are as they were written, and how much the ledger says was in each. @param {Sqlite} sqlite @param {Place} place @param {string} name @returns {Before} */
function lookAt(sqlite, place, name) {
    const db = place.open(name);
    try {
        checkTables(sqlite, db);
        return new Map(tablesOf(db).map((table) => [table.name, stateOf(db, table)]));
    } finally {
        db.close();
    }
}

/** @param {Database} db @param {import("./verifying.js").Table} table */
function stateOf(db, table) {
    /** @type {number | null} */
    let nBefore = null;
    try {
        nBefore = db.first("SELECT n FROM ledger WHERE name = ?1", [table.name], (row) => row.real(0));
        return { nBefore, isCertain: isAsWritten(db, table) };
    } catch (error) {
        return { nBefore, isCertain: refuseOthers(error) };
    }
}

/** @param {Database} rescued @param {Before} before */
function fill(rescued, before) {
    // What is settled at the end is not looked at before.
    rescued.exec("PRAGMA defer_foreign_keys = ON");
    const isCertain = (/** @type {string} */ name) => before.get(name)?.isCertain ?? false;
    for (const name of [...Object.keys(BY_ROWS), ...Object.keys(WHOLE)]) {
        if (!before.has(name)) continue; // its version had no such table
        const byRows = BY_ROWS[name];
        if (isCertain(name) && (WHOLE[name] ?? []).every(isCertain)) copyWhole(rescued, name);
        else if (byRows) copyRows(rescued, byRows);
    }
    if (rescued.number("PRAGMA damaged.user_version") < 3) rescued.exec(maybePaidBefore3);
    rescued.exec(settle);
    // Whoever looked at these pictures saw something else, perhaps.
    if ([...before.keys()].some((name) => REVIEWED.has(name) && !isCertain(name)))
        rescued.run("UPDATE file SET is_reviewed = 0");
}

/** An older version has fewer columns: those that it lacks are as in a new row. @param {Database} rescued @param {string} name */
function copyWhole(rescued, name) {
    const all = "SELECT group_concat(name, ', ') FROM pragma_table_info(?1, 'damaged')";
    const columns = rescued.first(all, [name], (row) => row.text(0));
    rescued.run(`INSERT INTO ${name} (${columns}) SELECT ${columns} FROM damaged.${name}`);
}

/** Ranges that can be read; the largest first, so that what cannot be read costs no others. @param {Database} rescued @param {typeof BY_ROWS[string]} table */
function copyRows(rescued, { query, last }) {
    const ranges = /** @type {[number, number][]} */ ([[1, last]]);
    for (let at = 0, nHalvings = 0; at < ranges.length; at++) {
        const [from, to] = /** @type {[number, number]} */ (ranges[at]);
        try {
            rescued.run(query, [from, to]);
        } catch (error) {
            refuseOthers(error);
            const middle = from + Math.floor((to - from) / 2);
            if (from < to && nHalvings++ < MAX_HALVINGS) ranges.push([from, middle], [middle + 1, to]);
        }
    }
}

/** Damage is what is expected here. @param {unknown} error @returns {false} */
function refuseOthers(error) {
    if (/** @type {{code?: string}} */ (error).code !== "library_damaged") throw error;
    return false;
}

/** @param {Database} rescued @param {Before} before @returns {RescueFacts} */
function factsOf(rescued, before) {
    const tables = Array.from(before, ([name, { nBefore, isCertain }]) => ({
        name,
        n_before: nBefore,
        n_kept: rescued.number(`SELECT count(*) FROM ${name}`),
        is_certain: isCertain,
    }));
    if (tables.every(({ n_kept: n }) => n === 0)) throw damaged("Nothing of it can be read.");
    return {
        tables,
        n_waiting: rescued.number("SELECT count(*) FROM file WHERE state = 'waiting' AND removed_ms IS NULL"),
    };
}
