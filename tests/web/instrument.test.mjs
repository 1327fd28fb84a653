/** The instrument: what a moved threshold changes, pausing and going on, stopping at the first error, and the page's title. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { add_files, cards, count, file, n_calls, set_threshold, use_page, waitForIdle, wait_until_done, wait_until_ready } from "./harness.mjs";
import { painted } from "./painted.mjs";
import { holdCalls, letCallsGo } from "./idle.mjs";

const site = use_page({ model: "painted" });

const KINDS = /** @type {const} */ (["cup", "cat", "rocket", "man", "puzzle", "light", "balloons", "clock", "wall"]);

/** Pictures of each kind in turn. @param {number} n */
const many = (n) => Array.from({ length: n }, (_, idx) => painted(`${idx}.png`, KINDS[idx % KINDS.length] ?? "cup"));

/** @param {import("./harness.mjs").Page} page */
const n_finished = (page) => page.locator('.card[data-state="done"], .card[data-state="failed"]').count();

test("while the threshold moves it says what comes and goes, with the pictures at the edge", async () => {
    const page = await site.open("", { viewport: { width: 1440, height: 5000 } });
    await add_files(page, many(14));
    await wait_until_done(page);
    await set_threshold(page, 60);
    const close = page.locator('[data-do="close-edge"]');
    if (await close.isVisible()) await close.click(); // there may be none at the edge
    await waitForIdle(page);
    const before = { tags: await count(page, "tags"), pictures: await count(page, "pictures") };
    const shown_before = await cards(page);
    await set_threshold(page, 15);
    const after = { tags: await count(page, "tags"), pictures: await count(page, "pictures") };
    assert.ok(after.tags > before.tags);
    assert.equal(await count(page, "change"), after.tags - before.tags);
    const words = (await page.textContent('[data-count="change"]')) ?? "";
    // What stood in for something more specific goes when that comes.
    const [, gained = 0, lost = 0] = /^\+(\d+) tags(?: · −(\d+) tags?)?/.exec(words) ?? assert.fail(words);
    assert.equal(Number(gained) - Number(lost), after.tags - before.tags, words);
    if (after.pictures > before.pictures) assert.ok(words.includes(`+${after.pictures - before.pictures} picture`), words);

    const edge = await page.$$eval(".edge-picture", (all) =>
        all.map((one) => ({ id: one.getAttribute("data-id"), tag: one.getAttribute("data-edge") ?? "", confidence: Number(one.getAttribute("data-confidence")) })),
    );
    assert.ok(edge.length > 0);
    const distances = edge.map(({ confidence }) => confidence - 0.15);
    assert.ok(distances.every((distance, idx) => distance >= 0 && distance >= (distances[idx - 1] ?? 0)), "the nearest first");
    const shown = await cards(page);
    const ids = await page.$$eval(".card", (all) => all.map((card) => card.getAttribute("data-id")));
    for (const { id, tag } of edge) {
        const idx = ids.indexOf(id);
        assert.ok(!shown_before[idx]?.tags.some((one) => one.id === tag), `${tag} was not there`);
        const now = shown[idx] ?? assert.fail();
        assert.ok(now.n_more > 0 || now.tags.some((one) => one.id === tag), `${tag} is there`);
    }
    await set_threshold(page, 60);
    assert.equal(await page.locator(".edge").count(), 0, "back where it was, nothing has changed");
    await set_threshold(page, 15);
    await page.click(".edge-picture button");
    assert.equal(await page.getAttribute(".card.is-opened", "data-id"), edge[0]?.id, "a picture at the edge opens");
    await page.click('[data-do="close-edge"]');
    await waitForIdle(page);
    assert.equal(await page.locator(".edge").count(), 0);
});

test("paused, nothing more is started until it goes on, and the title says so", async () => {
    const page = await site.open("?workers=1", { viewport: { width: 1440, height: 5000 } });
    await wait_until_ready(page);
    await holdCalls(page, "tag", 3, () => add_files(page, many(30)));
    assert.equal(await page.title(), "3 of 30 · Tagsmith");
    await page.click('[data-do="pause"]');
    await letCallsGo(page);
    await waitForIdle(page);
    assert.deepEqual([await n_finished(page), await n_calls(page, "tag")], [4, 4], "what was under way is finished, and it stands still");
    assert.equal(await page.title(), "Paused at 4 of 30 · Tagsmith");
    await set_threshold(page, 1);
    assert.ok((await count(page, "tags")) > 0, "what is done can be looked at meanwhile");
    await page.click('[data-do="go-on"]');
    await wait_until_done(page);
    assert.equal(await n_finished(page), 30);
    assert.equal(await page.title(), "Tagsmith");
});

test("cancelled while paused, what is done stays and what comes later is tagged", async () => {
    const page = await site.open("?workers=1", { viewport: { width: 1440, height: 5000 } });
    await wait_until_ready(page);
    await holdCalls(page, "tag", 2, () => add_files(page, many(20)));
    await page.click('[data-do="pause"]');
    await letCallsGo(page);
    await waitForIdle(page);
    assert.equal(await n_finished(page), 3);
    await page.click('[data-do="cancel"]');
    await wait_until_done(page);
    assert.equal(await page.locator(".card").count(), 3);
    await add_files(page, many(1));
    await wait_until_done(page);
    assert.equal(await n_finished(page), 4);
});

test("errors do not stop a batch, unless someone wants to stop at the first", async () => {
    const page = await site.open("?workers=1", { viewport: { width: 1440, height: 5000 } });
    await wait_until_ready(page);
    const files = many(12);
    files.splice(3, 0, file("fixtures/pictures/bad/empty.png"));
    await add_files(page, files);
    await wait_until_done(page);
    assert.equal(await n_finished(page), 13, "ignored by default");

    await page.evaluate(() => localStorage.setItem("tagsmith.settings", JSON.stringify({ is_stopping_at_errors: true })));
    await page.reload();
    await wait_until_ready(page);
    await add_files(page, files);
    await page.waitForSelector('[data-do="go-on"]');
    await waitForIdle(page);
    assert.equal(await page.locator('.card[data-state="failed"]').count(), 1);
    assert.equal(await n_finished(page), 5, "stopped at the fourth, while the next one was on its way");
    assert.match((await page.textContent('[data-view="said"]')) ?? "", /Stopped at empty\.png/);
    await page.click('[data-do="go-on"]');
    await wait_until_done(page);
    assert.equal(await n_finished(page), 13);
});
