/** The threshold bar: what a moved threshold changes, pausing and going on, stopping at the first error, and the page's title. */
import assert from "node:assert/strict";
import { test } from "node:test";
import {
    addFiles,
    cards,
    count,
    file,
    nCalls,
    setThreshold,
    usePage,
    waitForIdle,
    waitUntilDone,
    waitUntilReady,
} from "./harness.mjs";
import { painted } from "./painted.mjs";
import { forgetCalls, holdCalls, letCallsGo } from "./idle.mjs";
import { removeAll } from "./rest.mjs";

const site = usePage({ model: "painted" });

const inTurn = site.inTurn(() => site.open("?workers=1", { viewport: { width: 1440, height: 5000 } }));

/** A page without pictures, and with one worker. */
async function emptied() {
    const page = await inTurn();
    await waitUntilReady(page);
    await removeAll(page);
    await forgetCalls(page);
    return page;
}

const KINDS = /** @type {const} */ (["cup", "cat", "rocket", "man", "puzzle", "light", "balloons", "clock", "wall"]);

/** Pictures of each kind in turn. @param {number} n */
const many = (n) => Array.from({ length: n }, (_, idx) => painted(`${idx}.png`, KINDS[idx % KINDS.length] ?? "cup"));

/** @param {import("./harness.mjs").Page} page */
const nFinished = (page) => page.locator('.card[data-state="done"], .card[data-state="failed"]').count();

test("while the threshold moves it says what comes and goes, with the pictures at the edge", async () => {
    const page = await site.open("", { viewport: { width: 1440, height: 5000 } });
    await addFiles(page, many(14));
    await waitUntilDone(page);
    await setThreshold(page, 60);
    const close = page.locator('[data-do="close-edge"]');
    if (await close.isVisible()) await close.click(); // there may be none at the edge
    await waitForIdle(page);
    const before = { tags: await count(page, "tags"), pictures: await count(page, "pictures") };
    const shownBefore = await cards(page);
    await setThreshold(page, 15);
    const after = { tags: await count(page, "tags"), pictures: await count(page, "pictures") };
    assert.ok(after.tags > before.tags);
    assert.equal(await count(page, "change"), after.tags - before.tags);
    const words = (await page.textContent('[data-count="change"]')) ?? "";
    // What stood in for something more specific goes when that comes.
    const [, gained = 0, lost = 0] = /^\+(\d+) tags(?: · −(\d+) tags?)?/.exec(words) ?? assert.fail(words);
    assert.equal(Number(gained) - Number(lost), after.tags - before.tags, words);
    if (after.pictures > before.pictures)
        assert.ok(words.includes(`+${after.pictures - before.pictures} picture`), words);

    const edge = await page.$$eval(".edge-picture", (all) =>
        all.map((one) => ({
            id: one.getAttribute("data-id"),
            tag: one.getAttribute("data-edge") ?? "",
            confidence: Number(one.getAttribute("data-confidence")),
        })),
    );
    assert.ok(edge.length > 0);
    const distances = edge.map(({ confidence }) => confidence - 0.15);
    assert.ok(
        distances.every((distance, idx) => distance >= 0 && distance >= (distances[idx - 1] ?? 0)),
        "the nearest first",
    );
    const shown = await cards(page);
    const ids = await page.$$eval(".card", (all) => all.map((card) => card.getAttribute("data-id")));
    for (const { id, tag } of edge) {
        const idx = ids.indexOf(id);
        assert.ok(!shownBefore[idx]?.tags.some((one) => one.id === tag), `${tag} was not there`);
        const now = shown[idx] ?? assert.fail();
        assert.ok(now.nMore > 0 || now.tags.some((one) => one.id === tag), `${tag} is there`);
    }
    await setThreshold(page, 60);
    assert.equal(await page.locator(".edge").count(), 0, "back where it was, nothing has changed");
    await setThreshold(page, 15);
    await page.click(".edge-picture button");
    assert.equal(await page.getAttribute(".card.is-opened", "data-id"), edge[0]?.id, "a picture at the edge opens");
    await page.click('[data-do="close-edge"]');
    await waitForIdle(page);
    assert.equal(await page.locator(".edge").count(), 0);
});

test("paused, nothing more is started until it goes on, and the title says so", async () => {
    const page = await emptied();
    await holdCalls(page, "tag", 3, () => addFiles(page, many(30)));
    assert.equal(await page.title(), "3 of 30 · Tagsmith");
    await page.click('[data-do="pause"]');
    await letCallsGo(page);
    await waitForIdle(page);
    assert.deepEqual(
        [await nFinished(page), await nCalls(page, "tag")],
        [4, 4],
        "what was under way is finished, and it stands still",
    );
    assert.equal(await page.title(), "Paused at 4 of 30 · Tagsmith");
    await setThreshold(page, 1);
    assert.ok((await count(page, "tags")) > 0, "what is done can be looked at meanwhile");
    await page.click('[data-do="go-on"]');
    await waitUntilDone(page);
    assert.equal(await nFinished(page), 30);
    assert.equal(await page.title(), "Tagsmith");
    await page.click('[data-preset="balanced"]');
});

test("cancelled while paused, what is done stays and what comes later is tagged", async () => {
    const page = await emptied();
    await holdCalls(page, "tag", 2, () => addFiles(page, many(20)));
    await page.click('[data-do="pause"]');
    await letCallsGo(page);
    await waitForIdle(page);
    assert.equal(await nFinished(page), 3);
    await page.click('[data-do="cancel"]');
    await waitUntilDone(page);
    assert.equal(await page.locator('.card[data-state="stopped"]').count(), 17);
    await addFiles(page, [painted("later.png", { lynx: 0.6 })]);
    await waitUntilDone(page);
    assert.equal(await nFinished(page), 4);
});

/** @param {import("./harness.mjs").Page} page */
const stopAtErrors = (page) =>
    page.addInitScript(() => {
        localStorage.setItem("tagsmith.settings", JSON.stringify({ is_stopping_at_errors: true }));
    });

test("errors do not stop a batch, unless someone wants to stop at the first", async () => {
    let page = await emptied();
    const files = many(12);
    files.splice(3, 0, file("fixtures/pictures/bad/empty.png"));
    await addFiles(page, files);
    await waitUntilDone(page);
    assert.equal(await nFinished(page), 13, "ignored by default");

    // Another visitor: what was tagged before would not be tagged again.
    page = await site.open("?workers=1", { viewport: { width: 1440, height: 5000 }, prepare: stopAtErrors });
    await waitUntilReady(page);
    await addFiles(page, files);
    await page.waitForSelector('[data-do="go-on"]');
    await waitForIdle(page);
    assert.equal(await page.locator('.card[data-state="failed"]').count(), 1);
    assert.equal(await nFinished(page), 5, "stopped at the fourth, while the next one was on its way");
    assert.match((await page.textContent('[data-view="said"]')) ?? "", /Paused: empty\.png/);
    await page.click('[data-do="go-on"]');
    await waitUntilDone(page);
    assert.equal(await nFinished(page), 13);
});
