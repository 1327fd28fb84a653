/** What the tests of collections and of the storage do. */
import { STORE_PROTOCOL } from "../../www/db/protocol.js";
import { waitForIdle } from "./harness.mjs";

/** @typedef {import("./harness.mjs").Page} Page */

/** The name of the collection in the grid. @param {Page} page */
export const shownName = (page) => page.innerText('[data-do="collections"]');

/** Presses an item of the menu of collections. @param {Page} page @param {string} item @param {string} [words] where there are several */
export async function inMenu(page, item, words = "") {
    await page.click('[data-do="collections"]');
    await waitForIdle(page);
    await page.locator(`[data-do="${item}"]`, { hasText: words }).first().click();
    await waitForIdle(page);
}

/** The dialog of all collections. @param {Page} page */
export async function openCollections(page) {
    await inMenu(page, "all-collections");
    await page.waitForSelector('dialog[open][data-dialog="collections"] [data-library-row]');
    await waitForIdle(page);
}

/** A new collection, which is open then. @param {Page} page @param {string} name */
export async function makeCollection(page, name) {
    await inMenu(page, "new-collection");
    await page.fill('[data-do="collection-name"]', name);
    await page.keyboard.press("Enter");
    await page.waitForSelector("dialog[open]", { state: "detached" });
    await waitForIdle(page);
}

/**
 * New collections that stay closed, as another tab would ask the store for them: many at once.
 * @param {Page} page @param {readonly string[]} names
 */
export const askForCollections = (page, names) =>
    askStore(
        page,
        names.map((name, idx) => ["make_collection", { id: 1_000 + idx, name }]),
    );

/**
 * Calls of the store, as another tab would make them, all at once.
 * @param {Page} page @param {readonly (readonly [name: string, params: object])[]} calls @returns {Promise<any[]>} their answers
 */
export async function askStore(page, calls) {
    const answers = await page.evaluate(
        async ({ calls, protocol }) => {
            const channel = new BroadcastChannel(`tagsmith-library ${new URL(".", document.baseURI).href}`);
            const by = "another tab";
            const answers = /** @type {unknown[]} */ ([]);
            /** @type {Promise<void>} */
            const answered = new Promise((resolve) => {
                let nAnswers = 0;
                channel.onmessage = ({ data }) => {
                    if (data.kind !== "answer" || data.to !== by || !("ok" in data)) return;
                    answers[data.seq] = data.ok;
                    if (++nAnswers === calls.length) resolve();
                };
            });
            for (const [seq, [name, params]] of calls.entries())
                channel.postMessage({ kind: "ask", protocol, seq, name, params: { by, params } });
            await answered;
            channel.close();
            return answers;
        },
        { calls, protocol: STORE_PROTOCOL },
    );
    await waitForIdle(page);
    return answers;
}

/** A dialog of the menu of everything else. @param {Page} page @param {"providers" | "runs" | "settings" | "storage"} name */
export async function openFromMore(page, name) {
    await page.click('[data-do="more"]');
    await page.click(`[data-menu="more"] [data-do="${name}"]`);
    await page.waitForSelector(`dialog[open][data-dialog="${name}"]`);
    await waitForIdle(page);
}

/** @param {Page} page */
export async function closeDialog(page) {
    await page.click('[data-do="close-dialog"]');
    await page.waitForSelector("dialog[open]", { state: "detached" });
    await waitForIdle(page);
}

/** A row of the dialog, by its name. @param {Page} page @param {string} name */
export const rowOf = (page, name) => page.locator("[data-library-row]", { hasText: name });

/** What all rows say. @param {Page} page */
export const rowNames = (page) =>
    page.$$eval("[data-library-row] .library-name bdi", (all) => all.map((one) => one.textContent));
