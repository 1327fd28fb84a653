/**
 * Runs: listed, taken back as a whole and done again. What a person said stays as it is.
 * @import { Context } from "../context.js"
 * @import { LibraryActions } from "./library.js"
 * @import { Move, Run } from "../../db/protocol.js"
 * @import { Undo } from "./undo.js"
 *
 * @typedef {{run: number, undone: boolean}} RunChange
 */
import * as state from "../state.js";
import { ask, change } from "./asking.js";

/**
 * @param {Context} context @param {Pick<LibraryActions, "refreshShown">} library
 * @param {Pick<Undo, "handle" | "rememberStep">} history
 */
export function createRuns(context, { refreshShown }, { handle, rememberStep }) {
    /** @param {RunChange} wanted @param {Move} [move] of the history, kept with it */
    async function set(wanted, move) {
        await context.library.call("undo_run", { ...wanted, move });
        await refreshShown();
        if (state.runs.value) await refreshRuns();
    }

    handle("run", {
        undo: (/** @type {RunChange} */ { run, undone }, move) => set({ run, undone: !undone }, move),
        redo: (/** @type {RunChange} */ data, move) => set(data, move),
    });

    async function refreshRuns() {
        const all = await ask(context, (store) => store.call("runs", {}));
        if (all) state.runs.value = all;
    }

    /** Takes a run back, or does it again; a step like any other. @param {Run} run */
    async function toggleRun({ id, tagger, undone_ms: undoneMs }) {
        const data = { run: id, undone: undoneMs === null };
        if (!(await change(context, () => set(data)))) return;
        const key = data.undone ? "did_undo_run" : "did_redo_run";
        const step = rememberStep(key, { name: tagger }, { kind: "run", data });
        context.library.write("add_step", { step });
    }

    return { refreshRuns, toggleRun };
}
