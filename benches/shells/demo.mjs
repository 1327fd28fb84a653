/** The page in one file: its sizes, and from opening it to something on screen, to the page, and to the tags of a sample that is pressed at once. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { buildDemo } from "../../www/tools/build_demo.mjs";
import { startChromium } from "../lib/browser.mjs";
import { ROOT } from "../lib/built.mjs";
import { atMost, figure } from "../lib/figures.mjs";
import { median } from "../lib/interleave.js";

/** @typedef {{paint: number, page: number, ready: number, tags: number}} Opening in milliseconds */

/** @param {import("../run.mjs").Wanted} wanted */
export async function measure({ isQuick }) {
    const folder = await mkdtemp(join(tmpdir(), "tagsmith-demo-"));
    const made = { engine: join(ROOT, "target/engine"), models: join(ROOT, "models") };
    const out = join(folder, "tagsmith-demo.html");
    try {
        const bytes = await buildDemo({ ...made, out });
        const smaller = await buildDemo({ ...made, out: join(folder, "without.html"), hasObjects: false });
        const openings = await openOften(pathToFileURL(out).href, isQuick ? 2 : 7);
        const ms = (/** @type {keyof Opening} */ part) => median(openings.map((one) => one[part]));
        return [
            atMost("demo: size", bytes / 1e6, "MB", 15),
            atMost("demo: size without objects", smaller / 1e6, "MB", 11),
            figure("demo: opening to the first paint", ms("paint"), "ms"),
            figure("demo: opening to the page", ms("page"), "ms"),
            figure("demo: opening to the first tagger ready", ms("ready"), "ms"),
            figure("demo: opening to the tags of a sample", ms("tags"), "ms"),
        ];
    } finally {
        await rm(folder, { recursive: true, force: true });
    }
}

/** @param {string} url @param {number} rounds @returns {Promise<Opening[]>} */
async function openOften(url, rounds) {
    const browser = await startChromium();
    const openings = [];
    try {
        for (let round = 0; round < rounds; round++) {
            const page = await browser.newPage();
            await page.addInitScript(noteTimes);
            await page.goto(url, { waitUntil: "commit" });
            const noted = await page.waitForFunction(
                () =>
                    Reflect.has(window, "tags_ms") &&
                    Reflect.has(window, "ready_ms") &&
                    performance.getEntriesByName("first-contentful-paint").length,
                null,
                { timeout: 120_000, polling: 200 },
            );
            await noted.dispose();
            openings.push(
                await page.evaluate(() => {
                    const of = (/** @type {string} */ name) => Number(Reflect.get(window, name));
                    const [paint] = performance.getEntriesByName("first-contentful-paint");
                    return {
                        paint: paint?.startTime ?? NaN,
                        page: of("page_ms"),
                        ready: of("ready_ms"),
                        tags: of("tags_ms"),
                    };
                }),
            );
            await page.close();
        }
    } finally {
        await browser.close();
    }
    return openings;
}

/** Runs in the page before its own scripts: presses the sample when there is one, and notes the times. */
function noteTimes() {
    const note = (/** @type {string} */ name) => {
        if (!Reflect.has(window, name)) Reflect.set(window, name, performance.now());
    };
    const look = () => {
        const sample = document.querySelector('[data-sample="coffee"]');
        if (sample instanceof HTMLElement && !Reflect.has(window, "page_ms")) {
            note("page_ms");
            sample.click();
        }
        if (document.documentElement?.dataset["engine"] === "ready") note("ready_ms");
        if (document.querySelector(".card [data-tag]")) note("tags_ms");
    };
    new MutationObserver(look).observe(document, { attributes: true, childList: true, subtree: true });
}
