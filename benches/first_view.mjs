/** From opening the page to its first content, everything cached; and how much code stands before the engine. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { gzip_at } from "../www/tools/compress.mjs";
import { serve } from "../www/tools/serve.mjs";
import { start_chromium } from "./lib/browser.mjs";
import { at_most, figure } from "./lib/figures.mjs";
import { median } from "./lib/interleave.js";

/** @param {import("./run.mjs").Wanted} wanted */
export async function measure({ built, is_quick }) {
    const { dir, names } = built;
    const server = await serve({ dir, port: 0 });
    const browser = await start_chromium();
    try {
        const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
        const first = await visit(context, server.url);
        const times = [];
        for (let round = 0; round < (is_quick ? 3 : 15); round++) times.push(await visit(context, server.url));
        const sizes = await Promise.all(["page.js", "page.css"].map(async (name) => (await gzip_at(await readFile(join(dir, names[name])), 9)).length));
        return [
            figure("page visible, first visit", first, "ms"),
            at_most(`page visible, warm, median of ${times.length}`, median(times), "ms", 300),
            figure("page.js, gzip", sizes[0] / 1000, "KB"),
            figure("page.css, gzip", sizes[1] / 1000, "KB"),
            at_most("JS and CSS before the engine, gzip", (sizes[0] + sizes[1]) / 1000, "KB", 60),
        ];
    } finally {
        await browser.close();
        await server.close();
    }
}

/** First contentful paint, in ms from opening. @param {import("playwright-core").BrowserContext} context @param {string} url */
async function visit(context, url) {
    const page = await context.newPage();
    await page.goto(url);
    await page.waitForSelector('html[data-engine="ready"]', { timeout: 120_000 });
    const [paint] = await page.evaluate(() => performance.getEntriesByName("first-contentful-paint").map(({ startTime }) => startTime));
    await page.waitForTimeout(500);
    await page.close();
    return paint;
}
