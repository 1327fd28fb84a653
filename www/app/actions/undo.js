/**
 * Undo and redo, and the order of what people do.
 * @import { MessageKey } from "../../i18n/en.js"
 * @import { Step, StepKind } from "../history.js"
 * @import { Library } from "../library.js"
 *
 * What happens to a step besides, for whoever keeps it. @typedef {{id: number, is_undone: boolean}} StepMove
 * How steps of one kind are taken back and done again. With `keepsItself`, whoever handles them keeps the step and its moves, together
 * with what they change.
 * @typedef {{
 *   undo: (data: any, move: StepMove) => void | Promise<void>, redo: (data: any, move: StepMove) => void | Promise<void>,
 *   keepsItself?: boolean }} StepHandler
 */
import { hasMessage, message } from "../../i18n/messages.js";
import { failureOf } from "../../core/protocol.js";
import { batch, effect, untracked } from "../../vendor/signals.js";
import { History, STEP_KINDS } from "../history.js";
import * as state from "../state.js";
import { announce, notify } from "./notices.js";

/** @typedef {ReturnType<typeof createUndo>} Undo */

/** @param {Pick<Library, "call" | "write">} library */
export function createUndo(library) {
    const history = new History();
    /** @type {Map<StepKind, StepHandler>} */
    const handlers = new Map();
    /** Steps that have to ask the engine first. @type {Promise<void> | null} */
    let inFlight = null;
    let lastId = 0;

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

    /** Before the first step of that kind. @param {StepKind} kind @param {StepHandler} handler */
    function handle(kind, handler) {
        handlers.set(kind, handler);
    }

    /**
     * A step that may still fail: whoever keeps it remembers it then.
     * @param {MessageKey} key what was done @param {Record<string, string | number>} params @param {Pick<Step, "kind" | "data">} how @returns {Step}
     */
    function newStep(key, params, how) {
        lastId = Math.max(lastId + 1, Date.now() * 1_000); // whoever else adds steps does so at another moment
        return { id: lastId, key, params, ...how };
    }

    /**
     * @param {MessageKey} key @param {Record<string, string | number>} params @param {Pick<Step, "kind" | "data">} how
     * @param {boolean} [isShown] @returns {Step} for whoever keeps it
     */
    const rememberStep = (key, params, how, isShown) => remember(newStep(key, params, how), isShown);

    /** @param {Step} step @param {boolean} [isShown] whether everyone is told, or only who cannot see it */
    function remember(step, isShown = true) {
        history.add(step);
        showNext();
        (isShown ? notify : announce)(step.key, step.params);
        if (!handlers.get(step.kind)?.keepsItself) library.write("add_step", { step });
        return step;
    }

    /** @param {"undo" | "redo"} way */
    function go(way) {
        inOrder(() => {
            const next = history.next[way];
            const handler = next && handlers.get(next.kind);
            if (!next || !handler) return; // what it takes to do that is still on its way
            history[way]();
            const move = { id: next.id, is_undone: way === "undo" };
            const act = (/** @type {unknown} */ data) => batch(() => handler[way](data, move));
            const tell = () => tellMoved(next, move, handler);
            try {
                // What is long was left where it is until now.
                const going =
                    next.data === null ? library.call("step_data", { id: next.id }).then(act) : act(next.data);
                return going ? going.then(tell, (error) => reportStuck(way, error)) : tell();
            } catch (error) {
                return reportStuck(way, error);
            }
        });
    }

    /** @param {Step} step @param {StepMove} move @param {StepHandler} handler */
    function tellMoved(step, move, { keepsItself = false }) {
        batch(() => {
            showNext();
            notify(move.is_undone ? "said_undone" : "said_redone", { what: wordsOf(step) ?? "" });
        });
        if (!keepsItself) library.write("move_step", move);
    }

    /** Nothing was moved, so the step is where it was. @param {"undo" | "redo"} way @param {unknown} error */
    function reportStuck(way, error) {
        history[way === "undo" ? "redo" : "undo"]();
        showNext();
        state.problem.value = failureOf(error, "library_unreadable");
    }

    /** The steps of earlier visits. @param {readonly (Step & {is_undone: boolean})[]} steps */
    function loadSteps(steps) {
        history.load(steps.filter(isKnown));
        lastId = steps.at(-1)?.id ?? 0;
        showNext();
    }

    function showNext() {
        const { undo, redo } = history.next;
        state.history.value = { undo: undo && wordsOf(undo), redo: redo && wordsOf(redo) };
    }

    // The words of earlier steps may come after them, and in another language.
    effect(() => {
        void [state.language.value, state.parts.value];
        untracked(showNext);
    });

    return {
        handle,
        inOrder,
        loadSteps,
        newStep,
        remember,
        rememberStep,
        undo: () => go("undo"),
        redo: () => go("redo"),
    };
}

/** @param {Step} step */
const wordsOf = ({ key, params }) =>
    hasMessage(state.language.value, key) ? message(state.language.value, key, params) : null;

/** Whether this version of the page can tell of it, and take it back: it may have been written by another, or by someone else. @param {Step} step */
const isKnown = ({ id, key, params, kind }) =>
    Number.isSafeInteger(id) && typeof key === "string" && Object(params) === params && STEP_KINDS.includes(kind);
