/**
 * Tagging again on request, and what that changed: which pictures show more, or less, of a tagger's tags than before.
 * @import { Context } from "../context.js"
 * @import { Tag } from "../../core/engine_api.d.ts"
 */
import { ownChange } from "../own_view_state.js";
import * as state from "../state.js";

/** @param {Pick<Context, "session">} context @param {{tagWith: (id: string) => Promise<unknown>}} actions */
export function createOwnChanges({ session }, { tagWith }) {
    /** What is asked of another tagger meanwhile is not overwritten. */
    let nAsked = 0;

    /** @param {string} id of the tagger */
    async function tagAgainWith(id) {
        const mine = ++nAsked;
        ownChange.value = null;
        const ids = [...state.orderedIds.value];
        const before = await shownOf(id, ids);
        await tagWith(id);
        const after = await shownOf(id, ids);
        if (mine === nAsked) ownChange.value = { tagger: id, ...changeBetween(before, after) };
    }

    /** The tags that it shows, by picture. @param {string} tagger @param {readonly number[]} ids */
    async function shownOf(tagger, ids) {
        const from = `head:${tagger}`;
        // What a person says shows as theirs, whoever else says it.
        const isIts = (/** @type {Tag} */ tag) =>
            tag.source !== "manual" && (tag.from === from || (tag.also_from ?? []).includes(from));
        /** @type {Map<number, Set<string>>} */
        const shown = new Map();
        for await (const { id, tags } of session.tagsOf(ids))
            shown.set(id, new Set(tags.filter(isIts).map((tag) => tag.id)));
        return shown;
    }

    return { tagAgainWith };
}

const NONE = /** @type {ReadonlySet<string>} */ (new Set());

/** @param {ReadonlyMap<number, ReadonlySet<string>>} before @param {ReadonlyMap<number, ReadonlySet<string>>} after */
export function changeBetween(before, after) {
    let nGained = 0;
    let nLost = 0;
    /** @type {number[]} */
    const ids = [];
    for (const id of new Set([...before.keys(), ...after.keys()])) {
        const [then, now] = [before.get(id) ?? NONE, after.get(id) ?? NONE];
        const gained = [...now].filter((tag) => !then.has(tag)).length;
        const lost = [...then].filter((tag) => !now.has(tag)).length;
        nGained += gained;
        nLost += lost;
        if (gained + lost > 0) ids.push(id);
    }
    return { nGained, nLost, ids };
}
