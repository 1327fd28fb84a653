import assert from "node:assert/strict";
import test from "node:test";
import { foundByOthers, taggingOf } from "./stored_tagging.js";

/** Two candidates and a box, as they are kept: all of a column, then the next. */
function stored() {
    const candidates = new DataView(new ArrayBuffer(26));
    [70, 9].forEach((tag, idx) => candidates.setUint32(4 * idx, tag, true));
    [0.5, 0.25].forEach((score, idx) => candidates.setFloat32(8 + 4 * idx, score, true));
    [0.75, 0.125].forEach((confidence, idx) => candidates.setFloat32(16 + 4 * idx, confidence, true));
    candidates.setUint8(25, 2);
    const box = new DataView(new ArrayBuffer(25));
    box.setUint32(0, 9, true);
    [0.5, 0, 0.25, 0.5, 1].forEach((value, idx) => box.setFloat32(4 + 4 * idx, value, true));
    box.setUint8(24, 1);
    return {
        ids: Uint32Array.of(4),
        runs: Uint32Array.of(1),
        run_rows: [],
        facts: '[{"sha256":"00","width":4,"height":3,"format":"jpeg","timings_ms":{"decode":1,"resize":1,"infer":1,"tags":1}}]',
        lengths: Uint32Array.of(26),
        candidates: new Uint8Array(candidates.buffer),
        box_lengths: Uint32Array.of(25),
        boxes: new Uint8Array(box.buffer),
    };
}
const POSITIONS = new Map([
    [70, 0],
    [9, 3],
]);

test("a tagging that was kept is what the tagger gave", () => {
    const tagging = taggingOf(stored(), POSITIONS);
    assert.deepEqual([tagging?.width, tagging?.timings_ms.infer], [4, 1]);
    assert.deepEqual([tagging?.tags, tagging?.components], [Uint16Array.of(0, 3), Uint8Array.of(0, 2)]);
    assert.deepEqual(
        [tagging?.scores, tagging?.confidences],
        [Float32Array.of(0.5, 0.25), Float32Array.of(0.75, 0.125)],
    );
    assert.deepEqual(tagging?.boxes, {
        tags: Uint16Array.of(3),
        confidences: Float32Array.of(0.5),
        regions: Float32Array.of(0, 0.25, 0.5, 1),
        components: Uint8Array.of(1),
    });
});

test("what providers found comes after it, and is not taken for the model's", () => {
    const { candidates, boxes, ...model } = stored();
    const [ids, lengths, boxLengths] = [Uint32Array.of(4, 4), Uint32Array.of(26, 13), Uint32Array.of(25, 0)];
    const both = {
        ids,
        lengths,
        box_lengths: boxLengths,
        candidates: Uint8Array.from([...candidates, ...Array(13)]),
        boxes,
    };
    assert.deepEqual(taggingOf({ ...model, ...both }, POSITIONS), taggingOf(stored(), POSITIONS));
});

test("with a tag that the model does not have, or without a tagging, there is none", () => {
    assert.equal(taggingOf(stored(), new Map([[70, 0]])), null);
    assert.equal(taggingOf({ ...stored(), ids: new Uint32Array(0) }, POSITIONS), null);
});

test("what providers and own taggers found in the picture, too, is no part of the model's tagging", () => {
    const model = stored();
    const google = {
        id: 2,
        kind: /** @type {const} */ ("provider"),
        tagger: "google",
        version: "1",
        pipeline: 1,
        components: [],
    };
    const both = {
        ...model,
        ids: Uint32Array.of(4, 4),
        runs: Uint32Array.of(1, 2),
        run_rows: [{ ...google, id: 1, kind: /** @type {const} */ ("model") }, google],
        facts: model.facts.replace("]", `,${model.facts.slice(1)}`),
        lengths: Uint32Array.of(26, 13),
        candidates: Uint8Array.of(...model.candidates, ...new Uint8Array(13)),
        box_lengths: Uint32Array.of(25, 0),
    };
    assert.deepEqual(taggingOf(both, POSITIONS), taggingOf(model, POSITIONS));
    assert.deepEqual(foundByOthers(both), [4]);
    assert.deepEqual([foundByOthers(model), foundByOthers(null)], [[], []]);
    for (const kind of /** @type {const} */ (["provider", "head"])) {
        const alone = { ...model, runs: Uint32Array.of(2), run_rows: [{ ...google, kind }] };
        assert.deepEqual([taggingOf(alone, POSITIONS), foundByOthers(alone)], [null, [4]], kind);
    }
});
