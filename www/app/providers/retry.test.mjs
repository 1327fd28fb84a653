import assert from "node:assert/strict";
import { test } from "node:test";
import { RETRY_LIMITS, waitBefore } from "./retry.js";

const least = () => 0;
const most = () => 0.999_999;

test("each wait is twice the one before, between its half and its whole, up to a longest one", () => {
    const limits = { ...RETRY_LIMITS, tries: 99 };
    const expected = /** @type {[number, number][]} */ ([
        [1, 1_000],
        [2, 2_000],
        [5, 16_000],
        [20, 120_000],
    ]);
    for (const [nTries, whole] of expected) {
        assert.equal(waitBefore("backoff", nTries, least, limits), whole / 2);
        assert.equal(waitBefore("backoff", nTries, most, limits), whole);
    }
});

test("what the service says is the least, and a second refusal means more", () => {
    assert.equal(waitBefore({ after_ms: 30_000 }, 1, least), 30_000);
    assert.ok(Number(waitBefore({ after_ms: 30_000 }, 1, most)) <= 31_000);
    assert.ok(Number(waitBefore({ after_ms: 30_000 }, 4, most)) > 33_000);
    assert.equal(waitBefore({ after_ms: -5 }, 1, least), 0);
});

test("what is final, was tried enough or is days away is not tried again", () => {
    assert.equal(waitBefore("never", 1, least), null);
    assert.equal(waitBefore("backoff", RETRY_LIMITS.tries, least), null);
    assert.equal(waitBefore({ after_ms: 2.12 * 86_400_000 }, 1, least), null);
    assert.equal(waitBefore({ after_ms: Number.NaN }, 1, least), null);
});

test("two that were refused at the same moment do not come again at the same moment", () => {
    const waits = [0.1, 0.5, 0.9].map((share) => waitBefore({ after_ms: 5_000 }, 1, () => share));
    assert.equal(new Set(waits).size, 3);
});
