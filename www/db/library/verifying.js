/**
 * The library looks itself over, table by table, while nothing else is asked of it: damage is told of, never shown in silence. An index
 * that is damaged is made again from its table.
 * @import { Database } from "./database.js"
 */
import verifyAll from "../queries/verify.sql";

/** Of each table: its rows and their sum; the lines of queries/verify.sql. */
const TABLES = Array.from(verifyAll.matchAll(/SELECT '(\w+)' AS name, (.+)/g), ([, name = "", rest = ""]) => ({
    name,
    count: `SELECT ${rest}`,
}));
const LEDGER = "SELECT n, sum FROM ledger WHERE name = ?1";
const SLICE_PAUSE_MS = 50;

/** @param {() => Database} open asked anew for each table: it may be replaced meanwhile @param {() => boolean} [isBusy] then it waits @returns {Promise<string[]>} the tables with damage */
export async function verify(open, isBusy = () => false) {
    /** @type {string[]} */
    const damaged = [];
    for (const { name, count } of TABLES) {
        do await new Promise((resolve) => setTimeout(resolve, SLICE_PAUSE_MS));
        while (isBusy());
        const db = open();
        const read = (/** @type {import("./database.js").Row} */ row) => `${row.real(0)} ${row.real(1)}`;
        const agrees = () => db.first(count, [], read) === db.first(LEDGER, [name], read);
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
