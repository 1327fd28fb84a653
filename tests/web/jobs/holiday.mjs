/** Pictures of a holiday become keywords for a photo program: look through, take off what is wrong, add place and year, save. */
import assert from "node:assert/strict";
import { card } from "../grid.mjs";
import { painted } from "../painted.mjs";
import { keywordsOf } from "../unzip.mjs";

/** @typedef {import("../jobs.mjs").Job} Job */

/** What is seen on a holiday, again and again. @type {import("../painted.mjs").Shares[]} */
const SIGHTS = [
    { castle: 0.52, balloon: 0.42 },
    { espresso: 0.8 },
    { "tabby-cat": 0.7 },
    { castle: 0.9 },
    { balloon: 0.75 },
];
/**
 * Where the model is wrong: what is painted, and what is to be taken off, by id. Where nothing else is seen, the page would fall back
 * on what lies above it.
 * @type {Map<string, {what: import("../painted.mjs").Shares, wrong: string}>}
 */
const WRONG = new Map([
    ["IMG_2004.jpg", { what: { castle: 0.5, rocket: 0.44 }, wrong: "rocket" }],
    ["IMG_2011.jpg", { what: { rocket: 0.7 }, wrong: "rocket" }],
    ["IMG_2014.jpg", { what: { "digital-clock": 0.7 }, wrong: "digital-clock" }],
    ["IMG_2022.jpg", { what: { castle: 0.5, rocket: 0.44 }, wrong: "rocket" }],
]);
const NAMES = Array.from({ length: 24 }, (_, idx) => `IMG_${2001 + idx}.jpg`);

/** @satisfies {Job} */
export const holiday = {
    title: "Holiday pictures to keywords",
    pictures: () => NAMES.map((name, idx) => painted(name, WRONG.get(name)?.what ?? SIGHTS[idx % SIGHTS.length] ?? {})),
    /** @param {import("../jobs.mjs").Hand} hand */
    async steps(hand) {
        await hand.choose(() => hand.click(".drop-buttons .is-main"));
        await hand.waitUntilDone();
        const left = new Map(WRONG);
        for (;;) {
            for (const [name, { wrong }] of left) {
                if (!hand.seen.has(name)) continue;
                const chip = `${card(name)} [data-tag="${wrong}"]`;
                await hand.click(`${chip} [data-do="reject-branch"]`, { over: chip }); // with all that lies above it
                left.delete(name);
            }
            if (NAMES.every((name) => hand.seen.has(name)) && left.size === 0) break;
            await hand.turn();
        }
        await hand.key("Control+a");
        await hand.key("t");
        await hand.type("Crete, 2024");
        await hand.key("Enter");
        await hand.click('[data-do="export"]');
        await hand.click('[data-do="export-xmp"]');
        return keywordsOf(await hand.save(() => hand.key("Enter")));
    },
    check(/** @type {Record<string, string[]>} */ keywords, /** @type {import("../jobs.mjs").Hand} */ hand) {
        assert.deepEqual(Object.keys(keywords).sort(), NAMES);
        assert.deepEqual([...hand.seen].sort(), NAMES, "nothing is saved unseen");
        for (const [name, words] of Object.entries(keywords)) {
            assert.ok(words.includes("Crete") && words.includes("2024"), `${name}: ${words}`);
            const wrong = ["rocket", "vehicle", "digital clock", "clock", "household"];
            assert.ok(!wrong.some((word) => words.includes(word)), `${name}: ${words}`);
            const { what = { castle: 1 } } = WRONG.get(name) ?? {};
            assert.equal(words.length > 2, "castle" in what, `${name} keeps what is right, and nothing else: ${words}`);
        }
    },
};
