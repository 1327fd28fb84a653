/**
 * Runs: listed, taken back as a whole and done again. What a person said stays as it is.
 * @import { Actions } from "../actions.js"
 * @import { Context } from "../context.js"
 * @import { Run } from "../../db/protocol.js"
 * @import { Undo } from "./undo.js"
 */
import * as state from "../state.js";
import { ask, change } from "./asking.js";

/** @param {Context} context @param {Pick<Actions, "refreshShown">} actions @param {Pick<Undo, "handle" | "rememberStep">} history */
export function createRuns(context, { refreshShown }, { handle, rememberStep }) {
    /** @param {{run: number, undone: boolean}} wanted */
    async function set(wanted) {
        const store = await context.openStore();
        await store.call("undo_run", wanted);
        await refreshShown();
        if (state.runs.value) await refreshRuns();
    }

    handle("run", { undo: ({ run, undone }) => set({ run, undone: !undone }), redo: set });

    async function refreshRuns() {
        const all = await ask(context, (store) => store.call("runs", {}));
        if (all) state.runs.value = all;
    }

    /** Takes a run back, or does it again; a step like any other. @param {Run} run */
    async function toggleRun({ id, tagger, undone_ms: undoneMs }) {
        const data = { run: id, undone: undoneMs === null };
        if (!(await change(context, () => set(data)))) return;
        rememberStep(data.undone ? "did_undo_run" : "did_redo_run", { name: tagger }, { kind: "run", data });
    }

    return { refreshRuns, toggleRun };
}
