/**
 * What is kept, shown: the collection that is open, as it was left, with its history; and what other tabs do to it meanwhile.
 * @import { Change, Files, Opened } from "../../db/protocol.js"
 * @import { Query } from "../../core/engine_api.d.ts"
 * @import { Context } from "../context.js"
 * @import { Step } from "../history.js"
 * @import { PictureEntry } from "../state.js"
 * @import { PictureActions } from "./pictures.js"
 * @import { SecondLookActions } from "./second_looks.js"
 * @import { Undo } from "./undo.js"
 */
import { hasLibrary } from "../../db/has_library.js";
import { batch, effect, signal, untracked } from "../../vendor/signals.js";
import { entriesOf, showCorrections } from "../entries.js";
import { reportUnread, reportUnwritten } from "../library.js";
import { placeOf, readPlace } from "../place.js";
import * as state from "../state.js";
import { keepCurrent } from "./places.js";

/** What is on screen comes first, then as many at a time. */
const FIRST_SIZE = 300;
const SIZE = 10_000;
/** The place is kept when somebody has rested there for as long. */
const RESTED_MS = 1_000;

/** @typedef {ReturnType<typeof createLibraryActions>} LibraryActions */

/**
 * @param {Context} context @param {Pick<PictureActions, "dropFromGrid">} pictures @param {Pick<SecondLookActions, "forget">} looks
 * @param {Pick<Undo, "loadSteps">} history @param {(ids: number[]) => void} goOn with pictures that were to be tagged
 */
export function createLibraryActions(context, { dropFromGrid }, looks, { loadSteps }, goOn) {
    const { library, pool, session, platform } = context;
    /** One after the other: what was asked for last stays. @type {Promise<void>} */
    let showing = Promise.resolve();
    let isWanted = false;

    /** At the start: nothing of the store is fetched where nothing is kept. */
    async function showKept() {
        if (await hasLibrary(platform.store.scope)) await showCollection().catch(() => {}); // it has been said
    }

    /** Shows the collection that is open from the beginning. What is under way for another ends; what was committed stays. */
    function showCollection() {
        showing = showing.catch(() => {}).then(showNow);
        return showing;
    }

    async function showNow() {
        const store = await context.openStore();
        /** @type {Opened} */
        let opened;
        try {
            opened = await store.call("open", {});
            leave();
            library.show(store, opened, await store.call("reserve_ids", { n: library.spare }));
        } catch (error) {
            library.close();
            reportUnread(error);
            throw error;
        }
        const { collection, steps } = opened;
        batch(() => {
            state.kept.value = { where: opened.kept, reason: opened.reason };
            state.collection.value = collection;
            if (state.problem.value?.code.startsWith("library_")) state.problem.value = null;
            loadSteps(/** @type {(Step & {is_undone: boolean})[]} */ (steps));
        });
        library.begin();
        await load(collection.id, readPlace(collection.view));
    }

    /** Nothing of the collection before is on the page any more. */
    function leave() {
        pool.cancel();
        looks.forget();
        const ids = state.orderedIds.value;
        batch(() => {
            state.selection.value = state.reviewed.value = new Set();
            state.query.value = { words: "", filters: [], without: [], sort: "added" };
            state.foundIds.value = null;
            session.find(null);
            dropFromGrid(ids);
            state.current.value = 0;
            for (const { value } of state.pictures.values()) if (value.thumbnail) URL.revokeObjectURL(value.thumbnail);
        });
    }

    /** The pictures around the place first; then the others, in their order. @param {number} collection @param {ReturnType<typeof readPlace>} place */
    async function load(collection, place) {
        const ids = Array.from(await library.call("order", { collection }));
        if (ids.length === 0 || collection !== library.collection) return;
        const isNew = new Set(state.orderedIds.value); // came in meanwhile
        const all = [...ids.filter((id) => !isNew.has(id)), ...state.orderedIds.value];
        const at = Math.max(0, ids.indexOf(place.first) - FIRST_SIZE / 3);
        const first = ids.slice(at, at + FIRST_SIZE);
        const others = [...ids.slice(0, at), ...ids.slice(at + FIRST_SIZE)];
        /** @type {number[]} */
        const waiting = [];
        const take = async (/** @type {number[]} */ some) => {
            const files = await library.call("files", { collection, ids: some, model: await library.modelRef() });
            if (collection !== library.collection) return;
            waiting.push(...addEntries(files, () => {
                state.orderedIds.value = all.filter((id) => state.pictures.has(id) || !isLoaded);
            }));
        };
        let isLoaded = false;
        await take(first);
        showPlace(place);
        for (let from = 0; from < others.length; from += SIZE) await take(others.slice(from, from + SIZE));
        isLoaded = true;
        if (waiting.length > 0) goOn(waiting);
    }

    return { showKept, showCollection };
}
