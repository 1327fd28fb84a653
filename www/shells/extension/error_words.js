/**
 * The page's words for what can go wrong with a picture or the engine: of two parts of the page, since the package has room for no more.
 * @import { ErrorWords } from "../../i18n/catalogues.d.ts"
 * @import { Language } from "./messages.js"
 */
import { start } from "../../i18n/en.js";
import { work } from "../../i18n/en_work.js";
import { start as swedishStart } from "../../i18n/sv.js";
import { work as swedishWork } from "../../i18n/sv_work.js";

/** @type {Record<Language, Record<string, ErrorWords>>} */
const ERRORS = {
    en: { ...start.errors, ...work.errors },
    sv: { ...swedishStart.errors, ...swedishWork.errors },
};

/** A code without an entry is a defect; people still get a sentence. @param {Language} language @param {string} code @param {string} [subject] stands in for `{subject}` */
export function errorWords(language, code, subject = "?") {
    const known = Object.hasOwn(ERRORS[language], code) ? code : "inference_failed";
    const { title, remedy } = /** @type {ErrorWords} */ (ERRORS[language][known]);
    return { title: title.replaceAll("{subject}", () => subject), remedy };
}
