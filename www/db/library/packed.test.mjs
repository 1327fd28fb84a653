import assert from "node:assert/strict";
import test from "node:test";
import { NumberSink, bytesOfHex, packBoxes, packCandidates, Sink } from "./packed.js";

const tagId = (/** @type {number} */ position) => position + 70_000;

test("candidates are packed column after column, with the numbers of their tags", () => {
    const packed = packCandidates(
        {
            tags: Uint16Array.of(1, 2),
            scores: Float32Array.of(0.5, 0.25),
            confidences: Float32Array.of(1, 0),
            components: Uint8Array.of(3, 4),
        },
        tagId,
    );
    const view = new DataView(packed.buffer);
    assert.equal(packed.length, 26);
    assert.deepEqual([view.getUint32(0, true), view.getUint32(4, true)], [70_001, 70_002]);
    assert.deepEqual([view.getFloat32(8, true), view.getFloat32(12, true), view.getFloat32(16, true)], [0.5, 0.25, 1]);
    assert.deepEqual([packed[24], packed[25]], [3, 4]);
});

test("boxes have their four numbers together, and columns of different lengths are refused", () => {
    const box = {
        tags: Uint16Array.of(9),
        confidences: Float32Array.of(0.5),
        regions: Float32Array.of(0, 0.25, 0.5, 1),
        components: Uint8Array.of(1),
    };
    const view = new DataView(packBoxes(box, tagId).buffer);
    assert.deepEqual([view.byteLength, view.getFloat32(12, true), view.getFloat32(20, true)], [25, 0.25, 1]);
    assert.throws(() => packBoxes({ ...box, regions: new Float32Array(3) }, tagId), { code: "inference_failed" });
    assert.throws(() => packBoxes({ ...box, components: new Uint8Array(2) }, tagId), { code: "inference_failed" });
});

test("a sink grows and keeps what it was given", () => {
    const sink = new Sink();
    const part = new Uint8Array(50_000).fill(7);
    for (let n = 0; n < 3; n++) assert.equal(sink.add(part), 50_000);
    assert.deepEqual([sink.taken().length, sink.taken()[149_999]], [150_000, 7]);
});

test("a hash is 64 hexadecimal digits", () => {
    assert.deepEqual(Array.from(bytesOfHex("00ff7a")), [0, 255, 122]);
    assert.throws(() => bytesOfHex("0g"), { code: "inference_failed" });
});

test("numbers are kept however many come", () => {
    for (const room of [0, 1, 3]) {
        const sink = new NumberSink(room);
        assert.deepEqual(sink.taken(), new Uint32Array());
        for (const number of [7, 0, 2 ** 32 - 1]) sink.add(number);
        assert.deepEqual(sink.taken(), Uint32Array.of(7, 0, 2 ** 32 - 1));
    }
});
