/** On a phone, with a finger: add, take off what is wrong, choose several, tag them together, save. */
import assert from "node:assert/strict";
import { card } from "../grid.mjs";
import { painted } from "../painted.mjs";
import { keywordsOf } from "../unzip.mjs";

/** @typedef {import("../jobs.mjs").Job} Job */

const NAMES = Array.from({ length: 12 }, (_, idx) => `PXL_${101 + idx}.jpg`);
const WRONG = "PXL_103.jpg";
/** Anna is on these. */
const CHOSEN = NAMES.slice(0, 6);

/** @satisfies {Job} */
export const phone = {
    title: "On a phone, by touch",
    view: { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true },
    pictures: () =>
        NAMES.map((name) => painted(name, name === WRONG ? { castle: 0.5, rocket: 0.44 } : { castle: 0.6 })),
    /** @param {import("../jobs.mjs").Hand} hand */
    async steps(hand) {
        await hand.choose(() => hand.tap(".drop-buttons .is-main"));
        await hand.waitUntilDone();
        await hand.tap(`${card(WRONG)} .card-frame`);
        await hand.tap('.details [data-tag="rocket"] [data-do="reject-tag"]');
        await hand.tap('.details [data-do="close"]');
        const shown = CHOSEN.filter((name) => hand.seen.has(name));
        const frame = (/** @type {number} */ at) => `${card(shown.at(at) ?? "")} .card-frame`;
        await hand.draw(frame(0), frame(-1));
        for (const name of CHOSEN.slice(shown.length)) {
            if (!hand.seen.has(name)) await hand.swipe();
            await hand.tap(`${card(name)} .card-check`);
        }
        await hand.tap('.selection [data-do="add-tag"]');
        await hand.type("Anna");
        await hand.key("Enter");
        await hand.tap('[data-do="selection-export"]');
        await hand.tap('[data-do="export-xmp"]');
        return keywordsOf(await hand.save(() => hand.tap('[data-do="save-export"]')));
    },
    check(/** @type {Record<string, string[]>} */ keywords) {
        assert.deepEqual(Object.keys(keywords).sort(), CHOSEN, "what is chosen is saved");
        for (const [name, words] of Object.entries(keywords))
            assert.deepEqual([...words].sort(), ["Anna", "building", "castle"], name);
    },
};
