/**
 * What providers are called, where tags name them by their ids: those that everyone knows, the browser's own model in the language of the
 * page, and endpoints as people call them.
 */
import { message } from "../i18n/messages.js";
import { language, settings } from "./state.js";

const FROM = "provider:";

/** @type {Readonly<Record<string, string>>} */
export const KNOWN_NAMES = Object.freeze({
    google: "Google Cloud Vision",
    microsoft: "Microsoft Azure Vision",
    adobe: "Adobe Smart Content",
});

/** @param {string} id */
export function providerName(id) {
    if (id === "browser") return message(language.value, "browser_model_name");
    return KNOWN_NAMES[id] ?? settings.value.provider_names[id] ?? id;
}

/** The ids of the providers among those that say a tag. @param {readonly string[]} from @returns {string[]} */
export const providersIn = (from) => from.filter((one) => one.startsWith(FROM)).map((one) => one.slice(FROM.length));
