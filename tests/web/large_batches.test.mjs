/** Many pictures: tagged again, cancelled, taken off and put back, and thousands of them. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { addFiles, cards, count, nCalls, usePage, waitForIdle, waitUntilDone, waitUntilReady } from "./harness.mjs";
import { holdCalls, letCallsGo } from "./idle.mjs";
import { painted } from "./painted.mjs";
import { HIGH, card, focused, number, numbers, tagMany, tagsOn } from "./grid.mjs";

const site = usePage({ model: "painted" });

test("what is tagged again keeps its picture and its tags meanwhile, and after a cancel", async () => {
    const page = await site.open("?workers=1", HIGH);
    await tagMany(page, 9);
    const before = await page.$$eval(".card-picture", (all) => all.map((img) => img.getAttribute("src")));
    assert.equal(new Set(before).size, 9);
    await page.focus(".card-name");
    await page.keyboard.press("Control+a");
    await holdCalls(page, "tag", 1, () => page.click('[data-do="selection-again"]'));
    assert.equal(await page.locator(".card:has(.card-picture):has([data-tag])").count(), 9);
    assert.equal(await page.locator('.card[aria-busy="true"] .card-moving').count(), 1);
    await page.click('[data-do="cancel"]');
    await letCallsGo(page);
    await waitUntilDone(page);
    const after = await cards(page);
    assert.deepEqual(
        after.map(({ path, state }) => [path, state]),
        numbers(0, 8).map((path) => [path, "done"]),
    );
    assert.ok(after.every(({ tags }) => tags.some(({ id }) => id === "espresso")));
    assert.equal((await nCalls(page, "tag")) - 9, 2, "the first, and the one that was under way");

    site.watch.expect(/ERR_FILE_NOT_FOUND/);
    const isThere = await page.evaluate((urls) => {
        const load = (/** @type {string | null} */ url) =>
            Object.assign(new Image(), { src: url })
                .decode()
                .then(
                    () => true,
                    () => false,
                );
        return Promise.all(urls.map(load));
    }, before);
    const now = await page.$$eval(".card-picture", (all) => all.map((img) => img.getAttribute("src")));
    assert.deepEqual(
        isThere,
        before.map((url, idx) => url === now[idx]),
        "a thumbnail that was replaced is given up, no other is",
    );
    assert.equal(isThere.filter((there) => !there).length, 2);
});

test("five thousand files at once are all in the grid, and few of them in the document", async () => {
    const page = await site.open("?workers=1");
    await waitUntilReady(page);
    const bytes = [...painted("tiny.png", "clock", { width: 64, height: 16 }).buffer];
    const add = () =>
        page.evaluate((bytes) => {
            const data = new Uint8Array(bytes);
            const transfer = new DataTransfer();
            for (let idx = 0; idx < 5_000; idx++) transfer.items.add(new File([data], `${idx}.png`));
            const input = /** @type {HTMLInputElement} */ (document.querySelector('[data-input="files"]'));
            input.files = transfer.files;
            input.dispatchEvent(new Event("change"));
        }, bytes);
    await holdCalls(page, "tag", 40, add);
    await page.waitForSelector('[data-filter="all"] [data-value="5000"]');
    const drawn = () => page.locator(".card").count();
    assert.ok((await drawn()) > 8 && (await drawn()) < 150, `${await drawn()} cards`);
    assert.equal(await page.getAttribute(".card", "aria-setsize"), "5000");
    assert.equal(await count(page, "finished"), 40);

    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("End");
    await page.waitForSelector(`${card("4999.png")}[data-state="queued"]`);
    assert.equal(await focused(page), "4999.png");
    assert.ok((await drawn()) < 150, `${await drawn()} cards`);
    await page.keyboard.press("Shift+Home");
    await page.waitForSelector('[data-count="selected"][data-value="5000"]');
    await page.keyboard.press("Escape");

    await page.click('[data-do="cancel"]');
    await letCallsGo(page);
    await waitUntilDone(page);
    const n = 41;
    assert.deepEqual(
        [await number(page, "all"), await count(page, "stopped"), await nCalls(page, "tag")],
        [5_000, 5_000 - n, n],
        "what is done, and what was under way; the rest stays, not tagged",
    );
    const notice = (await page.textContent('[data-view="said"]')) ?? "";
    assert.ok(notice.includes(`${(5_000 - n).toLocaleString("en")} pictures aren’t tagged`), notice);
});

test("what was removed from the grid comes back as it was, also what had been waiting", async () => {
    const page = await site.open("?workers=1", HIGH);
    await tagMany(page, 3);
    await page.focus(".card-name");
    await page.keyboard.press("a");
    await holdCalls(page, "tag", 0, () =>
        addFiles(
            page,
            numbers(3, 5).map((name) => painted(name, "cat")),
        ),
    );
    await page.keyboard.press("p");
    await page.keyboard.press("Control+a");
    await page.click('[data-do="selection-off"]');
    await waitForIdle(page);
    assert.deepEqual(
        (await cards(page)).map(({ path }) => path),
        ["3.jpg"],
        "all but what is being tagged",
    );
    await page.keyboard.press("z");
    await waitForIdle(page);
    assert.deepEqual(
        (await cards(page)).map(({ path }) => path),
        numbers(0, 5),
    );
    assert.equal((await tagsOn(page, "0.jpg"))[0], "espresso manual");
    await page.keyboard.press("p");
    await letCallsGo(page);
    await waitUntilDone(page);
    assert.ok((await cards(page)).every(({ state, tags }) => state === "done" && tags.length > 0));
});
