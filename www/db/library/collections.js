/**
 * Collections: opened, made, named, emptied and deleted.
 * @import { Collection, Opened, StorePlace } from "../protocol.js"
 * @import { Row } from "./database.js"
 * @import { Library } from "./library.js"
 */
import { CodedError } from "../../core/protocol.js";
import collection from "../queries/collection.sql";
import { NEXT_ID } from "./order.js";
import { stepsOf } from "./steps.js";

/** @param {Row} row @returns {Collection} */
const collectionOf = (row) => ({
    id: row.real(0),
    name: row.text(1),
    folder: row.textOrNull(2),
    made_ms: row.real(3),
    opened_ms: row.realOrNull(4),
    view: JSON.parse(row.textOrNull(5) ?? "null"),
    n_files: row.int(6),
});

/**
 * The collection `wanted`, or the one that was open last; the first is made here.
 * @param {Library} library @param {StorePlace} place @param {number} [wanted] @returns {Opened}
 */
export function open(library, place, wanted) {
    const { db } = library;
    const opened = db.transaction(() => {
        if (db.number("SELECT count(*) FROM collection") === 0)
            db.run("INSERT INTO collection (name, made_ms, opened_ms) VALUES ('', ?1, ?1)", [Date.now()]);
        const last = db.number("SELECT id FROM collection ORDER BY opened_ms DESC, id DESC LIMIT 1");
        return db.first(collection, [wanted ?? last], collectionOf) ?? db.first(collection, [last], collectionOf);
    });
    if (!opened) throw new CodedError("library_damaged", "The library has no collection.");
    /** @type {Record<string, unknown>} */
    const settings = {};
    db.each(
        "SELECT name, value FROM setting WHERE name <> ?1",
        [NEXT_ID],
        (row) => void (settings[row.text(0)] = JSON.parse(row.text(1))),
    );
    return { ...place, collection: opened, n_files: opened.n_files, steps: stepsOf(library), settings };
}

export const collectionCalls = {
    /** @param {Library} library @param {{collection: number, view: unknown}} params */
    save_view({ db }, { collection: id, view }) {
        db.run("UPDATE collection SET view = ?2 WHERE id = ?1", [id, JSON.stringify(view)]);
        return null;
    },
};
