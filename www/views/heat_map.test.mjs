import assert from "node:assert/strict";
import test from "node:test";
import { brightest, heatPixels } from "./heat_map.js";

/** @param {number} width @param {number[]} heat */
const map = (width, heat) => ({ width, height: heat.length / width, heat: Float32Array.from(heat) });

/** @param {ReturnType<typeof heatPixels>} image @param {number} x @param {number} y */
const alpha = ({ width, pixels }, x, y) => pixels[(y * width + x) * 4 + 3] ?? NaN;

test("what is cold is transparent, and what is hottest is brightest but never hides all", () => {
    const image = heatPixels(map(2, [0, 1]), 10);
    assert.deepEqual([image.width, image.height, image.pixels.length], [20, 10, 800]);
    assert.equal(alpha(image, 0, 5), 0);
    assert.ok(alpha(image, 19, 5) > 150 && alpha(image, 19, 5) < 220);
    const sum = (/** @type {number} */ x) =>
        [0, 1, 2].reduce((all, channel) => all + (image.pixels[x * 4 + channel] ?? 0), 0);
    assert.ok(sum(19) > sum(10) && sum(10) > sum(1), "brighter with the heat");
});

test("between the middles of two places the heat goes over smoothly, and beyond the outer ones it stays", () => {
    const image = heatPixels(map(2, [0, 1]), 100);
    const row = Array.from({ length: 200 }, (_, x) => alpha(image, x, 50));
    assert.ok(
        row.every((value, x) => x === 0 || value >= (row[x - 1] ?? 0)),
        "never darker to the right",
    );
    assert.ok(
        row.every((value, x) => x === 0 || value - (row[x - 1] ?? 0) <= 4),
        "without an edge",
    );
    assert.ok(row.slice(0, 50).every((value) => value === 0) && row.slice(150).every((value) => value === row[199]));
    assert.ok(
        (row[100] ?? 0) > (row[199] ?? 0) / 4 && (row[100] ?? 0) < (row[199] ?? 0) / 2,
        "half way less than half: a veil is none",
    );
});

test("a place keeps its row and its column", () => {
    const image = heatPixels(map(3, [0, 0, 0, 0, 0, 0, 0, 1, 0]), 10); // the middle of the last row
    const hottest =
        Array.from({ length: 900 }, (_, idx) => idx).sort(
            (a, b) => (image.pixels[b * 4 + 3] ?? 0) - (image.pixels[a * 4 + 3] ?? 0),
        )[0] ?? 0;
    assert.ok(
        Math.abs((hottest % 30) - 15) <= 1 && Math.floor(hottest / 30) >= 24,
        `${hottest % 30}, ${Math.floor(hottest / 30)}`,
    );
});

test("the brightest third is named in the whole picture, of which the network may have seen a part", () => {
    const corner = map(
        7,
        Array.from({ length: 49 }, (_, idx) => (idx === 6 ? 1 : 0)),
    );
    assert.equal(brightest({ ...corner, region: [0, 0, 1, 1] }), "upper_right");
    assert.equal(brightest({ ...corner, region: [0.3, 0.4, 0.3, 0.3] }), "middle");
    assert.equal(
        brightest({ ...corner, region: [-0.5, 0, 2, 1] }),
        "upper_right",
        "a frame around the picture does not lead out of it",
    );
    assert.equal(brightest({ ...map(1, [1]), region: [0, 0, 1, 1] }), "middle");
    assert.equal(brightest({ ...map(2, [0, 0, 0, 0]), region: [0, 0, 1, 1] }), null);
});
