/** Pictures of products become a table for a spreadsheet: one row a product, its tags in one cell, a short alternative text. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { parseCsv } from "../csv.mjs";
import { painted } from "../painted.mjs";

/** @typedef {import("../jobs.mjs").Job} Job */
/** @typedef {{file: string, tags: string, text: string}} Row */

/** What is for sale, and its tags by name. @type {[import("../painted.mjs").Shares, string[]][]} */
const GOODS = [
    [{ teapot: 0.85 }, ["teapot"]],
    [{ "digital-clock": 0.5, tripod: 0.44 }, ["digital clock", "tripod"]],
    [{ balloon: 0.9 }, ["balloon"]],
    [{ espresso: 0.5, crossword: 0.43 }, ["espresso", "crossword"]],
];
const NAMES = Array.from({ length: 40 }, (_, idx) => `4711-${String(idx + 1).padStart(2, "0")}.jpg`);
const goodsOf = (/** @type {string} */ name) => GOODS[NAMES.indexOf(name) % GOODS.length] ?? assert.fail(name);

/** What the formulas below make of a table with a row per tag. @param {string[][]} rows @returns {Row[]} */
function onePerPicture([header = [], ...rows]) {
    const [file, tag] = [header.indexOf("path"), header.indexOf("name")];
    return [...new Set(rows.map((row) => row[file] ?? ""))].map((name) => {
        const tags = rows.filter((row) => row[file] === name).map((row) => row[tag] ?? "");
        return { file: name, tags: tags.join(", "), text: `Picture of ${tags.join(", ")}` };
    });
}

/** @satisfies {Job} */
export const table = {
    title: "40 products to a table",
    pictures: () => NAMES.map((name) => painted(name, goodsOf(name)[0])),
    /** @param {import("../jobs.mjs").Hand} hand */
    async steps(hand) {
        await hand.choose(() => hand.click(".drop-buttons .is-main"));
        await hand.waitUntilDone();
        await hand.click('[data-do="export"]');
        const csv = readFileSync(await hand.save(() => hand.click('[data-do="export-csv"]')), "utf8");
        // Beside the table: =UNIQUE(A2:A61), Tab, =TEXTJOIN(", ",1,FILTER(C:C,A:A=M2)), Tab, ="Picture of "&N2, Enter.
        hand.outside("spreadsheet: a free cell, three formulas, each ended by a key", { presses: 4, words: 4 });
        hand.outside("spreadsheet: select two of them, fill down by a double click", { presses: 3, words: 0 });
        hand.outside("spreadsheet: save as a workbook", { presses: 3, words: 0 });
        return onePerPicture(parseCsv(csv));
    },
    check(/** @type {Row[]} */ rows) {
        assert.deepEqual(rows.map(({ file }) => file).sort(), NAMES);
        for (const { file, tags, text } of rows) {
            const [, wanted] = goodsOf(file);
            assert.ok(
                wanted.every((tag) => tags.includes(tag)),
                `${file}: ${tags}`,
            );
            assert.ok(
                wanted.every((tag) => text.toLowerCase().includes(tag)),
                `${file}: ${text}`,
            );
        }
    },
};
