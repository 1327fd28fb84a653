import assert from "node:assert/strict";
import test from "node:test";
import { placeNow, readPlace } from "./place.js";
import { resetState } from "./actions/stand_in.mjs";
import * as state from "./state.js";

const START = { query: { words: "", filters: [], without: [], sort: "added" }, first: 0, top: 0, width: 0, current: 0 };

test("where somebody is comes back as it was", () => {
    resetState();
    state.orderedIds.value = [7, 8, 9];
    state.current.value = 2;
    state.viewport.value = { width: 700, height: 500, top: 120 };
    state.query.value = {
        words: "cat>=2",
        filters: [{ kind: "tag", id: "cat", at_least: 2 }, { kind: "reviewed" }],
        without: [{ kind: "failed" }],
        sort: "newest",
    };
    const place = placeNow(8);
    assert.deepEqual(readPlace(JSON.parse(JSON.stringify(place))), place);
    assert.deepEqual([place.first, place.top, place.current], [8, 120, 9]);
    state.query.value = { words: "", filters: [], without: [], sort: "added" };
    assert.equal(placeNow(8).current, 9);
});

test("what makes no sense counts as not kept, and nothing else with it", () => {
    for (const view of [null, undefined, 7, "x", [], { query: null, top: -1, first: "1", width: Number.NaN }])
        assert.deepEqual(readPlace(view), START);
    const query = {
        words: ["cat"],
        filters: [{ kind: "tag" }, { kind: "tag", id: "cat", at_least: -3 }, { kind: "new" }, null],
        without: "failed",
        sort: "best",
    };
    assert.deepEqual(readPlace({ query, top: 5 }), {
        ...START,
        query: { ...START.query, filters: [{ kind: "tag", id: "cat" }] },
        top: 5,
    });
});
