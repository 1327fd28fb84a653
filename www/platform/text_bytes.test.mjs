import assert from "node:assert/strict";
import test from "node:test";
import { gzipSync } from "node:zlib";
import { toBytes, toText } from "./text_bytes.js";

/** As a browser reads it. @param {Uint8Array} text */
const read = (text) => new TextDecoder("windows-1252").decode(text);

/** @param {Uint8Array} bytes */
function assertThrough(bytes) {
    const text = toText(bytes);
    assert.deepEqual(toBytes(read(text)), new Uint8Array(bytes));
    assert.ok(text.every((byte) => byte !== 0 && byte !== 13));
    assert.doesNotMatch(read(text), /<[/!]|<$/);
    return text;
}

test("every byte comes back, whatever follows it, and nothing is in it that a parser could take for something else", () => {
    assertThrough(new Uint8Array(0));
    assertThrough(Uint8Array.of(0x3c));
    assertThrough(new TextEncoder().encode("</script><!--<script>\r\n\0".repeat(100)));
    // All pairs of bytes: of such blocks the large ones leave no key.
    assertThrough(Uint8Array.from({ length: 2 * 65_536 }, (_, idx) => (idx % 2 ? idx >> 1 : idx >> 9) & 255));
    assertThrough(Uint8Array.from({ length: 1000 }, (_, idx) => (idx * 37) & 255));
});

test("what is packed becomes less than four in a thousand larger", () => {
    let last = 7;
    const noise = Uint8Array.from(
        { length: 300_000 },
        () => (last = (Math.imul(last, 1_664_525) + 1_013_904_223) >>> 0) >>> 24,
    );
    const packed = gzipSync(noise);
    assert.ok(assertThrough(packed).length < 1.004 * packed.length);
});
