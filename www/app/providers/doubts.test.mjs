import assert from "node:assert/strict";
import { test } from "node:test";
import { doubted } from "./doubts.js";

test("a picture is doubted where no tag of the local model's own is sure", () => {
    /** @type {Record<number, {confidence: number | null, source?: string}[] | null>} */
    const tags = {
        1: [{ confidence: 0.95 }, { confidence: 0.4 }],
        2: [{ confidence: 0.6 }],
        3: [],
        4: null,
        5: [{ confidence: 0.99, source: "cloud" }],
        6: [{ confidence: 1, source: "manual" }],
        7: [{ confidence: null }],
    };
    assert.deepEqual(
        doubted([7, 6, 5, 4, 3, 2, 1], (id) => tags[id] ?? null, 0.9),
        [7, 5, 4, 3, 2],
    );
});
