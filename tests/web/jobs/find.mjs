/**
 * The dog on the beach: one picture of very many, which has two tags. What the painted model knows stands for them: a tabby cat for the
 * dog, which is on few pictures, a castle for the beach, which is on many. The one is in the middle, as it is on average.
 */
import assert from "node:assert/strict";
import { painted } from "../painted.mjs";

/** @typedef {import("../jobs.mjs").Job} Job */

/** What the pictures of a holiday by the sea have, and on how many of 300. @type {[import("../painted.mjs").Shares, number][]} */
const SIGHTS = [
    [{ castle: 0.8 }, 119],
    [{ espresso: 0.8 }, 48],
    [{ tripod: 0.8 }, 36],
    [{ balloon: 0.8 }, 32],
    [{ rocket: 0.8 }, 26],
    [{ "traffic-light": 0.8 }, 24],
    [{ "tabby-cat": 0.8 }, 14],
];
const N = 300;
const WANTED = "P_0151.png";

/** All of them, as far apart as they can be, and the wanted one in their middle. @returns {import("../painted.mjs").Shares[]} */
function spread() {
    const places = SIGHTS.flatMap(([what, n]) =>
        Array.from({ length: n }, (_, idx) => ({ what, at: (idx + 0.5) / n })),
    );
    const all = places.sort((a, b) => a.at - b.at).map(({ what }) => what);
    return [...all.slice(0, N / 2), { castle: 0.5, "tabby-cat": 0.44 }, ...all.slice(N / 2)];
}

/** @satisfies {Job} */
export const find = {
    title: "“The dog on the beach”",
    pictures: () =>
        spread().map((what, idx) =>
            painted(`P_${String(idx + 1).padStart(4, "0")}.png`, what, { width: 64, height: 16 }),
        ),
    areTagged: true,
    /** @param {import("../jobs.mjs").Hand} hand @param {import("../harness.mjs").Page} page */
    async steps(hand, page) {
        await hand.key("f");
        await hand.type("castle tabby");
        await hand.key("Enter");
        return page.getAttribute(".details", "data-path");
    },
    check(/** @type {string | null} */ opened) {
        assert.equal(opened, WANTED);
    },
};
