/**
 * What people set for the whole extension, in the browser's storage.
 * @import { Language, TagSettings } from "./messages.js"
 * @import { Preset } from "./presets.js"
 *
 * `language`: null follows the browser; `threshold`: what "own" stands for, 0 to 1; `maxTags`: null leaves it to the model.
 * @typedef {{language: Language | null, preset: Preset, threshold: number, maxTags: number | null}} Settings
 */
import { browser } from "./browser.js";
import { PRESETS } from "./presets.js";
import { LANGUAGES } from "./words.js";

const KEY = "settings";
export const MOST_TAGS = 50;
/** @type {Settings} */
const DEFAULTS = { language: null, preset: "balanced", threshold: 0.3, maxTags: null };

/** What lies there may be of another version. @param {unknown} stored @returns {Settings} */
export function readSettings(stored) {
    const { language, preset, threshold, maxTags } = /** @type {Record<keyof Settings, any>} */ (Object(stored));
    const isShare = typeof threshold === "number" && threshold >= 0 && threshold <= 1;
    return {
        language: LANGUAGES.find((one) => one === language) ?? DEFAULTS.language,
        preset: PRESETS.find((one) => one === preset) ?? DEFAULTS.preset,
        threshold: isShare ? threshold : DEFAULTS.threshold,
        maxTags: Number.isInteger(maxTags) && maxTags >= 1 && maxTags <= MOST_TAGS ? maxTags : DEFAULTS.maxTags,
    };
}

export const loadSettings = async () => readSettings((await browser.storage.local.get(KEY))[KEY]);

/** @param {Partial<Settings>} changed */
export async function changeSettings(changed) {
    const settings = { ...(await loadSettings()), ...changed };
    await browser.storage.local.set({ [KEY]: settings });
    return settings;
}

/** @param {Settings} settings @returns {Language} */
export const languageOf = ({ language }) =>
    language ?? LANGUAGES.find((one) => browser.i18n.getUILanguage().split("-")[0] === one) ?? "en";

/** How a picture is tagged under them. @param {Settings} settings @returns {TagSettings} */
export const tagSettingsOf = (settings) => ({
    preset: settings.preset,
    threshold: settings.threshold,
    maxTags: settings.maxTags,
    language: languageOf(settings),
});
