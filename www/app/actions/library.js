/**
 * What is kept, shown: the collection that is open, as it was left, with its history; and what other tabs do to it meanwhile.
 * @import { Change, Files } from "../../db/protocol.js"
 * @import { Context } from "../context.js"
 * @import { Step } from "../history.js"
 * @import { Place } from "../place.js"
 * @import { PictureEntry } from "../state.js"
 * @import { OutdatedActions } from "./outdated.js"
 * @import { PictureActions } from "./pictures.js"
 * @import { SecondLookActions } from "./second_looks.js"
 * @import { AsAddedActions } from "./as_added.js"
 * @import { SettingActions } from "./settings.js"
 * @import { SnapshotActions } from "./snapshot.js"
 * @import { StrictWordsActions } from "./strict_words.js"
 * @import { Undo } from "./undo.js"
 */
import { hasLibrary } from "../../db/has_library.js";
import { channelName } from "../../db/paths.js";
import { batch, effect, signal } from "../../vendor/signals.js";
import { entriesOf, isFileOf } from "../entries.js";
import { readPlace } from "../place.js";
import * as state from "../state.js";
import { takeCollections } from "./naming.js";
import { keepCurrent } from "./places.js";
import { showCorrections } from "./shown_corrections.js";
import { reportDamage, reportUnread } from "./store_problems.js";

/** What is on screen comes first, then as many at a time. */
const FIRST_SIZE = 300;
const SIZE = 10_000;
/** So many tagged pictures nobody wants to lose. */
const WORTH_KEEPING = 20;
/** What other tabs do within this time is looked at together. */
const CHANGES_MS = 250;

/** @typedef {ReturnType<typeof createLibraryActions>} LibraryActions */
/**
 * `goOn`: with pictures that were to be tagged, or looked at again.
 * @typedef {Pick<OutdatedActions, "lookForOutdated" | "takeAnswer"> & {
 *   goOn: (waiting: readonly number[], onceLooked: readonly number[]) => void }} Unfinished
 */

/**
 * @param {Context} context @param {Pick<PictureActions, "dropFromGrid" | "forgetRemoved">} pictures @param {Pick<SecondLookActions, "forget">} looks
 * @param {Pick<Undo, "loadSteps" | "retake" | "takeSteps">} history
 * @param {Pick<SettingActions, "takeKept" | "takeSet"> & Pick<StrictWordsActions, "takeWords"> & Pick<AsAddedActions, "takeAsAdded"> & Pick<SnapshotActions, "keepPolicy">} settings @param {Unfinished} unfinished
 */
export function createLibraryActions(context, { dropFromGrid, forgetRemoved }, looks, history, settings, unfinished) {
    const { goOn, lookForOutdated, takeAnswer } = unfinished;
    const { library, pool, session, platform } = context;
    /** One after the other: what was asked for last stays. @type {Promise<void> | null} */
    let showing = null;
    /** The files of pictures that were shown before in this visit. @type {Map<number, File>} */
    const opened = new Map();
    /** What other tabs have changed. */
    const changed = {
        files: /** @type {Set<number>} */ (new Set()),
        texts: /** @type {Set<number>} */ (new Set()),
        settings: false,
        looks: false,
    };
    let areChangesAwaited = false;

    library.onNeeded = () => {
        showing ??= show().catch(() => {}); // it has been said, and is tried again when somebody asks for it
    };

    /** At the start: nothing of the store is fetched where nothing is kept, until another tab begins to. */
    async function showKept() {
        const { scope } = platform.store;
        if (await hasLibrary(scope)) return library.onNeeded();
        // Where nothing can be kept, no other tab begins to.
        if (!globalThis.navigator?.storage?.getDirectory || !globalThis.BroadcastChannel) return;
        const changes = new BroadcastChannel(channelName(scope));
        changes.addEventListener("message", () => {
            changes.close();
            library.onNeeded();
        });
    }

    /** Once there is something worth it, the browser is asked to keep what is stored until somebody deletes it. */
    function askToKeep() {
        let isAsked = false;
        return effect(() => {
            const isWorthIt = state.history.value.undo !== null || state.counts.value.done >= WORTH_KEEPING;
            if (isAsked || !isWorthIt || state.kept.value?.where !== "opfs") return;
            isAsked = true;
            void platform.storage.ask(); // whatever it says: the dialog of the storage tells, and asks again
        });
    }

    /**
     * Shows a collection from the beginning. What is under way for another ends; what was committed stays.
     * @param {number} [wanted] without it, or where it is gone, the one that was opened last in any tab
     */
    function showCollection(wanted) {
        const mine = (showing ?? Promise.resolve()).then(() => show(wanted));
        showing = mine.catch(() => {});
        return mine;
    }

    /** @param {number} [wanted] */
    async function show(wanted) {
        library.leave();
        const { libraryId } = library;
        try {
            const store = await context.openStore();
            const {
                kept,
                reason,
                has_others: hasOthers,
                collection,
                n_jobs: nJobs,
                n_own: nOwn,
                steps,
                settings: set,
            } = await store.call("open", wanted === undefined ? {} : { collection: wanted });
            leave();
            if (libraryId !== store.library) {
                opened.clear();
                forgetRemoved();
            }
            batch(() => {
                state.kept.value = { where: kept, reason };
                state.collection.value = collection;
                state.storedJobs.value = { n: nJobs, at: state.storedJobs.value.at + 1 };
                state.storedOwn.value = { n: nOwn, at: state.storedOwn.value.at + 1 };
                if (state.problem.value?.code.startsWith("library_") && !state.isLibraryDamaged.value)
                    state.problem.value = null;
                settings.takeKept(set);
                settings.takeWords(set);
                settings.takeAsAdded(set);
                takeAnswer(collection.id, set);
                history.loadSteps(/** @type {(Step & {is_undone: boolean})[]} */ (steps));
            });
            const ids = Array.from(await store.call("order", { collection: collection.id }));
            library.show(store, collection.id, hasOthers);
            await load(ids, readPlace(collection.view));
            library.begin();
            settings.keepPolicy();
        } catch (error) {
            showing = null;
            reportUnread(error);
            throw error;
        }
    }

    /** Nothing of the collection before is on the page any more. */
    function leave() {
        pool.cancel();
        looks.forget();
        batch(() => {
            for (const { value } of state.pictures.values()) {
                if (value.file) opened.set(value.id, value.file);
                if (value.thumbnail) URL.revokeObjectURL(value.thumbnail);
            }
            dropFromGrid([...state.pictures.keys()]);
            state.orderedIds.value = [];
            state.filesNeeded.value = null;
            state.selection.value = state.reviewed.value = new Set();
            showPlace(readPlace(null));
        });
    }

    /** The pictures around the place first; then the others, in their order. @param {readonly number[]} ids @param {Place} place */
    async function load(ids, place) {
        const { collection } = library;
        if (ids.length === 0) return;
        const at = Math.max(0, ids.indexOf(place.first) - FIRST_SIZE / 3);
        const parts = [ids.slice(at, at + FIRST_SIZE)];
        const others = [...ids.slice(at + FIRST_SIZE), ...ids.slice(0, at)];
        for (let from = 0; from < others.length; from += SIZE) parts.push(others.slice(from, from + SIZE));
        /** @type {number[]} */
        const waiting = [];
        /** @type {Promise<void>[]} */
        const filled = [];
        for (const [idx, part] of parts.entries()) {
            const files = await library.call("files", {
                collection,
                ids: part,
                is_brief: idx > 0, // the rest of it comes when somebody looks
                ...library.preferred,
            });
            if (collection !== library.collection) return; // another one is shown
            batch(() => {
                waiting.push(...addEntries(files).waiting);
                // The grid has its height at once; what came in meanwhile is behind what was there.
                const there = new Set(ids);
                state.orderedIds.value = [...ids, ...state.orderedIds.value.filter((id) => !there.has(id))];
                if (idx === 0) showPlace(place);
            });
            filled.push(session.refill(Array.from(files.ids)));
        }
        void Promise.all(filled).then(() => performance.mark("tagsmith:restored"));
        goOn(
            waiting,
            ids.filter((id) => state.pictureOf(id)?.looks === 1),
        );
    }

    /** @param {Files} files */
    function addEntries(files) {
        const { entries, waiting } = entriesOf(files);
        const fresh = entries.filter(({ id }) => !state.pictures.has(id));
        for (const entry of fresh) {
            const file = opened.get(entry.id);
            if (file && isFileOf(file, entry)) entry.file = file;
        }
        const counts = { ...state.counts.value };
        for (const entry of fresh) {
            state.pictures.set(entry.id, signal(entry));
            counts[entry.state]++;
        }
        state.counts.value = counts;
        showCorrections(fresh.flatMap(({ id, corrections }) => (corrections ? [{ id, corrections }] : [])));
        return { fresh, waiting };
    }

    /** @param {Place} place */
    function showPlace({ query, current, top }) {
        state.query.value = query;
        if (!state.isFound.value) state.foundIds.value = null;
        session.find(state.isFound.value ? query : null);
        state.current.value = Math.max(0, state.orderedIds.value.indexOf(current));
        state.keptTop.value = top;
    }

    /** What other tabs did. @param {Change} change */
    function noteChange({
        files = [],
        settings: areSet,
        looks,
        texts = [],
        steps,
        collections,
        jobs,
        own,
        damaged,
        emptied,
        is_replaced: isReplaced,
    }) {
        if (damaged) reportDamage(damaged);
        if (isReplaced) state.isLibraryDamaged.value = false;
        if (state.collection.value === null) return;
        if (isReplaced) return void showCollection().catch(() => {});
        if (collections) library.call("collections", {}).then(takeCollections, reportUnread);
        if (emptied === library.collection) return void showCollection(emptied).catch(() => {});
        if (steps) history.takeSteps().catch(reportUnread);
        if (jobs) state.storedJobs.value = { n: 1, at: state.storedJobs.value.at + 1 };
        if (own) state.storedOwn.value = { n: 1, at: state.storedOwn.value.at + 1 };
        for (const id of files) changed.files.add(id);
        for (const id of texts) changed.texts.add(id);
        changed.settings ||= areSet === true;
        changed.looks ||= looks === true;
        const isAny = changed.files.size + changed.texts.size > 0 || changed.settings || changed.looks;
        if (areChangesAwaited || !isAny) return;
        areChangesAwaited = true;
        setTimeout(() => void takeChanges().catch(reportUnread), CHANGES_MS);
    }

    async function takeChanges() {
        await library.shown();
        areChangesAwaited = false;
        const { files, texts, settings: areSet, looks: areAll } = changed;
        Object.assign(changed, { files: new Set(), texts: new Set(), settings: false, looks: false });
        try {
            if (areSet) await takeSettings(false);
            await takeAnew([...files]);
            await takeTexts([...texts]);
            if (areAll) await refreshShown();
        } catch (error) {
            // It is looked at again with what changes next.
            for (const id of files) changed.files.add(id);
            for (const id of texts) changed.texts.add(id);
            throw error;
        }
    }

    /** @param {boolean} isForced whether what is set here does not hold, newer or not */
    async function takeSettings(isForced) {
        const set = await library.call("settings", {});
        settings.takeSet(set, isForced);
        settings.takeWords(set);
        settings.takeAsAdded(set);
    }

    /** @param {readonly number[]} ids */
    async function takeTexts(ids) {
        const here = ids.filter((id) => state.pictures.has(id));
        if (here.length === 0) return;
        const known = new Map((await library.call("texts", { ids: here })).map(({ id, texts }) => [id, texts]));
        for (const id of here) session.setTexts(id, known.get(id) ?? []); // the last of them may be gone
    }

    /** What a step did on the page is what it was, until the one that is next by now is moved. */
    library.onPassed = async ({ changes = [], ids = [], settings: wereSet, move }) => {
        try {
            if (wereSet) await takeSettings(true);
            await takeAnew([...ids, ...changes.map((/** @type {{id: number}} */ { id }) => id)]);
            await history.retake(move);
        } catch (error) {
            reportUnread(error);
        }
    };

    /** What shows of the pictures that are there may be something else now: a run was undone. */
    async function refreshShown() {
        for (let from = 0; from < state.orderedIds.value.length; from += SIZE)
            await takeAnew(state.orderedIds.value.slice(from, from + SIZE));
        await lookForOutdated();
    }

    /** Selection and place stay: pictures are known by their ids, and what comes goes to the end. @param {readonly number[]} ids */
    async function takeAnew(ids) {
        if (ids.length === 0) return;
        const { collection } = library;
        const { there, order, files } = await readAnew(collection, ids);
        if (collection !== library.collection) return;
        dropFromGrid(ids.filter((id) => !there.has(id)));
        batch(() => {
            addEntries(files);
            for (const entry of entriesOf(files).entries) renew(entry);
            const mine = state.orderedIds.value.filter((id) => !there.has(id)); // not committed yet
            state.orderedIds.value = [...order.filter((id) => state.pictures.has(id)), ...mine];
            keepCurrent();
        });
        void session.refill(Array.from(files.ids));
    }

    /** Until nothing was written meanwhile: what this tab has just done is in it. @param {number} collection @param {readonly number[]} ids */
    async function readAnew(collection, ids) {
        for (;;) {
            const at = library.nWrites;
            const order = Array.from(await library.call("order", { collection }));
            const there = new Set(order);
            const files = await library.call("files", {
                collection,
                ids: ids.filter((id) => there.has(id)),
                is_brief: ids.length > FIRST_SIZE,
                ...library.preferred,
            });
            if (at === library.nWrites || collection !== library.collection) return { there, order, files };
        }
    }

    /** What this tab works at is its own, but for what is said of it. @param {PictureEntry} entry */
    function renew(entry) {
        const cell = state.pictures.get(entry.id);
        const known = cell?.value;
        if (!cell || !known) return;
        const said = [{ id: entry.id, corrections: entry.corrections ?? { own: [], rejected: [] } }];
        if (known.state === "queued" || state.isWorking(known.state)) return showCorrections(said);
        const { file, thumbnail, look } = known;
        const counts = { ...state.counts.value };
        counts[known.state]--;
        counts[entry.state]++;
        state.counts.value = counts;
        cell.value = { ...entry, file, ...(thumbnail && { thumbnail }), ...(look && { look }) };
        showCorrections(said);
    }

    /** Somebody wants it tried again: with a store of its own, as the one before may have ended. */
    function retryLibrary() {
        state.problem.value = null;
        library.close();
        void showCollection().catch(() => {}); // it has been said again
    }

    return { askToKeep, noteChange, refreshShown, retryLibrary, showCollection, showKept };
}
