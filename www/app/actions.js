/**
 * Everything that can happen, and the only writers of state.js. The shell calls `start` once; views then call `actions.…`.
 * This is the one place where the actions are put together: each is made with what it needs and nothing else.
 * @import { Platform } from "../platform/platform.d.ts"
 *
 * @typedef {import("./context.js").Options} Options
 */
import { createCorrections, targetIds } from "./actions/corrections.js";
import { createEngine } from "./actions/engine.js";
import { createExplain } from "./actions/explain.js";
import { createExports } from "./actions/exports.js";
import { createIntake } from "./actions/intake.js";
import { createLanguage } from "./actions/language.js";
import { createModels } from "./actions/models.js";
import { createPictures } from "./actions/pictures.js";
import { createRules } from "./actions/rules.js";
import { createSettings, restoreSettings } from "./actions/settings.js";
import * as grid from "./actions/grid.js";
import { createSnapshot } from "./actions/snapshot.js";
import { createTagEntry } from "./actions/tag_entry.js";
import { createTagging } from "./actions/tagging.js";
import { createUndo } from "./actions/undo.js";
import { createUpdates } from "./actions/updates.js";
import { createContext } from "./context.js";
import * as state from "./state.js";

/** @typedef {ReturnType<typeof createActions>} Actions */

/** There once `start` has run. @type {Actions} */
export let actions;

/** @param {Platform} platform @param {Options} [options] */
export function start(platform, options = {}) {
    actions = createActions(platform, options);
    actions.startWorkers();
}

/** @param {Platform} platform @param {Options} options */
export function createActions(platform, options) {
    restoreSettings(platform);
    const context = createContext(platform, options, state.settings.value.model, {
        onReady: (facts) => engine.engineReady(facts),
        onSession: (ready) => snapshot.sessionReady(ready),
        onSnapshot: (news, update) => snapshot.applySnapshot(news, update),
        onOff: (error) => engine.off(error),
        onFailed: (error) => engine.failed(error),
    });
    const history = createUndo();
    const snapshot = createSnapshot(context);
    const tagging = createTagging(context);
    tagging.watchTiling();
    const engine = createEngine(context, tagging, snapshot);
    const settings = createSettings(context, snapshot, history);
    const corrections = createCorrections(context, history);
    const rules = createRules(context, corrections, settings, history);
    const pictures = createPictures(context, tagging, history);
    const intake = createIntake(context, pictures, async (files) => (await loadDialogActions()).addModelFiles(files));
    const { storeAndUse, ...models } = createModels(context, engine, settings);

    /** What only the dialogs need is fetched with them. */
    async function loadDialogActions() {
        const { startDialogActions } = await import("./dialog_actions.js");
        return startDialogActions(context, { ...corrections, ...intake, ...models, ...settings, storeAndUse });
    }

    return {
        ...corrections,
        ...createExplain(context),
        ...createExports(context, corrections),
        ...rules,
        ...createLanguage(context, snapshot),
        ...createTagEntry(corrections),
        ...createUpdates(context),
        ...intake,
        ...models,
        ...pictures,
        ...settings,
        ...grid,
        dismissProblem: engine.dismissProblem,
        endChange: snapshot.endChange,
        resume: tagging.resume,
        loadDialogActions,
        pause: tagging.pause,
        redo: history.redo,
        retry: tagging.retry,
        listTags: snapshot.listTags,
        setQuery: snapshot.setQuery,
        tagStopped: tagging.tagStopped,
        startWorkers: engine.startWorkers,
        retag: tagging.retag,
        targetIds,
        retryEngine: engine.retryEngine,
        undo: history.undo,
        watchTags: snapshot.watchTags,
    };
}
