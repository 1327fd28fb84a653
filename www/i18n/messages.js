/**
 * Words by key and language; plural forms and numbers by `Intl`.
 * @import { Catalogue, ErrorCode, ErrorWords, MessageKey } from "./en.js"
 */
import { en } from "./en.js";

/** @typedef {"en" | "sv"} Language */

/** English is always there; another language is fetched when someone wants it. @type {Record<Exclude<Language, "en">, () => Promise<Catalogue>>} */
const LOADERS = { sv: async () => (await import("./sv.js")).sv };

/** The catalogues that are there. @type {{en: Catalogue} & Partial<Record<Language, Catalogue>>} */
const catalogues = { en: /** @type {Catalogue} */ (en) };

/** Every language there is. */
export const LANGUAGES = /** @type {readonly Language[]} */ (["en", ...Object.keys(LOADERS)]);

/** Makes a language ready for `message`. @param {Language} language @returns {Promise<Catalogue>} */
export async function loadLanguage(language) {
    return (catalogues[language] ??= await LOADERS[/** @type {"sv"} */ (language)]());
}

/** Each language by its own name, for the switch. */
export const LANGUAGE_NAMES = { en: "English", sv: "Svenska" };

/** @typedef {{numbers: Intl.NumberFormat, plurals: Intl.PluralRules}} Rules */
/** @type {Map<Language, Rules>} */
const rules = new Map();

/** @param {Language} language */
function rulesOf(language) {
    let known = rules.get(language);
    if (!known) {
        known = { numbers: new Intl.NumberFormat(language), plurals: new Intl.PluralRules(language) };
        rules.set(language, known);
    }
    return known;
}

/**
 * @param {Language} language @param {MessageKey} key @param {Record<string, string | number>} [params]
 * @returns {string}
 */
export function message(language, key, params = {}) {
    const words = (catalogues[language] ?? catalogues.en)[key];
    const { numbers, plurals } = rulesOf(language);
    const form = plurals.select(Number(params["n"] ?? 0)) === "one" ? "one" : "other";
    const text = typeof words === "string" ? words : words[form];
    return filled(text, (name) => {
        const value = params[name];
        return typeof value === "number" ? numbers.format(value) : value;
    });
}

/** Puts values where the text names them in braces. @param {string} text @param {(name: string) => string | undefined} valueFor */
function filled(text, valueFor) {
    return text.replace(/\{(\w+)\}/g, (whole, /** @type {string} */ name) => valueFor(name) ?? whole);
}

/**
 * What an error means and what to do. A code without an entry is a defect; people still get a sentence.
 * @param {Language} language @param {string} code @param {string} [subject] stands in for `{subject}` @returns {ErrorWords}
 */
export function errorWords(language, code, subject = "?") {
    const { errors } = catalogues[language] ?? catalogues.en;
    const words = errors[/** @type {ErrorCode} */ (code)] ?? errors.inference_failed;
    return { ...words, title: filled(words.title, () => subject) };
}

/**
 * The first language of the person's list that there is a catalogue for.
 * @param {readonly string[]} wanted @returns {Language}
 */
export function bestLanguage(wanted) {
    for (const tag of wanted) {
        const language = tag.toLowerCase().split("-")[0];
        const known = LANGUAGES.find((one) => one === language);
        if (known) return known;
    }
    return "en";
}
