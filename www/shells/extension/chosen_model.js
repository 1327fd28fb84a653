/**
 * Which model tags, and those that there are: one choice for pages and the library, which keeps both. Models are brought, tried and deleted
 * there.
 */
import { validated } from "../../app/settings.js";
import { openModels } from "../../platform/model_store.js";
import { PACKAGE_ADDRESS, PACKAGE_SETTINGS } from "../../platform/package_stores.js";
import { openSettings } from "../../platform/settings.js";
import { browser } from "./browser.js";
import { packageFiles } from "./package_files.js";

/** As the library has them. */
const SETTINGS = "settings";
const { loadSetting, saveSetting, onSetting } = openSettings(PACKAGE_SETTINGS);

/** @returns {string | null} by which it is kept; null for the one in the package */
export const chosenModel = () => validated(loadSetting(SETTINGS)).model;

/** @param {string | null} key */
export const chooseModel = (key) => saveSetting(SETTINGS, { ...validated(loadSetting(SETTINGS)), model: key });

let told = () => {};
/** When another page of the extension has chosen. @param {() => void} tell */
export const onModelChosen = (tell) => {
    told = tell;
};
onSetting(SETTINGS, () => told()); // always: what was chosen here does not hold then

export function keptModels() {
    const { card, vocabulary } = packageFiles();
    const catalog = new URL(browser.runtime.getURL("catalog.json"));
    return openModels(document, { card, vocabulary, catalog, frame: catalog }, PACKAGE_ADDRESS);
}
