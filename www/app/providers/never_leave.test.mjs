import assert from "node:assert/strict";
import { test } from "node:test";
import { mayLeave, neverOf } from "./never_leave.js";

/** @param {string} path @param {string[]} folders */
const leaves = (path, ...folders) => mayLeave({ collection: 1, path }, { collections: [], folders });

test("a collection that never leaves does not, wherever its pictures lie", () => {
    const never = { collections: [7], folders: [] };
    assert.equal(mayLeave({ collection: 7, path: "a.jpg" }, never), false);
    assert.equal(mayLeave({ collection: 8, path: "a.jpg" }, never), true);
});

test("a folder is a whole folder, with all that is below it, and no other that begins alike", () => {
    assert.equal(leaves("family/2026/a.jpg", "family"), false);
    assert.equal(leaves("family/2026/a.jpg", "family/2026"), false);
    assert.equal(leaves("family album/a.jpg", "family"), true);
    assert.equal(leaves("trips/family/a.jpg", "family"), true);
    assert.equal(leaves("family", "family"), true); // a picture of that name lies in no folder of that name
});

test("how it is written does not matter, so that in doubt a picture stays", () => {
    assert.equal(leaves("Família/a.jpg", "família/"), false);
    assert.equal(leaves("family\\me\\a.jpg", "/Family/ME"), false);
    assert.equal(leaves("./family//a.jpg", "family"), false);
});

test("no folder at all is not every folder", () => {
    assert.equal(leaves("a.jpg", "", "/", "."), true);
});

test("what is said of a collection outlives a restore, which gives its library another name", () => {
    const kept = { collections: ["former/1", "mine/1", "mine/30"], folders: ["family"] };
    assert.deepEqual(neverOf(kept), { collections: [1, 30], folders: ["family"] });
    assert.equal(
        mayLeave({ collection: 1, path: "a.jpg" }, neverOf({ collections: ["former/1"], folders: [] })),
        false,
    );
});
