/**
 * Outdated pictures: the model in use has not tagged them. They show what another one found, or nothing since their run was undone. Who
 * swaps the model wants them tagged again; else the page offers it. What somebody wants is kept with the collection, so that what a closed
 * tab has cut off goes on at the next visit. Nothing that a person said of a picture changes.
 * @import { ModelRef } from "../../db/protocol.js"
 * @import { Context } from "../context.js"
 * @import { Step } from "../history.js"
 * @import { FileActions } from "./files.js"
 * @import { GoingOn } from "./going_on.js"
 * @import { TaggingActions } from "./tagging.js"
 * @import { Undo } from "./undo.js"
 *
 * What is wanted of them, for the model that was in use then.
 * @typedef {{model: string, is_wanted: boolean}} Answer
 */
import { batch, effect, untracked } from "../../vendor/signals.js";
import * as state from "../state.js";
import { notify } from "./notices.js";
import { reportUnread } from "./store_problems.js";

/** @param {number} collection the setting of the library that has the answer */
const keyOf = (collection) => `tag_again ${collection}`;
/** @param {ModelRef} model */
const nameOf = ({ id, version, pipeline }) => `${id} ${version} ${pipeline}`;

const modelName = () => state.engine.value.facts?.name ?? "";

/** @typedef {ReturnType<typeof createOutdated>} OutdatedActions */

/**
 * @param {Pick<Context, "library">} context @param {Pick<TaggingActions, "requeueOutdated">} tagging @param {Pick<FileActions, "unlockFiles">} files
 * @param {Pick<GoingOn, "inTurn" | "needNoFilesOf" | "openAndTag">} goingOn @param {Pick<Undo, "newStep" | "remember">} history
 */
export function createOutdated({ library }, { requeueOutdated }, { unlockFiles }, goingOn, { newStep, remember }) {
    const { inTurn, needNoFilesOf, openAndTag } = goingOn;
    /** @type {Answer | null} */
    let answer = null;
    /** Until what is wanted has been begun, nobody has left it. */
    let isBeginning = false;

    /** Those that could be tagged again now. */
    function outdatedIds() {
        const { ids } = state.outdated.value;
        const { undone } = state.counts.value;
        const isUndone = (/** @type {number} */ id) => state.pictureOf(id)?.state === "undone";
        return [...ids.filter(isDone), ...(undone > 0 ? state.orderedIds.value.filter(isUndone) : [])];
    }

    /** Looks which they are. @returns {Promise<ReadonlySet<number>>} those that another model has tagged, whatever is under way with them */
    async function look() {
        const { collection } = library;
        const model = await library.modelRef();
        const ids = Array.from(await library.call("outdated", { collection, model }));
        if (collection !== library.collection) return new Set();
        if (answer && answer.model !== nameOf(model)) answer = null; // another one was meant
        state.outdated.value = { ids: ids.filter(isDone), areLeft: answer?.is_wanted === false };
        return new Set(ids);
    }

    const lookForOutdated = () => look().then(() => {}, reportUnread);

    /** A collection is shown. @param {number} collection @param {Record<string, unknown>} settings of the library */
    function takeAnswer(collection, settings) {
        const { model, is_wanted: isWanted } = Object(settings[keyOf(collection)]);
        answer = typeof model === "string" && typeof isWanted === "boolean" ? { model, is_wanted: isWanted } : null;
        state.outdated.value = { ids: [], areLeft: false };
    }

    /** @param {Answer | null} news @param {{step?: Step}} [how] */
    function keepAnswer(news, how = {}) {
        if (answer === null && news === null) return;
        answer = news;
        state.outdated.value = { ...state.outdated.value, areLeft: news?.is_wanted === false };
        library.write("save_settings", { settings: { [keyOf(library.collection)]: news }, ...how });
    }

    /** What was wanted in an earlier visit goes on; else it is offered. One tab at a time. */
    const goOn = () =>
        beginning(async () => {
            if (!answer?.is_wanted) return void (await look());
            await inTurn(async () => {
                await look();
                if (!answer?.is_wanted) return;
                const ids = outdatedIds();
                const { length: n } = await openAndTag(ids);
                if (ids.length === 0) keepAnswer(null);
                if (n > 0) notify("did_tag_again", { n, name: modelName() });
            });
        });

    /** Somebody wants them tagged again; to be called right after a click, as the browser may ask about their files. */
    const tagAgain = () =>
        beginning(async () => {
            const ids = outdatedIds();
            await unlockFiles(ids.filter((id) => !state.pictureOf(id)?.file));
            await begin(ids, []);
        });

    /** Another model is in place: it tags what it has not tagged before. */
    const tagAfterSwap = () =>
        beginning(async () => {
            if (state.total.value === 0 || !library.isOpen) return;
            const { collection } = library;
            forgetAnswer();
            const queued = await requeueOutdated(state.orderedIds.value, look);
            if (collection === library.collection) await begin(outdatedIds(), queued, false);
        });

    /** @param {() => Promise<void>} act */
    async function beginning(act) {
        isBeginning = true;
        try {
            await act();
        } catch (error) {
            reportUnread(error);
        } finally {
            isBeginning = false;
        }
    }

    /**
     * What is tagged is one run, and a step that can be taken back.
     * @param {readonly number[]} ids @param {readonly number[]} queued those that are tagged already @param {boolean} [isShown] as in `remember`
     */
    async function begin(ids, queued, isShown) {
        const { collection } = library;
        const model = await library.modelRef();
        const n = queued.length + (await openAndTag(ids)).length;
        const news = { model: nameOf(model), is_wanted: true };
        if (n === 0) return ids.length > 0 ? keepAnswer(news) : undefined;
        const run = await library.run();
        if (collection !== library.collection) return;
        const data = { run, undone: false };
        const step = remember(newStep("did_tag_again", { n, name: modelName() }, { kind: "run", data }), isShown);
        keepAnswer(news, { step });
    }

    /** Somebody wants them as they are. */
    async function leaveOutdated() {
        // At once, also where the model is not there yet.
        batch(() => {
            needNoFilesOf(outdatedIds());
            state.outdated.value = { ...state.outdated.value, areLeft: true };
        });
        keepAnswer({ model: nameOf(await library.modelRef()), is_wanted: false });
    }

    /** Runs are undone and done again: what was wanted before is asked anew. */
    function forgetAnswer() {
        needNoFilesOf(outdatedIds());
        keepAnswer(null);
    }

    /** Nothing is tagged any more: what is outdated still was cancelled, or waits for its file. */
    async function settle() {
        await look();
        const { locked = [], missing = [] } = state.filesNeeded.value ?? {};
        const isNeeded = new Set([...locked, ...missing]);
        const left = outdatedIds();
        const isWaiting = left.length > 0 && left.every((id) => isNeeded.has(id));
        if (answer?.is_wanted && !isBeginning && !isWaiting) keepAnswer(null);
    }

    effect(() => {
        const isOver = !state.isRunning.value && state.total.value > 0;
        untracked(() => {
            if (isOver && library.isOpen && !isBeginning) settle().catch(reportUnread);
        });
    });

    return { forgetAnswer, goOn, leaveOutdated, lookForOutdated, tagAfterSwap, tagAgain, takeAnswer };
}

/** @param {number} id */
const isDone = (id) => state.pictureOf(id)?.state === "done";
