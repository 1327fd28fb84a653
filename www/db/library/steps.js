/**
 * What can be undone, and done again. A step is kept with the change that it takes back, in one transaction.
 * @import { NewStep, Move, Step, WithStep } from "../protocol.js"
 * @import { Library } from "./library.js"
 */

/** More than anyone takes back. */
const MAX_STEPS = 1000;
/** Longer data is fetched when it is needed. */
const MAX_INLINE = 4096;

const STEPS = `SELECT id, key, params, kind, CASE WHEN length(data) > ${MAX_INLINE} THEN NULL ELSE data END, is_undone, done_ms FROM step ORDER BY id`;

/** The oldest first. @param {Library} library @returns {Step[]} */
export const stepsOf = ({ db }) =>
    db.all(STEPS, [], (row) => ({
        id: row.real(0),
        key: row.text(1),
        params: JSON.parse(row.text(2)),
        kind: row.text(3),
        data: JSON.parse(row.textOrNull(4) ?? "null"),
        is_undone: row.int(5) === 1,
        done_ms: row.real(6),
    }));

/** @param {Library} library @param {WithStep} change */
export function keepStep(library, { step, move }) {
    if (step) addStep(library, step);
    if (move) moveStep(library, move);
}

/** @param {Library} library @param {NewStep} step */
function addStep({ db }, { id, key, params, kind, data }) {
    // What was undone before it is gone for good.
    db.run("DELETE FROM step WHERE is_undone = 1 AND id <> ?1", [id]);
    const values = [id, key, JSON.stringify(params ?? {}), kind, JSON.stringify(data ?? null), Date.now()];
    db.run(
        "INSERT INTO step (id, key, params, kind, data, done_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (id) DO NOTHING",
        values,
    );
    db.run(`DELETE FROM step WHERE id <= (SELECT id FROM step ORDER BY id DESC LIMIT 1 OFFSET ${MAX_STEPS})`);
}

/** @param {Library} library @param {Move} move */
function moveStep({ db }, { id, is_undone: isUndone }) {
    db.run("UPDATE step SET is_undone = ?2 WHERE id = ?1", [id, isUndone ? 1 : 0]);
}

export const stepCalls = {
    /** @param {Library} library @param {{step: NewStep}} params @param {string} by */
    add_step(library, { step }, by) {
        library.db.transaction(() => addStep(library, step));
        library.announce(by, { steps: true });
        return null;
    },

    /** @param {Library} library @param {Move} move @param {string} by */
    move_step(library, move, by) {
        library.db.transaction(() => moveStep(library, move));
        library.announce(by, { steps: true });
        return null;
    },

    /** @param {Library} library @param {{id: number}} params */
    step_data({ db }, { id }) {
        return JSON.parse(db.first("SELECT data FROM step WHERE id = ?1", [id], (row) => row.text(0)) ?? "null");
    },
};
