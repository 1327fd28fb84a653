/**
 * Looking for pictures: words, filters, the order, and the tags that are listed beside them.
 * @import { PictureFilter, Query } from "../../core/engine_api.d.ts"
 * @import { Context } from "../context.js"
 */
import { batch } from "../../vendor/signals.js";
import * as state from "../state.js";
import { openPicture } from "./grid.js";

/** So many tags are listed as they are looked for, and where all of them are. */
const N_LISTED = 12;
const MAX_LISTED = 5_000;

/** "At least so many" behind a name, as the session reads it. */
const AT_LEAST = /\s*(>=|=>|≥|×|>)\s*\d*$/;

/** @param {Context} context */
export function createFinding(context) {
    /** What is looked for from now on, and in which order. @param {Partial<Query>} news */
    function setQuery(news) {
        batch(() => {
            state.query.value = { ...state.query.value, ...news };
            state.current.value = 0;
            if (!state.isFound.value) state.foundIds.value = null;
        });
        context.session.find(state.isFound.value ? state.query.value : null);
        listTags();
    }

    /** Which tags are listed: those that are looked for, all of them, or only the frequent ones. @param {boolean} [areAll] */
    function listTags(areAll = state.areAllTagsListed.value) {
        const typed = state.query.value.words.trim().replace(AT_LEAST, "").split(/\s+/).at(-1) ?? "";
        batch(() => {
            state.areAllTagsListed.value = areAll;
            const isListed = areAll || typed !== "";
            state.tagList.value = isListed ? { typed, n: areAll ? MAX_LISTED : N_LISTED } : null;
            if (!isListed) state.listed.value = null;
        });
        context.session.listTags(state.tagList.value);
    }

    /** Shows all pictures; the order stays. */
    const showAll = () => setQuery({ words: "", filters: [], without: [] });

    /** Looks at pictures of one kind only. @param {PictureFilter} filter */
    const showOnly = (filter) => setQuery({ words: "", filters: [filter], without: [] });

    /** When what is found and counted is that of the last wish. */
    const whenFound = () => context.session.settled();

    /** Opens the first picture that is found, as soon as that is known. @returns {Promise<boolean>} whether there is one */
    async function openFirst() {
        await whenFound();
        const [first] = state.gridIds.value;
        if (first !== undefined) openPicture(first);
        return first !== undefined;
    }

    /** Pictures must be of this kind as well, or must not be; once more takes that back. @param {PictureFilter} filter @param {"filters" | "without"} how */
    function toggleFilter(filter, how) {
        const { query } = state;
        const isOther = (/** @type {PictureFilter} */ one) => !isSameFilter(one, filter);
        const rest = { filters: query.value.filters.filter(isOther), without: query.value.without.filter(isOther) };
        const isOn = query.value[how].length > rest[how].length;
        setQuery(isOn ? rest : { ...rest, [how]: [...rest[how], filter] });
    }

    /** Pictures must have at least so many of a tag that is filtered by. @param {PictureFilter & {kind: "tag"}} filter @param {number} n */
    function setAtLeast(filter, n) {
        const next = { kind: filter.kind, id: filter.id, ...(n > 1 && { at_least: n }) };
        const change = (/** @type {PictureFilter} */ one) => (isSameFilter(one, filter) ? next : one);
        const { filters, without } = state.query.value;
        setQuery({ filters: filters.map(change), without: without.map(change) });
    }

    return { listTags, openFirst, setAtLeast, setQuery, showAll, showOnly, toggleFilter, whenFound };
}

/** @param {PictureFilter} one @param {PictureFilter} other */
export const isSameFilter = (one, other) => JSON.stringify(one) === JSON.stringify(other);
