/**
 * The words of the extension: the few that its own parts need, and the page's for what can go wrong with a picture.
 * @import { Language } from "./messages.js"
 * @typedef {typeof extension} Words
 * @typedef {keyof Omit<Words, "failures" | "manifest">} WordKey
 * @typedef {keyof Words["failures"]} FailureKey
 */
import { extension } from "../../i18n/en_extension.js";
import { extension as swedish } from "../../i18n/sv_extension.js";

/** @type {Record<Language, Words>} */
const WORDS = { en: extension, sv: swedish };

export const LANGUAGES = /** @type {readonly Language[]} */ (Object.keys(WORDS));

/** @param {string} text @param {Record<string, string | number>} params */
const filled = (text, params) => text.replace(/\{(\w+)\}/g, (whole, name) => String(params[name] ?? whole));

/** @param {Language} language @param {WordKey} key @param {Record<string, string | number>} [params] `n` chooses the plural form */
export function say(language, key, params = {}) {
    const words = WORDS[language][key];
    if (typeof words === "string") return filled(words, params);
    return filled(params["n"] === 1 ? words.one : words.other, params);
}

/** What went wrong in the page itself. @param {Language} language @param {FailureKey} code @param {Record<string, string>} [params] */
export function sayFailure(language, code, params = {}) {
    const { title, remedy } = WORDS[language].failures[code];
    return { code, title: filled(title, params), remedy: filled(remedy, params) };
}

/** @param {Language} language @param {number} share 0 to 1 */
export const percent = (language, share) =>
    new Intl.NumberFormat(language, { style: "percent", maximumFractionDigits: 0 }).format(share);
