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
    /** @type {(() => void) | null} */
    let letGo = null;
    let isAsked = false;

    /** Until no other tab has a batch under way; held until this one has none. @returns {Promise<void>} */
    function takeTurn() {
        const { locks } = globalThis.navigator ?? {};
        if (!locks || isAsked) return Promise.resolve();
        isAsked = true;
        return new Promise((turn) => {
            void locks.request(lock, () => {
                turn();
                return new Promise((end) => {
                    letGo = () => end(null);
                });
            });
        });
    }

    function endTurn() {
        letGo?.();
        letGo = null;
        isAsked = false;
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
        await takeTurn();
        const { collection } = library;
        const { states, ids: known } = await library.call("files", { collection, ids });
        const waiting = Array.from(known).filter((_, idx) => FILE_STATES[states[idx] ?? 0] === "waiting");
        await openAndTag(waiting.filter((id) => state.pictureOf(id)?.state === "stopped"));
        if (!state.isRunning.value) endTurn();
        await library.modelRef();
        if (isWanted()) void takeUpKept((await openFiles(onceLooked)).open);
    }

    /** Of those whose files cannot be opened it is said that they are needed. @param {readonly number[]} ids */
    async function openAndTag(ids) {
        const { open, locked, missing } = await openFiles(ids);
        requeue(open);
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
        const [locked = [], missing = []] = [needed.locked, needed.missing].map((some) =>
            some.filter((id) => !given.has(id)),
        );
        state.filesNeeded.value = locked.length + missing.length > 0 ? { locked, missing } : null;
    }

    /** Asks the browser to open files again; to be called right after a click. */
    async function unlockNeeded() {
        const { locked = [], missing = [] } = state.filesNeeded.value ?? {};
        await unlockFiles(locked);
        await openAndTag([...locked, ...missing]);
    }

    return { goOn, goOnWithGiven, retag, retry, tagStopped: tagAllStopped, unlockNeeded, watchTurns };
}
