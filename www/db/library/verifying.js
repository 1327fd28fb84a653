/**
 * The library looks itself over, table by table, while nothing else is asked of it: damage is told of, never shown in silence. An index
 * that is damaged is made again from its table.
 * @import { Database } from "./database.js"
 */
import verifyAll from "../queries/verify.sql";
import verifyVersion2 from "../queries/verify_version_2.sql";

/** Of each table: its rows and their sum; the lines of queries/verify.sql. @typedef {{name: string, count: string}} Table */
const tablesIn = (/** @type {string} */ query) =>
    Array.from(query.matchAll(/SELECT '(\w+)' AS name, (.+)/g), ([, name = "", rest = ""]) => ({
        name,
        count: `SELECT ${rest}`,
    }));
const TABLES = tablesIn(verifyAll);
/** As they were before version 3. */
const FORMER = new Map(tablesIn(verifyVersion2).map((table) => [table.name, table]));

/** Those that the database has: an older version has fewer tables, and fewer columns in them. @param {Database} db @returns {Table[]} */
export function tablesOf(db) {
    const names = new Set(db.all("SELECT name FROM sqlite_schema WHERE type = 'table'", [], (row) => row.text(0)));
    const isOld = db.number("PRAGMA user_version") < 3;
    return TABLES.filter(({ name }) => names.has(name)).map((table) => (isOld && FORMER.get(table.name)) || table);
}

const LEDGER = "SELECT n, sum FROM ledger WHERE name = ?1";

/** Whether a table is as its ledger says. @param {Database} db @param {Table} table @throws library_damaged where it cannot be read */
export function isAsWritten(db, { name, count }) {
    const read = (/** @type {import("./database.js").Row} */ row) => `${row.real(0)} ${row.real(1)}`;
    return db.first(count, [], read) === db.first(LEDGER, [name], read);
}

/** @param {() => Database} open asked anew for each table: it may be replaced meanwhile @param {() => Promise<unknown>} [quiet] awaited before each @returns {Promise<string[]>} the tables with damage */
export async function verify(open, quiet = async () => {}) {
    /** @type {string[]} */
    const damaged = [];
    for (const table of TABLES) {
        const { name } = table;
        await quiet();
        const db = open();
        const agrees = () => isAsWritten(db, table);
        const isWhole = () => db.first(`PRAGMA integrity_check(${name})`, [], (row) => row.text(0)) === "ok";
        try {
            if (agrees() && !isWhole()) db.exec(`REINDEX ${name}`);
            if (agrees() && isWhole()) continue;
        } catch {
            // A page that cannot be read at all.
        }
        damaged.push(name);
    }
    return damaged;
}
