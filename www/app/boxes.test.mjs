import assert from "node:assert/strict";
import test from "node:test";
import { tag } from "./actions/stand_in.mjs";
import { boxesOf, inside } from "./boxes.js";

/** @typedef {import("./boxes.js").Box} Box */

const CAT = /** @type {Box} */ ([0.1, 0.2, 0.3, 0.4]);
const DOG = /** @type {Box} */ ([0.5, 0.5, 0.2, 0.2]);
const ANIMAL = [{ id: "animal", name: "animal" }];

test("a tag has its own boxes, and one that stands above others has theirs, each thing once", () => {
    const cat = { ...tag("cat"), parents: ANIMAL, boxes: [CAT] };
    const dog = { ...tag("dog"), parents: ANIMAL, boxes: [DOG, CAT] };
    assert.deepEqual(boxesOf([cat, dog], "cat"), [CAT]);
    assert.deepEqual(boxesOf([cat, dog], "animal"), [CAT, DOG]);
    assert.deepEqual(boxesOf([cat, dog, { ...tag("animal"), boxes: [DOG] }], "animal"), [DOG]);
    assert.deepEqual(boxesOf([cat], "cup"), []);
});

test("of a box that reaches over the edges, what lies in the picture is drawn", () => {
    assert.deepEqual(inside([-0.25, 0.5, 0.75, 1]), [0, 0.5, 0.5, 0.5]);
    assert.deepEqual(inside([0.25, 0.25, 0.5, 0.5]), [0.25, 0.25, 0.5, 0.5]);
    assert.deepEqual(inside([1.5, 0, 0.5, 1]).slice(2), [0, 1], "none of it");
});
