/**
 * What people choose about exports, once for all. What is stored may be of another version, or written by someone else: it is checked
 * value by value, and what makes no sense counts as not chosen.
 * @import { CaptionOptions, ExportChoices, ExportFormatFacts } from "../core/engine_api.d.ts"
 *
 * `caption_names`, `sidecar_names`: whether the pictures' full names are in those of their files; where pictures would share a file they
 * are in any case. `place`: where the files go; `pictures` is the folder that they came from. `with_sidecars`: pictures that can hold no keywords get a sidecar.
 * @typedef {{
 *   captions: CaptionOptions, caption_names: "stem_or_full" | "full", sidecar_names: "stem_or_full" | "full", with_sidecars: boolean,
 *   place: Place }} ChosenExports
 * @typedef {typeof PLACES[number]} Place
 */
import { usualChoices } from "../core/exports.js";

export const ORDERS = /** @type {const} */ (["confidence", "name", "own_first"]);
const PLACES = /** @type {const} */ (["zip", "pictures", "folder"]);
const NAMES = /** @type {const} */ (["stem_or_full", "full"]);

export const USUAL = /** @type {Readonly<ChosenExports>} */ ({
    captions: {
        prefix: "",
        separator: ", ",
        underscores: false,
        lower_case: false,
        parents: false,
        order: "confidence",
        never: [],
    },
    caption_names: "stem_or_full",
    sidecar_names: "full",
    with_sidecars: true,
    place: "zip",
});

/** Longer than any caption's prefix, and more words than anyone leaves out. */
const MAX_CHARACTERS = 500;
const MAX_WORDS = 200;

/** @param {unknown} stored @returns {ChosenExports} */
export function validated(stored) {
    const given = fieldsOf(stored);
    const captions = fieldsOf(given["captions"]);
    const { separator, order } = USUAL.captions;
    return {
        captions: {
            prefix: text(captions["prefix"]) ?? "",
            separator: isSeparator(captions["separator"]) ? captions["separator"] : separator,
            underscores: captions["underscores"] === true,
            lower_case: captions["lower_case"] === true,
            parents: captions["parents"] === true,
            order: oneOf(ORDERS, captions["order"]) ?? order,
            never: words(captions["never"]),
        },
        caption_names: oneOf(NAMES, given["caption_names"]) ?? USUAL.caption_names,
        sidecar_names: oneOf(NAMES, given["sidecar_names"]) ?? USUAL.sidecar_names,
        with_sidecars: given["with_sidecars"] !== false,
        place: oneOf(PLACES, given["place"]) ?? USUAL.place,
    };
}

/** @param {ExportFormatFacts} format @param {ChosenExports} chosen @param {string | undefined} locale the machine's @returns {ExportChoices} */
export function choicesFor(format, chosen, locale) {
    if (format.name === "captions") return { names: chosen.caption_names, captions: chosen.captions };
    if (format.name === "xmp") return { names: chosen.sidecar_names };
    return usualChoices(format, locale);
}

/** Whether it keeps the words of a caption apart, as the exports module sees it. @param {unknown} value @returns {value is string} */
export const isSeparator = (value) => typeof value === "string" && /^[^\p{L}\p{N}\p{Cc}_]{1,10}$/u.test(value);

/** Words divided by commas. @param {string} typed */
export const wordsIn = (typed) => words(typed.split(","));

/** @param {unknown} value @returns {Record<string, unknown>} */
const fieldsOf = (value) => Object(value);

/** @param {unknown} value */
const text = (value) => (typeof value === "string" && value.length <= MAX_CHARACTERS ? value : null);

/** @param {unknown} value @returns {string[]} */
function words(value) {
    if (!Array.isArray(value)) return [];
    const all = value.flatMap((word) => text(word)?.trim() || []);
    return [...new Set(all)].slice(0, MAX_WORDS);
}

/** @template {string} One @param {readonly One[]} all @param {unknown} value */
const oneOf = (all, value) => all.find((one) => one === value);
