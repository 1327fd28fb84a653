/**
 * What can be undone, and done again, as data: it outlives the page. How a kind of step is taken back is known to whoever adds it
 * (actions/undo.js).
 * @import { MessageKey } from "../i18n/en.js"
 *
 * `corrections`: `Correction[]`; `files`: pictures that were taken off; `own_tagger`: one of own tags that was
 * taken away, or another version of it put in use; `rules`: over tags, and what people said of tags with them;
 * `settings`: all that was put back at once; `run`: a run that was undone as a whole; `texts`: what people
 * wrote of pictures.
 * @typedef {(typeof STEP_KINDS)[number]} StepKind
 * `key`, `params`: the message that says what was done.
 * @typedef {{id: number, key: MessageKey, params: Record<string, string | number>, kind: StepKind, data: any}} Step
 */

export const STEP_KINDS = /** @type {const} */ ([
    "corrections",
    "files",
    "own_tagger",
    "rules",
    "settings",
    "run",
    "texts",
    "words",
]);
/** More steps than anyone takes back, fewer than memory minds. */
const MAX_STEPS = 1_000;

export class History {
    /** @type {Step[]} */
    #done = [];
    /** @type {Step[]} */
    #undone = [];

    /** What the next undo and redo would take back and do again. @returns {{undo: Step | null, redo: Step | null}} */
    get next() {
        return { undo: this.#done.at(-1) ?? null, redo: this.#undone.at(-1) ?? null };
    }

    /** Replaces all steps. @param {readonly (Step & {is_undone: boolean})[]} steps in the order in which they were done */
    load(steps) {
        const of = (/** @type {boolean} */ isUndone) => steps.filter(({ is_undone: one }) => one === isUndone);
        this.#done = of(false).slice(-MAX_STEPS);
        this.#undone = of(true).reverse();
    }

    /** Remembers a step that was just done; what was undone before it is gone for good. @param {Step} step */
    add(step) {
        this.#done.push(step);
        if (this.#done.length > MAX_STEPS) this.#done.shift();
        this.#undone = [];
    }

    /** @returns {Step | undefined} the step to take back */
    undo() {
        return move(this.#done, this.#undone);
    }

    /** @returns {Step | undefined} the step to do again */
    redo() {
        return move(this.#undone, this.#done);
    }
}

/** @param {Step[]} from @param {Step[]} to */
function move(from, to) {
    const step = from.pop();
    if (step) to.push(step);
    return step;
}
