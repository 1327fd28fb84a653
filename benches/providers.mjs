/**
 * Another tagger beside the local model: 200 pictures at 4 requests at a time, of a service on loopback that takes 300 ms for each answer, and
 * what that leaves the local model, which tags a pile of photographs meanwhile. The service is the stand-in of tests/web/providers; pictures are
 * small, so that what is timed is the asking and not the shrinking.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { observePage, waitForIdle } from "../tests/web/idle.mjs";
import { painted } from "../tests/web/painted.mjs";
import { turnOn, waitUntilAskable, waitUntilIdle, withSetups } from "../tests/web/providers/provider_page.mjs";
import { CREDENTIALS, startStandIn } from "../tests/web/providers/stand_in.mjs";
import { serve } from "../www/tools/serve.mjs";
import { startChromiumWith } from "./lib/browser.mjs";
import { BenchError, readGoldenPictures } from "./lib/built.mjs";
import { atLeast, atMost, figure } from "./lib/figures.mjs";
import { median } from "./lib/interleave.js";
import { choosePictures, waitForPictures } from "./lib/page_visit.mjs";

/** @typedef {import("./lib/browser.mjs").Page} Page */

const N = 200;
const ANSWER_MS = 300;
const AT_ONCE = 4;
const IDEAL_S = (N / AT_ONCE) * (ANSWER_MS / 1000);
/** Outlasts all that is measured beside it, also on a fast machine. */
const PILE = 6_000;
const PATIENCE_MS = 300_000;

/** @param {import("./run.mjs").Wanted} wanted */
export async function measure({ built, isQuick }) {
    const services = await startStandIn({ delayMs: ANSWER_MS });
    const server = await serve({ dir: built.dir, port: 0 });
    // A profile as people have one: what is opened privately keeps its files in the browser's own process, where each write is slow.
    const profile = await mkdtemp(join(tmpdir(), "tagsmith-bench-"));
    const context = await startChromiumWith(profile);
    try {
        const page = await openReady(context, server.url, services.url);
        const rounds = isQuick ? 1 : 3;
        const alone = [];
        for (let round = 0; round < rounds; round++) alone.push(await timeOfJob(page));
        const { shares, jobs, rates } = await besideEachOther(page, rounds);
        if (services.refusals.length > 0) throw new BenchError(`The service refused: ${services.refusals[0].why}`);
        const nAsked = services.log.length;
        if (nAsked !== 2 * rounds * N)
            throw new BenchError(`${nAsked} requests came, and ${2 * rounds * N} were meant.`);
        return [
            atMost(
                `${N} pictures, ${AT_ONCE} at a time, ${ANSWER_MS} ms an answer`,
                median(alone),
                "s",
                1.25 * IDEAL_S,
            ),
            figure("the same beside the local model", median(jobs), "s"),
            figure("the same without anything but waiting", IDEAL_S, "s"),
            atLeast("local model meanwhile, share of its pictures a second alone", median(shares), "", 0.85),
            figure("local model alone, pictures a second", median(rates), ""),
        ];
    } finally {
        await context.close();
        await server.close();
        await services.close();
        await rm(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    }
}

/**
 * The page with small pictures that are tagged, looked at again and selected, and a provider on.
 * @param {import("playwright-core").BrowserContext} context @param {string} url @param {string} service @returns {Promise<Page>}
 */
async function openReady(context, url, service) {
    context.setDefaultTimeout(PATIENCE_MS);
    const page = await context.newPage();
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.addInitScript(() => void Reflect.set(window, "blocks", []));
    await page.addInitScript(observePage);
    await withSetups({ microsoft: { endpoint: service, version: "3.2" } })(page);
    await page.goto(url);
    await waitUntilAskable(page);
    const pictures = Array.from({ length: N }, (_, idx) =>
        painted(`${idx}.png`, "cup", { width: 60 + idx, height: 60 }),
    );
    await page.setInputFiles('[data-input="files"]', pictures);
    await waitForPictures(page, N, PATIENCE_MS);
    // Second looks too: what they have not finished would be timed with the job.
    await waitForIdle(page, { patienceMs: PATIENCE_MS });
    await turnOn(page, "microsoft", CREDENTIALS.microsoft);
    await page.focus(".card");
    await page.keyboard.press("Control+a");
    return page;
}

/** From the press that sends the selection to the last picture. @param {Page} page @returns {Promise<number>} seconds */
async function timeOfJob(page) {
    await page.click('[data-menu="selection_more"]');
    await page.click('[data-do="selection-tag-with"]');
    await page.waitForSelector(`[data-count="asked"][data-value="${N}"]`);
    const start = performance.now();
    await page.click('[data-do="send"]:not([disabled])');
    await page.waitForSelector("dialog[open]", { state: "detached" });
    await waitUntilIdle(page);
    return (performance.now() - start) / 1000;
}

/**
 * A pile of photographs is tagged; beside it, in turns, nothing and a job, each as long as the other.
 * @param {Page} page @param {number} rounds
 */
async function besideEachOther(page, rounds) {
    const golden = (await readGoldenPictures()).filter(({ name }) => name.endsWith(".jpg"));
    const before = await nTagged(page);
    await choosePictures(page, golden, PILE, { areAlike: false });
    await page.waitForFunction((n) => performance.getEntriesByName("tagsmith:tag").length > n + 20, before, {
        polling: 200,
    });
    const [shares, jobs, rates] = [
        /** @type {number[]} */ ([]),
        /** @type {number[]} */ ([]),
        /** @type {number[]} */ ([]),
    ];
    let calm = await rateDuring(page, () => page.waitForTimeout(IDEAL_S * 1000));
    for (let round = 0; round < rounds; round++) {
        const busy = await rateDuring(page, async () => void jobs.push(await timeOfJob(page)));
        const later = await rateDuring(page, () => page.waitForTimeout(IDEAL_S * 1000));
        // Between the two that enclose it, the machine was as it was.
        shares.push(busy / ((calm + later) / 2));
        rates.push(calm);
        calm = later;
    }
    if (!(await page.$("[data-running]"))) throw new BenchError("The pile was tagged before the last job was over.");
    return { shares, jobs, rates };
}

/** @param {Page} page @param {() => Promise<void>} act @returns {Promise<number>} pictures that the local model tags in a second */
async function rateDuring(page, act) {
    const [first, start] = [await nTagged(page), performance.now()];
    await act();
    return ((await nTagged(page)) - first) / ((performance.now() - start) / 1000);
}

/** @param {Page} page */
const nTagged = (page) => page.evaluate(() => performance.getEntriesByName("tagsmith:tag").length);
