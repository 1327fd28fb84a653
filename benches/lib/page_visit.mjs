/** A page with a pile of pictures on it, and everything that keeps its main thread from answering. */
import { BenchError } from "./built.mjs";

/** @typedef {import("./browser.mjs").Page} Page */
/** @typedef {{name: string, content: Buffer}} Named */

/**
 * Opens the page with a watch over its main thread, and waits for the engine.
 * @param {import("./browser.mjs").Browser} browser @param {string} url @param {() => void} [watch] runs in the page before its own scripts
 * @returns {Promise<Page>}
 */
export async function openVisit(browser, url, watch = () => {}) {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, serviceWorkers: "block" });
    await page.addInitScript(() => {
        const blocks = /** @type {number[]} */ ([]);
        new PerformanceObserver((list) => list.getEntries().forEach(({ duration }) => blocks.push(duration))).observe({
            type: "longtask",
        });
        Reflect.set(window, "blocks", blocks);
    });
    await page.addInitScript(watch);
    await page.goto(url);
    await page.waitForSelector('html[data-engine="ready"]', { timeout: 120_000 });
    return page;
}

/**
 * Chooses so many pictures at once, copies of the given ones under names of their own, as a file chooser would hand them over.
 * @param {Page} page @param {Named[]} originals @param {number} n
 * @param {{areAlike?: boolean}} [how] `areAlike` false: each has a content of its own, by some bytes after its end, which no decoder of a JPEG reads
 */
export async function choosePictures(page, originals, n, { areAlike = true } = {}) {
    if (originals.length === 0) throw new BenchError("There are no pictures to make a pile of.");
    const given = originals.map(({ name, content }) => ({ name, base64: content.toString("base64") }));
    await page.evaluate(
        ([given, n, areAlike]) => {
            const contents = given.map(
                ({ base64 }) => new Blob([Uint8Array.from(atob(base64), (char) => char.charCodeAt(0))]),
            );
            const chosen = new DataTransfer();
            for (let idx = 0; idx < n; idx++) {
                const original = idx % given.length;
                chosen.items.add(
                    new File(
                        [contents[original], areAlike ? "" : String(idx).padStart(8)],
                        `${idx} ${given[original].name}`,
                    ),
                );
            }
            const input = /** @type {HTMLInputElement} */ (document.querySelector('input[data-input="files"]'));
            input.files = chosen.files;
            Reflect.get(window, "blocks").length = 0;
            // In a task of its own: what it costs is the page's, not the script's that makes the pile.
            setTimeout(() => input.dispatchEvent(new Event("change", { bubbles: true })));
        },
        /** @type {const} */ ([given, n, areAlike]),
    );
}

/** Until the last picture is finished. @param {Page} page @param {number} n @param {number} timeout */
export const waitForPictures = (page, n, timeout) =>
    page.waitForFunction(
        (n) => performance.getEntriesByName("tagsmith:tag").length >= n && !document.querySelector("[data-running]"),
        n,
        { timeout, polling: 500 },
    );

/** Tasks of the main thread longer than 50 ms since they were last asked for, in ms. @param {Page} page @returns {Promise<number[]>} */
export const takeLongTasks = (page) => page.evaluate(() => Reflect.get(window, "blocks").splice(0));
