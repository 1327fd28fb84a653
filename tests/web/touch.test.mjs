/** The grid under a finger: real touch events on phones upright, on their side, and with the keyboard up. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { count, usePage, waitForIdle } from "./harness.mjs";
import { card, numbers, selected, tagMany } from "./grid.mjs";
import { compareScreen, otherFonts } from "./screens.mjs";
import { PHONES, asPhone, fingersOn, middleOf } from "./touch.mjs";

const site = usePage({ model: "painted" });

/** @typedef {import("./harness.mjs").Page} Page */

/** @param {Page} page @param {string} name */
const waitUntilSelected = (page, name) => page.waitForSelector(`${card(name)}.is-selected`);

/** @param {Page} page */
const scrollTop = (page) => page.$eval(".grid", (grid) => grid.scrollTop);

/** A grid of small pictures, more of them than a phone's screen has room for. @param {(typeof PHONES)[number]} viewport */
async function tagGrid(viewport) {
    const page = await site.open("", asPhone(viewport));
    await tagMany(page, 120);
    await page.tap('[data-do="smaller"]');
    await waitForIdle(page);
    return page;
}

/** With nothing selected or open, at its top. @param {Page} page */
async function begin(page) {
    if ((await selected(page)).length > 0) await page.keyboard.press("Escape");
    await page.$eval(".grid", (grid) => grid.scrollTo(0, 0));
    assert.deepEqual(await selected(page), []);
    return { page, fingers: await fingersOn(page) };
}

for (const viewport of PHONES) {
    const name = `${viewport.width} by ${viewport.height}`;
    const grid = site.inTurn(() => tagGrid(viewport));

    test(`${name}: a long press selects, and dragging on selects all in between and lets go again`, async (context) => {
        const { page, fingers } = await begin(await grid());
        const [first, second] = [await middleOf(page, card("0.jpg")), await middleOf(page, card("3.jpg"))];
        await fingers.press(first);
        await waitUntilSelected(page, "0.jpg");
        await fingers.drag(first, second);
        assert.deepEqual(await selected(page), numbers(0, 3));
        await fingers.drag(second, first);
        assert.deepEqual(await selected(page), ["0.jpg"]);
        await fingers.lift();
        assert.deepEqual(await selected(page), ["0.jpg"], "to lift the finger is no tap");
        assert.equal(await page.locator(".details").count(), 0);
        const otherwise = await otherFonts(page);
        if (otherwise) context.diagnostic(otherwise);
        else assert.equal(await compareScreen(page, `touch-${viewport.width}x${viewport.height}`), null);
    });

    test(`${name}: dragged to the lower edge, the grid scrolls on, and what it passes is selected`, async () => {
        const { page, fingers } = await begin(await grid());
        const first = await middleOf(page, card("0.jpg"));
        await fingers.press(first);
        await waitUntilSelected(page, "0.jpg");
        const edge = await page.$eval(".grid", (grid) => grid.getBoundingClientRect().bottom - 3);
        await fingers.drag(first, { x: first.x, y: edge });
        // The card under which the finger went down is in the document no more by then.
        await page.waitForSelector(card("0.jpg"), { state: "detached" });
        await page.waitForFunction(() => {
            const grid = document.querySelector(".grid");
            return grid && grid.scrollTop >= grid.scrollHeight - grid.clientHeight - 1;
        });
        await fingers.lift();
        await waitForIdle(page);
        assert.ok((await count(page, "selected")) > 110);
        assert.ok((await scrollTop(page)) > 300);
    });

    test(`${name}: a swipe scrolls and selects nothing, however long it lasts`, async () => {
        const { page, fingers } = await begin(await grid());
        const from = await middleOf(page, card("1.jpg"));
        await fingers.press(from);
        await fingers.drag(from, { x: from.x, y: from.y - 60 });
        await page.waitForFunction(() => (document.querySelector(".grid")?.scrollTop ?? 0) > 20);
        await page.waitForTimeout(600); // longer than a long press
        await fingers.lift();
        assert.deepEqual(await selected(page), []);
    });

    // With the keyboard up, what can be done with the selection has all the room.
    if (viewport !== PHONES[2])
        test(`${name}: while pictures are selected, a tap adds one or takes it away`, async () => {
            const { page, fingers } = await begin(await grid());
            await fingers.press(await middleOf(page, card("0.jpg")));
            await waitUntilSelected(page, "0.jpg");
            await fingers.lift();
            await waitForIdle(page);
            await fingers.tap(await middleOf(page, card("1.jpg")));
            await waitUntilSelected(page, "1.jpg");
            await fingers.tap(await middleOf(page, card("0.jpg")));
            await page.waitForFunction(() => document.querySelectorAll(".card.is-selected").length === 1);
            assert.deepEqual(await selected(page), ["1.jpg"]);
            assert.equal(await page.locator(".details").count(), 0, "to select is not to open");
        });

    // The last, as the page stays enlarged.
    test(`${name}: two fingers enlarge the page and select nothing`, async () => {
        const { page, fingers } = await begin(await grid());
        const { x, y } = await middleOf(page, card("1.jpg"));
        const [left, right] = [
            { x: x - 20, y },
            { x: x + 20, y },
        ];
        await fingers.press(left, right);
        for (let step = 1; step <= 10; step++)
            await fingers.move({ x: x - 20 - 6 * step, y }, { x: x + 20 + 6 * step, y });
        await fingers.lift();
        await page.waitForFunction(() => (visualViewport?.scale ?? 1) > 1.2);
        assert.deepEqual(await selected(page), []);
    });
}

test("on a phone, all that a filter shows is selected by one tap, and stays selected without the filter", async () => {
    const page = await site.open("", asPhone(PHONES[0]));
    await tagMany(page, 12);
    await page.tap('[data-do="filter"]');
    await page.fill('[data-do="search"]', "1");
    await page.keyboard.press("Enter");
    await waitForIdle(page);
    await page.tap('[data-do="select-all"]');
    await waitForIdle(page);
    assert.equal(await count(page, "selected"), 3, "1, 10 and 11");
    await page.tap('[data-do="show-all"]');
    await waitForIdle(page);
    assert.equal(await count(page, "selected"), 3);
    assert.equal(await count(page, "found"), 12);
});
