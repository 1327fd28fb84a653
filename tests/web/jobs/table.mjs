/** Pictures of products become a table for a spreadsheet: one row a product, its tags in one cell, a short alternative text. */
import assert from "node:assert/strict";
import { painted } from "../painted.mjs";
import { unzip } from "../unzip.mjs";

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

/** Each text cell of a sheet has a place, such as C2, and the number of its text. @param {string} sheet @param {string} texts */
function rowsOf(sheet, texts) {
    const all = Array.from(texts.matchAll(/<t[^>]*>(.*?)<\/t>/gs), ([, text = ""]) => text);
    return Array.from(sheet.matchAll(/<row .*?<\/row>/gs), ([row]) => {
        /** @type {string[]} */
        const cells = [];
        for (const [, column = "", at] of row.matchAll(/<c r="([A-Z])\d+"[^>]* t="s"[^>]*><v>(\d+)<\/v>/g))
            cells[column.charCodeAt(0) - "A".charCodeAt(0)] = all[Number(at)] ?? "";
        return cells;
    });
}

/** @param {string[][]} rows @returns {Row[]} */
function onePerPicture([header = [], ...rows]) {
    const [file, tags, text] = ["File", "Tags", "Alternative text"].map((name) => header.indexOf(name));
    const cell = (/** @type {string[]} */ row, /** @type {number | undefined} */ at) => row[at ?? -1] ?? "";
    return rows.map((row) => ({ file: cell(row, file), tags: cell(row, tags), text: cell(row, text) }));
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
        const parts = unzip(await hand.save(() => hand.click('[data-do="export-xlsx"]')));
        return onePerPicture(rowsOf(parts["xl/worksheets/sheet1.xml"] ?? "", parts["xl/sharedStrings.xml"] ?? ""));
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
