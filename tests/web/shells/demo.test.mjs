/**
 * The page as a single file, opened from a disk without a network: the whole job in Chromium, the short one in Firefox; and what it says of
 * itself where it is not whole.
 */
import assert from "node:assert/strict";
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { buildDemo } from "../../../www/tools/build_demo.mjs";
import { findings, tooWide } from "../accessibility.mjs";
import { PATIENCE_MS } from "../browsers/browser.mjs";
import { BROWSERS, openBrowser } from "../browsers/browsers.mjs";
import { openFromMore } from "../collections.mjs";
import { FIFTY, assertSameOfFifty, assertSameOfGolden } from "../fifty_pictures.mjs";
import * as harness from "../harness.mjs";
import { addTag, openPicture, press, row } from "../inspect.mjs";
import { TOLERANCES } from "../same_reports.mjs";

const { ROOT, addFiles, cards, exportReports, setThreshold, usePage, waitForIdle, waitUntilDone } = harness;

const DEMO = join(ROOT, "target/test-demo/tagsmith-demo.html");
const MAX_BYTES = 15e6;
const MAX_BYTES_WITHOUT_OBJECTS = 11e6;
const CUT = DEMO.replace(".html", "-cut.html");
/** Opened from its folder. */
const site = usePage({ start: async () => ({ url: `${pathToFileURL(dirname(DEMO)).href}/`, close: async () => {} }) });

before(() => buildDemo({ engine: join(ROOT, "target/engine"), models: join(ROOT, "models"), out: DEMO }));

/** @param {import("../harness.mjs").Page} page */
async function saveBackup(page) {
    const [download] = await Promise.all([page.waitForEvent("download"), page.click('[data-do="save-backup"]')]);
    await waitForIdle(page);
    return readFileSync(await download.path());
}

test("the whole job, from a disk and without a network", async () => {
    const page = await site.open("", { path: basename(DEMO), offline: true });
    await harness.waitUntilReady(page);
    assert.equal(await page.getAttribute("html", "data-variant"), "simd128");
    assert.match(await page.innerText('[data-note="one-file"]'), /faces and objects, are inside.*Nothing is kept/s);
    assert.deepEqual([...(await findings(page)), ...(await tooWide(page))], []);

    await addFiles(
        page,
        FIFTY.map(({ name, path }) => ({ name, mimeType: "", buffer: readFileSync(path) })),
    );
    await waitUntilDone(page);
    await assertSameOfFifty("demo", await exportReports(page), TOLERANCES.simd128);

    const nTags = () => harness.count(page, "tags");
    const before = await nTags();
    await setThreshold(page, 2);
    assert.ok((await nTags()) > before);
    await assertSameOfGolden("demo", await exportReports(page), TOLERANCES.simd128);
    await setThreshold(page, 62);
    assert.equal(await nTags(), before);
    await openPicture(page, "chelsea.jpg");
    await press(page, "tabby-cat", "reject-tag");
    assert.equal((await row(page, "tabby-cat"))?.kind, "rejected");
    await page.click('[data-do="undo"]');
    await waitForIdle(page);
    assert.equal((await row(page, "tabby-cat"))?.kind, "auto");
    await addTag(page, "Aunt Signe’s cat");

    await openFromMore(page, "storage");
    assert.match(await page.innerText('[data-kept="memory"]'), /in memory, until you close or reload it/);
    const backup = await saveBackup(page);
    await page.keyboard.press("Escape");
    await addTag(page, "after the backup");
    /** @type {string[]} */
    const asked = [];
    page.on("dialog", (dialog) => {
        asked.push(dialog.type());
        void dialog.accept();
    });
    await page.reload();
    await harness.waitUntilReady(page);
    assert.deepEqual(asked, ["beforeunload"], "what came after the backup would be lost");
    assert.deepEqual(await cards(page), []);

    await page.setInputFiles('[data-input="files"]', { name: "mine.tagsmith", mimeType: "", buffer: backup });
    await page.waitForSelector('[data-offer="asking"]');
    await page.click('[data-do="restore-backup"]');
    await page.waitForSelector('.card[data-path="chelsea.jpg"] [data-tag^="own:"]');
    await page.keyboard.press("Escape");
    await waitForIdle(page);
    const restored = await cards(page);
    assert.equal(await nTags(), before + 1, "of all pictures");
    const own = restored.flatMap(({ tags }) => tags.filter(({ id }) => id.startsWith("own:")).map(({ name }) => name));
    assert.deepEqual(own, ["Aunt Signe’s cat"]);

    await page.keyboard.press("?");
    await page.click('[data-do="open-self-test"]');
    await page.waitForSelector('.self-test[data-status="done"]');
    assert.equal(await page.getAttribute("[data-verdict]", "data-verdict"), "same");
    await page.keyboard.press("Escape");
    await page.selectOption('[data-do="language"]', "sv");
    await page.waitForSelector('html[lang="sv"]');
    assert.match(await page.innerText('[data-line="nothing-kept"]'), /Den här filen sparar ingenting/);
    await page.click('[data-do="more"]');
    await waitForIdle(page);
    assert.equal(await page.locator('.menu-popup [data-do="providers"]').count(), 0, "nobody else can be asked");

    const kept = await page.evaluate(async () => [
        await indexedDB.databases(),
        localStorage.length,
        await caches.keys(),
    ]);
    assert.deepEqual(kept, [[], 0, []], "nothing is left behind");
    await page.goto("about:blank");
    assert.equal(asked.length, 1, "what is restored lies in its backup");
    const { href } = pathToFileURL(DEMO);
    const requests = site.watch.requests.filter((url) => !/^(blob|data):/.test(url));
    assert.deepEqual(requests, [href, href], "nothing is asked for but the file itself");
});

test("the file says in its first line what is in it, and is no larger than it may be", async () => {
    const html = readFileSync(DEMO, "latin1").slice(0, 20_000);
    assert.match(
        html,
        /^<!doctype html><!-- Tagsmith \d[^\n]*EfficientNet-Lite0; BlazeFace[^\n]*; NanoDet-g\.[^\n]*-->\n/,
    );
    assert.match(html.slice(0, 1024), /<meta charset="windows-1252" \/>/, "browsers look no further than this");
    const [, listed = ""] = /name="tagsmith-files" content="([^"]*)"/.exec(html) ?? [];
    /** @type {[string, number][]} */
    const sizes = Object.entries(JSON.parse(listed.replaceAll("&quot;", '"')));
    const objects = sizes.reduce((sum, [name, size]) => sum + (name.startsWith("nanodet-") ? size : 0), 0);
    assert.ok(objects > 1e6);
    const { size } = statSync(DEMO);
    assert.ok(size <= MAX_BYTES, `${size} bytes`);
    assert.ok(size - objects <= MAX_BYTES_WITHOUT_OBJECTS, `${size - objects} bytes without objects`);
});

test("a file that is cut off says so, wherever that was", async () => {
    const cutAt = (/** @type {number} */ length) => writeFileSync(CUT, readFileSync(DEMO).subarray(0, length));
    cutAt(150_000);
    const page = await site.open("", { path: basename(CUT), locale: "sv-SE" });
    await page.waitForSelector("#opening [data-problem]:not([hidden])");
    assert.match(await page.innerText("#opening"), /Filen går inte att öppna här: den är inte hel/);
    cutAt(3e6);
    await page.reload();
    await page.waitForSelector('.problem[data-code="engine_unreachable"]');
    assert.match(await page.innerText('[data-view="problem"]'), /Modellen kunde inte läsas in\. Filen är inte hel/);
});

const firefox = BROWSERS.find(({ name }) => name === "firefox");
test("the short job in Firefox", { skip: firefox?.missing() ?? true }, async (context) => {
    const browser = await openBrowser("firefox", { ms: PATIENCE_MS });
    context.after(() => browser.close());
    await browser.goto(pathToFileURL(DEMO).href);
    await browser.wait(() => document.documentElement.dataset["engine"] === "ready");
    await browser.choose('[data-input="files"]', [join(ROOT, "tests/cases/chelsea/picture.jpg")]);
    const tags = await browser.wait(() => {
        const all = document.querySelectorAll('.card[data-state="done"] [data-tag]');
        return all.length > 0 && Array.from(all, (chip) => chip.getAttribute("data-tag"));
    });
    assert.deepEqual(tags, ["tabby-cat"]);
    const { path } = await browser.download(async () => {
        await browser.click('[data-do="export"]');
        await browser.click('[data-do="export-csv"]');
    });
    assert.match(readFileSync(path, "utf8"), /tabby cat/);
    assert.deepEqual(await browser.complaints(), []);
});
