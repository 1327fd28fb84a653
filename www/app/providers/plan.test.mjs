import assert from "node:assert/strict";
import { test } from "node:test";
import { bytesAbout, choose } from "./plan.js";

test("each picture goes, or stays for the first reason that holds", () => {
    const { asked, left_out: leftOut } = choose([1, 2, 3, 4, 5, 6, 7], {
        mayLeave: (id) => id !== 1,
        isReadable: (id) => id !== 7,
        isEmpty: (id) => id !== 1 && id !== 2,
        isDoubted: (id) => id !== 3,
        hasFile: (id) => id > 4,
    });
    assert.deepEqual([asked, leftOut], [[5, 6], { never: 1, unreadable: 1, no_file: 1, not_empty: 1, sure: 1 }]);
});

test("a picture counts as large as it is of use, and no larger than the provider takes", () => {
    const need = { max_side: 1000, max_bytes: 150_000 };
    assert.equal(bytesAbout({ width: 400, height: 200 }, need), 20_000);
    assert.equal(bytesAbout({ width: 4000, height: 2000 }, need), 125_000);
    assert.equal(bytesAbout({ width: 4000, height: 4000 }, need), 150_000);
    assert.equal(bytesAbout(undefined, need), 150_000);
});
