/**
 * The language of the page.
 * @import { Language } from "../../i18n/messages.js"
 * @import { Context } from "../context.js"
 * @import { SnapshotActions } from "./snapshot.js"
 */
import { LANGUAGES, best_language, load_language } from "../../i18n/messages.js";
import * as state from "../state.js";

/** @param {Context} context @param {Pick<SnapshotActions, "apply_policy">} snapshot */
export function create_language({ platform }, { apply_policy }) {
    /** @param {Language} language */
    async function set_language(language) {
        platform.remember("language", language);
        await speak(language);
        apply_policy();
    }

    /** The language of the last visit, else the first that the person reads and we speak. */
    function recall_language() {
        const remembered = platform.recall("language");
        return speak(LANGUAGES.find((language) => language === remembered) ?? best_language(platform.languages()));
    }

    return { recall_language, set_language };
}

/** Changes the language when its words are there; without them the page goes on in the one it has, and says so. @param {Language} language */
async function speak(language) {
    try {
        await load_language(language);
        state.language.value = language;
    } catch (error) {
        state.problem.value = { code: "language_unreachable", detail: String(error) };
    }
}
