/** All pictures are gone through one by one by keys: what is right is accepted, what is wrong taken off, and on to the next. */
import assert from "node:assert/strict";
import { exportReports } from "../harness.mjs";
import { painted } from "../painted.mjs";

/** @typedef {import("../jobs.mjs").Job} Job */

const NAMES = Array.from({ length: 12 }, (_, idx) => `${String(idx + 1).padStart(2, "0")}.jpg`);
/** Where the second tag is wrong. */
const WRONG = ["03.jpg", "08.jpg"];

/** @satisfies {Job} */
export const review = {
    title: "Review all, one by one",
    pictures: () => NAMES.map((name, idx) => painted(name, { [idx % 2 ? "espresso" : "castle"]: 0.52, balloon: 0.43 })),
    /** @param {import("../jobs.mjs").Hand} hand @param {import("../harness.mjs").Page} page */
    async steps(hand, page) {
        await hand.choose(() => hand.click(".drop-buttons .is-main"));
        await hand.waitUntilDone();
        for (const name of NAMES) {
            if (WRONG.includes(name)) await hand.key("Shift+x");
            await hand.key("r");
        }
        return exportReports(page);
    },
    /** @param {any[]} reports @param {import("../jobs.mjs").Hand} hand */
    check(reports, hand) {
        const tagsOf = (/** @type {any} */ { path, tags }) => [
            path,
            tags.map((/** @type {any} */ { id, source }) => `${source} ${id}`).sort(),
        ];
        const wanted = NAMES.map((name, idx) => {
            const first = `manual ${idx % 2 ? "espresso" : "castle"}`;
            return [name, WRONG.includes(name) ? [first] : [first, "manual balloon"].sort()];
        });
        assert.deepEqual(reports.map(tagsOf), wanted);
        assert.deepEqual([...hand.met].sort(), NAMES, "one by one");
    },
};
