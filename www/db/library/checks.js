/**
 * What a library must pass before anything is taken from it: docs/formats/library.md, "What is refused". The command line makes the same.
 * @import { Sqlite } from "./sqlite.d.ts"
 */
import { CodedError } from "../../core/protocol.js";
import misfits from "../queries/misfits.sql";
import misfitsOwn from "../queries/misfits_own.sql";
import misfitsProviders from "../queries/misfits_providers.sql";
import { Database } from "./database.js";
import { findForeignEntry } from "./entries.js";
import { versionOf } from "./opening.js";
import { MIGRATIONS } from "./migrations.js";
import { isAsWritten, tablesOf } from "./verifying.js";

/** Not more, and of none more, than a library has: what a stranger's says of its lengths is not believed. */
const SCHEMA = `SELECT CASE WHEN octet_length(type) + octet_length(name) + octet_length(tbl_name) + octet_length(coalesce(sql, '')) < 10000
    THEN type || ' ' || name || ' ' || tbl_name || ' ' || coalesce(sql, '') ELSE '' END FROM sqlite_schema LIMIT 1000`;

/** Whether its tables are those of a library. @param {Sqlite} sqlite @param {Database} database @throws library_newer, library_damaged */
export function checkTables(sqlite, database) {
    const version = versionOf(database);
    if (version === 0) throw damaged("It is empty.");
    if (schemaOf(database) !== knownSchema(sqlite, version))
        throw damaged("Its tables are others than this version has.");
}

/** A library of a stranger, before it is migrated. @param {Sqlite} sqlite @param {Database} database @throws library_newer, library_damaged */
export function checkLibrary(sqlite, database) {
    checkTables(sqlite, database);
    for (const [check, isFine] of /** @type {const} */ ([
        ["PRAGMA integrity_check", "ok"],
        ["PRAGMA foreign_key_check", null],
    ])) {
        const found = database.first(check, [], (row) => row.text(0));
        if (found !== isFine) throw damaged(`${check.slice(7)}: ${found}.`);
    }
    const wrong = damagedTables(database);
    if (wrong.length > 0) throw damaged(`What is in ${wrong.join(", ")} does not fit its ledger.`);
    const misfit = findMisfit(database, versionOf(database)) ?? findForeignEntry(database);
    if (misfit !== null) throw damaged(`${misfit}.`);
}

/** The tables that do not agree with the ledger. @param {Database} database */
export const damagedTables = (database) =>
    tablesOf(database)
        .filter((table) => !isAsWritten(database, table))
        .map(({ name }) => name);

/** @param {Database} database @param {number} version @returns {string | null} the first, as a sentence without its full stop */
function findMisfit(database, version) {
    // Each with the version that brought its tables.
    const queries = [misfits, version >= 2 && misfitsProviders, version >= 4 && misfitsOwn];
    for (const query of queries) {
        if (!query) continue;
        const found = database.first(query, [], (row) => row.text(0));
        if (found !== null) return found;
    }
    return null;
}

/** @param {Database} database */
const schemaOf = (database) =>
    database
        .all(SCHEMA, [], (row) => row.text(0))
        .sort()
        .join("\n");

/** What the migrations up to a version make. @param {Sqlite} sqlite @param {number} version */
function knownSchema(sqlite, version) {
    const database = new Database(sqlite, new sqlite.oo1.DB(":memory:"));
    try {
        for (const sql of MIGRATIONS.slice(0, version)) database.exec(sql);
        return schemaOf(database);
    } finally {
        database.close();
    }
}

/** @param {string} detail */
export const damaged = (detail) => new CodedError("library_damaged", `The library is damaged: ${detail}`);
