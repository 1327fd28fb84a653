/** What people do with their own tags, by the page's own buttons. */
import { addFiles, waitForIdle, waitUntilDone } from "../harness.mjs";
import { some } from "./drawn.mjs";

/** @typedef {import("../harness.mjs").Page} Page */

/** How many of each kind are examples, and how many are left to be tagged. */
export const N_TAUGHT = 6;
export const N_LEFT = 3;

/** Stripes and dots, tagged by the model. @param {Page} page */
export async function addDrawn(page) {
    const n = N_TAUGHT + N_LEFT;
    await addFiles(page, [...some("stripes", n), ...some("dots", n)]);
    await waitUntilDone(page);
}

/** The examples of a kind, selected, and the question what they are. @param {Page} page @param {string} kind */
async function openTeach(page, kind) {
    for (let idx = 1; idx <= N_TAUGHT; idx++)
        await page.click(`.card[data-path="${kind}-${idx}.png"] .card-name`, { modifiers: ["Control"] });
    await waitForIdle(page);
    await page.click('[data-do="selection_more"]');
    await page.click('[data-do="selection-teach"]');
    await page.waitForSelector("#own-teach-tag");
    await waitForIdle(page);
}

/** @param {Page} page @param {string} kind @param {string} word @param {() => unknown} [look] while it is asked */
export async function teach(page, kind, word, look = () => {}) {
    await openTeach(page, kind);
    await look();
    await page.fill("#own-teach-tag", word);
    await page.click('[data-do="teach"]');
    await page.waitForSelector("[data-tagger]");
    await waitForIdle(page);
    await closeDialog(page);
    await page.click('[data-do="selection-none"]');
    await waitForIdle(page);
}

/** @param {Page} page */
export async function closeDialog(page) {
    await page.keyboard.press("Escape");
    await page.waitForSelector("dialog[open]", { state: "detached" });
}

/** The page of the only tagger. @param {Page} page */
export async function openTagger(page) {
    await page.click('[data-menu="more"]');
    await page.click('[data-do="own-tags"]');
    // It opens where it was left.
    await page.waitForSelector('[data-do="open-tagger"], [data-tagger]');
    await waitForIdle(page);
    const row = page.locator('[data-do="open-tagger"]');
    if ((await row.count()) > 0) await row.click();
    await page.waitForSelector("[data-own-tag]");
    await waitForIdle(page);
}

/** @param {Page} page @param {string} [title] */
export async function train(page, title = "") {
    await page.fill("#own-title", title);
    await page.click('[data-do="train"]:not([disabled])');
    await page.waitForSelector("[data-trained], [data-section=train] .failure-box", { timeout: 60_000 });
    await waitForIdle(page);
}

/** @param {Page} page @returns {Promise<number>} of how many pictures the tags changed */
export async function tagAgain(page) {
    await page.click('[data-do="tag-with-own"]');
    await page.waitForSelector("[data-changed]", { timeout: 60_000 });
    await waitForIdle(page);
    return Number(await page.getAttribute("[data-changed]", "data-changed"));
}

/** The own taggers' tags on each card. @param {Page} page @returns {Promise<Record<string, string[]>>} */
export const customTags = (page) =>
    page.$$eval(".card", (cards) =>
        Object.fromEntries(
            cards.map((card) => [
                card.getAttribute("data-path") ?? "",
                [...card.querySelectorAll('.chip.is-custom[data-source="custom"]')].map(
                    (chip) => chip.getAttribute("data-tag") ?? "",
                ),
            ]),
        ),
    );
