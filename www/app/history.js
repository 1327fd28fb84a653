/**
 * What can be undone, and done again. A step knows both ways; it is done by whoever adds it.
 *
 * @typedef {{name: string, undo: () => void, redo: () => void}} Step `name` says in the person's language what was done
 */

/** More steps than anyone takes back, fewer than memory minds. */
const MAX_STEPS = 1_000;

export class History {
    /** @type {Step[]} */
    #done = [];
    /** @type {Step[]} */
    #undone = [];

    /** What the next undo and redo would take back and do again. */
    get next() {
        return { undo: this.#done.at(-1)?.name ?? null, redo: this.#undone.at(-1)?.name ?? null };
    }

    /** Remembers a step that was just done; what was undone before it is gone for good. @param {Step} step */
    add(step) {
        this.#done.push(step);
        if (this.#done.length > MAX_STEPS) this.#done.shift();
        this.#undone = [];
    }

    /** @returns {Step | undefined} the step taken back */
    undo() {
        const step = this.#done.pop();
        if (!step) return undefined;
        step.undo();
        this.#undone.push(step);
        return step;
    }

    /** @returns {Step | undefined} the step done again */
    redo() {
        const step = this.#undone.pop();
        if (!step) return undefined;
        step.redo();
        this.#done.push(step);
        return step;
    }
}
