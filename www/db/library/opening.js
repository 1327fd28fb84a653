/** The library is made where it is missing, brought up to date where it is old, refused where it is newer than this page, or none. */
import { CodedError } from "../../core/protocol.js";
import putSetting from "../queries/put_setting.sql";
import { MIGRATIONS } from "./migrations.js";

/** "TAGS". */
const APPLICATION_ID = 0x54414753;

/** @typedef {import("./database.js").Database} Database */

/** The setting that tells libraries apart: ids of one mean nothing in another. */
export const LIBRARY_ID = "library_id";

/** It is another library from now on. @param {Database} database @param {string} [id] as `identityOf` gives it */
export function identify(database, id = JSON.stringify(crypto.randomUUID())) {
    database.run(putSetting, [LIBRARY_ID, id]);
}

/** Which library it is; "" for one that no page has made. @param {Database} database @returns {string} */
export const identityOf = (database) =>
    database.first("SELECT value FROM setting WHERE name = ?1", [LIBRARY_ID], (row) => row.text(0)) ?? "";

/** Makes what is missing, in one transaction. @param {Database} database @param {string} [newId] of a library that is made here */
export function migrate(database, newId) {
    const version = versionOf(database);
    if (version === MIGRATIONS.length) return;
    database.transaction(() => {
        for (const sql of MIGRATIONS.slice(version)) database.exec(sql);
        if (version === 0) identify(database, newId);
        database.exec(`PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${MIGRATIONS.length};`);
    });
}

/** 0 for an empty database. @param {Database} database @throws library_newer, library_damaged */
export function versionOf(database) {
    const version = database.number("PRAGMA user_version");
    const isEmpty = database.number("SELECT count(*) FROM sqlite_schema") === 0;
    if (isEmpty && version === 0) return 0;
    if (database.number("PRAGMA application_id") !== APPLICATION_ID || version < 1)
        throw new CodedError("library_damaged", "This is no library of Tagsmith, or its beginning is damaged.");
    if (version > MIGRATIONS.length)
        throw new CodedError(
            "library_newer",
            `The library has version ${version}, this page reads up to ${MIGRATIONS.length}. Load the page again to get the newer one.`,
        );
    return version;
}
