/**
 * Pictures in the grid: added, cancelled while they wait, taken off and put back.
 * @import { Context } from "../context.js"
 * @import { SecondLookActions } from "./second_looks.js"
 * @import { TaggingActions } from "./tagging.js"
 * @import { Undo } from "./undo.js"
 * @import { Tagging } from "../../core/engine_api.d.ts"
 * @import { FoundFile } from "../../platform/platform.d.ts"
 * @import { PictureEntry } from "../state.js"
 */
import { batch, signal } from "../../vendor/signals.js";
import * as state from "../state.js";
import { notify } from "./notices.js";
import { keepCurrent } from "./places.js";

/** More files than this are not put into the grid in one go. */
const CHUNK_SIZE = 500;

/** @typedef {ReturnType<typeof createPictures>} PictureActions */
/**
 * `first`: where it was not looked at again yet.
 * @typedef {{
 *   picture: PictureEntry, result: ReturnType<Context["session"]["resultOf"]>, first: Tagging | undefined,
 *   engine: Context["engine"] }} RemovedPicture
 *
 * Pictures that were taken off, each with its place in the grid before, the first of them first.
 * @typedef {{places: [id: number, place: number][]}} Removal
 */

/**
 * @param {Context} context @param {TaggingActions} tagging @param {Pick<SecondLookActions, "add" | "drop" | "firstOf" | "forget">} looks
 * @param {Pick<Undo, "handle" | "rememberStep">} undo
 */
export function createPictures(context, tagging, looks, { handle, rememberStep }) {
    const { beginRun, endRunIfOver, enqueue, leaveOut, resume, lowerRunBase, requeue, restoreOutcome } = tagging;
    /** Files that are not in the grid yet. @type {readonly FoundFile[]} */
    let incoming = [];
    let isAdding = false;
    let nextId = 1;
    /** The pictures that files have become. @type {WeakMap<File, number>} */
    const idOf = new WeakMap();
    /** How often it was cancelled: what began to come in before that is not tagged either. */
    let nCancels = 0;
    const cancelCount = () => nCancels;
    /** What was taken off in this visit. @type {Map<number, RemovedPicture>} */
    const removedById = new Map();

    /**
     * Adds pictures to the grid; what is under way goes on.
     * @param {readonly FoundFile[]} found @param {number} [begun] what `cancelCount` said when they began to come in
     */
    function addPictures(found, begun = nCancels) {
        if (begun !== nCancels) return addToGrid(found, "stopped");
        incoming = [...incoming, ...found];
        if (!isAdding) void addIncoming();
    }

    /** The first chunk at once, the others with room in between for what people do meanwhile. */
    async function addIncoming() {
        isAdding = true;
        while (incoming.length > 0) {
            const some = incoming.slice(0, CHUNK_SIZE);
            incoming = incoming.slice(CHUNK_SIZE);
            addToGrid(some);
            if (incoming.length > 0) await new Promise((resolve) => setTimeout(resolve, 0));
        }
        isAdding = false;
    }

    /** @param {readonly FoundFile[]} found @param {"queued" | "stopped"} [as] */
    function addToGrid(found, as = "queued") {
        const fresh = found.map(
            ({ file, path }) => /** @type {PictureEntry} */ ({ id: nextId++, path, name: file.name, file, state: as }),
        );
        for (const { id, file } of fresh) idOf.set(file, id);
        batch(() => {
            if (as === "queued") beginRun();
            for (const picture of fresh) state.pictures.set(picture.id, signal(picture));
            state.orderedIds.value = [...state.orderedIds.value, ...fresh.map(({ id }) => id)];
            state.counts.value = { ...state.counts.value, [as]: state.counts.value[as] + fresh.length };
            state.openMenu.value = null;
        });
        context.session.add(fresh.map(asAdded));
        if (as === "queued") for (const picture of fresh) void enqueue(picture);
    }

    /** Whether a file is in the grid, or on its way there. @param {File} file */
    function isHere(file) {
        const id = idOf.get(file);
        return id === undefined || state.pictures.has(id);
    }

    /** What was found out about a file's content. @param {File} file */
    const hashOf = (file) => state.pictureOf(idOf.get(file) ?? 0)?.facts?.sha256 ?? null;

    /** @param {PictureEntry} picture */
    const asAdded = ({ id, path, file }) => ({ id, path, modified_ms: file.lastModified });

    /** Ends the run: what has not been started stays, not tagged, and what was only to be tagged again keeps its tags. */
    function cancel() {
        nCancels++;
        const later = incoming;
        incoming = [];
        const nLooks = looks.drop();
        const dropped = context.pool.cancel();
        const known = dropped.filter((id) => context.session.resultOf(id));
        const unknown = dropped.filter((id) => !context.session.resultOf(id));
        batch(() => {
            for (const id of known) restoreOutcome(id);
            leaveOut(unknown);
            if (later.length > 0) addToGrid(later, "stopped");
            if (state.isPaused.value) resume();
            endRunIfOver();
        });
        const n = unknown.length + later.length;
        if (n === 0 && known.length === 0 && nLooks > 0) notify("said_cancelled_looks", { n: nLooks });
        else if (n > 0 || known.length === 0) notify("said_cancelled", { n });
        else notify("said_cancelled_again", { n: known.length });
    }

    /** Removes pictures from the grid, all but those being tagged at this moment; they can be put back. @param {Iterable<number>} ids */
    function removePictures(ids) {
        const before = state.orderedIds.value;
        const gone = new Set(removeFromGrid(ids));
        if (gone.size === 0) return;
        /** @type {Removal} */
        const data = { places: before.flatMap((id, place) => (gone.has(id) ? [[id, place]] : [])) };
        rememberStep("said_removed", { n: gone.size }, { kind: "files", data });
    }

    handle("files", {
        undo: (/** @type {Removal} */ { places }) => restoreToGrid(places),
        redo: (/** @type {Removal} */ { places }) => void removeFromGrid(places.map(([id]) => id)),
    });

    /** @param {Iterable<number>} wanted @returns {number[]} those that went */
    function removeFromGrid(wanted) {
        /** @type {RemovedPicture[]} */
        const removed = [];
        for (const id of new Set(wanted)) {
            const first = looks.firstOf(id);
            if (state.isWorking(state.pictureOf(id)?.state ?? "tagging")) continue;
            looks.forget([id]);
            const picture = /** @type {PictureEntry} */ (state.pictureOf(id));
            removed.push({ picture, result: context.session.resultOf(id), first, engine: context.engine });
        }
        const gone = new Set(removed.map(({ picture }) => picture.id));
        context.pool.cancel((id) => gone.has(id));
        batch(() => {
            for (const id of gone) {
                state.pictures.delete(id);
                context.session.remove(id);
            }
            count(removed, -1);
            state.orderedIds.value = state.orderedIds.value.filter((id) => !gone.has(id));
            keepCurrent();
            endRunIfOver();
        });
        for (const one of removed) removedById.set(one.picture.id, one);
        return [...gone];
    }

    /** @param {Removal["places"]} places */
    function restoreToGrid(places) {
        const removed = places.flatMap(([id]) => removedById.get(id) ?? []);
        const waiting = removed.map(({ picture }) => picture).filter((picture) => picture.state === "queued");
        batch(() => {
            context.session.add(removed.map(({ picture }) => asAdded(picture)));
            for (const { picture, result, first, engine } of removed) {
                state.pictures.set(picture.id, signal(picture));
                if (!result || engine !== context.engine) continue;
                context.session.record(result);
                if (first) looks.add(picture.id, first);
            }
            count(removed, 1);
            state.orderedIds.value = inPlaces(state.orderedIds.value, places);
            if (waiting.length > 0) beginRun();
            for (const picture of waiting) void enqueue(picture);
            // What another model has found means nothing to this one.
            requeue(removed.filter(({ engine }) => engine !== context.engine).map(({ picture }) => picture.id));
        });
    }

    /** @param {readonly RemovedPicture[]} pictures @param {1 | -1} by */
    function count(pictures, by) {
        const counts = { ...state.counts.value };
        for (const { picture } of pictures) counts[picture.state] += by;
        state.counts.value = counts;
        lowerRunBase();
    }

    return { addPictures, cancel, cancelCount, hashOf, isHere, removePictures };
}

/** Puts ids back between those that are there. @param {readonly number[]} ids @param {Removal["places"]} places */
function inPlaces(ids, places) {
    const all = [...ids];
    /** @type {number[]} */
    const merged = [];
    let taken = 0;
    for (const [id, place] of places) {
        const n = Math.max(0, place - merged.length);
        merged.push(...all.slice(taken, taken + n), id);
        taken += n;
    }
    return [...merged, ...all.slice(taken)];
}
