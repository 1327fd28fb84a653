/**
 * Trainings: written before they begin, so that one that a tab dies in can be gone on with; their end and the version that they made are one
 * transaction.
 * @import { NewHead, Training, TrainingReason } from "../own_protocol.js"
 * @import { WithStep } from "../protocol.js"
 * @import { Library } from "./library.js"
 */
import beginTraining from "../queries/begin_training.sql";
import endTraining from "../queries/end_training.sql";
import putHead from "../queries/put_head.sql";
import trainings from "../queries/trainings.sql";
import useHead from "../queries/use_head.sql";
import useNoHead from "../queries/use_no_head.sql";
import { withStep } from "./steps.js";
import { keptText } from "./texts.js";

/** @typedef {(tab: string | null) => boolean} IsAlive */

/** The newest first. @param {Library} library @param {string | null} tagger null: of all @param {IsAlive} isAlive @returns {Training[]} */
export const trainingsOf = ({ db }, tagger, isAlive) =>
    db.all(trainings, [tagger], (row) => ({
        id: row.real(0),
        own_tagger: row.text(1),
        number: row.real(2),
        begun_ms: row.real(3),
        ended_ms: row.realOrNull(4),
        by: /** @type {TrainingReason} */ (row.text(5)),
        title: row.text(6),
        comment: row.text(7),
        failure: row.isNull(9) ? null : { code: row.text(9), detail: row.text(10) },
        is_running: row.isNull(4) && isAlive(row.textOrNull(8)),
        head: row.realOrNull(11),
    }));

/** Of the calls that have to know which tabs live. */
export const trainingsOfTabs = {
    /** @param {Library} library @param {{own_tagger?: string}} params @param {IsAlive} isAlive */
    trainings: (library, { own_tagger: tagger }, isAlive) => trainingsOf(library, tagger ?? null, isAlive),

    /** @param {Library} library @param {{id: number}} params @param {IsAlive} isAlive @param {string} by @returns {boolean} */
    take_training(library, { id }, isAlive, by) {
        const tab = "SELECT tab FROM training WHERE id = ?1 AND ended_ms IS NULL";
        const open = library.db.first(tab, [id], (row) => ({ tab: row.textOrNull(0) }));
        if (!open || (open.tab !== by && isAlive(open.tab))) return false;
        library.db.run("UPDATE training SET tab = ?2 WHERE id = ?1", [id, by]);
        library.announce(by, { own: true });
        return true;
    },
};

export const trainingCalls = {
    /**
     * @param {Library} library @param {{id?: number, own_tagger: string, by: TrainingReason, title: string, comment: string}} params `id`: the client's @param {string} by
     * @returns {{id: number, number: number} | null}
     */
    begin_training(library, { id = 0, own_tagger: tagger, by: reason, title, comment }, by) {
        const { db } = library;
        const values = [id, tagger, Date.now(), reason, keptText(title), keptText(comment), by];
        const number = db.transaction(() => {
            db.run(beginTraining, values);
            return db.first("SELECT number FROM training WHERE id = ?1", [id], (row) => row.real(0));
        });
        library.announce(by, { own: true });
        return number === null ? null : { id, number };
    },

    /**
     * @param {Library} library @param {{id: number, failure?: {code: string, detail: string} | null, head?: NewHead} & WithStep} params @param {string} by
     * @returns {{head: number | null}} null where it made none, or the tagger is gone
     */
    end_training(library, { id, failure = null, head, ...step }, by) {
        const { db } = library;
        withStep(library, step, () => {
            if (head) check(head);
            const end = [id, Date.now(), failure?.code ?? null, failure ? keptText(failure.detail) : null];
            if (db.run(endTraining, end) > 0 && head) put(library, id, head);
        });
        library.announce(by, { own: true, looks: true, steps: true });
        return { head: db.first("SELECT id FROM head WHERE id = ?1", [id], (row) => row.real(0)) };
    },
};

/** Far more than any tagger has. */
const MAX_TAGS = 65_535;
const encoder = new TextEncoder();

/** What is written here must pass the checks of a backup. @param {NewHead} head */
function check({ seed, tags, file, read_ms: readMs = 0 }) {
    const isText = (/** @type {unknown} */ text) =>
        typeof text === "string" && text !== "" && encoder.encode(text).length <= 8192;
    const isTag = (/** @type {NewHead["tags"][number]} */ { id, name, threshold }) =>
        isText(id) && isText(name) && threshold >= 0 && threshold <= 1;
    JSON.parse(file);
    const isWhole = [seed, readMs].every((n) => Number.isSafeInteger(n) && n >= 0);
    if (tags.length > MAX_TAGS || !tags.every(isTag) || !isWhole)
        throw new TypeError("The training has made what no version can be.");
}

/** It is in use from now on. @param {Library} library @param {number} id of the training @param {NewHead} head */
function put({ db }, id, { seed, backbone, n_examples: nExamples, tags, file, report, read_ms: readMs }) {
    const now = Date.now();
    const kept = report === null || report === undefined ? null : JSON.stringify(report);
    db.run(putHead, [id, Math.min(readMs ?? now, now), seed, backbone, nExamples, JSON.stringify(tags), file, kept]);
    const tagger = db.first("SELECT own_tagger FROM head WHERE id = ?1", [id], (row) => row.text(0));
    db.run(useNoHead, [tagger]);
    db.run(useHead, [tagger, id]);
}
