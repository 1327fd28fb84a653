/**
 * Everything that can happen, and the only writers of state.js. The shell calls `start` once; views then call `actions.…`.
 * This is the one place where the actions of the empty page are put together: each is made with what it needs and nothing else. A part
 * that is fetched later adds its own to the same object (work_actions.js, dialog_actions.js), and its views import `actions` from there.
 * @import { Platform } from "../platform/platform.d.ts"
 * @import { PartLoaders } from "./actions/parts.js"
 *
 * @typedef {import("./context.js").Options} Options
 */
import { createAsAdded } from "./actions/as_added.js";
import { createEngine } from "./actions/engine.js";
import { createFiles } from "./actions/files.js";
import { createGoingOn } from "./actions/going_on.js";
import { createIntake } from "./actions/intake.js";
import { createLibraryActions } from "./actions/library.js";
import { createLanguage } from "./actions/language.js";
import { createOutdated } from "./actions/outdated.js";
import { createParts } from "./actions/parts.js";
import { createPictures } from "./actions/pictures.js";
import { createReunion } from "./actions/reunion.js";
import { createSecondLooks } from "./actions/second_looks.js";
import { createSettings, restoreSettings } from "./actions/settings.js";
import { createNaming } from "./actions/naming.js";
import { followNotice, setDragging, showDialog, showMenu } from "./actions/places.js";
import { createStrictWords } from "./actions/strict_words.js";
import { createSnapshot } from "./actions/snapshot.js";
import { reportStalled, reportUnread, reportUnwritten } from "./actions/store_problems.js";
import { createTagging } from "./actions/tagging.js";
import { createUndo } from "./actions/undo.js";
import { createUpdates } from "./actions/updates.js";
import { createContext } from "./context.js";
import * as state from "./state.js";

/** @typedef {ReturnType<typeof createActions>} Actions */

/** There once `start` has run. @type {Actions} */
export let actions;

/** @param {Platform} platform @param {PartLoaders} parts @param {Options} [options] */
export function start(platform, parts, options = {}) {
    actions = createActions(platform, parts, options);
    actions.startWorkers();
    void actions.showKept();
}

/** @param {Platform} platform @param {PartLoaders} loaders @param {Options} options */
export function createActions(platform, loaders, options) {
    restoreSettings(platform);
    const context = createContext(platform, options, state.settings.value.model, {
        onReady: (facts) => engine.engineReady(facts),
        onSession: (ready) => {
            snapshot.sessionReady(ready);
            void engine.sessionReady(ready);
        },
        onSnapshot: (news, update) => snapshot.applySnapshot(news, update),
        onOff: (error) => engine.off(error),
        onFailed: (error) => engine.failed(error),
        onObjectsLoaded: () => looks.objectsLoaded(),
        onObjectsOff: (error) => looks.objectsOff(error),
        onChange: (change) => library.noteChange(change),
        onStalled: (isStalled) => {
            reportStalled(isStalled);
            tagging.waitForRoom(isStalled);
        },
        onStoreFailed: reportUnwritten,
    });
    const history = createUndo(context.library);
    const snapshot = createSnapshot(context);
    const looks = createSecondLooks(context);
    looks.watchSecondLooks();
    const tagging = createTagging(context, looks);
    const engine = createEngine(context, tagging, snapshot, looks, () => void outdated.tagAfterSwap());
    const settings = createSettings(context, snapshot, history);
    const asAdded = createAsAdded(context.library);
    const { changeWords, ...words } = createStrictWords(context, snapshot, history);
    const pictures = createPictures(context, tagging, looks, history);
    const files = createFiles(context);
    const goingOn = createGoingOn(context, files, tagging, looks);
    goingOn.watchTurns();
    const outdated = createOutdated(context, tagging, files, goingOn, history);
    const library = createLibraryActions(
        context,
        pictures,
        looks,
        history,
        { ...settings, ...snapshot, ...asAdded, ...words },
        {
            ...outdated,
            goOn: (waiting, onceLooked) => void goingOn.goOn(waiting, onceLooked).then(outdated.goOn, reportUnread),
        },
    );
    library.askToKeep();
    const reunion = createReunion(context, pictures, files, goingOn.goOnWithGiven);
    const intake = createIntake(context, pictures, reunion, {
        ...createNaming(context),
        takeRegardless: asAdded.takeRegardless,
        async addModelFiles(files) {
            let settled = Promise.resolve();
            await parts.openPart("dialogs", (dialogs) => void (settled = dialogs.addModelFiles(files)));
            await settled;
        },
        offerBackup: (file) => void parts.openPart("dialogs", (dialogs) => void dialogs.offerBackup(file)),
    });
    const { refreshShown, showCollection } = library;
    const { cancel } = pictures;
    const { forgetAnswer } = outdated;
    const shared = {
        ...files,
        changeWords,
        ...intake,
        ...settings,
        cancel,
        forgetAnswer,
        refreshShown,
        showCollection,
    };
    const parts = createParts({ context, engine, history, actions: shared }, loaders);

    return Object.assign(shared, {
        ...createLanguage(context, snapshot),
        ...createUpdates(context),
        ...parts,
        ...pictures,
        dismissProblem: engine.dismissProblem,
        endChange: snapshot.endChange,
        followNotice,
        leaveOutdated: outdated.leaveOutdated,
        giveWay: () => context.pool.giveWay(),
        hasProviders: () => platform.providers !== null,
        hasTraining: () => platform.training !== null,
        noteLook: tagging.noteLook,
        pause: tagging.pause,
        redo: history.redo,
        resume: tagging.resume,
        retag: goingOn.retag,
        retry: goingOn.retry,
        retryEngine: engine.retryEngine,
        retryObjects: looks.takeUpDropped,
        retryLibrary: library.retryLibrary,
        retryWriting: () => context.library.retry(),
        showKept: library.showKept,
        setDragging,
        setSmartTags: asAdded.setSmartTags,
        setTagAsAdded: asAdded.setTagAsAdded,
        showDialog,
        showMenu,
        startWorkers: engine.startWorkers,
        tagAgain: outdated.tagAgain,
        tagRegardless: asAdded.tagRegardless,
        tagStopped: goingOn.tagStopped,
        tagsDrawn: looks.tagsDrawn,
        unlockNeeded: goingOn.unlockNeeded,
        undo: history.undo,
    });
}
