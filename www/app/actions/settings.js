/**
 * What people set: changed, remembered, put back.
 * @import { Platform } from "../../platform/platform.d.ts"
 * @import { Context } from "../context.js"
 * @import { Step } from "../history.js"
 * @import { Settings } from "../settings.js"
 * @import { SnapshotActions } from "./snapshot.js"
 * @import { StepMove, Undo } from "./undo.js"
 */
import { relaunchLimit } from "../context.js";
import { DEFAULTS, EXPORTS_KEY, validated } from "../settings.js";
import * as state from "../state.js";

/** Under which the library has what is set, and the browser when that was. */
const KEPT_AS = "page";
const SET_AT = "settings_at";

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
    { platform, options, relaunch, library },
    { applyPolicy, beginChange },
    { handle, rememberStep },
) {
    /** Changes what is set, and remembers it: for a page without pictures too, and with the library, which loses nothing in a crash. @param {Partial<Settings>} news */
    function set(news) {
        library.write("save_settings", { settings: setUnkept(news) });
    }

    /** The same for who keeps it with something else. @param {Partial<Settings>} news @returns {Record<string, unknown>} for the library */
    function setUnkept(news) {
        const at = Date.now();
        use(news, at);
        const { model: _, ...settings } = state.settings.value; // a model is of this device
        return { [KEPT_AS]: { at, settings } };
    }

    /** @param {Partial<Settings>} news @param {number} at when it was set */
    function use(news, at) {
        state.settings.value = validated({ ...state.settings.value, ...news });
        platform.saveSetting("settings", state.settings.value);
        platform.saveSetting(SET_AT, at);
        relaunch.set(relaunchLimit(options));
        applyPolicy();
    }

    /** What is set in the library counts where it is newer, or comes from a backup. @param {Record<string, unknown>} kept */
    function takeKept({ [KEPT_AS]: kept }) {
        const { at, settings } = Object(kept);
        if (typeof at !== "number" || at <= Number(platform.loadSetting(SET_AT) ?? 0)) return;
        use({ ...validated(settings), model: state.settings.value.model }, at);
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
        putAll(after, {
            step: rememberStep("did_reset_settings", {}, { kind: "settings", data: { before, after } }),
        });
    }

    /** @param {{settings: Partial<Settings>, exports: unknown}} all @param {{step?: Step, move?: StepMove}} how it is told of in the history */
    function putAll({ settings, exports }, how) {
        library.write("save_settings", { settings: setUnkept(settings), ...how });
        platform.saveSetting(EXPORTS_KEY, exports);
    }

    handle("settings", {
        undo: ({ before }, move) => putAll(before, { move }),
        redo: ({ after }, move) => putAll(after, { move }),
        keepsItself: true,
    });

    return { resetSettings, set, setThreshold, setUnkept, takeKept };
}
