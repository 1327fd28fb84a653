/**
 * What people said of files. It is written whole for each file; only what differs becomes a row.
 * @import { AddedTag, Corrections } from "../../core/engine_api.d.ts"
 * @import { WithStep } from "../protocol.js"
 * @import { Library } from "./library.js"
 */
import corrections from "../queries/corrections.sql";
import putCorrection from "../queries/put_correction.sql";
import { putSettings } from "./settings.js";
import { withStep } from "./steps.js";

/** @typedef {AddedTag & {language?: string}} Added */

/** @param {Library} library @param {number} file @param {boolean} isReviewed @returns {Corrections | null} null where nothing was said */
export function correctionsOf({ db }, file, isReviewed) {
    /** @type {Added[]} */
    const own = [];
    /** @type {string[]} */
    const rejected = [];
    db.each(corrections, [file], (row) => {
        if (row.text(4) === "reject") return void rejected.push(row.text(1));
        // Of a free word only: others have their names from the vocabulary.
        const language = row.text(1).startsWith("own:") ? row.textOrNull(3) : null;
        own.push({
            id: row.text(1),
            name: row.text(2),
            ...(row.int(5) && { in_bulk: true }),
            ...(language && { language }),
        });
    });
    if (own.length === 0 && rejected.length === 0 && !isReviewed) return null;
    return { own, rejected, ...(isReviewed && { reviewed: true }) };
}

/** Those of the files (a JSON list of ids) of which something was said. @param {Library} library @param {string} files */
export function correctedAmong({ db }, files) {
    const query = "SELECT value FROM json_each(?1) WHERE EXISTS (SELECT 1 FROM correction WHERE file = value)";
    return new Set(db.all(query, [files], (row) => row.real(0)));
}

/** @param {Library} library @param {number} file @param {Corrections} said @param {number} now */
function write({ db, tags }, file, { own, rejected, reviewed = false }, now) {
    if (db.number("SELECT count(*) FROM file WHERE id = ?1", [file]) === 0) return; // deleted for good in another tab
    /** @type {Map<number, string>} the rows that are there: kind, in bulk, position */
    const former = new Map();
    db.each(corrections, [file], (row) => void former.set(row.real(0), `${row.text(4)} ${row.int(5)} ${row.int(6)}`));
    /** @param {number} tag @param {string} kind @param {boolean} isInBulk @param {number} position */
    const put = (tag, kind, isInBulk, position) => {
        const inBulk = isInBulk ? 1 : 0;
        if (former.get(tag) !== `${kind} ${inBulk} ${position}`)
            db.run(putCorrection, [file, tag, kind, inBulk, position, now]);
        former.delete(tag);
    };
    own.forEach((tag, position) => put(tags.idOf(tag), "add", tag.in_bulk ?? false, position));
    rejected.forEach((ref, position) => put(tags.idOf({ id: ref, name: ref }), "reject", false, position));
    for (const tag of former.keys()) db.run("DELETE FROM correction WHERE file = ?1 AND tag = ?2", [file, tag]);
    db.run("UPDATE file SET is_reviewed = ?2 WHERE id = ?1 AND is_reviewed <> ?2", [file, reviewed ? 1 : 0]);
}

export const correctionCalls = {
    /**
     * With the settings that go with it: a rule over tags may change what was said of them.
     * @param {Library} library
     * @param {{changes: readonly {id: number, corrections: Corrections}[], settings?: Record<string, unknown>} & WithStep} params @param {string} by
     */
    correct(library, { changes, settings, ...step }, by) {
        const now = Date.now();
        withStep(library, step, () => {
            for (const { id, corrections: said } of changes) write(library, id, said, now);
            putSettings(library, settings ?? {});
        });
        library.announce(by, {
            files: changes.map(({ id }) => id),
            ...(settings && { settings: true }),
            steps: true,
        });
        return null;
    },
};
