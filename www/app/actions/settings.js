/**
 * What people set: changed, remembered, put back.
 * @import { Platform } from "../../platform/platform.d.ts"
 * @import { Context } from "../context.js"
 * @import { Settings } from "../settings.js"
 * @import { SnapshotActions } from "./snapshot.js"
 * @import { Undo } from "./undo.js"
 */
import { relaunchLimit } from "../context.js";
import { DEFAULTS, EXPORTS_KEY, validated } from "../settings.js";
import * as state from "../state.js";

/** @typedef {ReturnType<typeof createSettings>} SettingActions */

/** Before anything is started: the number of workers' relaunches and the model are among them. @param {Platform} platform */
export function restoreSettings(platform) {
    state.settings.value = validated(platform.loadSetting("settings"));
}

/**
 * @param {Context} context @param {Pick<SnapshotActions, "applyPolicy" | "beginChange">} snapshot
 * @param {Pick<Undo, "handle" | "rememberStep">} undo
 */
export function createSettings(
    { platform, options, relaunch },
    { applyPolicy, beginChange },
    { handle, rememberStep },
) {
    /** Changes what is set, and remembers it. @param {Partial<Settings>} news */
    function set(news) {
        state.settings.value = validated({ ...state.settings.value, ...news });
        platform.saveSetting("settings", state.settings.value);
        relaunch.set(relaunchLimit(options));
        applyPolicy();
    }

    /** @param {number} wanted in [0, 1] */
    function setThreshold(wanted) {
        beginChange();
        set({ threshold: Math.round(Math.min(0.99, Math.max(0.01, wanted)) * 100) / 100 });
    }

    /** Everything as on the first visit, but for the model and what tags are called; can be undone. */
    function resetSettings() {
        const { model: _, rules: __, ...former } = state.settings.value;
        const { model: ___, rules: ____, ...first } = DEFAULTS;
        const before = { settings: former, exports: platform.loadSetting(EXPORTS_KEY) };
        const after = { settings: first, exports: null };
        putAll(after);
        rememberStep("did_reset_settings", {}, { kind: "settings", data: { before, after } });
    }

    /** @param {{settings: Partial<Settings>, exports: unknown}} all */
    function putAll({ settings, exports }) {
        set(settings);
        platform.saveSetting(EXPORTS_KEY, exports);
    }

    handle("settings", { undo: ({ before }) => putAll(before), redo: ({ after }) => putAll(after) });

    return { resetSettings, set, setThreshold };
}
