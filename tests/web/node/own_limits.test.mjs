/** What the page says that own tags can't do well has the figures of docs/PERFORMANCE.md. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

/** @param {string} path */
const read = (path) => readFileSync(new URL(`../../../${path}`, import.meta.url), "utf8");

test("the accuracies that the page shows are those that were measured", () => {
    const table = read("docs/PERFORMANCE.md").split("## Own tags")[1] ?? "";
    const cells = (/** @type {RegExp} */ row) => (row.exec(table)?.[1] ?? "").split("|").map((cell) => cell.trim());
    const sets = cells(/^\| \| (grocery .+?) \| mean /m);
    const measured = cells(/^\| accuracy, 25 and 5 a tag \| (.+?) \| \|/m).map((cell) => cell.split(", ").map(Number));
    const shown = [
        ...read("www/views/own_limits.js").matchAll(/^ {4}(\w+): \{ of25: ([\d.]+), of5: ([\d.]+) \},$/gm),
    ].map(([, set, of25, of5]) => [set, [Number(of25), Number(of5)]]);
    assert.equal(shown.length, 4);
    assert.deepEqual(Object.fromEntries(shown), Object.fromEntries(sets.map((set, idx) => [set, measured[idx]])));
});
