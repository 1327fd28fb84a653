/** The grid: choosing pictures on it by mouse and by keys. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { cards, count, usePage, waitForIdle, waitUntilReady } from "./harness.mjs";
import { HIGH, card, focused, numbers, selected, tagMany, tagSome, tagsOn } from "./grid.mjs";
import { removeAll, rest, silent } from "./rest.mjs";

const site = usePage({ model: "painted" });
const USUAL = { viewport: { width: 1440, height: 900 } };
/** What a page looks like without a picture, by the height of its window. @type {Map<number, string[]>} */
const bare = new Map();
const inTurn = site.inTurn(async () => {
    const page = await site.open();
    await waitUntilReady(page);
    await tagSome(page); // and taken off again: that the library is no longer new is seen
    return page;
});

/** A page without pictures. */
async function emptied({ viewport } = USUAL) {
    const page = await inTurn();
    await page.setViewportSize(viewport);
    await rest(page);
    await removeAll(page);
    const now = await silent(page);
    assert.deepEqual(now, bare.get(viewport.height) ?? now, "nothing is left of the test before");
    bare.set(viewport.height, now);
    return page;
}

test("the mouse selects one, several, and a row, and a plain click opens", async () => {
    const page = await emptied(HIGH);
    await tagMany(page, 12);
    await page.click(`${card("2.jpg")} .card-check`);
    assert.deepEqual(await selected(page), ["2.jpg"]);
    assert.equal(await page.locator(".details").count(), 0, "to select is not to open");
    await page.click(`${card("5.jpg")} .card-check`, { modifiers: ["Shift"] });
    assert.deepEqual(await selected(page), numbers(2, 5));
    await page.click(`${card("3.jpg")} .card-frame`, { modifiers: ["Shift"] });
    assert.deepEqual(await selected(page), numbers(2, 3), "a row ends where it was pulled to last");
    await page.click(`${card("7.jpg")} .card-name`, { modifiers: ["Control"] });
    await page.click(`${card("2.jpg")} .card-frame`, { modifiers: ["Control"] });
    assert.deepEqual(await selected(page), ["3.jpg", "7.jpg"]);
    assert.equal(await count(page, "selected"), 2);
    await page.click('[data-do="selection-none"]');
    assert.deepEqual(await selected(page), []);
    await page.click(`${card("3.jpg")} .card-check`);
    await page.click(`${card("9.jpg")} .card-frame`);
    await page.waitForSelector('.details[data-path="9.jpg"]');
    assert.deepEqual(await selected(page), [], "a plain click means that picture, and nothing else");
    assert.equal(await page.locator(".selection").count(), 0);
});

test("a double click opens the picture large, though the first click moves the cards from under the pointer", async () => {
    const page = await emptied();
    await tagMany(page, 9);
    const before = await page.locator(card("6.jpg")).boundingBox();
    assert.ok(before && before.x + before.width > 1440 - 352, "it lies where the details will be");
    await page.mouse.dblclick(before.x + before.width / 2, before.y + 40);
    await page.waitForSelector('.large[data-path="6.jpg"]');
    await page.keyboard.press("Escape");
    await page.waitForSelector(".large", { state: "detached" });
});

test("keys move, select, pull a row, and let go again", async () => {
    const page = await emptied();
    await tagMany(page, 12);
    // Where pictures were before, their successors are given the keyboard.
    await page.evaluate(() => /** @type {HTMLElement} */ (document.activeElement).blur());
    assert.equal(await focused(page), "BODY");
    await page.keyboard.press("ArrowRight");
    assert.equal(await focused(page), "0.jpg", "the first arrow lands in the grid");
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("Space");
    assert.deepEqual(await selected(page), ["1.jpg"]);
    await page.keyboard.press("Shift+ArrowRight");
    await page.keyboard.press("Shift+ArrowRight");
    assert.deepEqual(await selected(page), numbers(1, 3));
    await page.keyboard.press("Shift+ArrowLeft");
    assert.deepEqual(await selected(page), numbers(1, 2));
    assert.equal(await focused(page), "2.jpg");
    await page.keyboard.press("Shift+End");
    assert.deepEqual((await selected(page)).at(-1), "11.jpg");
    await page.keyboard.press("Escape");
    assert.deepEqual(await selected(page), []);
    await page.keyboard.press("Control+a");
    assert.equal(await count(page, "selected"), 12);
    await page.keyboard.press("Space");
    await waitForIdle(page);
    assert.equal(await count(page, "selected"), 11);
    await page.keyboard.press("Escape");
    await page.keyboard.press("Home");
    await page.keyboard.press("Enter");
    await page.waitForSelector('.details[data-path="0.jpg"]');
    await page.keyboard.press("ArrowRight");
    await page.waitForSelector('.details[data-path="1.jpg"]');
    await page.keyboard.press("Enter");
    await page.waitForSelector('.large[data-path="1.jpg"]');
    await page.keyboard.press("Escape");
    await page.waitForSelector(".large", { state: "detached" });
    await page.keyboard.press("Escape");
    await page.waitForSelector(".details", { state: "detached" });
    assert.equal(await focused(page), "1.jpg", "back on the card");
});

test("keys do nothing while somebody types or a dialog is open, and signs count however they are typed", async () => {
    const page = await emptied(HIGH);
    await tagSome(page);
    const threshold = () => page.inputValue('[data-do="threshold"]');
    const before = [await threshold(), await tagsOn(page, "cup.jpg")];
    await page.click(`${card("cup.jpg")} .card-frame`);
    await waitForIdle(page);
    await page.keyboard.press("t");
    await page.waitForFunction(() => document.activeElement?.matches('.details [data-do="add-tag"]'));
    for (const key of ["a", "x", "[", "]", "z", "p", "?", "Delete", "Space"]) await page.keyboard.press(key);
    await waitForIdle(page);
    assert.equal(await page.inputValue('.details [data-do="add-tag"]'), "ax[]zp? ");
    assert.deepEqual([await threshold(), await tagsOn(page, "cup.jpg")], before);
    assert.equal((await cards(page)).length, 5);
    await page.keyboard.press("Control+a");
    assert.deepEqual(await selected(page), [], "Ctrl+A marks the text");

    await page.click(".grid", { position: { x: 300, y: 2000 } }); // beside everything: the keyboard is nowhere
    await page.keyboard.press("?");
    await page.waitForSelector("dialog[open]");
    for (const key of ["a", "x", "]", "Delete"]) await page.keyboard.press(key);
    await page.keyboard.press("Escape");
    await page.waitForSelector("dialog[open]", { state: "detached" });
    assert.deepEqual([await threshold(), await tagsOn(page, "cup.jpg")], before);
    assert.equal((await cards(page)).length, 5);

    // "]" on a Swedish keyboard in Windows: AltGr counts as Ctrl and Alt.
    /** @param {{key: string, ctrlKey: boolean, altKey: boolean}} keys */
    const press = async (keys) => {
        await page.evaluate((keys) => {
            document.body.dispatchEvent(new KeyboardEvent("keydown", { ...keys, bubbles: true, cancelable: true }));
        }, keys);
        await waitForIdle(page);
    };
    await press({ key: "]", ctrlKey: true, altKey: true });
    assert.equal(await threshold(), String(Number(before[0]) + 2));
    await press({ key: "[", ctrlKey: true, altKey: false });
    assert.equal(await threshold(), String(Number(before[0]) + 2), "Ctrl+[ is the browser's");
});
