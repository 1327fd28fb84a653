/**
 * Words by key and language; plural forms and numbers by `Intl`. Each part of the page has its words in a file of its own, and gets them
 * with the part.
 * @import { Catalogues, ErrorCode, ErrorWords, MessageKey, PluralForms, WordsPart } from "./catalogues.d.ts"
 */
import { start } from "./en.js";

/** @typedef {"en" | "sv"} Language */
/** @typedef {Partial<Record<MessageKey, string | PluralForms>> & {errors: Partial<Record<ErrorCode, ErrorWords>>}} Catalogue what is there of it */

/** English words of the empty page are always there; everything else is fetched when someone wants it. */
const LOADERS = {
    en: {
        start: async () => start,
        work: async () => (await import("./en_work.js")).work,
        dialogs: async () => (await import("./en_dialogs.js")).dialogs,
        providers: async () => (await import("./en_providers.js")).providers,
        own_tags: async () => (await import("./en_own_tags.js")).own_tags,
        words: async () => (await import("./en_words.js")).words,
    },
    sv: {
        start: async () => (await import("./sv.js")).start,
        work: async () => (await import("./sv_work.js")).work,
        dialogs: async () => (await import("./sv_dialogs.js")).dialogs,
        providers: async () => (await import("./sv_providers.js")).providers,
        own_tags: async () => (await import("./sv_own_tags.js")).own_tags,
        words: async () => (await import("./sv_words.js")).words,
    },
};

/** Every language there is. */
export const LANGUAGES = /** @type {readonly Language[]} */ (Object.keys(LOADERS));
export const WORDS_PARTS = /** @type {readonly WordsPart[]} */ (Object.keys(LOADERS.en));

/** What is there. @type {Record<Language, Catalogue>} */
const catalogues = { en: start, sv: { errors: {} } };
/** The parts whose words are there, by language. @type {Record<Language, Set<WordsPart>>} */
const loaded = { en: new Set(["start"]), sv: new Set() };
/** The parts that are on show: a language is ready when it has words for all of them. @type {Set<WordsPart>} */
const wanted = new Set(["start"]);

/** Makes the words of another part ready, now and in every language to come. @param {Language} language @param {WordsPart} part */
export function loadWords(language, part) {
    wanted.add(part);
    return loadLanguage(language);
}

/** Makes a language ready for `message`. @param {Language} language */
export async function loadLanguage(language) {
    // More may be wanted by the time that these are there.
    while (!isLoaded(language)) {
        const missing = [...wanted].filter((part) => !loaded[language].has(part));
        await Promise.all(missing.map((part) => loadCatalogue(language, part)));
    }
}

/** Whether a language has words for all that is on show. @param {Language} language */
export const isLoaded = (language) => [...wanted].every((part) => loaded[language].has(part));

/** @param {Language} language @param {WordsPart} part */
async function loadCatalogue(language, part) {
    /** @type {Catalogues[WordsPart]} */
    const words = await LOADERS[language][part]();
    const former = catalogues[language];
    catalogues[language] = { ...former, ...words, errors: { ...former.errors, ...words.errors } };
    loaded[language].add(part);
}

/** What a shell says in its own words, in place of the page's. @type {Partial<Record<Language, Partial<Record<MessageKey, string>> & {errors?: Partial<Record<string, ErrorWords>>}>>} */
let ofShell = {};

/** @param {typeof ofShell} words */
export const speakAs = (words) => void (ofShell = words);

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
    const words = ofShell[language]?.[key] ?? catalogues[language][key];
    if (words === undefined)
        throw new Error(`The words for "${key}" are not there: they belong to a part that has not been fetched.`);
    const { numbers, plurals } = rulesOf(language);
    const form = plurals.select(Number(params["n"] ?? 0)) === "one" ? "one" : "other";
    const text = typeof words === "string" ? words : words[form];
    return filled(text, (name) => {
        const value = params[name];
        return typeof value === "number" ? numbers.format(value) : value;
    });
}

/** Whether the words are there: those of a part come with it, and a key may be of another version. @param {Language} language @param {string} key @returns {key is MessageKey} */
export const hasMessage = (language, key) => key !== "errors" && Object.hasOwn(catalogues[language], key);

/** Puts values where the text names them in braces. @param {string} text @param {(name: string) => string | undefined} valueFor */
function filled(text, valueFor) {
    return text.replace(/\{(\w+)\}/g, (whole, /** @type {string} */ name) => valueFor(name) ?? whole);
}

/**
 * What an error means and what to do. A code without an entry is a defect; people still get a sentence.
 * @param {Language} language @param {string} code @param {string} [subject] stands in for `{subject}` @returns {ErrorWords}
 */
export function errorWords(language, code, subject = "?") {
    const { errors } = catalogues[language];
    const words =
        ofShell[language]?.errors?.[code] ??
        errors[/** @type {ErrorCode} */ (code)] ??
        /** @type {ErrorWords} */ (errors.inference_failed);
    return { ...words, title: filled(words.title, () => subject) };
}

/**
 * The first language of the person's list that is known; English where none is.
 * @template {string} Known @param {readonly string[]} wanted as browsers write them: "de-AT" @param {readonly Known[]} known
 * @returns {Known | "en"}
 */
export function bestLanguage(wanted, known) {
    for (const tag of wanted.map((one) => one.toLowerCase())) {
        const [primary] = tag.split("-");
        const found =
            known.find((one) => one.toLowerCase() === tag) ?? known.find((one) => one.toLowerCase() === primary);
        if (found) return found;
    }
    return "en";
}
