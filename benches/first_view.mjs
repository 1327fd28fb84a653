/** From opening the page to its first content, everything cached; and how much code stands before the engine. */
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
        const beforeEngine = await filesBeforeEngine(browser, server.url, names["worker.js"]);
        const first = await visit(context, server.url);
        const times = [];
        for (let round = 0; round < (isQuick ? 3 : 15); round++) times.push(await visit(context, server.url));
        const sizes = { js: 0, css: 0 };
        for (const file of beforeEngine) {
            const kind = /** @type {"js" | "css"} */ (file.split(".").pop());
            sizes[kind] += (await gzipAt(await readFile(join(dir, file)), 9)).length;
        }
        return [
            figure("page visible, first visit", first, "ms"),
            atMost(`page visible, warm, median of ${times.length}`, median(times), "ms", 300),
            figure(`JS before the engine, gzip (${beforeEngine.length} files with the CSS)`, sizes.js / 1000, "KB"),
            figure("CSS, gzip", sizes.css / 1000, "KB"),
            atMost("JS and CSS before the engine, gzip", (sizes.js + sizes.css) / 1000, "KB", 60),
        ];
    } finally {
        await browser.close();
        await server.close();
    }
}

/**
 * The scripts and style sheets that a first visit asks for before the engine is there; the worker's script belongs to the engine.
 * @param {import("./lib/browser.mjs").Browser} browser @param {string} url @param {string} worker @returns {Promise<string[]>}
 */
async function filesBeforeEngine(browser, url, worker) {
    const page = await browser.newPage();
    const files = /** @type {string[]} */ ([]);
    page.on("request", (request) => {
        const name = new URL(request.url()).pathname.slice(1);
        if (/\.(js|css)$/.test(name) && name !== worker && name !== "sw.js") files.push(name);
    });
    await page.goto(url);
    await page.waitForFunction(() => performance.getEntriesByName("tagsmith:engine").length > 0, null, {
        timeout: 120_000,
        polling: 20,
    });
    await page.close();
    return files;
}

/** First contentful paint, in ms from opening. @param {import("playwright-core").BrowserContext} context @param {string} url */
async function visit(context, url) {
    const page = await context.newPage();
    await page.goto(url);
    await page.waitForSelector('html[data-engine="ready"]', { timeout: 120_000 });
    const [paint] = await page.evaluate(() =>
        performance.getEntriesByName("first-contentful-paint").map(({ startTime }) => startTime),
    );
    await page.waitForTimeout(500);
    await page.close();
    return paint;
}
