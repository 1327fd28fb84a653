/**
 * The language of the page.
 * @import { Language } from "../../i18n/messages.js"
 * @import { Context } from "../context.js"
 * @import { SnapshotActions } from "./snapshot.js"
 */
import { LANGUAGES, bestLanguage, loadLanguage } from "../../i18n/messages.js";
import * as state from "../state.js";

/** @param {Context} context @param {Pick<SnapshotActions, "applyPolicy">} snapshot */
export function createLanguage({ platform }, { applyPolicy }) {
    /** @param {Language} language */
    async function setLanguage(language) {
        platform.saveSetting("language", language);
        await useLanguage(language);
        state.readLanguages.value = [language, ...platform.languages()];
        applyPolicy();
    }

    /** The language of the last visit, else the first that the person reads and we speak. */
    function restoreLanguage() {
        const remembered = platform.loadSetting("language");
        const chosen = LANGUAGES.find((language) => language === remembered);
        state.readLanguages.value = [...(chosen ? [chosen] : []), ...platform.languages()];
        return useLanguage(chosen ?? bestLanguage(platform.languages(), LANGUAGES));
    }

    return { restoreLanguage, setLanguage };
}

/** Changes the language when its words are there; without them the page goes on in the one it has, and says so. @param {Language} language */
async function useLanguage(language) {
    try {
        await loadLanguage(language);
        state.language.value = language;
    } catch (error) {
        state.problem.value = { code: "language_unreachable", detail: String(error) };
    }
}
