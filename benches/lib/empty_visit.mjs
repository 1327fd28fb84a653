/** The empty page opened, everything cached, next to the same page of another build. */
import { serve } from "../../www/tools/serve.mjs";
import { interleave } from "./interleave.js";

/** @typedef {{paint: number[], ready: number[]}} Visits ms from opening: the first paint of content, the first tagger ready */

/**
 * @param {import("./browser.mjs").Browser} browser @param {Record<string, string>} dirs side → folder of a built page
 * @param {number} rounds @returns {Promise<Record<string, Visits>>}
 */
export async function compareEmptyPages(browser, dirs, rounds) {
    /** @type {(() => Promise<unknown>)[]} */
    const closing = [];
    /** @type {Record<string, Visits>} */
    const visits = {};
    try {
        const sides = await Promise.all(
            Object.entries(dirs).map(async ([side, dir]) => {
                const server = await serve({ dir, port: 0 });
                const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
                closing.push(() => context.close(), server.close);
                const seen = (visits[side] = { paint: [], ready: [] });
                const visit = async () => {
                    const { paint, ready } = await open(context, server.url);
                    seen.paint.push(paint);
                    seen.ready.push(ready);
                    return ready;
                };
                await visit(); // fills the cache
                return [side, visit];
            }),
        );
        for (const seen of Object.values(visits)) seen.paint.length = seen.ready.length = 0;
        await interleave(Object.fromEntries(sides), { warmUp: 0, rounds });
        return visits;
    } finally {
        for (const close of closing) await close();
    }
}

/** @param {import("playwright-core").BrowserContext} context @param {string} url */
async function open(context, url) {
    const page = await context.newPage();
    await page.addInitScript(() => {
        const look = () => {
            if (document.documentElement?.dataset["engine"] !== "ready") return;
            Reflect.set(window, "ready_ms", performance.now());
            observer.disconnect();
        };
        const observer = new MutationObserver(look);
        observer.observe(document, { subtree: true, attributes: true, attributeFilter: ["data-engine"] });
    });
    await page.goto(url);
    await page.waitForFunction(() => Reflect.get(window, "ready_ms"), null, { timeout: 120_000, polling: 50 });
    const found = await page.evaluate(() => ({
        paint: performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? Infinity,
        ready: Number(Reflect.get(window, "ready_ms")),
    }));
    await page.waitForTimeout(300);
    await page.close();
    return found;
}
