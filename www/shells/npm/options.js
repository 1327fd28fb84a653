/**
 * What is asked for, checked before anything is loaded. The names are those of the command line, the page and the reports.
 * @import { Policy } from "../../core/engine_api.d.ts"
 * @import { TagOptions, TaggerOptions } from "./api.d.ts"
 */
import { wrongOption } from "./errors.js";

const isWord = (/** @type {unknown} */ value) => typeof value === "string" && value !== "";
const isWords = (/** @type {unknown} */ value) => Array.isArray(value) && value.every(isWord);
const isCount = (/** @type {unknown} */ value) => Number.isInteger(value) && Number(value) >= 1;

/** @typedef {[isRight: (value: any) => boolean, what: string]} Rule */

/** @type {Readonly<Record<string, Rule>>} */
const POLICY = {
    threshold: [(value) => typeof value === "number" && value >= 0 && value <= 1, "a number from 0 to 1"],
    maxTags: [isCount, "a whole number of at least 1"],
    allow: [isWords, 'an array of tag ids and of categories as "category:NAME"'],
    deny: [isWords, 'an array of tag ids and of categories as "category:NAME"'],
    language: [isWord, 'a language such as "en"'],
    objects: [(value) => typeof value === "boolean", "true or false"],
};
/** @type {Rule} */
const SIGNAL = [(value) => typeof value?.addEventListener === "function" && "aborted" in value, "an AbortSignal"];

/** Of a picture. @type {Readonly<Record<string, Rule>>} */
const OF_TAG = { ...POLICY, signal: SIGNAL, name: [isWord, "the picture’s name"] };
/** Of a tagger. @type {Readonly<Record<string, Rule>>} */
const OF_TAGGER = {
    ...POLICY,
    signal: SIGNAL,
    model: [
        (value) => isWord(value) || (typeof value === "object" && value !== null),
        "a folder’s address, or its files",
    ],
    workers: [isCount, "a whole number of at least 1"],
    timeoutMs: [(value) => typeof value === "number" && value > 0, "a number of milliseconds"],
    assets: [(value) => isWord(value) || value instanceof URL, "the address of the package’s files"],
    onProgress: [(value) => typeof value === "function", "a function"],
};

/** What users of MediaPipe's tasks know, by its name there. @type {Readonly<Record<string, string>>} */
const ELSEWHERE = {
    scoreThreshold: "threshold (a probability here, and not the network’s score)",
    maxResults: "maxTags",
    categoryAllowlist: "allow",
    categoryDenylist: "deny",
    displayNamesLocale: "language",
};

/** @param {TaggerOptions} options @throws {CodedError} `policy_invalid` */
export const checkTaggerOptions = (options) => check(options, OF_TAGGER);

/** @param {TagOptions} options @throws {CodedError} `policy_invalid` */
export const checkTagOptions = (options) => check(options, OF_TAG);

/** @param {unknown} options @param {Readonly<Record<string, Rule>>} rules @throws {CodedError} `policy_invalid` */
function check(options, rules) {
    if (typeof options !== "object" || options === null) throw wrongOption("The options are no object.");
    for (const [name, value] of Object.entries(options)) {
        if (!Object.hasOwn(rules, name)) {
            const ours = Object.hasOwn(ELSEWHERE, name) ? ELSEWHERE[name] : undefined;
            const known = Object.keys(rules).join(", ");
            throw wrongOption(ours ? `${name} is called ${ours} here.` : `There is no option ${name}, only ${known}.`);
        }
        const [isRight, what] = /** @type {Rule} */ (rules[name]);
        if (value !== undefined && !isRight(value)) throw wrongOption(`${name} is not ${what}: ${shown(value)}.`);
    }
}

/** @param {unknown} value */
function shown(value) {
    try {
        return (JSON.stringify(value) ?? String(value)).slice(0, 100);
    } catch {
        return "something else";
    }
}

/** @param {TagOptions | TaggerOptions} options @returns {Partial<Policy>} what is said of it, under the engine's names */
export function policyOf({ threshold, maxTags, allow, deny, language }) {
    const said = { threshold, max_tags: maxTags, allow: allow && [...allow], deny: deny && [...deny], language };
    return Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined));
}
