/**
 * Undo and redo, and the order of what people do. The history is that of the library, whichever tab has made a step: what is next in it is
 * decided by the store, and a tab that was not up to date looks again.
 * @import { MessageKey } from "../../i18n/en.js"
 * @import { Step, StepKind } from "../history.js"
 * @import { Library } from "../library.js"
 *
 * What happens to a step besides, for whoever keeps it. @typedef {{id: number, is_undone: boolean}} StepMove
 * How steps of one kind are taken back and done again. Whoever handles them keeps the step and its moves, together with what they change.
 * @typedef {{
 *   undo: (data: any, move: StepMove) => void | Promise<void>, redo: (data: any, move: StepMove) => void | Promise<void> }} StepHandler
 */
import { hasMessage, message } from "../../i18n/messages.js";
import { CodedError, failureOf } from "../../core/protocol.js";
import { batch, effect, untracked } from "../../vendor/signals.js";
import { History, STEP_KINDS } from "../history.js";
import { isPassed } from "../library.js";
import * as state from "../state.js";
import { announce, notify } from "./notices.js";
import { reportUnread } from "./store_problems.js";

/** @typedef {ReturnType<typeof createUndo>} Undo */

/** @param {Pick<Library, "call">} library */
export function createUndo(library) {
    const history = new History();
    /** @type {Map<StepKind, StepHandler>} */
    const handlers = new Map();
    /** Steps that have to ask the engine first. @type {Promise<void> | null} */
    let inFlight = null;
    /** How often this tab has changed the history: what was read before is of no use after it. */
    let nChanges = 0;
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
        // Another tab may add one in the same millisecond.
        lastId = Math.max(lastId + 1, Date.now() * 1_000 + Math.floor(Math.random() * 1_000));
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
        nChanges++;
        showNext();
        (isShown ? notify : announce)(step.key, step.params);
        return step;
    }

    /** @param {"undo" | "redo"} way */
    function go(way) {
        inOrder(() => {
            const next = history.next[way];
            const handler = next && handlers.get(next.kind);
            if (!next || !handler) return; // what it takes to do that is still on its way
            history[way]();
            nChanges++;
            const move = { id: next.id, is_undone: way === "undo" };
            const act = (/** @type {unknown} */ data) => batch(() => handler[way](data, move));
            const tell = () => tellMoved(next, move);
            const stuck = (/** @type {unknown} */ error) =>
                isPassed(error) ? void retake(move).catch(reportUnread) : reportStuck(way, error);
            try {
                const going = next.data === null ? dataOf(next).then(act) : act(next.data);
                return going ? going.then(tell, stuck) : tell();
            } catch (error) {
                return stuck(error);
            }
        });
    }

    /** What is long, or of another tab, was left where it is until now. @param {Step} step */
    async function dataOf({ id }) {
        const data = await library.call("step_data", { id });
        if (data === null) throw new CodedError("step_passed", "The step is gone.");
        return data;
    }

    /** @param {Step} step @param {StepMove} move */
    function tellMoved(step, move) {
        nChanges++;
        batch(() => {
            showNext();
            notify(move.is_undone ? "said_undone" : "said_redone", { what: wordsOf(step) ?? "" });
        });
    }

    /** Nothing was moved, so the step is where it was. @param {"undo" | "redo"} way @param {unknown} error */
    function reportStuck(way, error) {
        history[way === "undo" ? "redo" : "undo"]();
        nChanges++;
        showNext();
        state.problem.value = failureOf(error, "library_unreadable");
    }

    /** The steps of earlier visits, and of other tabs. @param {readonly (Step & {is_undone: boolean})[]} steps */
    function loadSteps(steps) {
        history.load(withinReach(steps));
        lastId = Math.max(lastId, steps.at(-1)?.id ?? 0);
        nChanges++;
        showNext();
    }

    /** What is in the library's history by now, with all that this tab did. */
    async function takeSteps() {
        for (;;) {
            const at = nChanges;
            const steps = /** @type {(Step & {is_undone: boolean})[]} */ (await library.call("steps", {}));
            while (inFlight) await inFlight.catch(() => {});
            if (at !== nChanges) continue;
            loadSteps(steps);
            return steps;
        }
    }

    /** The store has refused a move: unless another tab has made the same one, what is next by now is taken. @param {StepMove} move */
    async function retake({ id, is_undone: isUndone }) {
        const step = (await takeSteps()).find((one) => one.id === id);
        if (step?.is_undone !== isUndone) go(isUndone ? "undo" : "redo");
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
        retake,
        takeSteps,
        undo: () => go("undo"),
        redo: () => go("redo"),
    };
}

/** @param {Step} step */
const wordsOf = ({ key, params }) =>
    hasMessage(state.language.value, key) ? message(state.language.value, key, params) : null;

/**
 * Those that can be undone and done again one after the other: a step that this page does not understand ends that, as what is beyond it
 * does not hold without it.
 * @template {Step & {is_undone: boolean}} S @param {readonly S[]} steps
 */
function withinReach(steps) {
    const nDone = steps.filter(({ is_undone: isUndone }) => !isUndone).length;
    const isUnknown = (/** @type {S} */ step) => !isKnown(step);
    const first = steps.slice(0, nDone).findLastIndex(isUnknown) + 1;
    const nAgain = steps.slice(nDone).findIndex(isUnknown);
    return steps.slice(first, nAgain < 0 ? undefined : nDone + nAgain);
}

/** Whether this version of the page can tell of it, and take it back: it may have been written by another, or by someone else. @param {Step} step */
const isKnown = ({ id, key, params, kind }) =>
    Number.isSafeInteger(id) && typeof key === "string" && Object(params) === params && STEP_KINDS.includes(kind);
