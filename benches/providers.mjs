/**
 * Another tagger beside the local model: 200 pictures at 4 requests at a time against a service on loopback that takes 300 ms for each, and
 * what that leaves the local model, which tags a pile of its own meanwhile. The service is the stand-in of tests/web/providers.
 */
import { startStandIn, CREDENTIALS } from "../tests/web/providers/stand_in.mjs";
import {
    tagAllWith,
    turnOn,
    waitUntilAskable,
    waitUntilIdle,
    withSetups,
} from "../tests/web/providers/provider_page.mjs";
import { observePage } from "../tests/web/idle.mjs";
import { painted } from "../tests/web/painted.mjs";
import { serve } from "../www/tools/serve.mjs";
import { startChromium } from "./lib/browser.mjs";
import { readGoldenPictures } from "./lib/built.mjs";
import { atLeast, atMost, figure } from "./lib/figures.mjs";
import { median } from "./lib/interleave.js";
import { choosePictures, waitForPictures } from "./lib/page_visit.mjs";

/** @typedef {import("./run.mjs").Wanted} Wanted */
/** @typedef {import("./lib/browser.mjs").Page} Page */

const N = 200;
const ANSWER_MS = 300;
const AT_ONCE = 4;
const IDEAL_S = (N / AT_ONCE) * (ANSWER_MS / 1000);
/** The local model's rate is taken over so long, from a pile that lasts longer. */
const WATCHED_MS = 12_000;
const PILE = 2_000;
const PATIENCE = { timeout: 300_000 };

/** @param {Wanted} wanted */
export async function measure({ built, isQuick }) {
    const services = await startStandIn({ delayMs: ANSWER_MS });
    const server = await serve({ dir: built.dir, port: 0 });
    const browser = await startChromium();
    try {
        const jobs = [];
        const [alone, beside] = [/** @type {number[]} */ ([]), /** @type {number[]} */ ([])];
        for (let round = 0; round < (isQuick ? 1 : 3); round++) {
            services.forget();
            const page = await openReady(browser, server.url, services.url);
            jobs.push(await timeOfJob(page));
            await page.context().close();
            for (const rates of round % 2 === 0 ? [alone, beside] : [beside, alone]) {
                services.forget();
                const other = await openReady(browser, server.url, services.url);
                rates.push(await localRate(other, rates === beside));
                await other.context().close();
            }
        }
        if (services.refusals.length > 0) throw new Error(`The service refused: ${services.refusals[0].why}`);
        return [
            atMost(`${N} pictures, ${AT_ONCE} at a time, ${ANSWER_MS} ms an answer`, median(jobs), "s", 1.25 * IDEAL_S),
            figure("the same without anything but waiting", IDEAL_S, "s"),
            figure("local model alone, pictures a second", median(alone), ""),
            figure("local model meanwhile, pictures a second", median(beside), ""),
            atLeast("local model meanwhile, share of its rate alone", median(beside) / median(alone), "", 0.85),
        ];
    } finally {
        await browser.close();
        await server.close();
        await services.close();
    }
}

/** The page with small pictures that are tagged, and a provider on. @param {import("./lib/browser.mjs").Browser} browser @param {string} url @param {string} service */
async function openReady(browser, url, service) {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
    context.setDefaultTimeout(PATIENCE.timeout);
    const page = await context.newPage();
    await page.addInitScript(() => void Reflect.set(window, "blocks", []));
    await page.addInitScript(observePage);
    await withSetups({ microsoft: { endpoint: service, version: "3.2" } })(page);
    await page.goto(url);
    await waitUntilAskable(page);
    const pictures = Array.from({ length: N }, (_, idx) =>
        painted(`${idx}.png`, "cup", { width: 60 + idx, height: 60 }),
    );
    await page.setInputFiles('[data-input="files"]', pictures);
    await waitForPictures(page, N, PATIENCE.timeout);
    await turnOn(page, "microsoft", CREDENTIALS.microsoft);
    return page;
}

/** From the press to the last picture. @param {Page} page @returns {Promise<number>} seconds */
async function timeOfJob(page) {
    const start = performance.now();
    await tagAllWith(page);
    await waitUntilIdle(page);
    return (performance.now() - start) / 1000;
}

/** How fast the local model is with a pile of photographs, alone or beside a job. @param {Page} page @param {boolean} isBeside @returns {Promise<number>} pictures a second */
async function localRate(page, isBeside) {
    const golden = await readGoldenPictures();
    const before = await nTagged(page);
    if (isBeside) await tagAllWith(page);
    await choosePictures(page, golden, PILE);
    await page.waitForFunction((n) => performance.getEntriesByName("tagsmith:tag").length > n + 5, before, PATIENCE);
    const [first, start] = [await nTagged(page), performance.now()];
    await new Promise((over) => setTimeout(over, WATCHED_MS));
    return ((await nTagged(page)) - first) / ((performance.now() - start) / 1000);
}

/** @param {Page} page */
const nTagged = (page) => page.evaluate(() => performance.getEntriesByName("tagsmith:tag").length);
