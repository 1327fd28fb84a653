/**
 * Windows that are low: a phone on its side, and one with a keyboard on the screen. The field that one types in stays in sight, pictures
 * do too, and a message covers nothing that can be pressed, there or anywhere.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { tooWide } from "./accessibility.mjs";
import { usePage, waitForIdle, waitForTransitions, waitUntilReady } from "./harness.mjs";
import { card } from "./grid.mjs";
import { rest } from "./rest.mjs";
import { STATES, openSidebar, tagPictures } from "./states.mjs";

/** @typedef {import("./harness.mjs").Page} Page */

const site = usePage({ model: "painted" });
const PHONE = { hasTouch: true, isMobile: true };
const ON_ITS_SIDE = { width: 740, height: 360 };
const UPRIGHT = { width: 360, height: 740 };
/** What is left of an upright phone above its keyboard: the page is told of that as of a lower window. */
const WITH_KEYBOARD = { width: 360, height: 380 };

test("on its side a phone shows a row of pictures with all bars on", async () => {
    const page = await site.open("", { ...PHONE, viewport: ON_ITS_SIDE });
    await tagPictures(page);
    const shares = await page.evaluate(() => {
        const grid = /** @type {Element} */ (document.querySelector(".grid")).getBoundingClientRect();
        return Array.from(document.querySelectorAll(".card-frame"), (frame) => frame.getBoundingClientRect())
            .filter(({ top }) => top < grid.top + 60)
            .map(({ top, bottom, height }) => (Math.min(bottom, grid.bottom) - Math.max(top, grid.top)) / height);
    });
    assert.ok(shares.length > 1 && shares.every((share) => share > 0.75), `seen of the pictures: ${shares}`);
    for (const bar of [".top-bar", ".threshold-bar", ".grid-bar"])
        assert.equal(await page.locator(bar).isVisible(), true, bar);
    assert.deepEqual(await tooWide(page), []);
});

/** Into each field that there is. @type {Record<string, (page: Page) => Promise<import("playwright-core").Locator>>} */
const FIELDS = {
    async "the search"(page) {
        await openSidebar(page);
        return page.locator('[data-do="search"]');
    },
    async "a tag in the inspector"(page) {
        await page.focus(`${card("cat.jpg")} .card-name`);
        await page.keyboard.press("Enter");
        return page.locator('.details [data-do="add-tag"]');
    },
    async "a tag in the large view"(page) {
        await page.focus(`${card("cat.jpg")} .card-name`);
        for (const key of ["Enter", "Enter"]) await page.keyboard.press(key);
        return page.locator('.large [data-do="add-tag"]');
    },
    async "a tag for the selection"(page) {
        await STATES["selection"]?.(page);
        return page.locator('.selection [data-do="add-tag"]');
    },
    async "a tag to remove from the selection"(page) {
        await STATES["selection"]?.(page);
        await page.click('[data-do="remove_tag"]');
        return page.locator('.selection [data-menu="remove_tag"] [data-do="find-tag"]');
    },
    async "a name in the list of tags"(page) {
        await STATES["tag list, rename"]?.(page);
        return page.locator('[data-do="tag-text"]');
    },
    async "a tag in the settings"(page) {
        await STATES["settings"]?.(page);
        return page.locator('[data-do="add-deny"]');
    },
};

/** A phone before one types and while one does, and its page. */
const PHONES = [
    { before: UPRIGHT, typing: WITH_KEYBOARD },
    { before: ON_ITS_SIDE, typing: ON_ITS_SIDE },
].map(({ before, typing }) => ({
    before,
    typing,
    rested: site.inTurn(async () => {
        const page = await site.open("", { ...PHONE, viewport: before });
        await tagPictures(page);
        return page;
    }),
}));

for (const [field, open] of Object.entries(FIELDS)) {
    test(`${field}: the field stays in sight while one types, and so does what is suggested`, async () => {
        for (const { before, typing, rested } of PHONES) {
            const page = await rested();
            await page.setViewportSize(before);
            await rest(page);
            const input = await open(page);
            await waitForIdle(page);
            await input.tap();
            await page.setViewportSize(typing);
            await input.pressSequentially("ca");
            await waitForTransitions(page);
            const place = `${typing.width} × ${typing.height}`;
            assert.equal(await input.evaluate(isInSight), true, `the field, ${place}`);
            const suggested = page.locator('[role="listbox"]:not([hidden]) [role="option"]');
            if ((await suggested.count()) > 0)
                assert.equal(await suggested.first().evaluate(isInSight), true, `a suggestion, ${place}`);
            assert.deepEqual(await tooWide(page), [], place);
        }
    });
}

/** Runs in the page: all of it is within the window, and nothing lies over it. @param {Element} element */
function isInSight(element) {
    const { left, right, top, bottom } = element.getBoundingClientRect();
    const isWithin = left >= 0 && top >= 0 && right <= innerWidth && bottom <= innerHeight;
    const points = [top + 3, (top + bottom) / 2, bottom - 3].map((y) =>
        document.elementFromPoint((left + right) / 2, y),
    );
    return isWithin && points.every((over) => over !== null && element.contains(over));
}

/** Where a message may come up. @type {Record<string, (page: Page) => Promise<unknown>>} */
const PLACES = {
    "the empty page": async () => {},
    pictures: async () => {},
    "selected pictures": async (page) => STATES["selection"]?.(page),
    inspector: async (page) => STATES["inspector"]?.(page),
    "large view": async (page) => STATES["large"]?.(page),
    settings: async (page) => STATES["settings"]?.(page),
    "list of tags": async (page) => STATES["tag list"]?.(page),
};

/** Before the page is fetched: a message stays until the test ends it. @param {Page} page */
const holdMessages = (page) =>
    page.addInitScript(() => {
        const { setTimeout } = globalThis;
        const held = /** @type {(() => void)[]} */ ([]);
        Object.assign(globalThis, {
            setTimeout: (/** @type {() => void} */ act, /** @type {number} */ ms, /** @type {any[]} */ ...rest) =>
                ms === 6_000 ? void held.push(act) : setTimeout(act, ms, ...rest),
            endMessages: () => {
                for (const act of held.splice(0)) act();
            },
        });
    });

const openHolding = () => site.open("", { viewport: UPRIGHT, prepare: holdMessages });
const holding = site.inTurn(async () => {
    const page = await openHolding();
    await tagPictures(page);
    return page;
});

for (const [name, bringAbout] of Object.entries(PLACES)) {
    test(`${name}: a message is seen, and lies over nothing that can be pressed`, async () => {
        const isEmpty = name === "the empty page";
        const page = await (isEmpty ? openHolding : holding)();
        await waitUntilReady(page);
        if (!isEmpty) {
            await page.evaluate(() => /** @type {any} */ (globalThis).endMessages());
            await page.setViewportSize(UPRIGHT);
            await rest(page);
        }
        await bringAbout(page);
        /** @type {Record<string, unknown>} */
        const wrong = {};
        for (const size of [UPRIGHT, ON_ITS_SIDE, { width: 768, height: 1024 }, { width: 1440, height: 900 }]) {
            await page.setViewportSize(size);
            await page.evaluate(() => /** @type {any} */ (globalThis).endMessages());
            await waitForTransitions(page);
            const before = await page.evaluate(placesOfButtons);
            await page.evaluate(
                () =>
                    void document.dispatchEvent(
                        new ClipboardEvent("paste", { bubbles: true, clipboardData: new DataTransfer() }),
                    ),
            );
            await waitForTransitions(page);
            const found = await page.evaluate(coveredByMessage);
            const after = await page.evaluate(placesOfButtons);
            // What is about to be pressed stays where it is. On the empty page everything is in the middle of what is left.
            const moved = isEmpty
                ? []
                : Object.keys(before).filter((one) => one in after && before[one] !== after[one]);
            if (found.length + moved.length > 0) wrong[`${size.width}`] = { found, moved };
        }
        assert.deepEqual(wrong, {});
    });
}

/** Runs in the page: what can be pressed and is not behind something else, and where it is. @returns {Record<string, string>} */
function placesOfButtons() {
    /** @type {Record<string, string>} */
    const places = {};
    // Who uses the keyboard keeps in sight what has it, even where the grid has to be scrolled for that.
    const hasKeyboard = document.activeElement?.closest(".grid") != null;
    document.querySelectorAll("button, input, select, a[href]").forEach((element, idx) => {
        if (hasKeyboard && element.closest(".grid")) return;
        const { x, y } = element.getBoundingClientRect();
        const name = `${element.getAttribute("data-do") ?? element.getAttribute("class")} ${element.getAttribute("aria-label") ?? idx}`;
        if (element.checkVisibility()) places[name] = `${Math.round(x)} ${Math.round(y)}`;
    });
    return places;
}

/** Runs in the page: what a message lies over, as far as that can be seen; and that there is one, seen itself. */
function coveredByMessage() {
    const toasts = [...document.querySelectorAll(".toast")].filter((toast) => {
        const { left, right, top, bottom } = toast.getBoundingClientRect();
        return document.elementFromPoint((left + right) / 2, (top + bottom) / 2) === toast;
    });
    const [toast] = toasts;
    if (!toast || toasts.length > 1) return [`${toasts.length} messages`];
    const message = toast.getBoundingClientRect();
    const found = [];
    if (message.left < 0 || message.right > innerWidth || message.bottom > innerHeight) found.push("cut off");
    for (const element of document.querySelectorAll("button, input, select, a[href], summary")) {
        if (!element.checkVisibility()) continue;
        let { left, right, top, bottom } = element.getBoundingClientRect();
        for (let around = element.parentElement; around; around = around.parentElement) {
            if (getComputedStyle(around).overflowY === "visible") continue;
            const edge = around.getBoundingClientRect();
            [left, right, top, bottom] = [
                Math.max(left, edge.left),
                Math.min(right, edge.right),
                Math.max(top, edge.top),
                Math.min(bottom, edge.bottom),
            ];
        }
        if (right - left < 1 || bottom - top < 1) continue;
        const [over] = document
            .elementsFromPoint((left + right) / 2, (top + bottom) / 2)
            .filter((one) => one !== toast);
        const isSeen = over !== undefined && element.contains(over);
        const isBeside =
            left >= message.right || right <= message.left || top >= message.bottom || bottom <= message.top;
        if (isSeen && !isBeside) found.push(element.getAttribute("data-do") ?? element.className);
    }
    return found;
}

test("with what is selected, opened and looked for, a phone of 320 pixels has nothing beside its window", async () => {
    const page = await site.open("", { ...PHONE, viewport: { width: 320, height: 600 } });
    await tagPictures(page);
    for (const state of ["selection", "inspector"]) {
        await STATES[state]?.(page);
        await waitForTransitions(page);
        assert.deepEqual(await tooWide(page), [], state);
        assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 320, state);
    }
});
