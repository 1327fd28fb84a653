/**
 * Where somebody is in a collection, as it is kept with it and found again: what is looked for, how far the grid is scrolled, and which
 * picture has the keyboard. What is kept may be of another version, or written by someone else.
 * @import { PictureFilter, Query } from "../core/engine_api.d.ts"
 *
 * `first`: the picture at the top of the grid; `top`: how far that is scrolled in a window of this `width`.
 * @typedef {{query: Query, first: number, top: number, width: number, current: number}} Place
 */
import * as state from "./state.js";

/** @type {readonly Query["sort"][]} */
const SORTS = ["added", "name", "newest", "oldest", "most_tags", "fewest_tags", "least_sure"];
/** @type {readonly PictureFilter["kind"][]} */
const FILTERS = ["untagged", "failed", "waiting", "corrected", "reviewed", "tag"];
/** More of them are nobody's wish. */
const MAX_FILTERS = 100;
const MAX_WORDS = 1_000;

/** @type {Query} */
const ALL = Object.freeze({ words: "", filters: [], without: [], sort: "added" });

/** Where somebody is now. @param {number} first @returns {Place} */
export function placeNow(first) {
    const { top, width } = state.viewport.value;
    return { query: state.query.value, first, top, width, current: state.gridIds.value[state.current.value] ?? 0 };
}

/** @param {unknown} view @returns {Place} */
export function readPlace(view) {
    const { query, first, top, width, current } = Object(view);
    return {
        query: readQuery(query),
        first: number(first),
        top: number(top),
        width: number(width),
        current: number(current),
    };
}

/** @param {unknown} query @returns {Query} */
function readQuery(query) {
    const { words, filters, without, sort } = Object(query);
    return {
        words: typeof words === "string" ? words.slice(0, MAX_WORDS) : ALL.words,
        filters: readFilters(filters),
        without: readFilters(without),
        sort: SORTS.find((known) => known === sort) ?? ALL.sort,
    };
}

/** @param {unknown} filters @returns {PictureFilter[]} */
function readFilters(filters) {
    if (!Array.isArray(filters)) return [];
    return filters.slice(0, MAX_FILTERS).flatMap((filter) => {
        const { kind, id, at_least: atLeast } = Object(filter);
        if (!FILTERS.includes(kind)) return [];
        if (kind !== "tag") return [{ kind }];
        const least = Number.isInteger(atLeast) && atLeast > 0 ? { at_least: atLeast } : {};
        return typeof id === "string" ? [{ kind, id, ...least }] : [];
    });
}

/** @param {unknown} value */
const number = (value) => (typeof value === "number" && Number.isFinite(value) && value >= 0 ? value : 0);
