/** What a screen reader hears of what people do: read off the live region, line by line, as it is said. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { addFiles, setThreshold, usePage, waitForIdle, waitUntilDone } from "./harness.mjs";
import { card } from "./grid.mjs";
import { holdCalls, letCallsGo } from "./idle.mjs";
import { listen } from "./listening.mjs";
import { painted } from "./painted.mjs";
import { closeLayers, rest, undoAll } from "./rest.mjs";
import { openSidebar, tagPictures } from "./states.mjs";

/** @typedef {import("./harness.mjs").Page} Page */

const site = usePage({ model: "painted" });

const pictures = site.inTurn(async () => {
    const page = await site.open();
    await tagPictures(page);
    return page;
});

/** The pictures of `tagPictures`, of which nobody has said anything, and nothing open. */
async function tagged() {
    const page = await pictures();
    await closeLayers(page);
    await undoAll(page); // there may be no picture left
    await rest(page);
    return page;
}

/** Until somebody who types has paused. @param {Page} page @param {string} line */
const waitForLine = (page, line) =>
    page.waitForFunction((line) => /** @type {any} */ (globalThis).heard.includes(line), line);

test("a correction, its undo and the same once more are each said, the same words too", async () => {
    const page = await tagged();
    await setThreshold(page, 12);
    const hear = await listen(page);
    await page.focus(`${card("cat.jpg")} .card-name`);
    assert.deepEqual(await hear(() => page.keyboard.press("a")), ["Accepted “tabby cat”."]);
    assert.deepEqual(await hear(() => page.keyboard.press("z")), ["Undone: Accepted “tabby cat”."]);
    // Shown or not: a message that is still in sight keeps nothing from being said.
    assert.deepEqual(await hear(() => page.keyboard.press("a")), ["Accepted “tabby cat”."]);
    assert.deepEqual(await hear(() => page.keyboard.press("z")), ["Undone: Accepted “tabby cat”."]);
    assert.deepEqual(await hear(() => page.keyboard.press("Shift+z")), ["Redone: Accepted “tabby cat”."]);
    const [removed, ...rest] = await hear(() => page.keyboard.press("x"));
    assert.match(removed ?? "", /^Removed “.+”\.$/);
    assert.deepEqual(rest, []);

    await page.keyboard.press("t");
    await waitForIdle(page);
    await page.keyboard.type("my cat");
    assert.deepEqual(await hear(() => page.keyboard.press("Enter")), ["Added “my cat”."]);
    await page.keyboard.press("Escape");
    await page.keyboard.press("Escape");
});

test("a selection is said once it stands, with what a filter hides of it, and its removal is only said as that", async () => {
    const page = await tagged();
    const hear = await listen(page);
    await page.focus(`${card("cat.jpg")} .card-name`);
    assert.deepEqual(await hear(() => page.keyboard.press("Space")), ["1 selected"]);
    const row = async () => {
        for (let n = 0; n < 3; n++) await page.keyboard.press("Shift+ArrowRight");
    };
    assert.deepEqual((await hear(row)).at(-1), "4 selected");
    assert.deepEqual(await hear(() => page.click('[data-filter-tag="espresso"]')), ["1 of 8 pictures: espresso"]);
    await page.focus(".card-name");
    assert.deepEqual(await hear(() => page.keyboard.press("Space")), ["3 selected, 0 shown"]);
    assert.deepEqual(await hear(() => page.click('[data-do="selection-none"]')), ["Nothing selected"]);
    await page.click('[data-filter="all"]');
    await waitForIdle(page);
    await page.focus(`${card("cat.jpg")} .card-name`);
    await page.keyboard.press("Control+a");
    await waitForIdle(page);
    assert.deepEqual(await hear(() => page.keyboard.press("Delete")), ["Removed 8 pictures from the list."]);
});

test("the threshold is said where the slider does not say it itself", async () => {
    const page = await tagged();
    const hear = await listen(page);
    await page.focus(".card-name");
    // A machine may be slower than the pause after a row of keys: its end is when the figures come.
    const said = await hear(async () => {
        await holdCalls(page, "update", 0, () => page.keyboard.press("]"));
        for (let n = 1; n < 5; n++) await page.keyboard.press("]");
        await letCallsGo(page);
    });
    assert.deepEqual(said, ["50% or higher: 6 tags on 6 of 8 pictures"]);
    const [line, ...rest] = await hear(() => page.click('[data-preset="generous"]'));
    assert.match(line ?? "", /^15% or higher: \d+ tags on 7 of 8 pictures$/);
    assert.deepEqual(rest, []);
    await page.focus('[data-do="threshold"]');
    assert.deepEqual(await hear(() => page.keyboard.press("ArrowRight")), []);
    assert.equal(await page.getAttribute('[data-do="threshold"]', "aria-valuetext"), "16% or higher");
});

test("the threshold is said with its own figures, however long they take", async () => {
    const page = await tagged();
    await page.focus(".card-name");
    await page.keyboard.press("]");
    await waitForIdle(page);
    const hear = await listen(page);
    const early = await hear(() => holdCalls(page, "update", 0, () => page.click('[data-preset="generous"]')));
    assert.deepEqual(early, []);
    const [line, ...rest] = await hear(() => letCallsGo(page));
    assert.match(line ?? "", /^15% or higher: \d+ tags on 7 of 8 pictures$/);
    assert.deepEqual(rest, []);
});

test("what is found is said when typing pauses, filters and the order at once", async () => {
    const page = await tagged();
    const hear = await listen(page);
    await page.focus('[data-do="search"]');
    const typed = await hear(async () => {
        await page.keyboard.type("tabby");
        await waitForLine(page, "1 of 8 pictures: “tabby”");
    });
    assert.deepEqual(typed, ["1 of 8 pictures: “tabby”"], "once, and nothing on the way");
    const nothing = await hear(async () => {
        await page.keyboard.type("zzz");
        await waitForLine(page, "No pictures match “tabbyzzz”.");
    });
    assert.equal(nothing.length, 1);
    assert.deepEqual(
        await hear(async () => {
            await page.click('[data-do="search-clear"]');
            await waitForLine(page, "8 pictures");
        }),
        ["8 pictures"],
    );
    assert.deepEqual(await hear(() => page.click('[data-filter-tag="rocket"]')), ["2 of 8 pictures: rocket"]);
    const narrow = '.sidebar-row:has([data-filter-tag="vehicle"]) [data-do="filter-not"]';
    assert.deepEqual(await hear(() => page.locator(narrow).dispatchEvent("click")), [
        "No pictures match rocket · not vehicle.",
    ]);
    assert.deepEqual(await hear(() => page.click('.grid-bar [data-do="show-all"]')), ["8 pictures"]);
    assert.deepEqual(await hear(() => page.selectOption('[data-do="sort"]', "name")), ["Sorted: Name"]);
});

test("a review says what comes next, under a filter for what is not reviewed the very next picture, and that it was the last", async () => {
    const page = await site.open();
    const names = ["a.jpg", "b.jpg", "c.jpg"];
    await addFiles(
        page,
        names.map((name) => painted(name, "cup")),
    );
    await waitUntilDone(page);
    const hear = await listen(page);
    const review = () => hear(() => page.keyboard.press("r"));
    await page.focus(".card-name");
    assert.deepEqual(await review(), ["Reviewed a.jpg.", "Next: b.jpg"]);
    assert.deepEqual(await review(), ["Reviewed b.jpg.", "Next: c.jpg"]);
    assert.deepEqual(await review(), ["Reviewed c.jpg.", "All of these pictures are reviewed."]);

    await undoAll(page);
    await page.click('[data-filter="unreviewed"]');
    await waitForIdle(page);
    await page.focus(".card-name");
    assert.deepEqual(await review(), ["Reviewed a.jpg.", "Next: b.jpg"]);
    assert.deepEqual(await review(), ["Reviewed b.jpg.", "Next: c.jpg"]);
});

test("in the large view every picture is said, and a rule is heard in the dialog that makes it", async () => {
    const page = await tagged();
    const hear = await listen(page);
    await page.focus(`${card("cat.jpg")} .card-name`);
    await page.keyboard.press("Enter");
    await page.keyboard.press("Enter");
    await page.waitForSelector(".large");
    assert.deepEqual(await hear(() => page.keyboard.press("ArrowRight")), ["cup.jpg, 2 of 8"]);
    await page.keyboard.press("Escape");
    await openSidebar(page);
    await page.click('[data-do="manage-tags"]');
    await page.waitForSelector("[data-tag-row]");
    const hide = '[data-tag-row="espresso"] [data-do="hide-tag"]';
    assert.deepEqual(await hear(() => page.click(hide)), ["“espresso” is never shown."]);
    assert.deepEqual(await hear(() => page.click('[data-do="drop-rule"]')), ["“espresso” is shown as before."]);
});
