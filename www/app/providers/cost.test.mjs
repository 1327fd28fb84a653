import assert from "node:assert/strict";
import { test } from "node:test";
import { costOf } from "./cost.js";

test("units cost what was typed for a thousand, and nothing is known where nothing was typed", () => {
    assert.equal(costOf(200, { amount: 1.5 }), 0.3);
    assert.equal(costOf(0, { amount: 1.5 }), 0);
    assert.equal(costOf(200, null), null);
    assert.equal(costOf(200, undefined), null);
    assert.equal(costOf(200, { amount: null }), null);
});
