/**
 * Collections: opened, made, named, emptied and deleted.
 * @import { Collection, ListedCollection, Opened, StorePlace } from "../protocol.js"
 * @import { Row } from "./database.js"
 * @import { Library } from "./library.js"
 */
import { CodedError } from "../../core/protocol.js";
import collection from "../queries/collection.sql";
import collections from "../queries/collections.sql";
import copyFile from "../queries/copy_file.sql";
import { nJobsOf } from "./jobs.js";
import { deleteWithOrphans, sizeOf } from "./orphans.js";
import { nOwnTaggersOf } from "./own_taggers.js";
import { settingsOf } from "./settings.js";
import { stepsOf } from "./steps.js";
import { ownThumbnailBytes } from "./thumbnail_sizes.js";

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
    return {
        ...place,
        library: library.id,
        has_others: db.number("SELECT count(*) FROM collection") > 1,
        collection: opened,
        n_files: opened.n_files,
        n_jobs: nJobsOf(library),
        n_own: nOwnTaggersOf(library),
        steps: stepsOf(library),
        settings: settingsOf(library),
    };
}

export const collectionCalls = {
    /** @param {Library} library @param {{collection: number, view: unknown}} params */
    save_view({ db }, { collection: id, view }) {
        db.run("UPDATE collection SET view = ?2 WHERE id = ?1", [id, JSON.stringify(view)]);
        return null;
    },

    /** @param {Library} library @returns {Promise<ListedCollection[]>} */
    async collections(library) {
        const { db } = library;
        const perAsset = sizeOf(db) / Math.max(1, db.number("SELECT count(*) FROM asset"));
        const all = db.all(collections, [], (row) => ({
            ...collectionOf(row),
            n_tagged: row.int(7),
            n_failed: row.int(8),
            bytes: Math.round(row.int(9) * perAsset),
            nOwn: row.int(9),
        }));
        const sizes = await Promise.all(all.map(({ id, nOwn }) => ownThumbnailBytes(library, id, nOwn)));
        return all.map(({ nOwn: _, ...one }, idx) => ({ ...one, bytes: one.bytes + Math.round(sizes[idx] ?? 0) }));
    },

    /** @param {Library} library @param {{id?: number, name: string, folder?: string | null}} params @param {string} by @returns {number} */
    make_collection(library, { id = 0, name, folder = null }, by) {
        const put =
            "INSERT INTO collection (id, name, folder, made_ms) VALUES (?1, ?2, ?3, ?4) ON CONFLICT (id) DO NOTHING";
        library.db.run(put, [id, name, folder, Date.now()]);
        library.announce(by, { collections: true });
        return id;
    },

    /** Without `folder` that stays as it is. @param {Library} library @param {{id: number, name: string, folder?: string | null}} params @param {string} by */
    rename_collection(library, { id, name, folder }, by) {
        library.db.run("UPDATE collection SET name = ?2, folder = coalesce(?3, folder) WHERE id = ?1", [
            id,
            name,
            folder ?? null,
        ]);
        library.announce(by, { collections: true });
        return null;
    },

    /** For good. @param {Library} library @param {{id: number}} params @param {string} by */
    async empty_collection(library, { id }, by) {
        const bytes = await deleteWithOrphans(library, () =>
            library.db.run("DELETE FROM file WHERE collection = ?1", [id]),
        );
        library.announce(by, { collections: true, steps: true, jobs: true, emptied: id });
        return { bytes };
    },

    /** For good. @param {Library} library @param {{id: number}} params @param {string} by */
    async delete_collection(library, { id }, by) {
        const bytes = await deleteWithOrphans(library, () =>
            library.db.run("DELETE FROM collection WHERE id = ?1", [id]),
        );
        library.announce(by, { collections: true, steps: true, jobs: true, emptied: id });
        return { bytes };
    },

    /**
     * With their tags, which belong to their content, and with what a person said of them.
     * @param {Library} library @param {{ids: readonly number[], collection: number, first_id?: number}} params @param {string} by
     */
    copy_files(library, { ids, collection: into, first_id: firstId = 0 }, by) {
        const { db } = library;
        const copyCorrections = `INSERT INTO correction (file, tag, kind, is_in_bulk, position, said_ms)
            SELECT ?2, tag, kind, is_in_bulk, position, said_ms FROM correction WHERE file = ?1`;
        const copyTexts = `INSERT INTO given_text (file, field, text, said_ms)
            SELECT ?2, field, text, said_ms FROM given_text WHERE file = ?1`;
        /** Content and path: two that share but one of them are two pictures. @param {Row} row */
        const what = (row) => `${row.realOrNull(0)} ${row.text(1)}`;
        /** @type {number[]} */
        const copies = [];
        db.transaction(() => {
            const isThere = "SELECT asset, path FROM file WHERE collection = ?1 AND removed_ms IS NULL";
            const there = new Set(db.all(isThere, [into], what));
            for (const [idx, id] of ids.entries()) {
                const copy = firstId + idx;
                const copied = db.first("SELECT asset, path FROM file WHERE id = ?1", [id], what);
                const isAskedAgain = db.number("SELECT count(*) FROM file WHERE id = ?1", [copy]) > 0;
                if (isAskedAgain) copies.push(copy);
                if (isAskedAgain || copied === null || there.has(copied)) continue;
                there.add(copied);
                copies.push(copy);
                db.run(copyFile, [id, into, copy]);
                db.run(copyCorrections, [id, copy]);
                db.run(copyTexts, [id, copy]);
            }
        });
        library.announce(by, { collections: true, files: copies });
        return { n: copies.length };
    },
};
