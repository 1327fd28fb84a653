/** Captions for training: the trigger word first, underscores, lower case, and one word that is never written. */
import assert from "node:assert/strict";
import { painted } from "../painted.mjs";
import { unzip } from "../unzip.mjs";

/** @typedef {import("../jobs.mjs").Job} Job */

const TRIGGER = "sks";
/** Pictures and their captions: castles are on many, and are not to be learnt. @type {[import("../painted.mjs").Shares, string][]} */
const KINDS = [
    [{ "traffic-light": 0.5, castle: 0.44 }, "sks, traffic_light"],
    [{ "digital-clock": 0.5, tripod: 0.44 }, "sks, digital_clock, tripod"],
    [{ castle: 0.5, balloon: 0.43 }, "sks, balloon"],
    [{ "egyptian-mau": 0.8 }, "sks, egyptian_mau"],
];
const NAMES = Array.from({ length: 12 }, (_, idx) => `${String(idx + 1).padStart(3, "0")}.png`);

/** @satisfies {Job} */
export const captions = {
    title: "Captions for training",
    pictures: () => NAMES.map((name, idx) => painted(name, KINDS[idx % KINDS.length]?.[0] ?? {})),
    /** @param {import("../jobs.mjs").Hand} hand */
    async steps(hand) {
        await hand.choose(() => hand.click(".drop-buttons .is-main"));
        await hand.waitUntilDone();
        await hand.click('[data-do="export"]');
        await hand.click('[data-do="export-captions"]');
        await hand.type(TRIGGER);
        await hand.click('[data-export="words"][value="tabby_cat"]');
        await hand.click('[data-export="never"]');
        await hand.type("castle");
        return unzip(await hand.save(() => hand.key("Enter")));
    },
    check(/** @type {Record<string, string>} */ files) {
        const wanted = NAMES.map((name, idx) => [name.replace("png", "txt"), KINDS[idx % KINDS.length]?.[1]]);
        const found = Object.entries(files).map(([name, text]) => [name, text.trim()]);
        assert.deepEqual(Object.fromEntries(found), Object.fromEntries(wanted));
    },
};
