/**
 * The tab, and the whole browser, killed at any moment of a batch: what was seen finished stays finished and is never tagged again, the
 * batch goes on by itself, and undo takes back what was corrected last. Three kills of a batch of 120 with a fixed seed, with `--long` twenty
 * of a batch of 300.
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { serve } from "../../www/tools/serve.mjs";
import { BatchDiary, choosePictures, untilHandlesKept, untilWaiting, writePictures } from "./batch_diary.mjs";
import { card } from "./grid.mjs";
import { nCalls, waitUntilDone } from "./harness.mjs";
import { LastingBrowser, killTab } from "./lasting_browser.mjs";
import { paintedPage } from "./painted_page.mjs";

const [N_PICTURES, N_KILLS] = process.env["TAGSMITH_LONG"] ? [300, 20] : [120, 3];

/** @type {Awaited<ReturnType<typeof serve>>} */
let server;
before(async () => (server = await serve({ dir: await paintedPage(), port: 0 })));
after(() => server?.close());

/** The same numbers every time, between 0 and 1. @param {number} seed */
function* randomNumbers(seed) {
    for (let at = seed; ; ) yield (at = (Math.imul(at, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32;
}

test(`${N_KILLS} times killed in a batch of ${N_PICTURES}: nothing finished is lost or tagged again, and undo goes on`, async () => {
    const diary = new BatchDiary();
    const browser = await LastingBrowser.start(server.url, (page) => diary.prepare(page));
    const random = randomNumbers(20);
    const next = () => Number(random.next().value);
    try {
        let page = await browser.open("?workers=1");
        await writePictures(page, N_PICTURES);
        await choosePictures(page);
        await untilHandlesKept(page, N_PICTURES);
        for (let n = 0; n < N_KILLS; n++) {
            // Somewhere in this stretch of the batch, and a moment that no count of messages chooses.
            await diary.untilAsked(Math.ceil((N_PICTURES * (n + 0.1 + 0.8 * next())) / (N_KILLS + 0.5)));
            const corrected = n % 2 === 0 ? await correct(page) : null;
            await page.waitForTimeout(next() * 40);
            const kill = next() < 0.5 ? "tab" : "browser";
            if (kill === "tab") await killTab(page);
            else await browser.kill();
            diary.life++;
            if (kill === "browser") await browser.start();
            page = await browser.open("?workers=1");
            await page.waitForSelector(".card");
            if (corrected) await assertUndone(page, corrected);
        }
        await waitUntilDone(page);
        await untilWaiting(page, N_PICTURES, 0);
        diary.assertNothingLost();
        const asked = diary.of("asked").length;
        assert.ok(
            asked >= N_PICTURES && asked <= N_PICTURES + N_KILLS * 40,
            `${asked} pictures were given to a tagger`,
        );
        console.log(`${asked} taggings for ${N_PICTURES} pictures and ${N_KILLS} kills`);
    } finally {
        await browser.end();
    }
});

/** Accepts the best tag of the first card, until it is kept. @param {import("./harness.mjs").Page} page */
async function correct(page) {
    const name = (await page.getAttribute('.card[data-state="done"]', "data-path")) ?? assert.fail("nothing is done");
    await page.waitForSelector(`${card(name)} [data-source="auto"]`); // after a reload they come a moment after the card
    const before = await tagsNow(page, name);
    const nBefore = await nCalls(page, "correct");
    await page.focus(`${card(name)} .card-name`);
    await page.keyboard.press("a");
    await page.waitForFunction((n) => (Reflect.get(globalThis, "callsToWorkers")["correct"] ?? 0) > n, nBefore);
    await page.waitForFunction(
        () =>
            !Reflect.get(globalThis, "pageActivity")
                .open()
                .some((/** @type {string} */ one) => one.includes(": correct (")),
    );
    // It is drawn a moment after it is kept.
    await page.waitForFunction(
        ([selector, before]) =>
            before.some((one) => {
                const [id, source] = one.split(" ");
                return !document.querySelector(`${selector} [data-tag="${id}"][data-source="${source}"]`);
            }),
        /** @type {const} */ ([card(name), before]),
    );
    return { name, before, after: await tagsNow(page, name) };
}

/** The tags of a card while the page is at work. @param {import("./harness.mjs").Page} page @param {string} name */
const tagsNow = (page, name) =>
    page.$$eval(`${card(name)} [data-tag]`, (all) =>
        all.map((chip) => `${chip.getAttribute("data-tag")} ${chip.getAttribute("data-source")}`),
    );

/** @param {import("./harness.mjs").Page} page @param {{name: string, before: string[], after: string[]}} corrected */
async function assertUndone(page, { name, before, after }) {
    assert.notDeepEqual(after, before, "something was corrected");
    const seen = (/** @type {string[]} */ tags) =>
        page.waitForFunction(
            ([selector, tags]) => {
                const chips = Array.from(document.querySelectorAll(`${selector} [data-tag]`));
                const now = chips.map((chip) => `${chip.getAttribute("data-tag")} ${chip.getAttribute("data-source")}`);
                return JSON.stringify(now) === tags;
            },
            /** @type {const} */ ([card(name), JSON.stringify(tags)]),
        );
    await seen(after);
    await page.keyboard.press("z");
    await seen(before);
}
