import assert from "node:assert/strict";
import test from "node:test";
import { NO_CORRECTIONS, withAccepted } from "../corrections.js";
import { DEFAULTS } from "../settings.js";
import * as state from "../state.js";
import { resetState } from "./stand_in.mjs";
import { createUnsaved } from "./unsaved.js";

/** Two pictures, of which nothing was said; they may be there first. */
function make({ isLate = false } = {}) {
    resetState();
    if (isLate) state.orderedIds.value = [1, 2];
    /** @type {Map<number, import("../../core/engine_api.d.ts").Corrections>} */
    const said = new Map();
    const library = { nSaid: 0 };
    const unsaved = createUnsaved(library, { correctionsOf: (id) => said.get(id) ?? NO_CORRECTIONS });
    state.orderedIds.value = [1, 2];
    const sea = withAccepted(NO_CORRECTIONS, { id: "sea", name: "sea" });
    return { ...unsaved, library, said, sea };
}

test("nothing is lost as long as nothing was said, nor when it was taken back", () => {
    const { isWorkUnsaved, said, sea } = make();
    assert.equal(isWorkUnsaved(), false);
    assert.equal(make({ isLate: true }).isWorkUnsaved(), false);
    said.set(1, sea);
    assert.equal(isWorkUnsaved(), true);
    said.set(1, { own: [], rejected: [] });
    assert.equal(isWorkUnsaved(), false);
});

test("what waits for room would be lost, however little it is", () => {
    const { isWorkUnsaved } = make();
    state.isFull.value = true;
    assert.equal(isWorkUnsaved(), true);
    state.isFull.value = false;
    assert.equal(isWorkUnsaved(), false);
});

test("an export saves what was said of its pictures when it was taken, and nothing that was said later", () => {
    const { beginSaving, isWorkUnsaved, said, sea } = make();
    said.set(1, sea);
    said.set(2, sea);
    const finish = beginSaving([1]);
    assert.equal(isWorkUnsaved(), true, "it may still fail");
    finish();
    assert.equal(isWorkUnsaved(), true, "the other one is not in it");
    const finishOther = beginSaving([2]);
    said.set(2, NO_CORRECTIONS);
    finishOther();
    assert.equal(isWorkUnsaved(), true, "taken back since, which the file does not know");
    said.set(2, sea);
    assert.equal(isWorkUnsaved(), false);
});

test("what was said of pictures that were removed is no loss", () => {
    const { isWorkUnsaved, said, sea } = make();
    said.set(1, sea);
    state.orderedIds.value = [2];
    assert.equal(isWorkUnsaved(), false);
});

test("rules count from the first picture on, until an export has them", () => {
    const { beginSaving, isWorkUnsaved } = make();
    state.orderedIds.value = [];
    state.settings.value = { ...DEFAULTS, deny: ["cat"] };
    state.orderedIds.value = [1];
    assert.equal(isWorkUnsaved(), false);
    state.settings.value = { ...DEFAULTS, deny: ["cat", "dog"] };
    assert.equal(isWorkUnsaved(), true);
    beginSaving([1])();
    assert.equal(isWorkUnsaved(), false);
    state.settings.value = { ...DEFAULTS, threshold: 0.5, deny: ["cat", "dog"] };
    assert.equal(isWorkUnsaved(), false, "a threshold is no work");
});

test("a backup has everything: corrections, rules, and what no export has", () => {
    const { beginBackup, beginSaving, isWorkUnsaved, library, said, sea } = make();
    library.nSaid = 1; // a collection, a text, an own tagger
    assert.equal(isWorkUnsaved(), true);
    beginSaving([1, 2])();
    assert.equal(isWorkUnsaved(), true, "no export has it");
    said.set(1, sea);
    const finish = beginBackup();
    library.nSaid = 2;
    finish();
    assert.equal(isWorkUnsaved(), true, "said since");
    beginBackup()();
    assert.equal(isWorkUnsaved(), false);
});
