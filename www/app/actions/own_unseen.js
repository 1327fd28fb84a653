/**
 * Pictures that a version in use has not seen: so many are spoken of over the grid. What could not be read is not offered again, and what somebody
 * does not want to tag now stays so after a reload, until there are more of them.
 * @import { OwnTagger } from "../../db/own_protocol.js"
 * @import { Context } from "../context.js"
 */
import { ownTagging, untagged } from "../own_state.js";
import { leftUntagged } from "../own_view_state.js";
import * as state from "../state.js";
import { inUse } from "./own_tagging.js";

const KEPT_AS = "own_untagged_left";
/** More versions and collections than anyone leaves; the oldest go first. */
const MOST = 100;

/** @param {Pick<Context, "platform">} context */
export function createOwnUnseen({ platform }) {
    const kept = Object.entries(Object(platform.loadSetting(KEPT_AS)));
    leftUntagged.value = new Map(kept.filter(isCount));

    /** Not now. @param {OwnTagger} tagger */
    function leaveUntagged(tagger) {
        const key = keyOf(tagger);
        const next = new Map(leftUntagged.value);
        next.delete(key);
        next.set(key, countOf(tagger));
        leftUntagged.value = new Map([...next].slice(-MOST));
        platform.saveSetting(KEPT_AS, Object.fromEntries(leftUntagged.value));
    }

    return { leaveUntagged };
}

/** How many are to be spoken of: none where somebody has left as many. @param {OwnTagger} tagger */
export function nUnseenBy(tagger) {
    const n = countOf(tagger);
    return n > (leftUntagged.value.get(keyOf(tagger)) ?? 0) ? n : 0;
}

/** @param {OwnTagger} tagger */
const keyOf = (tagger) => `${inUse(tagger)?.id ?? 0} ${state.collection.value?.id ?? 0}`;

/** Without those that could not be read when it tagged last. @param {OwnTagger} tagger */
function countOf(tagger) {
    const { ready = 0, without = 0 } = untagged.value.get(tagger.id) ?? {};
    const { value: last } = ownTagging;
    const nFailed = last?.head === inUse(tagger)?.id ? (last?.nFailed ?? 0) : 0;
    return ready + Math.max(0, without - nFailed);
}

/** @param {[string, unknown]} one @returns {one is [string, number]} */
const isCount = (one) => Number.isSafeInteger(one[1]);
