/**
 * What can be undone, and done again. A step is kept with the change that it takes back, in one transaction. All tabs share one history, and
 * here is decided what is next in it: a tab that has not heard yet of what another one did is refused.
 * @import { NewStep, Move, Step, WithStep } from "../protocol.js"
 * @import { Library } from "./library.js"
 */
import { CodedError } from "../../core/protocol.js";

/** More than anyone takes back. */
const MAX_STEPS = 1000;
/** Longer data is fetched when it is needed. */
const MAX_INLINE = 4096;

const STEPS =
    "SELECT id, key, params, kind, CASE WHEN length(data) > ?1 THEN NULL ELSE data END, is_undone, done_ms FROM step ORDER BY id";

/** The oldest first. @param {Library} library @param {number} [maxInline] bytes of data that come along @returns {Step[]} */
export const stepsOf = ({ db }, maxInline = MAX_INLINE) =>
    db.all(STEPS, [maxInline], (row) => ({
        id: row.real(0),
        key: row.text(1),
        params: JSON.parse(row.text(2)),
        kind: row.text(3),
        data: JSON.parse(row.textOrNull(4) ?? "null"),
        is_undone: row.int(5) === 1,
        done_ms: row.real(6),
    }));

/**
 * Makes a change, with the step that takes it back, or the move of one; once, however often it is asked for.
 * @param {Library} library @param {WithStep} what @param {() => void} write @throws step_passed: another step is next, or it was moved already
 */
export function withStep(library, { step, move }, write) {
    const { db } = library;
    db.transaction(() => {
        if (step && db.number("SELECT count(*) FROM step WHERE id = ?1", [step.id]) > 0) return;
        if (move && move.id !== db.number(move.is_undone ? NEXT_TO_UNDO : NEXT_TO_REDO))
            throw new CodedError("step_passed", "Another step is next by now.");
        write();
        if (step) addStep(library, step);
        if (move) moveStep(library, move);
    });
}

const NEXT_TO_UNDO = "SELECT max(id) FROM step WHERE is_undone = 0";
const NEXT_TO_REDO = "SELECT min(id) FROM step WHERE is_undone = 1";

/** @param {Library} library @param {NewStep} step */
function addStep({ db }, { id, key, params, kind, data }) {
    // What was undone before it is gone for good.
    db.run("DELETE FROM step WHERE is_undone = 1");
    const values = [id, key, JSON.stringify(params ?? {}), kind, JSON.stringify(data ?? null), Date.now()];
    db.run("INSERT INTO step (id, key, params, kind, data, done_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6)", values);
    db.run(`DELETE FROM step WHERE id <= (SELECT id FROM step ORDER BY id DESC LIMIT 1 OFFSET ${MAX_STEPS})`);
}

/** @param {Library} library @param {Move} move */
function moveStep({ db }, { id, is_undone: isUndone }) {
    db.run("UPDATE step SET is_undone = ?2 WHERE id = ?1", [id, isUndone ? 1 : 0]);
}

export const stepCalls = {
    /** @param {Library} library @param {{step: NewStep}} params @param {string} by */
    add_step(library, { step }, by) {
        withStep(library, { step }, () => {});
        library.announce(by, { steps: true });
        return null;
    },

    /** @param {Library} library */
    steps: (library) => stepsOf(library, 0),

    /** @param {Library} library @param {{id: number}} params */
    step_data({ db }, { id }) {
        return JSON.parse(db.first("SELECT data FROM step WHERE id = ?1", [id], (row) => row.text(0)) ?? "null");
    },
};
