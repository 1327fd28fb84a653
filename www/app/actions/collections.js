/**
 * Collections: listed, made, opened, renamed, copied into, emptied and deleted for good.
 * @import { LibraryActions } from "./library.js"
 * @import { Context } from "../context.js"
 * @import { Collection } from "../../db/protocol.js"
 * @import { Store } from "../../db/client.js"
 */
import { fileSize } from "../file_size.js";
import { asName, nameOf } from "../collection_names.js";
import * as state from "../state.js";
import { ask, change } from "./asking.js";
import { takeCollections } from "./naming.js";
import { announce, notify } from "./notices.js";
import { showDialog } from "./places.js";

/** @typedef {ReturnType<typeof createCollections>} CollectionActions */

/** @param {Context} context @param {Pick<LibraryActions, "showCollection">} actions */
export function createCollections(context, { showCollection }) {
    /** What is on show stays until the new list is there. */
    async function refreshCollections() {
        const all = await ask(context, (store) => store.call("collections", {}));
        if (all) takeCollections(all);
    }

    /** Asks for the name of a new one. @param {readonly number[]} [ids] of the pictures that it is to be made of; none: it is opened */
    function askForCollection(ids = []) {
        state.newCollection.value = ids;
        showDialog("collections");
    }

    function cancelCollection() {
        state.newCollection.value = null;
    }

    /** @param {string} typed nothing: it gets its name from the first folder */
    async function makeCollection(typed) {
        const ids = state.newCollection.value ?? [];
        const name = asName(typed);
        await change(context, async (store) => {
            const id = await store.call("make_collection", { name });
            state.newCollection.value = null;
            if (ids.length > 0) return copy(store, ids, { id, name });
            await open(store, { id, name });
            showDialog(null);
        });
        await refreshCollections();
    }

    /** @param {Pick<Collection, "id" | "name">} collection */
    function openCollection(collection) {
        return change(context, (store) => open(store, collection));
    }

    /** @param {Store} store @param {Pick<Collection, "id" | "name">} collection */
    async function open(store, collection) {
        if (state.collection.value?.id === collection.id) return;
        await store.call("open_collection", { id: collection.id });
        await showCollection(collection.id);
        // Another tab may have deleted it.
        if (state.collection.value?.id === collection.id)
            announce("said_collection_opened", { name: nameOf(collection) });
    }

    /** @param {number} id @param {string} typed @returns {Promise<boolean>} whether it has that name now */
    async function renameCollection(id, typed) {
        const name = asName(typed);
        const isDone = await change(context, async (store) => {
            await store.call("rename_collection", { id, name });
        });
        await refreshCollections();
        return isDone;
    }

    /** @param {readonly number[]} ids @param {Pick<Collection, "id" | "name">} into */
    function copyTo(ids, into) {
        return change(context, (store) => copy(store, ids, into));
    }

    /** @param {Store} store @param {readonly number[]} ids @param {Pick<Collection, "id" | "name">} into */
    async function copy(store, ids, into) {
        const { n } = await store.call("copy_files", { ids, collection: into.id });
        const name = nameOf(into);
        if (n > 0) notify("said_copied_to", { n, name });
        else notify("said_in_collection", { n: ids.length, name });
    }

    /** @param {number} id @param {"empty" | "delete"} how */
    function askToClear(id, how) {
        state.libraryFailure.value = null;
        state.collectionToClear.value = { id, how };
    }

    function cancelClear() {
        state.collectionToClear.value = null;
    }

    /** What somebody was asked, and wants. */
    async function clearCollection() {
        const { id = -1, how = "empty" } = state.collectionToClear.value ?? {};
        const collection = state.collections.value?.find((one) => one.id === id);
        if (!collection) return;
        await change(context, async (store) => {
            const ids = await store.call("order", { collection: id });
            const { bytes } = await store.call(how === "delete" ? "delete_collection" : "empty_collection", { id });
            context.library.handles.delete(Array.from(ids)).catch(() => {}); // what stays behind leads nowhere
            cancelClear();
            if (state.collection.value?.id === id) await showCollection(how === "empty" ? id : undefined);
            const said = { name: nameOf(collection), size: fileSize(bytes) };
            notify(how === "delete" ? "said_collection_deleted" : "said_collection_emptied", said);
        });
        await refreshCollections();
    }

    return {
        askForCollection,
        askToClear,
        cancelClear,
        cancelCollection,
        clearCollection,
        copyTo,
        makeCollection,
        openCollection,
        refreshCollections,
        renameCollection,
    };
}
