/**
 * Second looks: pictures that have their first tags are looked at again for objects, in the background. What a second look says joins the
 * first tags; whatever becomes of it, those stay.
 * @import { Tagging } from "../../core/engine_api.d.ts"
 * @import { Context } from "../context.js"
 * @import { PictureEntry } from "../state.js"
 */
import { objectsFailure } from "../../core/second_looks.js";
import { batch, effect, signal, untracked } from "../../vendor/signals.js";
import * as state from "../state.js";
import { announce } from "./notices.js";
import { reportUnwritten } from "./store_problems.js";

/** @typedef {ReturnType<typeof createSecondLooks>} SecondLookActions */

/** @param {Pick<Context, "library" | "pool" | "session">} context */
export function createSecondLooks({ library, pool, session }) {
    /** The first looks that have no second one yet, whether one is asked for or not, by picture. @type {Map<number, Tagging>} */
    const firsts = new Map();
    /** Those that are asked for, with what tells one request from a later one, by picture. @type {Map<number, symbol>} */
    const looks = new Map();
    /** How many were asked for since nothing was under way. */
    let nOfRun = 0;
    /** The detector cannot be used, and nobody has asked to try again. */
    const isOff = signal(false);

    const isWanted = () =>
        !isOff.value && state.settings.value.is_finding_objects && state.engine.value.facts?.has_second_look === true;

    /** A picture has its first tags: it is looked at again, unless that is not wanted. @param {number} id @param {Tagging} first */
    function add(id, first) {
        forget([id]);
        firsts.set(id, first);
        takeUp([id]);
        countLeft();
    }

    /** @param {number} id @param {Tagging} first */
    async function look(id, first) {
        const picture = state.pictureOf(id);
        if (!picture?.file || picture.look) return;
        const asked = Symbol(id);
        // Of no use any more where the picture is gone, or was tagged anew meanwhile.
        const isStill = () => looks.get(id) === asked;
        looks.set(id, asked);
        nOfRun++;
        setLook(id, "waiting");
        try {
            const tagging = await pool.lookAgain(id, picture.file, first, () => isStill() && setLook(id, "looking"));
            if (isStill()) await keep(id, tagging);
        } catch {
            // What failed has its first tags, and keeps them.
        }
        if (!isStill()) return;
        firsts.delete(id);
        end([id]);
    }

    /** @param {number} id @param {Tagging} tagging */
    async function keep(id, tagging) {
        const { size = 0 } = state.pictureOf(id) ?? {};
        await library.record({ id, size, tagging, looks: 2 }).catch((error) => {
            reportUnwritten(error);
            throw error;
        });
        session.record({ id, tagging });
        const cell = state.pictures.get(id);
        if (cell?.value.facts)
            cell.value = { ...cell.value, looks: 2, facts: { ...cell.value.facts, timings_ms: tagging.timings_ms } };
    }

    /** Nothing is under way any more. */
    function endRun() {
        if (nOfRun > 1 && !state.isRunning.value) announce("said_looked_closer", { n: nOfRun });
        nOfRun = 0;
        if (!state.isRunning.value) library.endRun();
        if (state.isRunning.value || !state.isPaused.value) return;
        // Nothing is left that could go on.
        state.isPaused.value = false;
        pool.resume();
    }

    /** @param {number} id @param {PictureEntry["look"]} look */
    function setLook(id, look) {
        const cell = state.pictures.get(id);
        if (!cell || cell.value.look === look) return;
        batch(() => {
            state.nSecondLooks.value += Number(look !== undefined) - Number(cell.value.look !== undefined);
            const { look: _, ...picture } = cell.value;
            cell.value = look === undefined ? picture : { ...picture, look };
            countLeft();
        });
    }

    /** What could be looked at again, and is not going to be. */
    function countLeft() {
        const isPossible = state.settings.value.is_finding_objects && firsts.size > 0;
        state.nLooksLeft.value = isPossible && (isWanted() || isOff.value) ? firsts.size - state.nSecondLooks.value : 0;
    }

    /** What waits is dropped, and can be taken up again. @param {Iterable<number>} [ids] @returns {number} how many those are */
    function drop(ids = firsts.keys()) {
        const dropped = new Set([...ids].filter((id) => state.pictureOf(id)?.look === "waiting"));
        pool.cancelSecondLooks((id) => dropped.has(id));
        end(dropped);
        return dropped.size;
    }

    /** @param {Iterable<number>} ids */
    function end(ids) {
        batch(() => {
            for (const id of ids) {
                looks.delete(id);
                setLook(id, undefined);
            }
            countLeft();
            if (nOfRun > 0 && state.nSecondLooks.value === 0) endRun();
        });
    }

    /** What was dropped is asked for. @param {Iterable<number>} ids */
    function takeUp(ids) {
        if (!isWanted()) return;
        batch(() => {
            for (const id of ids) {
                const first = firsts.get(id);
                if (first) void look(id, first);
            }
        });
    }

    /** Everything that was dropped, also where the detector could not be used. */
    function takeUpDropped() {
        isOff.value = false;
        if (state.problem.value?.code.startsWith("objects_")) state.problem.value = null;
        pool.retryObjects();
        takeUp(state.orderedIds.value);
    }

    /** There is nothing to look at again: it was done, the picture is gone, or has no first tags any more. @param {Iterable<number>} [ids] */
    function forget(ids = firsts.keys()) {
        const gone = new Set([...ids].filter((id) => firsts.has(id)));
        if (gone.size === 0) return;
        pool.cancelSecondLooks((id) => gone.has(id));
        for (const id of gone) firsts.delete(id);
        end(gone);
    }

    /** For putting a picture back. @param {number} id */
    const firstOf = (id) => firsts.get(id);

    /** The workers were ended: what they had in hand waits again. */
    function rest() {
        for (const id of firsts.keys()) if (state.pictureOf(id)?.look) setLook(id, "waiting");
    }

    /** The first tags are on screen: now the detector may be fetched. */
    function tagsDrawn() {
        state.areTagsDrawn.value = true;
    }

    /** The detector’s files are there, and may be kept for use offline. */
    function objectsLoaded() {
        state.areObjectsLoaded.value = true;
    }

    /** The detector is missing, damaged, or ends workers. It is said once, and nothing waits for it. @param {unknown} error */
    function objectsOff(error) {
        const { code, detail } = objectsFailure(error);
        isOff.value = true;
        rest();
        drop();
        state.problem.value ??= { code, detail };
    }

    /**
     * Pictures that were tagged in an earlier visit, have their files now, and were not looked at again: one after the other, as each is
     * read from where it is kept when its turn comes.
     * @param {readonly number[]} ids
     */
    async function takeUpKept(ids) {
        if (!isWanted()) return;
        for (const id of ids) {
            const { looks: nLooks, file, state: now } = state.pictureOf(id) ?? {};
            if (nLooks !== 1 || !file || now !== "done" || firsts.has(id)) continue;
            const first = await library.taggingOf(id).catch(() => null);
            if (!first || firsts.has(id) || state.pictureOf(id)?.looks !== 1) continue;
            firsts.set(id, first);
            countLeft();
            if (isWanted()) await look(id, first);
        }
    }

    /** Switched off, what waits is dropped; switched on, everything that was not looked at again is. @returns {() => void} ends that */
    function watchSecondLooks() {
        let wasOn = state.settings.value.is_finding_objects;
        return effect(() => {
            const { is_finding_objects: isOn } = state.settings.value;
            if (isOn === wasOn) return;
            wasOn = isOn;
            untracked(() => {
                if (isOn) takeUpDropped();
                else drop();
                countLeft();
            });
        });
    }

    return {
        add,
        drop,
        firstOf,
        forget,
        isWanted,
        objectsLoaded,
        objectsOff,
        rest,
        tagsDrawn,
        takeUp,
        takeUpDropped,
        takeUpKept,
        watchSecondLooks,
    };
}
