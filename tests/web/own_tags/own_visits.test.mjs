/**
 * Own tags from visit to visit: a training that is cancelled, one that a reload or a crash interrupts, those that fall due while the page is closed; a draft and its undo,
 * why an own tag, and own tags under a list of words. Painted pictures, so that a visit is cheap.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { addFiles, cards, exportAs, usePage, waitForIdle, waitUntilDone, waitUntilReady } from "../harness.mjs";
import { startHost } from "../host.mjs";
import { holdCalls, letCallsGo } from "../idle.mjs";
import { openPicture, press, waitForHeat } from "../inspect.mjs";
import { killTab } from "../lasting_browser.mjs";
import { showAll, showOnly } from "../only_words.mjs";
import { painted } from "../painted.mjs";
import { paintedPage } from "../painted_page.mjs";
import { unzip } from "../unzip.mjs";
import { N_LEFT, N_TAUGHT, closeDialog, openTagger, tagAgain, teach, train } from "./own_page.mjs";

/** @typedef {import("../harness.mjs").Page} Page */

/** @type {import("../host.mjs").Host} */
let host;
const site = usePage({
    model: "painted",
    async start() {
        host = await startHost(await paintedPage());
        host.allowCaching(false); // its clock is to be another at each visit
        return host;
    },
});
const WINDOW = { width: 1440, height: 1600 };

/** Two taught tags, trained once and found on the pictures that were left. */
const taught = site.inTurn(async () => {
    const page = await site.open("?workers=1", {
        viewport: WINDOW,
        timezoneId: "Europe/Berlin",
    });
    const some = (/** @type {string} */ kind, /** @type {"rocket" | "espresso"} */ tag) =>
        Array.from({ length: N_TAUGHT + N_LEFT }, (_, idx) =>
            painted(`${kind}-${idx + 1}.png`, { [tag]: 0.42 + 0.04 * idx, castle: 0.05 }),
        );
    await addFiles(page, [...some("rockets", "rocket"), ...some("cups", "espresso")]);
    await waitUntilDone(page);
    await teach(page, "rockets", "our rockets");
    await teach(page, "cups", "our cups");
    await openTagger(page);
    await train(page, "First");
    assert.equal(await tagAgain(page), 2 * N_LEFT);
    await closeDialog(page);
    return page;
});

/** What the versions of the tagger are called, the newest first. @param {Page} page */
const versions = (page) =>
    page.$$eval('[data-section="versions"] .library-row .library-name bdi', (all) => all.map((one) => one.textContent));

/** Tags with the version in use what only an older one has seen. @param {Page} page */
async function useOnAll(page) {
    await openTagger(page);
    await tagAgain(page);
    await closeDialog(page);
}

/** What an export has, whichever kind of file it is. @param {string} path */
const contentOf = (path) => {
    const content = readFileSync(path);
    return content.subarray(0, 2).toString() === "PK"
        ? Object.values(unzip(path, "latin-1")).join("\n")
        : content.toString("latin1");
};

/** The page at another time, at the next visit. @param {Page} page @param {number} ms since 1970 */
async function visitAt(page, ms) {
    const by = ms - Date.now();
    // Of the page and of its store: each run has its own time from the one, and its due time from the other.
    host.alter(
        /^\/(page|store)\.\w+\.js$/,
        (script) => `globalThis.Date = class extends Date {
    constructor(...parts) { parts.length > 0 ? super(...parts) : super(Date.now()); }
    static now() { return super.now() + ${by}; }
};
${script}`,
    );
    await page.reload();
    await waitUntilReady(page);
    assert.ok(Math.abs((await page.evaluate(() => Date.now())) - ms) < 600_000, "the clock was moved");
}

test("a training that is cancelled leaves no version, no failure and nothing to go on with", async () => {
    const page = await taught();
    await openTagger(page);
    const before = await versions(page);
    await holdCalls(page, "train", 0, () => page.click('[data-do="train"]:not([disabled])'));
    await page.waitForSelector('[data-training="fitting"]');
    await page.click('[data-do="cancel-training"]');
    await page.waitForSelector("[data-training]", { state: "detached" });
    await letCallsGo(page);
    await waitForIdle(page);
    assert.deepEqual(await versions(page), before);
    assert.equal(await page.locator('.dialog[open] .failure-box, [data-do="resume-training"]').count(), 0);
    await train(page, "After it");
    assert.deepEqual(await versions(page), ["After it", ...before], "the next one is trained as ever");
    await closeDialog(page);
});

test("why an own tag is shown in the picture, in words too", async () => {
    const page = await taught();
    await openPicture(page, "rockets-7.png");
    await press(page, "own:our rockets", "why");
    await waitForHeat(page);
    // The rocket's colour is the first stripe of the picture.
    assert.match(await page.innerText(".heat-words"), /contributed to “our rockets”.* Brightest on the left\./s);
    await page.keyboard.press("Escape");
});

test("under a list of words only those own tags show that it has: in the grid, in every export, in a search, undone and tagged again", async () => {
    const page = await taught();
    await showOnly(page, "our rockets");
    const ids = async () => new Set((await cards(page)).flatMap(({ tags }) => tags.map(({ id }) => id)));
    assert.deepEqual([...(await ids())], ["own:our rockets"]);
    await page.click('[data-do="export"]');
    await page.waitForSelector('[data-menu="export"] [data-do^="export-"]');
    const formats = await page.$$eval('[data-menu="export"] [data-do^="export-"]', (all) =>
        all.map((one) => /** @type {any} */ (one.getAttribute("data-do")?.slice("export-".length))),
    );
    await page.keyboard.press("Escape");
    assert.ok(formats.length >= 8, `all kinds of export: ${formats}`);
    for (const format of formats) {
        const { path } = await exportAs(page, format);
        const content = contentOf(path);
        assert.match(content, /our rockets/, format);
        assert.doesNotMatch(content, /our cups|espresso|castle|\brocket\b/, format);
    }
    for (const [words, n] of /** @type {const} */ ([
        ["espresso", 0],
        ["castle", 0],
        ["our rockets", N_TAUGHT + N_LEFT],
    ])) {
        await page.fill('[data-do="search"]', words);
        await waitForIdle(page);
        assert.equal((await cards(page)).length, n, words);
    }
    await page.fill('[data-do="search"]', "");
    await waitForIdle(page);

    await openPicture(page, "cups-7.png");
    await page.fill('.details [data-do="add-tag"]', "our rockets");
    await page.press('.details [data-do="add-tag"]', "Enter");
    await waitForIdle(page);
    await page.keyboard.press("Escape");
    await page.click('.top-bar [data-do="undo"]');
    await waitForIdle(page);
    assert.deepEqual([...(await ids())], ["own:our rockets"], "undone");
    await useOnAll(page);
    assert.deepEqual([...(await ids())], ["own:our rockets"], "tagged again");
    await showAll(page);
    assert.ok((await ids()).has("own:our cups") && (await ids()).has("espresso"), "nothing was lost");
});

test("what a person says of an own tag teaches at once, as a draft that goes with the correction", async () => {
    const page = await taught();
    const mine = async (/** @type {string} */ path) =>
        (await cards(page)).find((one) => one.path === path)?.tags.find(({ id }) => id === "own:our rockets");
    await useOnAll(page);
    const before = [await mine("rockets-7.png"), await mine("rockets-8.png")];
    assert.ok(before.every(Boolean));
    await openPicture(page, "rockets-7.png");
    await press(page, "own:our rockets", "reject-tag");
    await openTagger(page);
    await page.waitForSelector('[data-draft="1"]');
    await closeDialog(page);
    assert.equal(await mine("rockets-7.png"), undefined);
    // The other pictures are judged anew, too.
    await page.waitForFunction(
        (before) => {
            const chip = document.querySelector('.card[data-path="rockets-8.png"] [data-tag="own:our rockets"]');
            return Number(chip?.getAttribute("data-confidence")) !== before;
        },
        before[1]?.confidence,
        { timeout: 10_000 },
    );
    await page.click('.top-bar [data-do="undo"]');
    await waitForIdle(page);
    await openTagger(page);
    await page.waitForSelector("[data-draft]", { state: "detached" });
    await closeDialog(page);
    assert.deepEqual([await mine("rockets-7.png"), await mine("rockets-8.png")], before);
});

test("a training that a reload interrupts goes on by itself, and is done once", async () => {
    const page = await taught();
    await openTagger(page);
    const before = await versions(page);
    await page.fill("#own-title", "Interrupted");
    await holdCalls(page, "train", 0, () => page.click('[data-do="train"]:not([disabled])'));
    await page.reload();
    await waitUntilReady(page);
    await openTagger(page);
    await page.waitForFunction(
        (n) => document.querySelectorAll('[data-section="versions"] .library-row').length > n,
        before.length,
    );
    await waitForIdle(page);
    assert.deepEqual(await versions(page), ["Interrupted", ...before]);
    await page.reload();
    await waitUntilReady(page);
    await openTagger(page);
    await waitForIdle(page);
    assert.deepEqual(await versions(page), ["Interrupted", ...before]);
    await closeDialog(page);
});

test("what fell due while the page was closed is trained at the next visit and once a week, by the clock of the place, summer time or not", async () => {
    const page = await taught();
    // The Sunday on which summer time begins: at 2 o'clock it is 3.
    const year = new Date().getUTCFullYear() + 1;
    const sunday = 31 - new Date(Date.UTC(year, 2, 31)).getUTCDay();
    const winter = (/** @type {number} */ day, /** @type {number} */ hour) => Date.UTC(year, 2, day, hour - 1);
    const summer = (/** @type {number} */ day, /** @type {number} */ hour, minute = 0) =>
        Date.UTC(year, 2, day, hour - 2, minute);
    await visitAt(page, winter(sunday - 3, 12));
    await openTagger(page);
    await page.check('[data-section="when"] [data-do="smart-tags"]');
    await page.setChecked("#own-weekly", false);
    await page.check("#own-weekly");
    await waitForIdle(page);
    const before = await versions(page);
    await closeDialog(page);

    /** How many trainings have come by then, and when the next one is: half an hour after midnight, by the clock of the place. */
    const seen = async (/** @type {number} */ n) => {
        await openTagger(page);
        const isThere = (/** @type {number} */ n) =>
            document.querySelectorAll('[data-section="versions"] .library-row').length >= n;
        await page.waitForFunction(isThere, before.length + n);
        const next = page.locator('[data-section="when"] [role="status"]');
        await next.waitFor();
        await waitForIdle(page);
        const [, day] = /^Next: (.+), 12:30.AM\./.exec(await next.innerText()) ?? [];
        return [(await versions(page)).length - before.length, day];
    };
    const march = (/** @type {number} */ day) =>
        new Intl.DateTimeFormat("en", { dateStyle: "medium", timeZone: "UTC" }).format(Date.UTC(year, 2, day));
    assert.deepEqual(await seen(0), [0, march(sunday - 1)]);
    await visitAt(page, summer(sunday, 12));
    assert.deepEqual(await seen(1), [1, march(sunday + 6)], "once, on the day after it fell due");
    await visitAt(page, summer(sunday + 5, 23));
    assert.deepEqual(await seen(1), [1, march(sunday + 6)], "not again in the same week");
    await visitAt(page, summer(sunday + 6, 0, 31));
    assert.deepEqual(await seen(2), [2, march(sunday + 13)], "a minute after the next time, by the new clock");
});

test("a training that a crash of the tab interrupts goes on by itself in the next one", async () => {
    const page = await taught();
    await page.reload(); // whatever is open
    await waitUntilReady(page);
    await openTagger(page);
    const before = await versions(page);
    await page.fill("#own-title", "Crashed");
    await holdCalls(page, "train", 0, () => page.click('[data-do="train"]:not([disabled])'));
    const next = await page.context().newPage();
    await killTab(page);
    await next.goto(`${host.url}?workers=1`);
    await waitUntilReady(next);
    await openTagger(next);
    await next.waitForFunction(
        (n) => document.querySelectorAll('[data-section="versions"] .library-row').length > n,
        before.length,
    );
    await waitForIdle(next);
    assert.deepEqual(await versions(next), ["Crashed", ...before]);
});
