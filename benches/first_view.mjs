/** From opening the page to its first content, everything cached; how much code stands before the engine; how long a part takes. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipAt } from "../www/tools/compress.mjs";
import { serve } from "../www/tools/serve.mjs";
import { startChromium } from "./lib/browser.mjs";
import { atMost, figure } from "./lib/figures.mjs";
import { median } from "./lib/interleave.js";

/** @param {import("./run.mjs").Wanted} wanted */
export async function measure({ built, isQuick }) {
    const { dir, names } = built;
    const server = await serve({ dir, port: 0 });
    const browser = await startChromium();
    try {
        const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
        const { before, after } = await filesAskedFor(browser, server.url, names["worker.js"]);
        const first = await visit(context, server.url);
        const visits = [];
        for (let round = 0; round < (isQuick ? 3 : 15); round++) visits.push(await visit(context, server.url));
        const size = async (/** @type {string[]} */ files) => {
            const sizes = files.map(async (file) => (await gzipAt(await readFile(join(dir, file)), 9)).length);
            return (await Promise.all(sizes)).reduce((sum, one) => sum + one, 0) / 1000;
        };
        const css = await size(before.filter((file) => file.endsWith(".css")));
        const all = await size(before);
        return [
            figure("page visible, first visit", first.paint, "ms"),
            atMost(
                `page visible, warm, median of ${visits.length}`,
                median(visits.map(({ paint }) => paint)),
                "ms",
                300,
            ),
            figure(`JS before the engine, gzip (${before.length} files with the CSS)`, all - css, "KB"),
            figure("CSS before the engine, gzip", css, "KB"),
            atMost("JS and CSS before the engine, gzip", all, "KB", 60),
            figure("JS and CSS of the other parts, gzip", await size(after), "KB"),
            ...["work", "dialogs"].map((part) => {
                const times = visits.map(({ parts }) => parts[part] ?? Infinity);
                return atMost(`part "${part}" fetched and shown, warm, median`, median(times), "ms", 100);
            }),
        ];
    } finally {
        await browser.close();
        await server.close();
    }
}

/**
 * The scripts and style sheets of a first visit: those asked for before the engine is, and those after it. The worker's script belongs
 * to the engine.
 * @param {import("./lib/browser.mjs").Browser} browser @param {string} url @param {string} worker
 */
async function filesAskedFor(browser, url, worker) {
    const page = await browser.newPage();
    const asked = /** @type {string[]} */ ([]);
    page.on("request", (request) => void asked.push(new URL(request.url()).pathname.slice(1)));
    await page.goto(url);
    await waitForParts(page);
    await page.close();
    const idxOfEngine = asked.findIndex((name) => /^engine-.*\.wasm$/.test(name));
    if (idxOfEngine < 0) throw new Error("The engine was not asked for.");
    const isPage = (/** @type {string} */ name) => /\.(js|css)$/.test(name) && name !== worker && name !== "sw.js";
    return { before: asked.slice(0, idxOfEngine).filter(isPage), after: asked.slice(idxOfEngine).filter(isPage) };
}

/** Until the engine is ready, and everything that is fetched ahead is there. @param {import("playwright-core").Page} page */
async function waitForParts(page) {
    await page.waitForSelector('html[data-engine="ready"]', { timeout: 120_000 });
    await page.waitForFunction(() => performance.getEntriesByName("tagsmith:part").length >= 2, null, { polling: 50 });
}

/**
 * First contentful paint, in ms from opening, and what each part took.
 * @param {import("playwright-core").BrowserContext} context @param {string} url
 */
async function visit(context, url) {
    const page = await context.newPage();
    await page.goto(url);
    await waitForParts(page);
    const found = await page.evaluate(() => {
        const parts = performance.getEntriesByName("tagsmith:part");
        return {
            paint: performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? Infinity,
            parts: Object.fromEntries(
                parts.map((entry) => [/** @type {PerformanceMeasure} */ (entry).detail, entry.duration]),
            ),
        };
    });
    await page.waitForTimeout(500);
    await page.close();
    return found;
}
