/**
 * Everything that can happen, and the only writers of state.js. The shell calls `start` once; views then call `actions.…`.
 * This is the one place where the actions are put together: each is made with what it needs and nothing else.
 * @import { Platform } from "../platform/platform.d.ts"
 *
 * @typedef {import("./context.js").Options} Options
 */
import { create_corrections, targets } from "./actions/corrections.js";
import { create_engine } from "./actions/engine.js";
import { create_explain } from "./actions/explain.js";
import { create_exports } from "./actions/exports.js";
import { create_intake } from "./actions/intake.js";
import { create_language } from "./actions/language.js";
import { create_models } from "./actions/models.js";
import { create_pictures } from "./actions/pictures.js";
import { create_settings, recall_settings } from "./actions/settings.js";
import * as sheet from "./actions/sheet.js";
import { create_snapshot } from "./actions/snapshot.js";
import { create_tag_entry } from "./actions/tag_entry.js";
import { create_tagging } from "./actions/tagging.js";
import { create_undo } from "./actions/undo.js";
import { create_updates } from "./actions/updates.js";
import { create_context } from "./context.js";
import * as state from "./state.js";

/** @typedef {ReturnType<typeof create_actions>} Actions */

/** There once `start` has run. @type {Actions} */
export let actions;

/** @param {Platform} platform @param {Options} [options] */
export function start(platform, options = {}) {
    actions = create_actions(platform, options);
    actions.start_workers();
}

/** @param {Platform} platform @param {Options} options */
export function create_actions(platform, options) {
    recall_settings(platform);
    const context = create_context(platform, options, state.settings.value.model, {
        on_ready: (facts) => engine.engine_ready(facts),
        on_session: (ready) => snapshot.session_ready(ready),
        on_snapshot: (news, update) => snapshot.apply_snapshot(news, update),
        on_off: (error) => engine.off(error),
        on_failed: (error) => engine.failed(error),
    });
    const history = create_undo();
    const snapshot = create_snapshot(context);
    const tagging = create_tagging(context);
    tagging.watch_thoroughness();
    const engine = create_engine(context, tagging, snapshot);
    const settings = create_settings(context, snapshot, history);
    const corrections = create_corrections(context, history);
    const pictures = create_pictures(context, tagging, history);
    const intake = create_intake(context, pictures, async (files) => (await load_dialog_actions()).take_model_files(files));
    const { keep_and_use, ...models } = create_models(context, engine, settings);

    /** What only the dialogs need is fetched with them. */
    async function load_dialog_actions() {
        const { start_dialog_actions } = await import("./dialog_actions.js");
        return start_dialog_actions(context, { ...corrections, ...intake, ...models, ...settings, keep_and_use });
    }

    return {
        ...corrections,
        ...create_explain(context),
        ...create_exports(context),
        ...create_language(context, snapshot),
        ...create_tag_entry(corrections),
        ...create_updates(context),
        ...intake,
        ...models,
        ...pictures,
        ...settings,
        ...sheet,
        dismiss_problem: engine.dismiss_problem,
        end_change: snapshot.end_change,
        go_on: tagging.go_on,
        load_dialog_actions,
        pause: tagging.pause,
        redo: history.redo,
        retry: tagging.retry,
        set_filter: snapshot.set_filter,
        start_workers: engine.start_workers,
        tag_again: tagging.tag_again,
        targets,
        try_again: engine.try_again,
        undo: history.undo,
        watch_tags: snapshot.watch_tags,
    };
}
