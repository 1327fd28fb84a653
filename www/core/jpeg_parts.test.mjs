import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import test from "node:test";
import { bareJpeg } from "./jpeg_parts.js";

/** @param {number} marker @param {string} text */
const segment = (marker, text) => [0xff, marker, 0, text.length + 2, ...Buffer.from(text)];
/** @param {number[]} bytes */
const bare = (bytes) => Buffer.concat(bareJpeg(Uint8Array.from(bytes)));

test("what programs write beside the pixels is left out, and everything else is as it was", () => {
    const kept = [segment(0xe0, "JFIF\0"), segment(0xdb, "tables"), segment(0xc0, "frame"), segment(0xc4, "codes")];
    const [jfif = [], ...others] = kept;
    const scan = [0xff, 0xda, 0, 4, 1, 2, 7, 0xff, 0xfe, 0, 9, 0xff, 0xd9];
    const written = [
        ...[0xff, 0xd8],
        ...jfif,
        ...segment(0xe1, "Exif\0\0GPS"),
        ...segment(0xe2, "ICC_PROFILE"),
        ...segment(0xfe, "by me"),
        ...others.flat(),
        ...segment(0xed, "Photoshop"),
        ...scan,
    ];
    assert.deepEqual(bare(written), Buffer.from([0xff, 0xd8, ...kept.flat(), ...scan]));
});

test("what is no JPEG, or breaks off, is as it was", async () => {
    const png = [0x89, 0x50, 0x4e, 0x47, 1, 2, 3];
    assert.deepEqual(bare(png), Buffer.from(png));
    for (const cut of [
        [0xff, 0xd8],
        [0xff, 0xd8, 0xff, 0xe1, 0, 200, 1],
        [0xff, 0xd8, 0xff, 0xe1, 0, 0],
    ])
        assert.deepEqual(bare(cut), Buffer.from(cut));
    const whole = await readFile(new URL("../../tests/cases/coffee/picture.jpg", import.meta.url));
    const again = bare([...bare([...whole])]);
    assert.deepEqual(again, bare([...whole]));
});
