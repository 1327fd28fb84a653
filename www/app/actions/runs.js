/**
 * Runs: listed, taken back as a whole and done again. What a person said stays as it is.
 * @import { LibraryActions } from "./library.js"
 * @import { Context } from "../context.js"
 * @import { Move, NewStep, Run } from "../../db/protocol.js"
 * @import { Undo } from "./undo.js"
 */
import * as state from "../state.js";
import { ask, change } from "./asking.js";
import { notify } from "./notices.js";

/** @param {Context} context @param {Pick<LibraryActions, "showCollection">} actions @param {Pick<Undo, "handle">} history */
export function createRuns(context, { showCollection }, { handle }) {
    /**
     * The step is kept with the change, and the collection is shown anew: with other tags, and with the history as it is then.
     * @param {{run: number, undone: boolean}} wanted @param {{step?: NewStep, move?: Move}} history
     */
    async function set(wanted, history) {
        const store = await context.openStore();
        await store.call("undo_run", { ...wanted, ...history });
        await showCollection();
        if (state.runs.value) await refreshRuns();
    }

    handle("run", {
        undo: ({ run, undone }, move) => set({ run, undone: !undone }, { move }),
        redo: (/** @type {{run: number, undone: boolean}} */ data, move) => set(data, { move }),
        keepsItself: true,
    });

    async function refreshRuns() {
        const all = await ask(context, (store) => store.call("runs", {}));
        if (all) state.runs.value = all;
    }

    /** Takes a run back, or does it again; a step like any other. @param {Run} run */
    async function toggleRun({ id, tagger, undone_ms: undoneMs }) {
        const data = { run: id, undone: undoneMs === null };
        const key = data.undone ? "did_undo_run" : "did_redo_run";
        const params = { name: tagger };
        const isDone = await change(context, (store) =>
            set(data, { step: { id: store.newId(), key, params, kind: "run", data } }),
        );
        if (isDone) notify(key, params);
    }

    return { refreshRuns, toggleRun };
}
