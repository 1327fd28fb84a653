/** A few holiday pictures to keywords, without a mouse. */
import assert from "node:assert/strict";
import { painted } from "../painted.mjs";
import { keywordsOf } from "../unzip.mjs";

/** @typedef {import("../jobs.mjs").Job} Job */

const NAMES = ["IMG_1.jpg", "IMG_2.jpg", "IMG_3.jpg", "IMG_4.jpg"];

/** @satisfies {Job} */
export const keyboard = {
    title: "The keyboard alone",
    pictures: () =>
        NAMES.map((name, idx) => painted(name, idx === 2 ? { castle: 0.5, rocket: 0.44 } : { castle: 0.6 })),
    /** @param {import("../jobs.mjs").Hand} hand */
    async steps(hand) {
        await hand.choose(async () => {
            await hand.walkTo(".drop-buttons .is-main");
            await hand.key("Enter");
        });
        await hand.waitUntilDone();
        await hand.walkTo(`.card[data-path="${NAMES[2]}"] .card-name`, "ArrowRight");
        await hand.key("x");
        await hand.key("Control+a");
        await hand.key("t");
        await hand.type("Crete");
        await hand.key("Enter");
        await hand.key("Escape"); // out of the field
        await hand.key("e");
        await hand.walkTo('[data-do="export-xmp"]', "ArrowDown");
        await hand.key("Enter");
        return keywordsOf(await hand.save(() => hand.key("Enter")));
    },
    check(/** @type {Record<string, string[]>} */ keywords, /** @type {import("../jobs.mjs").Hand} */ hand) {
        assert.deepEqual(Object.keys(keywords).sort(), NAMES);
        assert.deepEqual([...hand.seen].sort(), NAMES);
        for (const [name, words] of Object.entries(keywords))
            assert.deepEqual([...words].sort(), ["Crete", "building", "castle"], name);
    },
};
