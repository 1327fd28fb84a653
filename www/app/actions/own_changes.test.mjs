import assert from "node:assert/strict";
import test from "node:test";
import { ownChange } from "../own_view_state.js";
import * as state from "../state.js";
import { changeBetween, createOwnChanges } from "./own_changes.js";

/** @param {Record<number, string[]>} all */
const shown = (all) => new Map(Object.entries(all).map(([id, tags]) => [Number(id), new Set(tags)]));

test("what changed is counted by tag, and listed by picture", () => {
    const change = changeBetween(
        shown({ 1: ["a"], 2: ["a", "b"], 3: ["c"] }),
        shown({ 1: ["a"], 2: ["b"], 4: ["a", "c"] }),
    );
    assert.deepEqual(change, { nGained: 2, nLost: 2, ids: [2, 3, 4] });
});

test("only what this tagger says counts, alone or beside another", async () => {
    state.orderedIds.value = [1, 2];
    let isTagged = false;
    const tag = (/** @type {string} */ id, /** @type {string} */ from, /** @type {string[]} */ ...also) => ({
        ...{ id, from, also_from: also, source: "custom" },
    });
    const theirs = { ...tag("hat", "person", "head:mine"), source: "manual" };
    const session = {
        async *tagsOf() {
            yield { id: 1, tags: isTagged ? [tag("shoe", "classes", "head:mine"), tag("cat", "classes")] : [] };
            yield {
                id: 2,
                tags: isTagged
                    ? [tag("bag", "head:other"), tag("shoe", "head:mine"), theirs]
                    : [tag("bag", "head:mine")],
            };
        },
    };
    const tagWith = async () => void (isTagged = true);
    await createOwnChanges(/** @type {any} */ ({ session }), { tagWith }).tagAgainWith("mine");
    assert.deepEqual(ownChange.value, { tagger: "mine", nGained: 2, nLost: 1, ids: [1, 2] });
    state.orderedIds.value = [];
});
