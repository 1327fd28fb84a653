/** Very many pictures: the run is halted and goes on, those without tags are looked at and some of them removed, all get the place. */
import assert from "node:assert/strict";
import { exportReports } from "../harness.mjs";
import { card } from "../grid.mjs";
import { painted } from "../painted.mjs";

/** @typedef {import("../jobs.mjs").Job} Job */

/** People have ten times as many; what they press is the same. */
const NAMES = Array.from({ length: 200 }, (_, idx) => `DSC_${1001 + idx}.png`);
const UNTAGGED = NAMES.filter((_, idx) => idx % 29 === 7);
/** Nothing is to be seen on these. */
const DARK = UNTAGGED.filter((_, idx) => idx % 2 === 0);

/** @satisfies {Job} */
export const many = {
    title: "Very many at once",
    pictures: () => NAMES.map((name) => painted(name, UNTAGGED.includes(name) ? {} : "cup", { width: 64, height: 16 })),
    /** @param {import("../jobs.mjs").Hand} hand @param {import("../harness.mjs").Page} page */
    async steps(hand, page) {
        await hand.choose(() => hand.click(".drop-buttons .is-main"));
        await page.waitForSelector("[data-running]");
        await hand.key("p", { isBusy: true });
        await page.waitForSelector('[data-do="go-on"]');
        await hand.key("p", { isBusy: true });
        await hand.waitUntilDone();
        await hand.click('[data-filter="untagged"]');
        for (const name of DARK) await hand.click(`${card(name)} .card-frame`, { holding: "Control" });
        await hand.key("Delete");
        await hand.click('[data-do="show-all"]');
        await hand.key("Control+a");
        await hand.key("t");
        await hand.type("Crete");
        await hand.key("Enter");
        return exportReports(page);
    },
    /** @param {any[]} reports */
    check(reports) {
        const kept = NAMES.filter((name) => !DARK.includes(name));
        assert.deepEqual(
            reports.map(({ path }) => path),
            kept,
        );
        const isTagged = (/** @type {any} */ { tags }) => tags.some((/** @type {any} */ { name }) => name === "Crete");
        assert.deepEqual(
            reports.filter((one) => !isTagged(one)).map(({ path }) => path),
            [],
        );
        assert.equal(reports.filter(({ tags }) => tags.length === 1).length, UNTAGGED.length - DARK.length);
    },
};
