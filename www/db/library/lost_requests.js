/**
 * Requests whose tab is gone: nobody will ever say how they ended. A request has the name of the tab that waits for it.
 * @import { Database } from "./database.js"
 * @import { Library } from "./library.js"
 */
import endRequest from "../queries/end_request.sql";
import lostFiles from "../queries/lost_files.sql";
import { aliveTabs } from "./alive_tabs.js";
import { LOST } from "./requests.js";

const OPEN = "SELECT id, tab FROM request WHERE ended_ms IS NULL";
const SETTINGS = "SELECT id, settings FROM run WHERE kind = 'provider'";
const SET_SETTINGS = "UPDATE run SET settings = ?2 WHERE id = ?1";
const UNITS = `SELECT iif(coalesce(json_extract(r.settings, '$.is_billed'), 1) <> 0, q.n_units, 0)
    FROM request AS q LEFT JOIN run AS r ON r.id = q.run WHERE q.id = ?1`;

/** Those of tabs that are gone; nobody else's. @param {() => Library} open asked anew after each wait: it may be replaced meanwhile */
export async function closeLost(open) {
    if (openIn(open().db).length === 0) return;
    const isAlive = await aliveTabs();
    const library = open();
    const lost = openIn(library.db).filter(({ tab }) => !isAlive(tab));
    if (lost.length === 0) return;
    library.db.transaction(() => lost.forEach(({ id }) => lose(library.db, id)));
    library.announce("", { requests: true, jobs: true });
}

/**
 * In a library that comes from elsewhere nobody waits for anything, and nobody here has agreed to where pictures of its jobs go: whoever made it
 * could have written any host into it, and the key here would go there too.
 * @param {Database} db
 */
export function closeAll(db) {
    db.transaction(() => {
        openIn(db).forEach(({ id }) => lose(db, id));
        db.run("UPDATE training SET tab = NULL WHERE tab IS NOT NULL"); // nobody here is at it
        const runs = db.all(SETTINGS, [], (row) => ({ id: row.real(0), settings: row.text(1) }));
        for (const { id, settings } of runs) db.run(SET_SETTINGS, [id, withoutWay(settings)]);
    });
}

/** Without the host that was agreed to, and with nothing of a job's own but what chooses among its tags. @param {string} settings */
function withoutWay(settings) {
    const { host: _, own, ...others } = JSON.parse(settings);
    const { threshold, max_tags } = /** @type {Record<string, unknown>} */ (own ?? {});
    return JSON.stringify({ ...others, ...(own && { own: { threshold, max_tags } }) });
}

/** @param {Database} db */
const openIn = (db) => db.all(OPEN, [], (row) => ({ id: row.real(0), tab: row.textOrNull(1) }));

/** It may have been billed, for all that is known. @param {Database} db @param {number} id */
function lose(db, id) {
    db.run(endRequest, [id, Date.now(), null, "lost", 0, db.number(UNITS, [id]), LOST, null]);
    db.run(lostFiles, [id, 1, LOST]);
}
