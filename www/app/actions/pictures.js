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
import { asAdded, asNewFile, entriesOf, entryOfFile } from "../entries.js";
import { isTaggedAsAdded } from "../as_added.js";
import * as state from "../state.js";
import { notify } from "./notices.js";
import { keepCurrent } from "./places.js";

/** More files than this are not put into the grid in one go. */
const CHUNK_SIZE = 500;

/** @typedef {ReturnType<typeof createPictures>} PictureActions */
/**
 * `first`: where it was not looked at again yet.
 * @typedef {{picture: PictureEntry, first: Tagging | undefined, engine: Context["engine"]}} RemovedPicture
 *
 * Pictures that were taken off, each with its place in the grid before, the first of them first. `collection`: theirs.
 * @typedef {{places: [id: number, place: number][], collection?: number}} Removal
 */

/**
 * @param {Context} context @param {TaggingActions} tagging @param {Pick<SecondLookActions, "add" | "drop" | "firstOf" | "forget">} looks
 * @param {Pick<Undo, "handle" | "rememberStep">} undo
 */
export function createPictures(context, tagging, looks, { handle, rememberStep }) {
    const { beginRun, endRunIfOver, enqueue, leaveOut, resume, lowerRunBase, requeue, restoreOutcome } = tagging;
    const { library } = context;
    /**
     * Files that are not in the grid yet, and whether they are to be tagged; those of a batch that is tagged regardless of the collection's switch.
     * @type {{found: FoundFile, as: "queued" | "stopped", isRegardless: boolean}[]}
     */
    let incoming = [];
    /** What came in so in this visit. @type {Set<number>} */
    const regardless = new Set();
    let isAdding = false;
    let adding = Promise.resolve();
    /** The pictures that files have become, in which library. @type {WeakMap<File, {id: number, libraryId: string | null}>} */
    const becameOf = new WeakMap();
    /** Files that did not come in, since another one holds the same. @type {WeakMap<File, File>} */
    const sameAs = new WeakMap();
    /** How often it was cancelled: what began to come in before that is not tagged either. */
    let nCancels = 0;
    const cancelCount = () => nCancels;
    /** What was taken off in this visit. @type {Map<number, RemovedPicture>} */
    const removedById = new Map();

    /**
     * Adds pictures to the grid; what is under way goes on.
     * @param {readonly FoundFile[]} found @param {number} [begun] what `cancelCount` said when they began to come in
     * @param {boolean} [isRegardless] whether they are tagged whatever the switch of the collection says
     */
    function addPictures(found, begun = nCancels, isRegardless = false) {
        const as = begun === nCancels ? "queued" : "stopped";
        const all = found.map((one) => /** @type {typeof incoming[0]} */ ({ found: one, as, isRegardless }));
        incoming = [...incoming, ...all];
        if (as === "stopped") addWhatCanBe();
        if (!isAdding) adding = addIncoming();
    }

    /** Until all that has come so far is in the grid. */
    const whenAdded = () => adding;

    /** The first chunk at once, the others with room in between for what people do meanwhile. */
    async function addIncoming() {
        isAdding = true;
        while (incoming.length > 0) {
            if (!addChunk()) await library.fetchIds(CHUNK_SIZE);
            else if (incoming.length > 0) await new Promise((resolve) => setTimeout(resolve, 0));
        }
        isAdding = false;
    }

    /** As much as there are ids for: what is not tagged takes no time. */
    function addWhatCanBe() {
        while (incoming.length > 0 && addChunk());
    }

    /** @returns {boolean} whether there were ids for it */
    function addChunk() {
        const some = incoming.slice(0, CHUNK_SIZE);
        const firstId = library.takeIds(some.length);
        if (firstId === null) return false;
        incoming = incoming.slice(CHUNK_SIZE);
        const isOff = !isTaggedAsAdded(state.asAdded.value, library.collection);
        for (const [idx, one] of some.entries())
            if (one.isRegardless) regardless.add(firstId + idx);
            else if (isOff) one.as = "stopped";
        keepHandles(some, firstId);
        addToGrid(some.map(({ found, as }, idx) => entryOfFile(firstId + idx, found, as)));
        return true;
    }

    /** The way to each file, where the browser has told it. @param {typeof incoming} some @param {number} firstId */
    function keepHandles(some, firstId) {
        const sources = some.flatMap(({ found: { path, source } }, idx) =>
            source ? [{ id: firstId + idx, source: { path, ...source } }] : [],
        );
        if (sources.length > 0) void library.handles.put(sources);
    }

    /** @param {readonly PictureEntry[]} fresh */
    function addToGrid(fresh) {
        const waiting = fresh.filter(({ state }) => state === "queued");
        for (const { id, file } of fresh) if (file) claim(id, file);
        library.write("add_files", { collection: library.collection, files: fresh.map(asNewFile) });
        batch(() => {
            if (waiting.length > 0) beginRun();
            for (const picture of fresh) state.pictures.set(picture.id, signal(picture));
            state.orderedIds.value = [...state.orderedIds.value, ...fresh.map(({ id }) => id)];
            const counts = { ...state.counts.value };
            for (const { state: as } of fresh) counts[as]++;
            state.counts.value = counts;
            state.openMenu.value = null;
        });
        context.session.add(fresh.map(asAdded));
        for (const picture of waiting) void enqueue(picture);
    }

    /** Whether a file is in the grid, or on its way there. @param {File} file */
    function isHere(file) {
        return !becameOf.has(file) || state.pictures.has(idOf(file));
    }

    /** The picture that a file has become, or that was here with the same content; 0 where this library has none. @param {File} file */
    function idOf(file) {
        const { id = 0, libraryId = null } = becameOf.get(file) ?? becameOf.get(sameAs.get(file) ?? file) ?? {};
        return libraryId === library.libraryId ? id : 0;
    }

    /** A picture of an earlier visit has its file again. @param {number} id @param {File} file */
    const claim = (id, file) => void becameOf.set(file, { id, libraryId: library.libraryId });

    /** What another file holds, this one does too. @param {File} file @param {File} other */
    const noteSame = (file, other) => void sameAs.set(file, other);

    /** What was found out about a file's content. @param {File} file */
    const hashOf = (file) => state.pictureOf(idOf(file))?.facts?.sha256 ?? null;

    /** Ends the run: what has not been started stays, not tagged, and what was only to be tagged again keeps its tags. */
    function cancel() {
        nCancels++;
        const nLater = incoming.length;
        incoming = incoming.map((one) => ({ ...one, as: "stopped" }));
        const nLooks = looks.drop();
        const dropped = context.pool.cancel();
        const isKnown = (/** @type {number} */ id) => state.pictureOf(id)?.before !== undefined;
        const known = dropped.filter(isKnown);
        const unknown = dropped.filter((id) => !isKnown(id));
        batch(() => {
            for (const id of known) restoreOutcome(id);
            leaveOut(unknown);
            addWhatCanBe();
            if (state.isPaused.value) resume();
            endRunIfOver();
        });
        const n = unknown.length + nLater;
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
        const data = {
            places: before.flatMap((id, place) => (gone.has(id) ? [[id, place]] : [])),
            collection: library.collection,
        };
        const step = rememberStep("said_removed", { n: gone.size }, { kind: "files", data });
        library.write("remove_files", { ids: [...gone], removed: true, step });
    }

    handle("files", {
        undo: (data, move) => restoreToGrid(data, move),
        redo: (data, move) => {
            const ids = readPlaces(data).map(([id]) => id);
            removeFromGrid(ids);
            library.write("remove_files", { ids, removed: true, move });
        },
    });

    /** @param {Iterable<number>} wanted @returns {number[]} those that went */
    function removeFromGrid(wanted) {
        const gone = [...new Set(wanted)].filter((id) => !state.isWorking(state.pictureOf(id)?.state ?? "tagging"));
        const firsts = gone.map((id) => looks.firstOf(id));
        looks.forget(gone);
        gone.forEach((id, idx) => {
            const picture = /** @type {PictureEntry} */ (state.pictureOf(id));
            removedById.set(id, { picture, first: firsts[idx], engine: context.engine });
        });
        dropFromGrid(gone);
        return gone;
    }

    /** Whoever has taken them off. @param {readonly number[]} ids */
    function dropFromGrid(ids) {
        const gone = new Set(ids.filter((id) => state.pictures.has(id)));
        looks.forget(gone);
        context.pool.cancel((id) => gone.has(id));
        batch(() => {
            count([...gone], -1);
            for (const id of gone) {
                state.pictures.delete(id);
                context.session.remove(id);
            }
            state.orderedIds.value = state.orderedIds.value.filter((id) => !gone.has(id));
            keepCurrent();
            endRunIfOver();
        });
    }

    /** @param {Removal} data @param {import("./undo.js").StepMove} move */
    function restoreToGrid(data, move) {
        const places = readPlaces(data);
        const ids = places.map(([id]) => id);
        library.write("remove_files", { ids, removed: false, move });
        const { collection = library.collection } = data;
        if (collection !== library.collection) return; // another one is shown: they are back when it is
        const unknown = ids.filter((id) => !removedById.has(id));
        if (unknown.length === 0) return putBack(places);
        return library.call("files", { collection: library.collection, ids: unknown }).then((files) => {
            for (const picture of entriesOf(files).entries)
                removedById.set(picture.id, { picture, first: undefined, engine: context.engine });
            putBack(places);
        });
    }

    /** @param {Removal["places"]} places */
    function putBack(places) {
        const removed = places.flatMap(([id]) => (state.pictures.has(id) ? [] : (removedById.get(id) ?? [])));
        const back = new Set(removed.map(({ picture }) => picture.id));
        const waiting = removed.map(({ picture }) => picture).filter((picture) => picture.state === "queued");
        batch(() => {
            for (const { picture } of removed) state.pictures.set(picture.id, signal(picture));
            count([...back], 1);
            const there = places.filter(([id]) => back.has(id));
            state.orderedIds.value = inPlaces(state.orderedIds.value, there);
            if (waiting.length > 0) beginRun();
            for (const picture of waiting) void enqueue(picture);
            void context.session.refill([...back]);
            for (const { picture, first, engine } of removed)
                if (first && engine === context.engine) looks.add(picture.id, first);
            // What another model has found is tagged by this one as well.
            requeue(removed.filter(({ engine }) => engine !== context.engine).map(({ picture }) => picture.id));
        });
    }

    /** @param {readonly number[]} ids @param {1 | -1} by */
    function count(ids, by) {
        const counts = { ...state.counts.value };
        for (const id of ids) counts[/** @type {PictureEntry} */ (state.pictureOf(id)).state] += by;
        state.counts.value = counts;
        lowerRunBase();
    }

    /** Ids mean other pictures from now on. */
    function forgetRemoved() {
        removedById.clear();
        regardless.clear();
    }

    /** Whether somebody wished a picture tagged whatever the switch of its collection says. @param {number} id */
    const isTaggedRegardless = (id) => regardless.has(id);

    return {
        addPictures,
        cancel,
        cancelCount,
        claim,
        dropFromGrid,
        forgetRemoved,
        hashOf,
        idOf,
        isHere,
        noteSame,
        isTaggedRegardless,
        removePictures,
        whenAdded,
    };
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

/** As they were kept with a step, whoever wrote it. @param {any} data @returns {Removal["places"]} @throws TypeError where it makes no sense */
function readPlaces({ places }) {
    const isSound = Array.isArray(places) && places.every(([id, place]) => Number.isInteger(id) && place >= 0);
    if (!isSound) throw new TypeError("The step does not say what was taken off.");
    return places;
}
