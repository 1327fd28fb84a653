/** Only my words, as people set it: by the settings. */
import { waitForIdle } from "./harness.mjs";

/** @typedef {import("./harness.mjs").Page} Page */

/** @param {Page} page */
export async function openWords(page) {
    await page.click('[data-do="more"]');
    await page.click('[data-do="settings"]');
    await page.click('[data-do="open-words"]');
    await page.waitForSelector('[data-do="type-words"]');
    await waitForIdle(page);
}

/** @param {Page} page */
export async function closeWords(page) {
    await page.keyboard.press("Escape");
    await page.waitForSelector(".dialog[open]", { state: "detached" });
    await waitForIdle(page);
}

/** Nothing shows from now on but these. @param {Page} page @param {string} words a line each */
export async function showOnly(page, words) {
    await openWords(page);
    await page.fill('[data-do="type-words"]', words);
    await page.click('[data-do="add-words"]');
    await waitForIdle(page);
    await closeWords(page);
}

/** Everything shows again. @param {Page} page */
export async function showAll(page) {
    await openWords(page);
    await page.click('[data-do="remove-word-list"]');
    await waitForIdle(page);
    await closeWords(page);
}
