/**
 * Undo and redo, and the order of what people do.
 * @import { MessageKey } from "../../i18n/en.js"
 * @import { Step } from "../history.js"
 */
import { message } from "../../i18n/messages.js";
import { batch } from "../../vendor/signals.js";
import { History } from "../history.js";
import * as state from "../state.js";
import { show } from "./say.js";

/** @typedef {ReturnType<typeof create_undo>} Undo */

export function create_undo() {
    const history = new History();
    /** Deeds that have to ask the engine first. @type {Promise<void> | null} */
    let under_way = null;

    /**
     * What people do counts in the order in which they did it: who presses X and then Z at once takes back what X did.
     * @param {() => Promise<void> | void} deed done at once where nothing is under way
     */
    function in_turn(deed) {
        const done = under_way ? under_way.then(deed, deed) : deed();
        if (!done) return undefined;
        const mine = done.finally(() => {
            if (under_way === mine) under_way = null;
        });
        return (under_way = mine);
    }

    /**
     * @param {MessageKey} key what was done @param {Record<string, string | number>} params
     * @param {{undo: () => void, redo: () => void}} ways @param {boolean} [is_shown] whether it is said to everyone
     */
    function remember_step(key, params, ways, is_shown = true) {
        history.add({ name: message(state.language.value, key, params), ...ways });
        state.history.value = history.next;
        if (is_shown) show(key, params);
    }

    /** @param {"said_undone" | "said_redone"} key @param {() => Step | undefined} go */
    function step_through(key, go) {
        const step_now = () =>
            batch(() => {
                const step = go();
                state.history.value = history.next;
                if (step) show(key, { what: step.name });
            });
        in_turn(step_now);
    }

    return {
        in_turn,
        remember_step,
        undo: () => step_through("said_undone", () => history.undo()),
        redo: () => step_through("said_redone", () => history.redo()),
    };
}
