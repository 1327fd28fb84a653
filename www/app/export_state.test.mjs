import assert from "node:assert/strict";
import test from "node:test";
import { signal } from "../vendor/signals.js";
import { resetState } from "./actions/stand_in.mjs";
import { exportScope } from "./export_state.js";
import * as state from "./state.js";

/** @param {import("./state.js").PictureState[]} states by id */
function fill(...states) {
    resetState();
    for (const [id, one] of states.entries())
        state.pictures.set(
            id,
            signal({ id, path: `${id}`, name: `${id}`, file: null, size: 0, modified_ms: 0, state: one }),
        );
    state.orderedIds.value = [...states.keys()];
}

test("everything is meant, and what waits is counted apart", () => {
    fill("done", "failed", "queued", "tagging", "stopped");
    assert.deepEqual(exportScope.value, { ids: [0, 1, 2, 3, 4], n: 5, nReady: 2, nLooks: 0, isSelection: false });
});

test("under a filter only what it shows is meant, and of a selection all of it", () => {
    fill("done", "done", "done", "queued");
    state.query.value = { words: "castle", filters: [], without: [], sort: "added" };
    state.foundIds.value = [2];
    assert.deepEqual(exportScope.value, { ids: [2], n: 1, nReady: 1, nLooks: 0, isSelection: false });
    state.selection.value = new Set([3, 0]);
    assert.deepEqual(exportScope.value, { ids: [0, 3], n: 2, nReady: 1, nLooks: 0, isSelection: true });
});

test("pictures that are going to be looked at again are counted among those that are ready", () => {
    fill("done", "done", "failed");
    const cell = state.pictures.get(1);
    if (cell) cell.value = { ...cell.value, look: "waiting" };
    assert.deepEqual([exportScope.value.nReady, exportScope.value.nLooks], [3, 1]);
});
