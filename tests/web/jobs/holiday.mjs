/** Pictures of a holiday become keywords for a photo program: look through, take off what is wrong, add place and year, save. */
import assert from "node:assert/strict";
import { waitUntilDone } from "../harness.mjs";
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
/** Where the model is wrong: none of this was there. */
const WRONG = /** @type {const} */ ({
    "IMG_2004.jpg": "rocket",
    "IMG_2011.jpg": "rocket",
    "IMG_2014.jpg": "digital-clock",
    "IMG_2022.jpg": "rocket",
});
const NAMES = Array.from({ length: 24 }, (_, idx) => `IMG_${2001 + idx}.jpg`);

/** @param {string} name @returns {"rocket" | "digital-clock" | undefined} */
const wrongOn = (name) => WRONG[/** @type {keyof typeof WRONG} */ (name)];

/** @satisfies {Job} */
export const holiday = {
    title: "Holiday pictures to keywords",
    pictures: () =>
        NAMES.map((name, idx) => {
            const wrong = wrongOn(name);
            const what = SIGHTS[idx % SIGHTS.length] ?? {};
            return painted(name, wrong ? { castle: 0.5, [wrong]: 0.44 } : what);
        }),
    async steps(/** @type {import("../jobs.mjs").Hand} */ hand, /** @type {import("../harness.mjs").Page} */ page) {
        await hand.choose(() => hand.click(".drop-buttons .is-main"));
        await waitUntilDone(page);
        const left = new Map(Object.entries(WRONG));
        for (;;) {
            for (const [name, tag] of left) {
                if (!hand.seen.has(name)) continue;
                const chip = `${card(name)} [data-tag="${tag}"]`;
                await hand.click(`${chip} [data-do="reject-tag"]`, { over: chip });
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
        return keywordsOf(await hand.save(() => hand.click('[data-do="export-xmp"]')));
    },
    check(/** @type {Record<string, string[]>} */ keywords, /** @type {import("../jobs.mjs").Hand} */ hand) {
        assert.deepEqual(Object.keys(keywords).sort(), NAMES);
        assert.deepEqual([...hand.seen].sort(), NAMES, "nothing is saved unseen");
        for (const [name, words] of Object.entries(keywords)) {
            assert.ok(words.includes("Crete") && words.includes("2024"), `${name}: ${words}`);
            assert.ok(!words.includes("rocket") && !words.includes("digital clock"), `${name}: ${words}`);
            assert.ok(words.length > 2, `${name} keeps what is right: ${words}`);
        }
    },
};
