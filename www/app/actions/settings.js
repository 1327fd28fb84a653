/**
 * What people set: changed, remembered, put back.
 * @import { Platform } from "../../platform/platform.d.ts"
 * @import { Context } from "../context.js"
 * @import { Settings } from "../settings.js"
 * @import { SnapshotActions } from "./snapshot.js"
 * @import { Undo } from "./undo.js"
 */
import { relaunch_limit } from "../context.js";
import { DEFAULTS, checked } from "../settings.js";
import * as state from "../state.js";

/** @typedef {ReturnType<typeof create_settings>} SettingActions */

/** Before anything is started: the number of workers' relaunches and the model are among them. @param {Platform} platform */
export function recall_settings(platform) {
    state.settings.value = checked(platform.recall("settings"));
}

/**
 * @param {Context} context @param {Pick<SnapshotActions, "apply_policy" | "begin_change">} snapshot
 * @param {Pick<Undo, "remember_step">} undo
 */
export function create_settings({ platform, options, relaunch }, { apply_policy, begin_change }, { remember_step }) {
    /** Changes what is set, and remembers it. @param {Partial<Settings>} news */
    function set(news) {
        state.settings.value = checked({ ...state.settings.value, ...news });
        platform.remember("settings", state.settings.value);
        relaunch.set(relaunch_limit(options));
        apply_policy();
    }

    /** @param {number} wanted in [0, 1] */
    function set_threshold(wanted) {
        begin_change();
        set({ threshold: Math.round(Math.min(0.99, Math.max(0.01, wanted)) * 100) / 100 });
    }

    /** Everything as on the first visit, the model excepted; can be undone. */
    function reset_settings() {
        const { model: _, ...former } = state.settings.value;
        const { model: __, ...first } = DEFAULTS;
        set(first);
        remember_step("did_reset_settings", {}, { undo: () => set(former), redo: () => set(first) });
    }

    return { reset_settings, set, set_threshold };
}
