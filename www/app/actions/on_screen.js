/**
 * What is on screen comes first: its tags are kept up to date, its pictures are tagged next, and those that wait show what they are.
 * @import { Context } from "../context.js"
 * @import { FileActions } from "./files.js"
 */
import { batch, computed, effect, signal, untracked } from "../../vendor/signals.js";
import { placeNow } from "../place.js";
import * as state from "../state.js";
import { keepReading } from "./kept_pictures.js";

/** Without tags, and with nothing that says why. */
const WAITING = ["queued", "stopped", "decoding", "tagging"];

/** The place is kept when somebody has rested there for as long. */
const RESTED_MS = 700;

/** @param {Pick<Context, "library" | "pool" | "session">} context @param {Pick<FileActions, "fileOf">} files */
export function createOnScreen({ library, pool, session }, { fileOf }) {
    /** The pictures that somebody sees, each of them whole or in part. */
    const seen = signal(/** @type {readonly number[]} */ ([]));
    /** Those and the rows around. */
    const drawn = signal(/** @type {readonly number[]} */ ([]));
    keepReading(library, { seen, drawn });
    let keptPlace = "";
    /** Once each: what could not be decoded will not be the next time either, and tagging says why. @type {Set<number>} */
    const asked = new Set();
    /** The first tags matter most: a run begins with them, and goes on with what the others look like. */
    const isBegun = computed(() => {
        const { decoding, tagging } = state.counts.value;
        return decoding + tagging > 0 || state.finished.value > (state.finishedBeforeRun.value ?? -1);
    });
    /** Whether more pictures wait than are handed out at once. */
    const isLong = computed(() => state.counts.value.queued > pool.size);

    /**
     * Which pictures are drawn, which of them are seen, and which is open.
     * @param {number[]} ids @param {readonly number[]} seenIds @param {number | null} opened
     */
    function watchTags(ids, seenIds, opened) {
        session.watch(ids, opened);
        // What is open may be anywhere, and may cover all others.
        const wanted = opened === null || seenIds.includes(opened) ? seenIds : [opened, ...seenIds];
        pool.prefer(wanted);
        const isWanted = new Set(wanted);
        pool.cancelPreviews((id) => !isWanted.has(id));
        batch(() => {
            drawn.value = ids;
            seen.value = wanted;
        });
    }

    /** @param {number} id */
    function isPreviewWanted(id) {
        const picture = state.pictures.get(id)?.value;
        if (!picture?.file || picture.thumbnail || asked.has(id)) return false;
        return picture.state === "stopped" || (picture.state === "queued" && isLong.value && isBegun.value);
    }

    /** @param {number} id */
    async function preview(id) {
        const file = state.pictureOf(id)?.file;
        if (!file) return;
        asked.add(id);
        try {
            show(id, await pool.preview(id, file));
        } catch (error) {
            if (Object(error).name !== "AbortError") return;
            // Nobody has looked at it yet: scrolled away, or out of the queue with all others.
            asked.delete(id);
            if (seen.value.includes(id) && isPreviewWanted(id)) void preview(id);
        }
    }

    /** Unless the picture was tagged meanwhile, or is gone. @param {number} id @param {Blob} thumbnail */
    function show(id, thumbnail) {
        const cell = state.pictures.get(id);
        if (!cell || cell.value.thumbnail || !WAITING.includes(cell.value.state)) return;
        cell.value = { ...cell.value, thumbnail: URL.createObjectURL(thumbnail) };
    }

    effect(() => {
        const wanted = seen.value.filter(isPreviewWanted);
        untracked(() => wanted.forEach((id) => void preview(id)));
    });

    /** What is open is shown as it is in its file, and may be asked more of. */
    effect(() => {
        const id = state.opened.value;
        untracked(() => {
            state.missingFile.value = null;
            if (id === null || state.pictureOf(id)?.file !== null) return;
            void fileOf(id).then((file) => {
                if (!file && state.opened.value === id) state.missingFile.value = id;
            });
        });
    });

    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let restTimer;
    effect(() => {
        void [state.viewport.value, state.query.value, state.current.value, state.gridIds.value];
        clearTimeout(restTimer);
        restTimer = setTimeout(keepPlace, RESTED_MS);
    });

    /** Where somebody is, for the next visit. */
    function keepPlace() {
        if (state.keptTop.value !== null || state.total.value === 0) return; // not there yet
        const { collection } = library;
        const view = placeNow(seen.value[0] ?? 0);
        const now = JSON.stringify({ collection, view });
        if (now !== keptPlace) library.write("save_view", { collection, view });
        keptPlace = now;
    }

    /** How far the grid was scrolled, for whoever scrolls it there. */
    function takeKeptTop() {
        const { value: top } = state.keptTop;
        state.keptTop.value = null;
        return top;
    }

    return { takeKeptTop, watchTags };
}
