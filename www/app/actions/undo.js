/**
 * Undo and redo, and the order of what people do.
 * @import { MessageKey } from "../../i18n/en.js"
 * @import { Step } from "../history.js"
 */
import { message } from "../../i18n/messages.js";
import { batch } from "../../vendor/signals.js";
import { History } from "../history.js";
import * as state from "../state.js";
import { show } from "./notices.js";

/** @typedef {ReturnType<typeof createUndo>} Undo */

export function createUndo() {
    const history = new History();
    /** Deeds that have to ask the engine first. @type {Promise<void> | null} */
    let underWay = null;

    /**
     * What people do counts in the order in which they did it: who presses X and then Z at once takes back what X did.
     * @param {() => Promise<void> | void} deed done at once where nothing is under way
     */
    function inTurn(deed) {
        const done = underWay ? underWay.then(deed, deed) : deed();
        if (!done) return undefined;
        const mine = done.finally(() => {
            if (underWay === mine) underWay = null;
        });
        return (underWay = mine);
    }

    /**
     * @param {MessageKey} key what was done @param {Record<string, string | number>} params
     * @param {{undo: () => void, redo: () => void}} ways @param {boolean} [isShown] whether it is said to everyone
     */
    function rememberStep(key, params, ways, isShown = true) {
        history.add({ name: message(state.language.value, key, params), ...ways });
        state.history.value = history.next;
        if (isShown) show(key, params);
    }

    /** @param {"said_undone" | "said_redone"} key @param {() => Step | undefined} go */
    function stepThrough(key, go) {
        const stepNow = () =>
            batch(() => {
                const step = go();
                state.history.value = history.next;
                if (step) show(key, { what: step.name });
            });
        inTurn(stepNow);
    }

    return {
        inTurn,
        rememberStep,
        undo: () => stepThrough("said_undone", () => history.undo()),
        redo: () => stepThrough("said_redone", () => history.redo()),
    };
}
