/**
 * What people set: changed, remembered, put back.
 * @import { Platform } from "../../platform/platform.d.ts"
 * @import { Context } from "../context.js"
 * @import { Settings } from "../settings.js"
 * @import { SnapshotActions } from "./snapshot.js"
 * @import { Undo } from "./undo.js"
 * @import { WithStep } from "../../db/protocol.js"
 */
import { relaunchLimit } from "../context.js";
import { BROWSER_MODEL_KEY, DEFAULTS, EXPORTS_KEY, PROVIDERS_ON_KEY, textsIn, validated } from "../settings.js";
import * as state from "../state.js";

/** Under which the library has what is set, and the browser when that was. */
const KEPT_AS = "page";
const SET_AT = "settings_at";

/** @typedef {ReturnType<typeof createSettings>} SettingActions */

/** Before anything is started: the number of workers' relaunches and the model are among them. @param {Platform} platform */
export function restoreSettings(platform) {
    state.settings.value = validated(platform.loadSetting("settings"));
    state.providersOn.value = textsIn(platform.loadSetting(PROVIDERS_ON_KEY));
    state.isBrowserModelOn.value = platform.loadSetting(BROWSER_MODEL_KEY) === true;
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
    /** When what is set here was set, in this tab or in another. */
    let setAt = Number(platform.loadSetting(SET_AT) ?? 0);

    /** Changes what is set, and remembers it: for a page without pictures too, and with the library, which loses nothing in a crash. @param {Partial<Settings>} news @param {WithStep} [how] */
    function set(news, how = {}) {
        library.write("save_settings", { settings: use(news), ...how });
    }

    /** The same for whoever writes it together with more. @param {Partial<Settings>} news @returns {Record<string, unknown>} what the library keeps of it */
    function use(news) {
        const at = Date.now();
        apply(news, at);
        remember();
        const { model: _, ...settings } = state.settings.value; // a model is of this device
        return { [KEPT_AS]: { at, settings } };
    }

    /** @param {Partial<Settings>} news @param {number} at when it was set */
    function apply(news, at) {
        state.settings.value = validated({ ...state.settings.value, ...news });
        setAt = at;
        relaunch.set(relaunchLimit(options));
        applyPolicy();
    }

    /** On this device. */
    function remember() {
        platform.saveSetting("settings", state.settings.value);
        platform.saveSetting(SET_AT, setAt);
    }

    /** What is set in the library counts where it is newer, or comes from a backup. @param {Record<string, unknown>} kept */
    function takeKept(kept) {
        if (takeSet(kept)) remember();
    }

    /**
     * What another tab has set, and has remembered itself.
     * @param {Record<string, unknown>} kept @param {boolean} [isForced] whether what is set here does not hold, newer or not
     */
    function takeSet({ [KEPT_AS]: kept }, isForced = false) {
        const { at, settings } = Object(kept);
        if (typeof at !== "number" || (at <= setAt && !isForced)) return false;
        apply({ ...validated(settings), model: state.settings.value.model }, at);
        return true;
    }

    /** @param {number} wanted in [0, 1] */
    function setThreshold(wanted) {
        beginChange();
        set({ threshold: Math.round(Math.min(0.99, Math.max(0.01, wanted)) * 100) / 100 });
    }

    /** Everything as on the first visit, but for the model, what tags are called, and other taggers; can be undone. */
    function resetSettings() {
        const { model: _m, rules: _r, provider_policies: _p, provider_names: _n, ...former } = state.settings.value;
        const first = Object.fromEntries(
            Object.keys(former).map((name) => [name, DEFAULTS[/** @type {keyof typeof former} */ (name)]]),
        );
        const before = { settings: former, exports: platform.loadSetting(EXPORTS_KEY) };
        const after = { settings: first, exports: null };
        putAll(after, { step: rememberStep("did_reset_settings", {}, { kind: "settings", data: { before, after } }) });
    }

    /** @param {{settings: Partial<Settings>, exports: unknown}} all @param {WithStep} how */
    function putAll({ settings, exports }, how) {
        set(settings, how);
        platform.saveSetting(EXPORTS_KEY, exports);
    }

    handle("settings", {
        undo: ({ before }, move) => putAll(before, { move }),
        redo: ({ after }, move) => putAll(after, { move }),
    });

    return { resetSettings, set, setThreshold, takeKept, takeSet, use };
}
