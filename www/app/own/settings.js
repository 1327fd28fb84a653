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
    };
}

/**
 * What is to be set for a tagger to learn from a collection too; null where it does, or learns from chosen pictures.
 * @param {Record<string, unknown>} kept @param {number} collection @returns {{collections: number[]} | null}
 */
export function learningFrom(kept, collection) {
    const { collections, files } = ownSettingsOf(kept);
    return files.length > 0 || collections.includes(collection) ? null : { collections: [...collections, collection] };
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
