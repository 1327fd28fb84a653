import assert from "node:assert/strict";
import test from "node:test";
import { tag } from "./actions/stand_in.mjs";
import { foundOf, inside } from "./boxes.js";

/** @typedef {import("./boxes.js").Box} Box */

const CAT = /** @type {Box} */ ([0.1, 0.2, 0.3, 0.4]);
const DOG = /** @type {Box} */ ([0.5, 0.5, 0.2, 0.2]);
test("a tag has its own boxes, else those of the nearest above it that was found", () => {
    const animal = { id: "animal", name: "animal", count: null, boxes: [] };
    const cat = { id: "cat", name: "the cat", count: 1, boxes: [CAT] };
    const tabby = { ...tag("tabby"), parents: [cat, animal] };
    const dog = { ...tag("dog"), count: 60, boxes: [DOG], parents: [animal] };
    assert.deepEqual(foundOf([tabby, dog], "dog"), {
        id: "dog",
        name: "the dog",
        count: 60,
        boxes: [DOG],
        isAbove: false,
    });
    assert.deepEqual(foundOf([tabby, dog], "tabby"), { ...cat, isAbove: true });
    assert.deepEqual(foundOf([tabby, dog], "cat"), { ...cat, isAbove: false });
    assert.equal(foundOf([tabby, dog], "animal"), null);
    assert.equal(foundOf([tag("cup")], "cup"), null);
});

test("of a box that reaches over the edges, what lies in the picture is drawn", () => {
    assert.deepEqual(inside([-0.25, 0.5, 0.75, 1]), [0, 0.5, 0.5, 0.5]);
    assert.deepEqual(inside([0.25, 0.25, 0.5, 0.5]), [0.25, 0.25, 0.5, 0.5]);
    assert.deepEqual(inside([1.5, 0, 0.5, 1]).slice(2), [0, 1], "none of it");
});
