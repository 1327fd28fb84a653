/**
 * Runs: listed, taken back as a whole and done again. What a person said stays as it is.
 * @import { Context } from "../context.js"
 * @import { Step } from "../history.js"
 * @import { Move, Run } from "../../db/protocol.js"
 * @import { SharedActions } from "./parts.js"
 * @import { Undo } from "./undo.js"
 *
 * @typedef {{run: number, undone: boolean}} RunChange
 */
import { effect } from "../../vendor/signals.js";
import { runName } from "../run_names.js";
import * as state from "../state.js";
import { ask, change } from "./asking.js";

/**
 * @param {Context} context @param {Pick<SharedActions, "cancel" | "forgetAnswer" | "refreshShown">} actions
 * @param {Pick<Undo, "handle" | "inOrder" | "newStep" | "remember">} history
 */
export function createRuns(context, { cancel, forgetAnswer, refreshShown }, history) {
    const { handle, inOrder, newStep, remember } = history;
    const { library } = context;

    /** @param {RunChange} wanted @param {{step?: Step, move?: Move}} how it is told of in the history, which is kept with it */
    async function set({ run, undone }, how) {
        if (undone && (await library.isUnderWay(run))) await stop();
        forgetAnswer();
        await library.call("undo_run", { run, undone, ...how });
    }

    /** What is tagged at this moment still belongs to the run. */
    async function stop() {
        cancel();
        await new Promise((resolve) => {
            const end = effect(() => {
                if (state.isBusy.value) return;
                queueMicrotask(() => end());
                resolve(null);
            });
        });
    }

    async function refresh() {
        await refreshShown();
        if (state.runs.value) await refreshRuns();
    }

    /** @param {RunChange} data as a step was kept, whoever wrote it @param {Move} move */
    async function go({ run, undone }, move) {
        if (!Number.isSafeInteger(run)) throw new TypeError("The step names no run.");
        await set({ run, undone: undone === true }, { move });
        await refresh();
    }

    handle("run", {
        undo: (/** @type {RunChange} */ { run, undone }, move) => go({ run, undone: !undone }, move),
        redo: (/** @type {RunChange} */ data, move) => go(data, move),
    });

    async function refreshRuns() {
        const all = await ask(context, (store) => store.call("runs", {}));
        if (all) state.runs.value = all;
    }

    /** Takes a run back, or does it again; a step like any other. @param {Run} run */
    const toggleRun = (run) =>
        inOrder(async () => {
            const data = { run: run.id, undone: run.undone_ms === null };
            const key = data.undone ? "did_undo_run" : "did_redo_run";
            const step = newStep(key, { name: runName(run) }, { kind: "run", data });
            const isDone = await change(context, () => set(data, { step }));
            if (!isDone) return;
            remember(step);
            await refresh();
        });

    return { refreshRuns, toggleRun };
}
