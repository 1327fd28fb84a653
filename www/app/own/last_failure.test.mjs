import assert from "node:assert/strict";
import { test } from "node:test";
import { lastFailed } from "./last_failure.js";

const failure = { code: "training_failed", detail: "It is too little." };
/** @param {any[]} trainings @param {any[]} heads */
const failedOf = (trainings, heads) => lastFailed(/** @type {any} */ ({ trainings, heads }))?.begun_ms ?? null;

test("a training that failed is told until a version is made, or another one is under way", () => {
    const failed = { begun_ms: 50, failure };
    assert.equal(failedOf([failed], []), 50);
    assert.equal(failedOf([failed], [{ made_ms: 40 }]), 50);
    assert.equal(failedOf([failed], [{ made_ms: 60 }, { made_ms: 40 }]), null);
    assert.equal(failedOf([{ begun_ms: 70, failure: null }, failed], [{ made_ms: 40 }]), null);
    assert.equal(failedOf([], []), null);
});
