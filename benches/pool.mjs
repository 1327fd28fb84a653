/** A pile of pictures with one worker and with two, in the built page, both pages open and used in turn. */
import { serve } from "../www/tools/serve.mjs";
import { startChromium } from "./lib/browser.mjs";
import { readGoldenPictures } from "./lib/built.mjs";
import { atLeast, figure } from "./lib/figures.mjs";
import { interleave, median } from "./lib/interleave.js";

/** Each golden picture so many times. */
const COPIES = 5;

/** @param {import("./run.mjs").Wanted} wanted */
export async function measure({ built, isQuick }) {
    const plan = isQuick ? { warmUp: 1, rounds: 2 } : { warmUp: 2, rounds: 9 };
    const golden = await readGoldenPictures();
    const pictures = Array.from({ length: COPIES }, (_, copy) =>
        golden.map(({ name, content }) => ({ name: `${copy} ${name}`, mimeType: "", buffer: content })),
    ).flat();
    const server = await serve({ dir: built.dir, port: 0 });
    const browser = await startChromium();
    try {
        const one = await open(browser, `${server.url}?workers=1`);
        const two = await open(browser, `${server.url}?workers=2`);
        const times = await interleave({ one: () => tagAll(one, pictures), two: () => tagAll(two, pictures) }, plan);
        const [msOne, msTwo] = [median(times.one), median(times.two)];
        return [
            figure("1 worker", (1000 * pictures.length) / msOne, "pictures/s"),
            figure("2 workers", (1000 * pictures.length) / msTwo, "pictures/s"),
            atLeast("2 workers / 1 worker", msOne / msTwo, "x", 1.7),
        ];
    } finally {
        await browser.close();
        await server.close();
    }
}

/** @param {import("./lib/browser.mjs").Browser} browser @param {string} url */
async function open(browser, url) {
    const page = await browser.newPage();
    await page.goto(url);
    await page.waitForSelector('html[data-engine="ready"]', { timeout: 120_000 });
    return page;
}

/** From the first picture handed to a worker to the last answer. @param {import("./lib/browser.mjs").Page} page @param {{name: string, mimeType: string, buffer: Buffer}[]} pictures */
async function tagAll(page, pictures) {
    await page.bringToFront();
    await page.evaluate(() => performance.clearMeasures("tagsmith:tag"));
    await page.setInputFiles('input[data-input="files"]', pictures);
    const isOver = (/** @type {number} */ n) => performance.getEntriesByName("tagsmith:tag").length >= n;
    await page.waitForFunction(isOver, pictures.length, { timeout: 120_000, polling: 200 });
    return page.evaluate(() => {
        const all = performance.getEntriesByName("tagsmith:tag");
        return (
            Math.max(...all.map((one) => one.startTime + one.duration)) - Math.min(...all.map((one) => one.startTime))
        );
    });
}
