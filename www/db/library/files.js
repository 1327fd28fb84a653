/**
 * The files of a collection: their order, their rows, and those that come, go and are found again.
 * @import { FileState, Files, ModelRef, NewFile, Which, WithStep } from "../protocol.js"
 * @import { Library } from "./library.js"
 */
import { CodedError } from "../../core/protocol.js";
import fileQuery from "../queries/file.sql";
import looks from "../queries/looks.sql";
import putFile from "../queries/put_file.sql";
import putSetting from "../queries/put_setting.sql";
import { askNoMore } from "./jobs.js";
import { correctedAmong, correctionsOf } from "./corrections.js";
import { FileRows } from "./file_rows.js";
import { NEXT_ID, idsOf } from "./order.js";
import { withStep } from "./steps.js";
import { ShownRuns } from "./taggings.js";

/** A file's id is a u32 in the page and in the session. */
const MAX_ID = 2 ** 32 - 1;

/** The first of so many ids that no file ever had. @param {Library} library @param {number} n */
export function reserveIds({ db }, n) {
    return db.transaction(() => {
        const next =
            "SELECT max(coalesce((SELECT CAST(value AS INTEGER) FROM setting WHERE name = ?1), 1), coalesce((SELECT max(id) FROM file), 0) + 1)";
        const first = db.number(next, [NEXT_ID]);
        if (first + n - 1 > MAX_ID) throw new CodedError("library_too_large", "No more files fit into the library.");
        db.run(putSetting, [NEXT_ID, String(first + n)]);
        return first;
    });
}

const JOBS = Object.freeze({ runs: /** @type {const} */ (true), jobs: /** @type {const} */ (true) });

export const fileCalls = {
    /** @param {Library} library @param {{collection: number}} params */
    order: (library, { collection }) => idsOf(library, { collection }),

    /** @param {Library} library @param {Which & {model?: ModelRef, is_brief?: boolean}} which @returns {Files} */
    files(library, { model, is_brief: isBrief = false, ...which }) {
        const { db } = library;
        const wanted = idsOf(library, which);
        const list = JSON.stringify(Array.from(wanted));
        const rows = new FileRows(wanted.length);
        db.each(fileQuery, [list], (row) => rows.add(row, isBrief));
        new ShownRuns(library, model).each(wanted, looks, (row) => rows.addLooks(row, isBrief));
        return rows.files((id, isReviewed) => correctionsOf(library, id, isReviewed), correctedAmong(library, list));
    },

    /** @param {Library} library @param {{n: number}} params */
    reserve_ids: (library, { n }) => reserveIds(library, n),

    /** @param {Library} library @param {{collection: number, files: readonly NewFile[]} & WithStep} params @param {string} by */
    add_files(library, { collection, files, ...step }, by) {
        const { db } = library;
        withStep(library, step, () => {
            let position = db.number("SELECT coalesce(max(position), 0) FROM file WHERE collection = ?1", [collection]);
            for (const { id, path, size, modified_ms: date, state = "waiting" } of files)
                db.run(putFile, [id, collection, ++position, path, size, date, state]);
        });
        library.announce(by, { files: files.map(({ id }) => id) });
        return null;
    },

    /** A file that was looked at again: its size and date may be others. @param {Library} library @param {{files: readonly {id: number, size: number, modified_ms: number}[]}} params */
    touch_files({ db }, { files }) {
        db.transaction(() => {
            for (const { id, size, modified_ms: date } of files)
                db.run("UPDATE file SET size = ?2, modified_ms = ?3 WHERE id = ?1", [id, size, date]);
        });
        return null;
    },

    /** @param {Library} library @param {{ids: readonly number[], state: FileState}} params @param {string} by */
    set_states(library, { ids, state }, by) {
        const put = "UPDATE file SET state = ?2, failure_code = NULL, failure_detail = NULL WHERE id = ?1";
        library.db.transaction(() => ids.forEach((id) => library.db.run(put, [id, state])));
        library.announce(by, { files: [...ids] });
        return null;
    },

    /**
     * Takes files off, or puts them back where they were: `order` is then that of the whole collection.
     * @param {Library} library @param {{ids: readonly number[], removed: boolean, order?: readonly number[]} & WithStep} params @param {string} by
     */
    remove_files(library, { ids, removed, order, ...step }, by) {
        const { db } = library;
        const now = Date.now();
        let areFewer = false; // files that jobs wait for
        withStep(library, step, () => {
            for (const id of ids) db.run("UPDATE file SET removed_ms = ?2 WHERE id = ?1", [id, removed ? now : null]);
            order?.forEach((id, idx) =>
                db.run("UPDATE file SET position = ?2 WHERE id = ?1 AND position <> ?2", [id, idx + 1]),
            );
            areFewer = removed && askNoMore(library, ids);
        });
        library.announce(by, { files: [...ids], steps: true, ...(areFewer ? JOBS : {}) });
        return null;
    },
};
