/**
 * Words in the language of the page.
 * @import { Failure } from "../core/protocol.js"
 * @import { MessageKey } from "../i18n/en.js"
 */
import { isPreparationGuessed, language } from "../app/state.js";
import { errorWords, message } from "../i18n/messages.js";

export { fileSize } from "../app/file_size.js";

/** @param {MessageKey} key @param {Record<string, string | number>} [params] */
export const t = (key, params) => message(language.value, key, params);

/** @param {Pick<Failure, "code" | "subject"> | undefined} failure */
export const errorText = (failure) => errorWords(language.value, failure?.code ?? "", failure?.subject);

/** A confidence as people read it: a whole number of per cent, and never "100" for what is not certain. @param {number} confidence */
export const percent = (confidence) => Math.min(confidence < 1 ? 99 : 100, Math.round(confidence * 100));

/** The confidence of a tag, where the model's confidences are known to mean something. @param {number} confidence */
export const confidenceText = (confidence) => (isPreparationGuessed.value ? "?" : String(percent(confidence)));

/** @param {number} value @param {number} [digits] */
export const rounded = (value, digits = 1) => Math.round(value * 10 ** digits) / 10 ** digits;

/** A day, in the language of the page. @param {number} ms since 1970 */
export const dayText = (ms) => new Intl.DateTimeFormat(language.value, { dateStyle: "medium" }).format(ms);

/** @param {number} ms since 1970 */
export const momentText = (ms) =>
    new Intl.DateTimeFormat(language.value, { dateStyle: "medium", timeStyle: "short" }).format(ms);
