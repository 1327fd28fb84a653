/**
 * The room that the library takes, whether the browser keeps it, and backups: saved, looked into, and restored as a whole or not at all.
 * @import { LibraryActions } from "./library.js"
 * @import { CollectionActions } from "./collections.js"
 * @import { createRescue } from "./rescue.js"
 * @import { Context } from "../context.js"
 * @import { BackupOffer } from "../state.js"
 */
import * as state from "../state.js";
import { timestampName } from "./intake.js";
import { asFailure, ask, change } from "./asking.js";
import { announce, notify } from "./notices.js";
import { showDialog } from "./places.js";

/** No browser knows the ending; this asks for nothing but bytes. */
const BACKUP_TYPE = "application/octet-stream";

/** What is wrong with a library that is kept is something else of a backup. @type {Record<string, string>} */
const OF_BACKUP = { library_damaged: "backup_damaged", library_newer: "backup_newer" };

/** What a library takes that was never begun. */
const NOTHING = { database: 0, thumbnails: 0, squares: 0, n_squares: 0 };

/** @param {Context} context @param {Pick<CollectionActions, "refreshCollections"> & Pick<LibraryActions, "showCollection"> & Pick<ReturnType<typeof createRescue>, "lookForRescue"> & Pick<import("./unsaved.js").Unsaved, "beginBackup">} actions */
export function createStorage(context, { beginBackup, refreshCollections, showCollection, lookForRescue }) {
    const { platform } = context;
    const isOpen = () => state.collection.value !== null;

    /** A library that was never begun is not begun by looking at how large it is. */
    async function refreshUsage() {
        const [usage, models, isPromised] = await Promise.all([
            isOpen() ? ask(context, (store) => store.call("usage", {})) : NOTHING,
            platform.models.list().catch(() => []),
            platform.storage.isPromised(),
        ]);
        const bytes = models.reduce((sum, model) => sum + model.bytes, 0);
        if (usage) state.usage.value = { ...usage, models: bytes, isPromised };
    }

    function openStorage() {
        state.libraryFailure.value = null;
        if (state.isLibraryDamaged.value) return void lookForRescue();
        void refreshUsage();
        if (!isOpen()) return;
        void refreshCollections();
        void sizeBackup();
    }

    /** What a browser promises it decides itself: some ask the person, some look at how much the page is used. */
    async function askForStorage() {
        const isPromised = await platform.storage.ask();
        await refreshUsage();
        notify(isPromised ? "said_storage_promised" : "said_storage_not_promised");
    }

    /** What the network saw of the pictures that own taggers learnt from; for good. */
    async function deleteSquares() {
        const isDone = await change(context, async (store) => void (await store.call("delete_squares", {})));
        if (isDone) announce("said_squares_deleted");
        openStorage(); // a backup is smaller, too
    }

    /** @param {boolean} hasThumbnails */
    function chooseBackup(hasThumbnails) {
        state.backupChoice.value = { ...state.backupChoice.value, hasThumbnails, bytes: null };
        void sizeBackup();
    }

    async function sizeBackup() {
        const { hasThumbnails: thumbnails } = state.backupChoice.value;
        const bytes = await ask(context, (store) => store.call("backup_size", { thumbnails }));
        const { value: choice } = state.backupChoice;
        if (choice.hasThumbnails === thumbnails) state.backupChoice.value = { ...choice, bytes: bytes ?? null };
    }

    /** Right after a press: where it goes is asked first. */
    async function saveBackup() {
        const { hasThumbnails: thumbnails, isSaving } = state.backupChoice.value;
        if (isSaving) return;
        state.libraryFailure.value = null;
        let noteSaved = () => {};
        const make = async () => {
            noteSaved = beginBackup();
            state.backupChoice.value = { ...state.backupChoice.value, isSaving: true };
            return (await context.openStore()).call("backup", { thumbnails });
        };
        try {
            const name = await platform.saveFile(timestampName("backup", "tagsmith"), BACKUP_TYPE, make);
            if (name === null) return;
            noteSaved();
            notify("said_saved", { name });
        } catch (error) {
            state.libraryFailure.value = asFailure(error);
        } finally {
            state.backupChoice.value = { ...state.backupChoice.value, isSaving: false };
        }
    }

    /** Says what is in a backup before anything is replaced. @param {File} file */
    async function offerBackup(file) {
        showDialog("storage");
        const offer = /** @type {BackupOffer} */ ({ file, status: "reading" });
        state.backupOffer.value = offer;
        try {
            const content = await (await context.openStore()).call("inspect_backup", { file });
            // Another file may have been chosen meanwhile.
            if (state.backupOffer.value === offer) state.backupOffer.value = { file, status: "asking", content };
        } catch (error) {
            if (state.backupOffer.value === offer) failed(file, error);
        }
    }

    /** @param {File} file @param {unknown} error */
    function failed(file, error) {
        const failure = asFailure(error);
        const { [failure.code]: code = failure.code } = OF_BACKUP;
        state.backupOffer.value = { file, status: "failed", failure: { ...failure, code } };
    }

    function dropBackup() {
        if (state.backupOffer.value?.status !== "restoring") state.backupOffer.value = null;
    }

    /** Replaces everything. */
    async function restoreBackup() {
        const { value: offer } = state.backupOffer;
        if (offer?.status !== "asking") return;
        state.backupOffer.value = { ...offer, status: "restoring" };
        const isDone = await change(context, async (store) => {
            const { isOpen } = context.library;
            context.library.leave();
            try {
                await store.call("restore", { file: offer.file });
            } catch (error) {
                if (isOpen) context.library.begin();
                return failed(offer.file, error);
            }
            state.backupOffer.value = null;
            state.isLibraryDamaged.value = false;
            // The ids are of other files now; ways to files that stay behind are known by their paths to be none of theirs.
            context.library.handles.clear().catch(() => {});
            await showCollection();
            beginBackup()(); // it lies in the file
            notify("said_restored", { n: offer.content?.n_files ?? 0 });
        });
        if (!isDone && state.backupOffer.value?.status === "restoring") state.backupOffer.value = offer;
        openStorage();
    }

    return {
        askForStorage,
        chooseBackup,
        deleteSquares,
        dropBackup,
        offerBackup,
        openStorage,
        restoreBackup,
        saveBackup,
    };
}
