import assert from "node:assert/strict";
import test from "node:test";
import { findForeignEntry } from "./entries.js";
import { packBoxes, packCandidates } from "./packed.js";

/** A database that answers these three questions. @param {Uint8Array} candidates @param {Uint8Array} boxes */
const database = (candidates, boxes) =>
    /** @type {any} */ ({
        all: (/** @type {string} */ sql, /** @type {unknown} */ _, /** @type {Function} */ make) =>
            [{ real: () => 7, int: () => 2 }].map((row) => make(row, sql)),
        each: (/** @type {string} */ _sql, /** @type {unknown} */ _, /** @type {Function} */ take) =>
            take({ real: () => 7, bytes: (/** @type {number} */ column) => (column === 2 ? candidates : boxes) }),
    });
const number = () => 7;
const found = {
    tags: Uint16Array.of(0, 0),
    scores: Float32Array.of(0.5, 3),
    confidences: Float32Array.of(0, 1),
    components: Uint8Array.of(0, 1),
};
const box = {
    tags: Uint16Array.of(0),
    confidences: Float32Array.of(0.5),
    regions: Float32Array.of(-0.1, 0, 0.5, 1.5),
    components: Uint8Array.of(1),
};

test("what a run can have found is let in, and each thing that it cannot is not", () => {
    /** @param {Partial<typeof found>} change @param {Partial<typeof box>} [ofBox] */
    const check = (change, ofBox, tag = number) =>
        findForeignEntry(
            database(packCandidates({ ...found, ...change }, tag), packBoxes({ ...box, ...ofBox }, number)),
        );
    assert.equal(check({}), null);
    for (const [change, ofBox, tag] of /** @type {const} */ ([
        [{ scores: Float32Array.of(0, Number.NaN) }],
        [{ confidences: Float32Array.of(0, 1.5) }],
        [{ confidences: Float32Array.of(-0.5, 0) }],
        [{ components: Uint8Array.of(0, 2) }],
        [{}, { regions: Float32Array.of(0, Number.POSITIVE_INFINITY, 0, 0) }],
        [{}, { confidences: Float32Array.of(Number.NaN) }],
        [{}, { components: Uint8Array.of(2) }],
        [{}, {}, () => 8],
    ]))
        assert.match(check(change, ofBox, tag) ?? "", /^the tagging of asset 7 by run 7/);
});
