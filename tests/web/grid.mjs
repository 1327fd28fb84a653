/** What the tests of the grid do on it, and see on it. */
import assert from "node:assert/strict";
import { addFiles, waitForIdle, waitUntilDone } from "./harness.mjs";
import { painted } from "./painted.mjs";

/** @typedef {import("./harness.mjs").Page} Page */

/** High enough that every card of a batch is drawn. */
export const HIGH = { viewport: { width: 1440, height: 3000 } };
/** One of each; the last has two tags. */
const SOME = /** @type {const} */ ({
    "cup.jpg": "cup",
    "cat.jpg": "cat",
    "man.jpg": "man",
    "puzzle.png": "puzzle",
    "light.png": "light",
});

/** A few pictures, each with tags of its own. @param {Page} page */
export async function tagSome(page) {
    await addFiles(
        page,
        Object.entries(SOME).map(([name, what]) => painted(name, what)),
    );
    await waitUntilDone(page);
}

/** So many pictures, all alike: 0.jpg, 1.jpg … @param {Page} page @param {number} n */
export async function tagMany(page, n) {
    await addFiles(
        page,
        Array.from({ length: n }, (_, idx) => painted(`${idx}.jpg`, "cup")),
    );
    await waitUntilDone(page);
}

/** @param {string} name */
export const card = (name) => `.card[data-path="${name}"]`;

/** The paths of what is selected, as a screen reader hears of it. @param {Page} page */
export const selected = async (page) => {
    await waitForIdle(page);
    const checked = page.$$eval(".card-check:checked", (all) =>
        all.map((check) => check.closest(".card")?.getAttribute("data-path")),
    );
    assert.equal(await page.locator(".card.is-selected").count(), (await checked).length, "and it is seen");
    return checked;
};

/** The tags of a card by id. @param {Page} page @param {string} name */
export const tagsOn = async (page, name) => {
    await waitForIdle(page);
    const chips = page.locator(`${card(name)} [data-tag]`);
    return chips.evaluateAll((all) =>
        all.map((chip) => `${chip.getAttribute("data-tag")} ${chip.getAttribute("data-source")}`),
    );
};

/** What has the keyboard. @param {Page} page */
export const focused = (page) =>
    page.evaluate(() => {
        const { activeElement } = document;
        const path = activeElement?.closest(".card")?.getAttribute("data-path");
        return path ?? activeElement?.getAttribute("data-do") ?? activeElement?.tagName;
    });

/** Their names. @param {number} first @param {number} last */
export const numbers = (first, last) => Array.from({ length: last - first + 1 }, (_, idx) => `${first + idx}.jpg`);

/** How many pictures the sidebar counts. @param {Page} page @param {string} kind */
export const number = async (page, kind) =>
    Number(await page.getAttribute(`[data-filter="${kind}"] [data-value]`, "data-value"));
