/** What an own tagger is set to: from the library, where any version of the page may have written it. */
/** @import { OwnSettings } from "../own_state.js" */

/** Saturday, half past midnight: when a new tagger is trained by itself, from collections with smart tags on, unless a person sets something else. */
export const WEEKLY = { day: 6, minute: 30 };
const MINUTES = 24 * 60;

/** @param {Record<string, unknown>} kept @returns {OwnSettings} */
export function ownSettingsOf(kept) {
    const { tags, after_n: afterN, once_ms: onceMs, keeps_squares: keepsSquares } = kept;
    return {
        collections: numbers(kept["collections"]),
        files: numbers(kept["files"]),
        tags: Array.isArray(tags) ? tags.filter((id) => typeof id === "string") : null,
        weekly: weeklyOf(kept["weekly"]),
        after_n: isWhole(afterN) && afterN > 0 ? afterN : null,
        once_ms: isWhole(onceMs) ? onceMs : null,
        keeps_squares: keepsSquares !== false,
        without_moved: kept["without_moved"] === true,
    };
}

/** @typedef {{collection: number, files: readonly number[], tags: readonly string[]}} NewExamples pictures of a collection, and the tags that they are examples of */

/**
 * What is to be set for a tagger to learn from examples that have come: from their collection, or from them where it learns from chosen pictures; and their
 * tags, where it learns chosen ones. Null where it does so already.
 * @param {Record<string, unknown>} kept @param {NewExamples} more @returns {Partial<Pick<OwnSettings, "collections" | "files" | "tags">> | null}
 */
export function learningFrom(kept, { collection, files: newFiles, tags: newTags }) {
    const { collections, files, tags } = ownSettingsOf(kept);
    const missing = /** @template T @param {readonly T[]} some @param {readonly T[]} more */ (some, more) =>
        more.filter((one) => !some.includes(one));
    const [ofFiles, ofTags] = [missing(files, newFiles), tags ? missing(tags, newTags) : []];
    const change = {
        ...(files.length > 0 && ofFiles.length > 0 && { files: [...files, ...ofFiles] }),
        ...(!collections.includes(collection) && { collections: [...collections, collection] }),
        ...(tags && ofTags.length > 0 && { tags: [...tags, ...ofTags] }),
    };
    return Object.keys(change).length > 0 ? change : null;
}

/** What of its settings says which corrections concern a tagger. @param {Record<string, unknown>} kept @returns {Pick<OwnSettings, "collections" | "files" | "tags">} */
export function taughtIn(kept) {
    const { collections, files, tags } = ownSettingsOf(kept);
    return { collections, files, tags };
}

/** Of a new tagger. @param {readonly number[]} collections @returns {OwnSettings} */
export const newSettings = (collections) => ({ ...ownSettingsOf({ weekly: WEEKLY }), collections });

/** @param {unknown} value @returns {{day: number, minute: number} | null} */
function weeklyOf(value) {
    const { day, minute } = /** @type {{day?: unknown, minute?: unknown}} */ (Object(value));
    return isWhole(day) && day < 7 && isWhole(minute) && minute < MINUTES ? { day, minute } : null;
}

/** @param {unknown} value @returns {number[]} */
const numbers = (value) => (Array.isArray(value) ? value.filter(isWhole) : []);

/** @param {unknown} value @returns {value is number} */
const isWhole = (value) => Number.isSafeInteger(value) && /** @type {number} */ (value) >= 0;
