/**
 * Two tabs on one library: what one does shows in the other, and when the one that owns the database is closed or killed in the middle of
 * a batch, the other goes on where its person was.
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { isDeepStrictEqual } from "node:util";
import { serve } from "../../www/tools/serve.mjs";
import { BatchDiary, choosePictures, untilWaiting, writePictures } from "./batch_diary.mjs";
import { card, number, selected, tagsOn } from "./grid.mjs";
import { waitForIdle } from "./harness.mjs";
import { holdCalls } from "./idle.mjs";
import { LastingBrowser, killTab } from "./lasting_browser.mjs";
import { paintedPage } from "./painted_page.mjs";

/** @typedef {import("./harness.mjs").Page} Page */

const N_PICTURES = 80;
const N_DONE = 40;
const PATIENCE_MS = 30_000;
const FIRST = "Holiday/000.png";

/** @type {Awaited<ReturnType<typeof serve>>} */
let server;
before(async () => (server = await serve({ dir: await paintedPage(), port: 0 })));
after(() => server?.close());

/** The tags of all pictures, and what would be undone next. @param {Page} page */
async function seen(page) {
    await waitForIdle(page);
    return page.evaluate(() => {
        const text = (/** @type {Element | null} */ element, /** @type {string} */ name) => element?.getAttribute(name);
        const tags = Array.from(document.querySelectorAll(".card"), (card) =>
            Array.from(card.querySelectorAll("[data-tag]"), (chip) =>
                ["data-tag", "data-source"].map((name) => text(chip, name)).join(" "),
            ),
        );
        return { tags, next: text(document.querySelector('[data-do="undo"]'), "title") };
    });
}

/** Other tabs hear of it in a moment. @param {Page} page @param {Awaited<ReturnType<typeof seen>>} expected */
async function untilSeen(page, expected) {
    const end = Date.now() + PATIENCE_MS;
    while (!isDeepStrictEqual(await seen(page), expected) && Date.now() < end);
    assert.deepEqual(await seen(page), expected);
}

/** @param {Page} page */
const scrollPlace = (page) => page.$eval('[data-view="gallery"]', (grid) => grid.scrollTop);

/** @type {Record<string, (browser: LastingBrowser, owner: Page) => Promise<unknown>>} */
const ENDS = {
    closed: (_, owner) => owner.close(),
    killed: (_, owner) => killTab(owner),
};

for (const [how, end] of Object.entries(ENDS)) {
    test(`the owner is ${how} in the middle of a batch: the other tab keeps selection, place and results, and goes on`, async () => {
        const diary = new BatchDiary();
        const browser = await LastingBrowser.start(server.url, (page) => diary.prepare(page));
        try {
            const owner = await browser.open("?workers=1");
            await writePictures(owner, N_PICTURES);
            await holdCalls(owner, "tag", N_DONE, () => choosePictures(owner));
            const other = await browser.open("?workers=1");
            await untilWaiting(other, N_PICTURES, N_PICTURES - N_DONE);
            await other.click(`${card(FIRST)} .card-check`);
            await other.click(`${card("Holiday/003.png")} .card-check`);
            await other.$eval('[data-view="gallery"]', (grid) => void (grid.scrollTop = 120));
            await waitForIdle(other);
            const before = { selected: await selected(other), place: await scrollPlace(other) };
            assert.equal(before.selected.length, 2);
            assert.ok(before.place > 0);

            await end(browser, owner);
            diary.life++;
            await other.keyboard.press("a");
            await other.waitForSelector(`${card(FIRST)} [data-source="manual"]`, { state: "attached" });
            assert.deepEqual({ selected: await selected(other), place: await scrollPlace(other) }, before);
            const isCounted = await other.locator('[data-filter="waiting"]').count();
            assert.ok((isCounted ? await number(other, "waiting") : 0) <= N_PICTURES - N_DONE);
            diary.assertNothingLost();

            await other.reload();
            await other.waitForSelector(card(FIRST));
            assert.ok(
                (await tagsOn(other, FIRST)).some((tag) => tag.endsWith(" manual")),
                "what was said without the owner is kept",
            );
        } finally {
            await browser.end();
        }
    });
}

test("what one tab adds, corrects and takes off shows in the other, whose selection stays, and either takes back the last step", async () => {
    const diary = new BatchDiary();
    const browser = await LastingBrowser.start(server.url, (page) => diary.prepare(page));
    try {
        const one = await browser.open("?workers=1");
        await writePictures(one, 6);
        const two = await browser.open("?workers=1"); // neither has a library
        await two.waitForSelector('[data-do="add"]');
        await one.bringToFront();
        await choosePictures(one);
        await two.bringToFront();
        for (const page of [one, two]) await untilWaiting(page, 6, 0);
        await two.click(`${card("Holiday/002.png")} .card-check`);
        await one.focus(`${card(FIRST)} .card-name`);
        await one.keyboard.press("a");
        await two.waitForSelector(`${card(FIRST)} [data-source="manual"]`);
        await one.keyboard.press("z");
        await two.waitForSelector(`${card(FIRST)}:not(:has([data-source="manual"]))`);
        await one.click(`${card("Holiday/005.png")} .card-check`);
        await one.click('[data-do="selection-off"]');
        await two.waitForSelector(card("Holiday/005.png"), { state: "detached" });
        await one.keyboard.press("z");
        await two.waitForSelector(card("Holiday/005.png"));
        assert.deepEqual(await selected(two), ["Holiday/002.png"]);

        // The steps of one are taken back in two and done again in one; both at the same moment take back no step twice.
        await one.bringToFront();
        await one.focus(`${card(FIRST)} .card-name`);
        await one.keyboard.press("a");
        const accepted = await seen(one);
        await one.click('[data-do="manage-tags"]');
        await one.click('[data-do="hide-tag"]');
        await one.keyboard.press("Escape");
        const hidden = await seen(one);
        await two.bringToFront();
        await untilSeen(two, hidden);
        await two.keyboard.press("z");
        assert.deepEqual(await seen(two), accepted);
        await one.bringToFront();
        await untilSeen(one, accepted);
        await one.keyboard.press("Shift+Z");
        await untilSeen(one, hidden);
        await Promise.all([one.keyboard.press("z"), two.keyboard.press("z")]);
        await waitForIdle(two);
        await two.bringToFront();
        const both = await seen(two);
        await one.bringToFront();
        await untilSeen(one, both);
        assert.notDeepEqual(both, hidden);
        assert.equal(diary.of("asked").length, 6, "each picture is tagged in one tab only");
    } finally {
        await browser.end();
    }
});
