import assert from "node:assert/strict";
import test from "node:test";
import * as state from "../state.js";
import { createSnapshot } from "./snapshot.js";
import { resetState } from "./stand_in.mjs";

/** What the session answers to a query, and nothing else. @param {number[]} found */
function answer(found) {
    const { applySnapshot } = createSnapshot(/** @type {any} */ ({ session: { rule() {}, apply() {} } }));
    const counted = { summary: null, found: Uint32Array.from(found), listed: null, change: null };
    const update = { ids: [], opened: null, query: state.query.value, list: null, rules: null, policy: null };
    applySnapshot(/** @type {any} */ ({ tags: [], details: null, counted }), /** @type {any} */ (update));
    return state.foundIds.value;
}

test("as long as the same pictures are found, the list is the same, so that nothing is drawn anew", () => {
    resetState();
    state.query.value = { ...state.query.value, words: "cat" };
    const first = answer([3, 1]);
    assert.deepEqual(first, [3, 1]);
    assert.equal(answer([3, 1]), first);
    assert.deepEqual(answer([1, 3]), [1, 3]);
    assert.deepEqual(answer([1]), [1]);
    assert.deepEqual(answer([]), []);
});
