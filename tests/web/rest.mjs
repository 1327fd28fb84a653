/**
 * Back from any state to the pictures alone, so that the next state can be brought about in the same page: a start and a batch cost more than
 * most of what is looked at. That nothing is left of the state before is not hoped for: `likeness` says what a page looks like.
 */
import assert from "node:assert/strict";
import { setThreshold, waitForIdle } from "./harness.mjs";

import { PAINTED_SETTINGS } from "./painted.mjs";

/** @typedef {import("./harness.mjs").Page} Page */

/** What lies over the grid, or beside it because somebody opened it. */
const LAYERS =
    "dialog[open], .menu-popup:not([hidden]), .sidebar.is-open, .large, .at-details .details, [data-count='selected']";
/** Where the threshold of the painted model is at the beginning. */
const BALANCED = Math.round(100 * PAINTED_SETTINGS.balanced);
/** As many layers as lie over each other, each with a list or a field that has an Escape of its own. */
const MOST = 8;

/** @param {Page} page */
export async function closeLayers(page) {
    for (let n = 0; (await page.locator(LAYERS).count()) > 0; n++) {
        assert.ok(n < MOST, "Escape closes what is open");
        await page.keyboard.press("Escape");
        await waitForIdle(page);
    }
}

/**
 * Closes what is open, and shows all pictures at the threshold and in the order of the beginning.
 * @param {Page} page @param {number} [percent] where the threshold was
 */
export async function rest(page, percent = BALANCED) {
    await closeLayers(page);
    const all = page.locator('[data-do="show-all"]').first();
    if (await all.isVisible()) await all.click();
    if ((await page.locator(".grid-cards.is-small").count()) > 0) await page.click('[data-do="larger"]');
    // What is as it should be isn't touched: a screenshot would show where the keyboard is.
    if ((await page.inputValue('[data-do="sort"]')) !== "added") await page.selectOption('[data-do="sort"]', "added");
    if ((await page.inputValue('[data-do="threshold"]')) !== String(percent)) await setThreshold(page, percent);
    await page.mouse.move(0, 0);
    await page.evaluate(() => {
        /** @type {HTMLElement} */ (document.activeElement).blur();
        document.querySelector(".grid")?.scrollTo(0, 0);
    });
    await waitForIdle(page);
}

/** Takes back all that was done to the pictures. @param {Page} page */
export async function undoAll(page) {
    const undo = page.locator('.top-bar [data-do="undo"]');
    while (await undo.isEnabled()) {
        await undo.click();
        await waitForIdle(page);
    }
}

/** Takes every picture off the list, with what is looked for. @param {Page} page */
export async function removeAll(page) {
    await closeLayers(page);
    if ((await page.locator(".grid-bar").count()) === 0) return;
    const all = page.locator('[data-do="show-all"]').first();
    if (await all.isVisible()) await all.click();
    await page.click('[data-do="select-all"]');
    await page.keyboard.press("Delete");
    await page.waitForSelector(".card", { state: "detached" });
    await waitForIdle(page);
}

/**
 * All elements that are seen, each with its classes, its own words and what is filled in.
 * @param {Page} page @returns {Promise<string[]>}
 */
export const likeness = (page) =>
    page.evaluate(() => {
        const words = (/** @type {Element} */ element) =>
            Array.from(element.childNodes, (node) => (node instanceof Text ? node.data.trim() : "")).join("");
        return (
            Array.from(document.querySelectorAll("body *"))
                // What was said is not taken back and is seen by nobody; some of what a pointer brings is drawn when one comes.
                .filter((element) => element.checkVisibility() && !element.closest('[data-view="said"], .chip-actions'))
                .map((element) => {
                    const classes = element.getAttribute("class")?.trim().split(/\s+/) ?? [];
                    const { value } = /** @type {HTMLInputElement} */ (element);
                    return [[element.localName, ...classes].join("."), words(element), value].filter(Boolean).join(" ");
                })
        );
    });

/** What a page looks like, whatever it has to say of what was taken back. @param {Page} page */
export const silent = async (page) => (await likeness(page)).filter((one) => !one.includes(".toast"));
