import assert from "node:assert/strict";
import test from "node:test";
import { fileSize } from "./file_size.js";

test("a size is told in the largest unit of which there is one, and what there is is never nothing", () => {
    const told = [0, 1, 1_499, 999_499, 1_000_000, 12_345_678, 999_949_999, 1_420_000_000].map(fileSize);
    assert.deepEqual(told, ["0 kB", "1 kB", "1 kB", "999 kB", "1 MB", "12.3 MB", "999.9 MB", "1.4 GB"]);
});
