import assert from "node:assert/strict";
import test from "node:test";
import { toBytes, toText } from "./text_bytes.js";

/** As a browser reads it. @param {Uint8Array} text */
const read = (text) => new TextDecoder("windows-1252").decode(text);

test("every byte comes back, and every pair that a parser could take for something else", () => {
    const pairs = Uint8Array.from({ length: 2 * 65_536 }, (_, idx) => (idx % 2 ? idx >> 1 : idx >> 9) & 255);
    const text = toText(pairs);
    assert.deepEqual(toBytes(read(text)), pairs);
    assert.ok(text.every((byte) => byte !== 0 && byte !== 13));
    assert.doesNotMatch(read(text), /<[/!]/);
    assert.ok(text.length < 1.0125 * pairs.length, `${text.length} for ${pairs.length}`);
});

test("what ends with the beginning of an end does not end its element", () => {
    assert.equal(read(toText(Uint8Array.of(0x3c))), "=|");
    assert.deepEqual(toBytes("=|"), Uint8Array.of(0x3c));
    assert.deepEqual(toBytes(""), new Uint8Array(0));
});
