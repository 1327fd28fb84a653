/** What is there again after a reload: everything that was done, at once, and what was under way goes on. */
import assert from "node:assert/strict";
import { test } from "node:test";
import {
    addFiles,
    cards,
    keepNothing,
    nCalls,
    usePage,
    waitForIdle,
    waitUntilDone,
    waitUntilReady,
} from "./harness.mjs";
import { card, tagMany } from "./grid.mjs";
import { addTag, nextStep, openPicture, use } from "./inspect.mjs";
import { holdCalls } from "./idle.mjs";
import { painted } from "./painted.mjs";
import { rest, undoAll } from "./rest.mjs";

/** @typedef {import("./harness.mjs").Page} Page */

const site = usePage({ model: "painted" });

/** @param {Page} page */
const scrolled = (page) => page.$eval('[data-view="gallery"]', ({ scrollTop }) => scrollTop);
/** @param {Page} page */
const notice = (page) => page.textContent('[data-view="message"]');
/** The cards without what only matters while something is under way. @param {Page} page */
const shown = async (page) => (await cards(page)).map(({ path, state, tags }) => ({ path, state, tags }));

const tagged = site.inTurn(async () => {
    const page = await site.open();
    await addFiles(page, [painted("cat.jpg", "cat"), painted("cup.jpg", "cup"), painted("man.jpg", "man")]);
    await waitUntilDone(page);
    return page;
});

/** A cat, a cup and a man, of which nobody has said anything. */
async function three() {
    const page = await tagged();
    await waitUntilReady(page);
    await rest(page);
    await undoAll(page);
    await rest(page);
    const all = await shown(page);
    assert.deepEqual(
        all.map(({ path, state }) => `${path} ${state}`),
        ["cat.jpg done", "cup.jpg done", "man.jpg done"],
    );
    assert.equal(await page.locator(".chip.is-manual").count(), 0);
    return page;
}

test("after a reload the grid is there with its tags before the engine is, without tagging anything", async () => {
    const page = await three();
    const before = await shown(page);
    await holdEngine(page);
    await page.reload();
    await page.waitForSelector(`${card("cup.jpg")} [data-tag]`);
    await page.waitForSelector(`${card("cup.jpg")} img`);
    assert.equal(await page.getAttribute("html", "data-engine"), "loading");
    assert.deepEqual(await shown(page), before);
    await letEngineGo(page);
    await waitUntilReady(page);
    await waitForIdle(page);
    assert.equal(await nCalls(page, "tag"), 0);
    assert.deepEqual(await shown(page), before);
});

test("corrections are there after a reload, which asks nothing, and undo goes on where it was", async () => {
    const page = await three();
    let isAsked = false;
    const answer = (/** @type {import("playwright-core").Dialog} */ dialog) => {
        isAsked = true;
        void dialog.accept();
    };
    page.on("dialog", answer);
    const first = await shown(page);
    await openPicture(page, "cup.jpg");
    await addTag(page, "Mallorca");
    const corrected = await shown(page);
    const undo = await nextStep(page, "undo");
    await page.reload();
    await waitUntilReady(page);
    await waitForIdle(page);
    assert.deepEqual(await shown(page), corrected);
    await openPicture(page, "cup.jpg");
    assert.equal(await nextStep(page, "undo"), undo);
    await use(page, "undo");
    assert.deepEqual(await shown(page), first);
    await page.reload();
    await waitUntilReady(page);
    await waitForIdle(page);
    assert.deepEqual(await shown(page), first, "it was taken back for good");
    await openPicture(page, "cup.jpg");
    await use(page, "redo");
    assert.deepEqual(await shown(page), corrected);
    assert.equal(isAsked, false);
    page.off("dialog", answer);
});

test("pictures that were taken off come back after a reload, in their places", async () => {
    const page = await three();
    const before = await shown(page);
    await openPicture(page, "cup.jpg");
    await page.click('[data-do="take-off"]');
    await waitForIdle(page);
    await page.reload();
    await waitUntilReady(page);
    await waitForIdle(page);
    assert.equal((await shown(page)).length, before.length - 1);
    await openPicture(page, "cat.jpg");
    await use(page, "undo");
    assert.deepEqual(await shown(page), before);
});

test("what is looked for and how far the grid is scrolled are there after a reload", async () => {
    const page = await site.open("", { viewport: { width: 700, height: 500 } });
    await tagMany(page, 40);
    await page.$eval('[data-view="gallery"]', (grid) => void (grid.scrollTop = 600));
    await page.waitForTimeout(1_200); // it is kept when somebody rests there
    await waitForIdle(page);
    const place = await scrolled(page);
    assert.ok(place > 300, `${place}`);
    await page.reload();
    await waitUntilReady(page);
    await waitForIdle(page);
    assert.equal(await scrolled(page), place);
});

test("a batch that was left under way says which files it needs, and goes on with them without tagging anything twice", async () => {
    const page = await site.open();
    await waitUntilReady(page);
    const files = ["a", "b", "c", "d"].map((name, idx) => painted(`${name}.jpg`, { "tabby-cat": 0.3 + idx / 10 }));
    await holdCalls(page, "tag", 2, () => addFiles(page, files));
    await page.waitForFunction(() => document.querySelectorAll(".card[data-state=done]").length === 2);
    await page.reload();
    await waitUntilReady(page);
    const line = page.locator('[data-line="files-needed"]');
    await line.waitFor();
    assert.match(String(await line.textContent()), /2 pictures can’t be tagged without their files/);
    await addFiles(page, files);
    await waitUntilDone(page);
    assert.equal(await line.count(), 0);
    assert.match(String(await notice(page)), /4 pictures have their files again/);
    assert.deepEqual(
        (await shown(page)).map(({ path, state }) => `${path} ${state}`),
        ["a.jpg done", "b.jpg done", "c.jpg done", "d.jpg done"],
    );
    assert.equal(await nCalls(page, "tag"), 2);
});

test("a file that comes again under another name gets its picture back, and is no second one", async () => {
    const page = await site.open();
    const cup = painted("cup.jpg", "cup");
    await addFiles(page, [painted("cat.jpg", "cat"), cup, { ...cup, name: "copy.jpg" }]);
    await waitUntilDone(page);
    await page.reload();
    await waitUntilReady(page);
    await waitForIdle(page);
    await addFiles(page, [{ ...cup, name: "copy.jpg" }, { ...cup, name: "renamed.jpg" }, painted("man.jpg", "man")]);
    await waitUntilDone(page);
    assert.deepEqual(
        (await shown(page)).map(({ path }) => path),
        ["cat.jpg", "cup.jpg", "copy.jpg", "man.jpg"],
    );
    assert.equal(await page.locator('[data-do="left-out"]').count(), 0, "both have their files again");
    assert.equal(await nCalls(page, "tag"), 1);
});

test("what needs the file of a picture says that it does", async () => {
    const page = await three();
    await page.reload();
    await waitUntilReady(page);
    await waitForIdle(page);
    await openPicture(page, "cat.jpg");
    await page.waitForSelector('.details-note[data-note="file"]');
    await page.click('.details [data-do="tag-again"]');
    await page.waitForSelector('[data-line="files-needed"]');
    assert.equal((await shown(page))[0]?.state, "done", "its tags stay");
});

test("two tabs show the same: what comes, is tagged, corrected and taken off in one is seen in the other", async () => {
    const page = await site.open();
    await addFiles(page, [painted("cat.jpg", "cat"), painted("cup.jpg", "cup")]);
    await waitUntilDone(page);
    const other = await page.context().newPage();
    await other.goto(site.url);
    await waitUntilReady(other);
    await waitForIdle(other);
    assert.deepEqual(await shown(other), await shown(page));
    await page.bringToFront(); // the one behind is drawn once a second
    await addFiles(page, [painted("man.jpg", "man")]);
    await waitUntilDone(page);
    await other.waitForSelector(`${card("man.jpg")} [data-tag]`);
    await openPicture(page, "cup.jpg");
    await addTag(page, "Mallorca");
    await other.waitForSelector(`${card("cup.jpg")} [data-tag="own:mallorca"]`);
    await openPicture(page, "cat.jpg");
    await page.click('[data-do="take-off"]');
    await other.waitForSelector(card("cat.jpg"), { state: "detached" });
    assert.equal(await nCalls(other, "tag"), 0);
});

test("a tab that has nothing shows what another one begins with, and the keyboard and selection of each stay its own", async () => {
    const page = await site.open();
    const other = await page.context().newPage();
    await other.goto(site.url);
    await waitUntilReady(other);
    await waitForIdle(other);
    await page.bringToFront();
    await addFiles(page, [painted("cat.jpg", "cat"), painted("cup.jpg", "cup")]);
    await waitUntilDone(page);
    await other.waitForSelector(`${card("cup.jpg")} [data-tag]`);
    await other.click(`${card("cup.jpg")} .card-check`);
    await addFiles(page, [painted("man.jpg", "man")]);
    await waitUntilDone(page);
    await other.waitForSelector(`${card("man.jpg")} [data-tag]`);
    const selected = (/** @type {Page} */ tab) => tab.$$eval(".card.is-selected", (all) => all.length);
    assert.deepEqual([await selected(other), await selected(page)], [1, 0]);
});

test("where nothing is kept a line says so, and leads to a backup", async () => {
    const page = await site.open("", { prepare: keepNothing });
    await addFiles(page, [painted("cup.jpg", "cup")]);
    await waitUntilDone(page);
    await page.click('[data-line="nothing-kept"] button');
    await page.waitForSelector('.dialog[open][data-dialog="storage"]');
});

test("a page that nothing was ever brought to fetches nothing of the database", async () => {
    const page = await site.open();
    await waitUntilReady(page);
    await waitForIdle(page);
    const fetched = await page.evaluate(() => performance.getEntriesByType("resource").map(({ name }) => name));
    assert.deepEqual(
        fetched.filter((name) => /\/(store|sqlite3)\b/.test(name)),
        [],
    );
});

/** The network of the model does not arrive. @param {Page} page */
async function holdEngine(page) {
    await page.route(/model\.\w+\.onnx/, async (route) => {
        await new Promise((resolve) => (letGo = () => resolve(null)));
        await route.continue();
    });
}

let letGo = () => {};
/** @param {Page} page */
async function letEngineGo(page) {
    letGo();
    await page.unrouteAll({ behavior: "ignoreErrors" });
}
