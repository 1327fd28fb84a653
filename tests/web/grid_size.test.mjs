/** The grid: how large its pictures are, what waiting ones look like, what is tagged next, and the rubber band. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { addFiles, count, nCalls, usePage, waitForIdle, waitUntilDone, waitUntilReady } from "./harness.mjs";
import { card, focused, selected, tagMany } from "./grid.mjs";
import { holdCalls, letCallsGo } from "./idle.mjs";
import { painted } from "./painted.mjs";
import { rest } from "./rest.mjs";

const site = usePage({ model: "painted" });

/** @typedef {import("./harness.mjs").Page} Page */

/** Those that are seen whole. @param {Page} page */
const whole = (page) =>
    page.$$eval(".card", (all) => {
        const grid = document.querySelector(".grid")?.getBoundingClientRect();
        if (!grid) throw new Error("There is no grid.");
        return all
            .filter((one) => {
                const { top, bottom } = one.getBoundingClientRect();
                return top >= grid.top && bottom <= grid.bottom;
            })
            .map((one) => one.getAttribute("data-path") ?? "");
    });

/** Where in the window. @param {Page} page @param {string} name */
const topOf = async (page, name) => (await page.locator(card(name)).boundingBox())?.y ?? -1;

const FILES = Array.from({ length: 200 }, (_, idx) => painted(`${idx}.jpg`, "cup"));

const N = 120;
const pictures = site.inTurn(async () => {
    const page = await site.open();
    await tagMany(page, N);
    return page;
});

/** Many pictures in their usual size, none of which is selected. */
async function many() {
    const page = await pictures();
    await rest(page);
    assert.deepEqual(await selected(page), []);
    return page;
}

test("a usual window shows many pictures, more by one key, larger ones by another, and the size is found again", async () => {
    const page = await many();
    const usual = (await whole(page)).length;
    assert.ok(usual >= 18, `${usual} pictures`);
    await page.keyboard.press("-");
    await waitForIdle(page);
    const dense = (await whole(page)).length;
    assert.ok(dense >= 30 && dense <= 60, `${dense} small pictures`);
    assert.equal(await page.getAttribute('[data-do="smaller"]', "aria-disabled"), "true");
    assert.match((await page.getAttribute(`${card("3.jpg")} .card-name`, "aria-label")) ?? "", /^3\.jpg\..*espresso/);
    await page.reload();
    await page.waitForSelector(card("3.jpg"));
    await waitForIdle(page);
    assert.equal((await whole(page)).length, dense);
    await page.click('[data-do="larger"]');
    await page.click('[data-do="larger"]');
    await waitForIdle(page);
    assert.ok((await whole(page)).length <= 8);
    assert.equal(await focused(page), "larger", "the keyboard stays where it is, also at the end");
    await page.click('[data-do="smaller"]');
    await waitForIdle(page);
    assert.equal((await whole(page)).length, usual);
});

test("the picture with the keyboard stays where it is when all get another size", async () => {
    const page = await many();
    await page.$eval(".grid", (grid) => void (grid.scrollTop = 2_000));
    await waitForIdle(page);
    const name = (await whole(page))[5] ?? "";
    await page.focus(`${card(name)} .card-name`);
    const before = await topOf(page, name);
    for (const key of ["-", "+", "+", "-"]) {
        await page.keyboard.press(key);
        await waitForIdle(page);
        assert.ok((await whole(page)).includes(name), `${name} after ${key}`);
    }
    assert.ok(Math.abs((await topOf(page, name)) - before) < 2);
    assert.equal(await focused(page), name);
    const left = await page.$eval(".grid-cards", ({ childNodes, children }) => childNodes.length - 3 * children.length);
    assert.ok(left <= 5, `each card has two comments around it; ${left} nodes are of cards that are gone`);
});

/** The pictures on screen, whole or in part: which they are, and whether they show something. @param {Page} page */
const onScreen = (page) =>
    page.$$eval(".card", (all) => {
        const grid = document.querySelector(".grid")?.getBoundingClientRect();
        return all
            .filter((one) => {
                const { top, bottom } = one.getBoundingClientRect();
                return grid && top < grid.bottom && bottom > grid.top;
            })
            .map((one) => ({
                id: Number(one.getAttribute("data-id")),
                state: one.getAttribute("data-state"),
                hasLook: one.querySelector("img.card-picture") !== null,
            }));
    });

/** The pictures in the order in which they were tagged, or had their previews. @param {Page} page @param {"tag" | "preview"} what @returns {Promise<number[]>} */
const order = (page, what) =>
    page.evaluate(
        (name) => performance.getEntriesByName(name).map((entry) => /** @type {any} */ (entry).detail.id),
        `tagsmith:${what}`,
    );

test("pictures that wait show what they are before they have tags, and what is scrolled to is tagged next", async () => {
    const page = await site.open("?workers=1");
    await waitUntilReady(page);
    await addFiles(page, [painted("first.jpg", "man")]);
    await waitUntilDone(page);
    await page.keyboard.press("-");
    // The first one takes long enough for the grid to be drawn meanwhile.
    const large = painted("large.jpg", "cat", { width: 5_000, height: 4_000 });
    await holdCalls(page, "tag", 1, () => addFiles(page, [large, ...FILES]));
    const atFirst = await onScreen(page);
    assert.ok(atFirst.filter(({ state }) => state === "queued").length > 30);
    assert.deepEqual(
        atFirst.filter(({ hasLook }) => !hasLook),
        [],
        "all that is on screen shows something",
    );
    assert.deepEqual(await order(page, "tag"), [1, 2], "the first picture was tagged before the others were looked at");
    assert.equal(await nCalls(page, "preview"), atFirst.length - 2, "and nobody looked at what is not on screen");

    await page.$eval(".grid", (grid) => void (grid.scrollTop = 1_500));
    await waitForIdle(page);
    const below = (await onScreen(page)).map(({ id }) => id);
    await letCallsGo(page);
    await waitUntilDone(page);
    const tagged = await order(page, "tag");
    assert.equal(tagged.length, FILES.length + 2);
    assert.deepEqual(tagged.slice(3, 3 + below.length), below, "after the one that was under way");
    assert.deepEqual((await order(page, "preview")).slice(-below.length), below);
});

test("cancelled, pictures that were left out show what they are", async () => {
    const page = await site.open("?workers=1");
    await waitUntilReady(page);
    await holdCalls(page, "tag", 0, () => addFiles(page, FILES));
    await page.click('[data-do="cancel"]');
    await letCallsGo(page);
    await waitForIdle(page);
    const seen = await onScreen(page);
    assert.equal(seen.filter(({ state }) => state === "stopped").length, seen.length - 1);
    assert.ok(seen.every(({ hasLook }) => hasLook));
});

/** Where the gap to the right of a card's picture is. @param {Page} page @param {string} name */
async function besideOf(page, name) {
    const box = await page.locator(card(name)).boundingBox();
    assert.ok(box);
    return { x: box.x + box.width + 5, y: box.y + box.height / 2 };
}

test("a rubber band selects what it touches; Ctrl adds, Escape takes it back", async () => {
    const page = await many();
    const from = await besideOf(page, "0.jpg");
    const to = await besideOf(page, "9.jpg");
    await page.mouse.move(from.x, from.y);
    await page.mouse.down();
    await page.mouse.move(to.x, to.y, { steps: 5 });
    await waitForIdle(page);
    assert.ok(await page.locator(".rubber-band").isVisible());
    await page.mouse.up();
    assert.deepEqual(await selected(page), ["1.jpg", "2.jpg", "8.jpg", "9.jpg"]);
    assert.equal(await page.locator(".rubber-band").isVisible(), false);
    assert.equal(await page.locator(".details").count(), 0, "nothing is opened");

    const beside = await besideOf(page, "3.jpg");
    await page.mouse.move(beside.x, beside.y);
    await page.keyboard.down("Control");
    await page.mouse.down();
    await page.mouse.move(beside.x + 40, beside.y + 10, { steps: 3 });
    await page.mouse.up();
    await page.keyboard.up("Control");
    assert.deepEqual(await selected(page), ["1.jpg", "2.jpg", "4.jpg", "8.jpg", "9.jpg"]);

    await page.mouse.move(from.x, from.y);
    await page.mouse.down();
    await page.mouse.move(to.x, to.y + 200, { steps: 5 });
    await page.keyboard.press("Escape");
    assert.deepEqual(await selected(page), ["1.jpg", "2.jpg", "4.jpg", "8.jpg", "9.jpg"]);
    await page.mouse.move(to.x + 100, to.y + 100);
    await page.mouse.up();
    assert.equal(await count(page, "selected"), 5, "and what follows is no band any more");
});

test("a rubber band at the edge takes the grid along, and what it passes", async () => {
    const page = await many();
    const from = await besideOf(page, "0.jpg");
    const bottom = await page.$eval(".grid", (grid) => grid.getBoundingClientRect().bottom);
    await page.mouse.move(from.x, from.y);
    await page.mouse.down();
    await page.mouse.move(from.x + 600, bottom - 20, { steps: 4 });
    await page.mouse.move(from.x + 600, bottom + 40);
    await page.waitForFunction(() => {
        const grid = document.querySelector(".grid");
        return grid && grid.scrollTop >= grid.scrollHeight - grid.clientHeight - 1;
    });
    await page.mouse.up();
    await waitForIdle(page);
    const n = await count(page, "selected");
    assert.ok(n > 40 && n < 110, `${n} of some columns, to the last row`);
});
