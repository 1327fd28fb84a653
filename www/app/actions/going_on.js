/**
 * A batch that an earlier visit has left under way goes on where the browser lets its files be opened; of the others it is said that they
 * are needed once more. One tab at a time has a batch under way: what another one still tags is left to it.
 * @import { Context } from "../context.js"
 * @import { FileActions } from "./files.js"
 * @import { SecondLookActions } from "./second_looks.js"
 * @import { TaggingActions } from "./tagging.js"
 */
import { FILE_STATES } from "../../db/protocol.js";
import { effect, untracked } from "../../vendor/signals.js";
import * as state from "../state.js";

/** @typedef {ReturnType<typeof createGoingOn>} GoingOn */

/** @param {Pick<Context, "library" | "platform">} context @param {FileActions} files @param {Pick<TaggingActions, "requeue" | "tagStopped">} tagging @param {Pick<SecondLookActions, "isWanted" | "takeUpKept">} looks */
export function createGoingOn(
    { library, platform },
    { openFiles, unlockFiles },
    { requeue, tagStopped },
    { isWanted, takeUpKept },
) {
    const lock = `tagsmith-batch ${platform.store.scope}`;
    /** @type {Promise<void> | null} */
    let turn = null;
    /** @type {(() => void) | null} */
    let letGo = null;
    /** What waits for the turn, or needs it for more than a batch. */
    let nWanting = 0;

    /** Until no other tab has a batch under way; held until this one has none. @returns {Promise<void>} */
    function takeTurn() {
        const { locks } = globalThis.navigator ?? {};
        if (!locks) return Promise.resolve();
        turn ??= new Promise((taken) => {
            void locks.request(lock, () => {
                taken();
                return new Promise((end) => {
                    letGo = () => end(null);
                    endTurn();
                });
            });
        });
        return turn;
    }

    /** Nothing is under way here, and nothing waits for it to be. */
    function endTurn() {
        if (!letGo || nWanting > 0 || state.isRunning.value) return;
        letGo();
        letGo = turn = null;
    }

    /** While no other tab has a batch under way. @param {() => Promise<void>} act */
    async function inTurn(act) {
        nWanting++;
        try {
            await takeTurn();
            await act();
        } finally {
            nWanting--;
            endTurn();
        }
    }

    /** A batch of this tab's own waits for nobody, but others wait for it. */
    function watchTurns() {
        return effect(() => {
            const { value: isRunning } = state.isRunning;
            untracked(() => {
                if (isRunning) void takeTurn();
                else endTurn();
            });
        });
    }

    /** Pictures that were to be tagged, or looked at again, when the page was left. @param {readonly number[]} ids @param {readonly number[]} onceLooked */
    async function goOn(ids, onceLooked) {
        if (ids.length + onceLooked.length === 0) return;
        await inTurn(async () => {
            const { collection } = library;
            const { states, ids: known } = await library.call("files", { collection, ids });
            const waiting = Array.from(known).filter((_, idx) => FILE_STATES[states[idx] ?? 0] === "waiting");
            await openAndTag(waiting.filter((id) => state.pictureOf(id)?.state === "stopped"));
        });
        await library.modelRef();
        if (isWanted()) void takeUpKept((await openFiles(onceLooked)).open);
    }

    /** Of those whose files cannot be opened it is said that they are needed. @param {readonly number[]} ids @returns {Promise<number[]>} those that are tagged */
    async function openAndTag(ids) {
        const { open, locked, missing } = await openFiles(ids);
        needNoFilesOf(ids, { locked, missing });
        return requeue(open);
    }

    /** @param {readonly number[]} ids @param {{locked: readonly number[], missing: readonly number[]}} [more] those that need theirs now */
    function needNoFilesOf(ids, more = { locked: [], missing: [] }) {
        const { value: before } = state.filesNeeded;
        const isGone = new Set(ids);
        const rest = (/** @type {readonly number[]} */ some = []) => some.filter((id) => !isGone.has(id));
        const locked = [...rest(before?.locked), ...more.locked];
        const missing = [...rest(before?.missing), ...more.missing];
        state.filesNeeded.value = locked.length + missing.length > 0 ? { locked, missing } : null;
    }

    /** @param {readonly number[]} ids */
    function openFileless(ids) {
        const fileless = ids.filter((id) => state.pictureOf(id)?.file === null);
        if (fileless.length > 0) void openAndTag(fileless);
    }

    /** Tags pictures anew, whether they failed or not. @param {Iterable<number>} ids */
    function retag(ids) {
        const all = [...ids];
        requeue(all);
        openFileless(all);
    }

    /** @param {number} id */
    const retry = (id) => retag([id]);

    /** Tags what was left out. */
    function tagAllStopped() {
        const stopped = state.orderedIds.value.filter((id) => state.pictureOf(id)?.state === "stopped");
        tagStopped();
        openFileless(stopped);
    }

    /** They have their files: those that waited for them are tagged. @param {readonly number[]} ids */
    function goOnWithGiven(ids) {
        void takeUpKept(ids);
        const { value: needed } = state.filesNeeded;
        if (!needed) return;
        const given = new Set(ids);
        requeue([...needed.locked, ...needed.missing].filter((id) => given.has(id)));
        needNoFilesOf(ids);
    }

    /** Asks the browser to open files again; to be called right after a click. */
    async function unlockNeeded() {
        const { locked = [], missing = [] } = state.filesNeeded.value ?? {};
        await unlockFiles(locked);
        await openAndTag([...locked, ...missing]);
    }

    return {
        goOn,
        goOnWithGiven,
        inTurn,
        needNoFilesOf,
        openAndTag,
        retag,
        retry,
        tagStopped: tagAllStopped,
        unlockNeeded,
        watchTurns,
    };
}
