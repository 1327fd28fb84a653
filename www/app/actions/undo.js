/**
 * Undo and redo, and the order of what people do.
 * @import { MessageKey } from "../../i18n/en.js"
 * @import { Step } from "../history.js"
 */
import { message } from "../../i18n/messages.js";
import { batch } from "../../vendor/signals.js";
import { History } from "../history.js";
import * as state from "../state.js";
import { announce, notify } from "./notices.js";

/** @typedef {ReturnType<typeof createUndo>} Undo */

export function createUndo() {
    const history = new History();
    /** Steps that have to ask the engine first. @type {Promise<void> | null} */
    let inFlight = null;

    /**
     * What people do counts in the order in which they did it: who presses X and then Z at once takes back what X did.
     * @param {() => Promise<void> | void} step done at once where nothing is under way
     */
    function inOrder(step) {
        const done = inFlight ? inFlight.then(step, step) : step();
        if (!done) return undefined;
        const mine = done.finally(() => {
            if (inFlight === mine) inFlight = null;
        });
        return (inFlight = mine);
    }

    /**
     * @param {MessageKey} key what was done @param {Record<string, string | number>} params
     * @param {{undo: () => void, redo: () => void}} ways @param {boolean} [isShown] whether everyone is told, or only who cannot see it
     */
    function rememberStep(key, params, ways, isShown = true) {
        history.add({ name: message(state.language.value, key, params), ...ways });
        state.history.value = history.next;
        (isShown ? notify : announce)(key, params);
    }

    /** @param {"said_undone" | "said_redone"} key @param {() => Step | undefined} go */
    function moveInHistory(key, go) {
        const stepNow = () =>
            batch(() => {
                const step = go();
                state.history.value = history.next;
                if (step) notify(key, { what: step.name });
            });
        inOrder(stepNow);
    }

    return {
        inOrder,
        rememberStep,
        undo: () => moveInHistory("said_undone", () => history.undo()),
        redo: () => moveInHistory("said_redone", () => history.redo()),
    };
}
