/**
 * What is thrown: the page's stable codes and sentences, never a string.
 * @import { CodedError } from "../../core/protocol.js"
 */
import { details, words } from "tagsmith-error-words";
import { CodedError as Coded } from "../../core/protocol.js";

/** What is wrong (`title`), what to do (`remedy`), and one English sentence about this case (`detail`); `message` is all three. */
export class TaggerError extends Error {
    /** @param {CodedError} error @param {string} language of its sentences, English where there are none in it */
    constructor({ code, detail, subject }, language) {
        const spoken = /^sv\b/i.test(String(language)) ? "sv" : "en"; // it may be what is wrong
        const found = words[spoken][code] ?? words[spoken]["inference_failed"];
        const title = (found?.title ?? "").replace("{subject}", () => subject ?? "?");
        const remedy = found?.remedy ?? "";
        super([title, remedy, details[spoken].replace("{detail}", () => detail)].join(" "));
        this.name = "TaggerError";
        this.code = code;
        this.title = title;
        this.remedy = remedy;
        this.detail = detail;
        this.subject = subject;
    }
}

/**
 * As it is thrown. An aborted signal throws its reason, as everywhere on the web; one that is no error becomes one.
 * @param {unknown} error @param {string} language @returns {unknown}
 */
export function told(error, language) {
    if (error instanceof Coded) return new TaggerError(error, language);
    return error instanceof Error ? error : new DOMException(String(error), "AbortError");
}

/** @param {string} detail */
export const wrongOption = (detail) => new Coded("policy_invalid", detail);
