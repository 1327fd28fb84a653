/** Where the keyboard is: it goes where the eye goes, one layer at a time, and it is never lost. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { usePage, waitForIdle, waitUntilReady } from "./harness.mjs";
import { card, focused } from "./grid.mjs";
import { rest, silent, undoAll } from "./rest.mjs";
import { openSidebar, tagPictures } from "./states.mjs";

/** @typedef {import("./harness.mjs").Page} Page */

const site = usePage({ model: "painted" });
const PHONE = { width: 360, height: 740 };

/**
 * Pictures in a window of that size: the same ones for each test, as they were at the beginning.
 * @param {{width: number, height: number}} viewport
 */
function pictures(viewport) {
    /** @type {string[]} */
    let first = [];
    const page = site.inTurn(async () => {
        const page = await site.open("", { viewport });
        await tagPictures(page);
        await rest(page);
        first = await silent(page);
        return page;
    });
    return async () => {
        const pictures = await page();
        await pictures.setViewportSize(viewport);
        // Where all were removed there is nothing to put in order.
        if ((await pictures.locator('[data-do="sort"]').count()) === 0) await undoAll(pictures);
        await rest(pictures);
        await undoAll(pictures);
        await rest(pictures);
        assert.deepEqual(await silent(pictures), first, "nothing is left of the test before");
        return pictures;
    };
}
const onDesk = pictures({ width: 1440, height: 900 });
const onPhone = pictures(PHONE);

/** Random numbers that are the same every time. @param {number} seed @returns {(n: number) => number} below n */
function dice(seed) {
    let state = seed;
    return (n) => {
        state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
        return Math.floor((state / 2 ** 32) * n);
    };
}

/** What keys a hand finds: most of them lead somewhere, some do something, and a few words are typed. */
const KEYS = [
    ...[
        "Tab",
        "Tab",
        "Tab",
        "Tab",
        "Tab",
        "Shift+Tab",
        "Shift+Tab",
        "Enter",
        "Enter",
        "Space",
        "Space",
        "Escape",
        "Escape",
    ],
    ...[
        "ArrowDown",
        "ArrowUp",
        "ArrowRight",
        "ArrowLeft",
        "Home",
        "End",
        "a",
        "x",
        "r",
        "t",
        "z",
        "Shift+z",
        "f",
        "Control+a",
    ],
    ...["[", "]", ",", "?", "Delete", "o", "c", "Shift+ArrowRight"],
];
/** These ask the browser for a file, or lead to another page of work: no part of the walk. */
const BARRED = ["add-files", "add-folder", "add-camera", "language"];

/** What has the keyboard, and whether it can. @param {Page} page */
const place = (page) =>
    page.evaluate(() => {
        const { activeElement: element } = document;
        if (!element || element === document.body) return "lost";
        if (element.getClientRects().length === 0) return `hidden: ${element.outerHTML.slice(0, 120)}`;
        return element.getAttribute("data-do") ?? element.getAttribute("class") ?? element.localName;
    });

const N_KEYS = process.env["TAGSMITH_LONG"] ? 200 : 50;

test("the first stop of Tab leads past the bars to the pictures, and there is none without pictures", async () => {
    const page = await site.open();
    await waitUntilReady(page);
    await page.keyboard.press("Tab");
    assert.equal(await focused(page), "promise");
    await tagPictures(page);
    await page.reload();
    await tagPictures(page);
    await page.keyboard.press("Tab");
    assert.equal(await focused(page), "skip");
    assert.equal(await page.textContent(":focus"), "Skip to pictures");
    assert.ok(((await page.locator(":focus").boundingBox())?.y ?? -1) >= 0, "it is seen");
    await page.keyboard.press("Enter");
    assert.equal(await focused(page), "cat.jpg");
    assert.equal(new URL(page.url()).hash, "", "and Back leads where it led before");
});

test("a menu has the keyboard on its first item, letters lead on, and Escape gives it back", async () => {
    const page = await onDesk();
    await page.focus('[data-do="more"]');
    await page.keyboard.press("Enter");
    await waitForIdle(page);
    assert.equal(await focused(page), "settings");
    await page.keyboard.press("h");
    assert.equal(await focused(page), "help");
    await page.keyboard.press("a");
    await waitForIdle(page);
    assert.equal(
        await page.locator('[data-do="undo"]:disabled').count(),
        1,
        "a letter in a menu is no key of the page",
    );
    await page.keyboard.press("Home");
    assert.equal(await focused(page), "settings");
    await page.keyboard.press("Escape");
    assert.equal(await focused(page), "more");
    await page.keyboard.press("ArrowUp");
    await waitForIdle(page);
    assert.equal(await focused(page), "help");
});

test("in a menu with a field one types, walks and types on, and the field is named", async () => {
    const page = await onDesk();
    await page.focus(`${card("cat.jpg")} .card-name`);
    await page.keyboard.press("Control+a");
    await page.focus('[data-do="remove_tag"]');
    await page.keyboard.press("Enter");
    await page.waitForSelector('[data-do="remove-tag"]');
    await waitForIdle(page);
    const items = () =>
        page.$$eval('[data-do="remove-tag"] span', (all) =>
            all.map((one) => /** @type {HTMLElement} */ (one).innerText.split("\n")[0] ?? ""),
        );
    assert.equal(await focused(page), "find-tag");
    const popup = page.locator('[data-menu="remove_tag"] .menu-popup');
    assert.deepEqual(
        [
            await popup.getAttribute("role"),
            await popup.getAttribute("aria-label"),
            await page.getAttribute('[data-do="remove_tag"]', "aria-haspopup"),
        ],
        ["dialog", "Remove tag", "dialog"],
    );
    await page.keyboard.type("xax");
    await page.keyboard.press("Home");
    await page.keyboard.press("Delete");
    await page.keyboard.press("End");
    await page.keyboard.press("Backspace");
    assert.equal(await page.inputValue('[data-do="find-tag"]'), "a");
    assert.equal(await page.locator(".selection-n").getAttribute("data-value"), "8", "letters are no keys of the page");
    await page.fill('[data-do="find-tag"]', "zzz");
    await waitForIdle(page);
    assert.equal(await page.innerText('[data-menu="remove_tag"] [role="status"]'), "No tag matches");
    assert.equal(await popup.locator('[role="menu"]').count(), 0);
    await page.fill('[data-do="find-tag"]', "o");
    await waitForIdle(page);
    const found = await items();
    assert.ok(found.length > 1 && found.every((name) => name.includes("o")), found.join());
    await page.keyboard.press("ArrowDown");
    assert.equal(await focused(page), "remove-tag");
    await page.keyboard.type("ck");
    await waitForIdle(page);
    assert.deepEqual([await focused(page), await page.inputValue('[data-do="find-tag"]')], ["find-tag", "ock"]);
    assert.deepEqual(
        await items(),
        found.filter((name) => name.includes("ock")),
    );
    await page.keyboard.press("Escape");
    await waitForIdle(page);
    assert.equal(await focused(page), "remove_tag");
    assert.equal(await page.locator(".selection").count(), 1, "one layer at a time");
});

test("Escape closes one layer at a time: suggestions, field, large view, inspector, selection", async () => {
    const page = await onDesk();
    await page.focus(`${card("cat.jpg")} .card-name`);
    for (const key of ["Space", "Enter", "Enter"]) await page.keyboard.press(key);
    await page.waitForSelector(".large");
    await waitForIdle(page);
    await page.keyboard.press("t");
    await waitForIdle(page);
    await page.keyboard.type("ca");
    await page.waitForSelector(".large .add-tag-list li");
    const layers = () =>
        page.evaluate(
            () =>
                [
                    ".add-tag-list:not([hidden])",
                    '[data-do="add-tag"]:focus',
                    ".large",
                    ".at-details .details",
                    ".selection",
                ].filter((one) => document.querySelector(one)).length,
        );
    const seen = [];
    for (let n = 0; n < 6; n++) {
        seen.push(await layers());
        await page.keyboard.press("Escape");
        await waitForIdle(page);
        assert.notEqual(await place(page), "lost");
    }
    assert.deepEqual(seen, [4, 3, 2, 2, 1, 0]);
    assert.equal(await focused(page), "cat.jpg");
});

test("a dialog gives the keyboard back to what opened it, also when that was drawn anew", async () => {
    const page = await site.open();
    await tagPictures(page);
    await page.focus('[data-do="manage-tags"]');
    await page.keyboard.press("Enter");
    await page.waitForSelector("[data-tag-row]");
    await page.keyboard.press("Escape");
    await waitForIdle(page);
    assert.equal(await focused(page), "manage-tags");
    await page.focus(`${card("man.jpg")} .card-name`);
    await page.keyboard.press(",");
    await page.waitForSelector("dialog[open]");
    // Meanwhile the grid is drawn anew: the card is another element.
    await page.evaluate(() => document.querySelector(".grid-cards")?.replaceChildren());
    await page.keyboard.press("Escape");
    await waitForIdle(page);
    assert.notEqual(await place(page), "lost");
});

test("after a picture is removed the next has the keyboard, after the last what brings pictures", async () => {
    const page = await onDesk();
    await page.focus(`${card("cat.jpg")} .card-name`);
    await page.keyboard.press("Delete");
    await waitForIdle(page);
    assert.equal(await focused(page), "cup.jpg");
    await page.keyboard.press("Enter");
    await page.waitForSelector(".details");
    await page.focus('.details [data-do="take-off"]');
    await page.keyboard.press("Enter");
    await waitForIdle(page);
    assert.equal(await focused(page), "man.jpg");
    await page.keyboard.press("Control+a");
    await page.keyboard.press("Delete");
    await waitForIdle(page);
    assert.equal(await page.textContent(":focus"), "Choose pictures");
});

test("where a filter leaves nothing, “Show all” has the keyboard, and after it the first picture", async () => {
    const page = await onDesk();
    await page.focus('[data-do="search"]');
    await page.keyboard.type("zzz");
    await waitForIdle(page);
    await page.keyboard.press("Enter");
    await waitForIdle(page);
    assert.equal(await focused(page), "show-all");
    await page.keyboard.press("Enter");
    await waitForIdle(page);
    assert.equal(await focused(page), "cat.jpg");

    // A correction under a filter takes the last picture away that had the keyboard.
    await page.click('[data-filter-tag="espresso"]');
    await waitForIdle(page);
    await page.focus(".card-name");
    await page.keyboard.press("x");
    await waitForIdle(page);
    assert.equal(await page.locator(".card").count(), 0);
    assert.equal(await focused(page), "show-all");
});

test("the sheet of the sidebar has the keyboard as long as it is open, and its button afterwards", async () => {
    const page = await onPhone();
    await page.focus('[data-do="filter"]');
    await page.keyboard.press("Enter");
    await waitForIdle(page);
    await page.keyboard.press("Tab");
    assert.equal(await focused(page), "search");
    await page.keyboard.press("Escape");
    await waitForIdle(page);
    assert.equal(await focused(page), "filter");
    await openSidebar(page);
    await page.locator(".sidebar-veil").click({ position: { x: 340, y: 300 } });
    await waitForIdle(page);
    assert.equal(await focused(page), "filter");
    assert.equal(await page.locator(".sidebar").isVisible(), false);
});

// The last, as they leave the pages wherever they lead.
for (const [width, height, seed] of [
    [360, 740, 3],
    [768, 1024, 5],
    [1440, 900, 12],
]) {
    test(`in a walk of ${N_KEYS} keys at ${width} pixels the keyboard is never lost`, async () => {
        const page = await (width === PHONE.width ? onPhone : onDesk)();
        await page.setViewportSize({ width: width ?? 0, height: height ?? 0 });
        page.on("filechooser", () => {});
        await page.focus(`${card("cat.jpg")} .card-name`);
        const roll = dice(seed ?? 0);
        const walked = [];
        const places = new Set();
        for (let n = 0; n < N_KEYS; n++) {
            let key = KEYS[roll(KEYS.length)] ?? "";
            const at = await place(page);
            const isBarred = BARRED.includes(at) || (await page.locator(":focus").evaluateAll(isPicker));
            if (isBarred) key = "Tab";
            walked.push(`${at} ${key}`);
            await page.keyboard.press(key);
            await waitForIdle(page);
            let now = await place(page);
            if (now === "lost" && key.endsWith("Tab")) {
                // Past the end of the page, or of a dialog, comes the browser's own bar; and then the page again.
                await page.keyboard.press(key);
                now = await place(page);
            }
            places.add(now);
            assert.ok(!/^(lost|hidden)/.test(now), `${now} after ${walked.slice(-4).join(", ")}`);
        }
        assert.ok(places.size > N_KEYS / 16, `it has been about: ${[...places].join(", ")}`);
    });
}

/** Runs in the page: what opens a window of the browser's own. @param {Element[]} elements */
const isPicker = (elements) =>
    elements.some((element) =>
        element.matches("select, .drop-buttons button, [data-sample], [data-do='settings-file']"),
    );
