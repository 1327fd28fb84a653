/** The sheet: choosing pictures by mouse and by keys, correcting them there, looking at some of them only, and thousands of them. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { findings, too_wide } from "./accessibility.mjs";
import { add_files, cards, count, file, n_calls, set_threshold, use_page, waitForIdle, waitForTransitions, wait_until_done, wait_until_ready } from "./harness.mjs";
import { holdCalls, letCallsGo } from "./idle.mjs";
import { painted } from "./painted.mjs";

/** @typedef {import("./harness.mjs").Page} Page */

const site = use_page({ model: "painted" });
/** High enough that every card of a batch is drawn. */
const HIGH = { viewport: { width: 1440, height: 3000 } };
/** One of each; the last has two tags. */
const SOME = /** @type {const} */ ({ "cup.jpg": "cup", "cat.jpg": "cat", "man.jpg": "man", "puzzle.png": "puzzle", "light.png": "light" });

/** @param {Page} page */
async function tag_some(page) {
    await add_files(page, Object.entries(SOME).map(([name, what]) => painted(name, what)));
    await wait_until_done(page);
}

/** @param {Page} page @param {number} n */
async function tag_many(page, n) {
    await add_files(page, Array.from({ length: n }, (_, idx) => painted(`${idx}.jpg`, "cup")));
    await wait_until_done(page);
}

/** @param {string} name */
const card = (name) => `.card[data-path="${name}"]`;

/** The paths of what is selected, as a screen reader hears of it. @param {Page} page */
const selected = async (page) => {
    await waitForIdle(page);
    const checked = page.$$eval(".card-check:checked", (all) => all.map((check) => check.closest(".card")?.getAttribute("data-path")));
    assert.equal(await page.locator(".card.is-selected").count(), (await checked).length, "and it is seen");
    return checked;
};

/** The tags of a card by id. @param {Page} page @param {string} name */
const tags_on = async (page, name) => {
    await waitForIdle(page);
    const chips = page.locator(`${card(name)} [data-tag]`);
    return chips.evaluateAll((all) => all.map((chip) => `${chip.getAttribute("data-tag")} ${chip.getAttribute("data-source")}`));
};

/** @param {Page} page */
const focused = (page) =>
    page.evaluate(() => {
        const { activeElement } = document;
        const path = activeElement?.closest(".card")?.getAttribute("data-path");
        return path ?? activeElement?.getAttribute("data-do") ?? activeElement?.tagName;
    });

/** @param {number} first @param {number} last */
const numbers = (first, last) => Array.from({ length: last - first + 1 }, (_, idx) => `${first + idx}.jpg`);

/** How many pictures the rail counts. @param {Page} page @param {string} kind */
const number = async (page, kind) => Number(await page.getAttribute(`[data-filter="${kind}"] [data-value]`, "data-value"));

test("the mouse selects one, several, and a row, and a plain click opens", async () => {
    const page = await site.open("", HIGH);
    await tag_many(page, 12);
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
    await page.click(`${card("9.jpg")} .card-frame`);
    await page.waitForSelector('.details[data-path="9.jpg"]');
    assert.deepEqual(await selected(page), ["3.jpg", "7.jpg"], "what is selected stays selected");
    await page.click('[data-do="selection-none"]');
    assert.deepEqual(await selected(page), []);
    assert.equal(await page.locator(".selection").count(), 0);
});

test("a double click opens the picture large, though the first click moves the cards from under the pointer", async () => {
    const page = await site.open();
    await tag_many(page, 9);
    const before = await page.locator(card("3.jpg")).boundingBox();
    assert.ok(before && before.x + before.width > 1440 - 352, "it lies where the details will be");
    await page.mouse.dblclick(before.x + before.width / 2, before.y + 40);
    await page.waitForSelector('.large[data-path="3.jpg"]');
    await page.keyboard.press("Escape");
    await page.waitForSelector(".large", { state: "detached" });
});

test("keys move, select, pull a row, and let go again", async () => {
    const page = await site.open();
    await tag_many(page, 12);
    await page.keyboard.press("ArrowRight");
    assert.equal(await focused(page), "0.jpg", "the first arrow lands on the sheet");
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

test("a tag goes onto all that is selected, off it again, and both are undone by one step each", async () => {
    const page = await site.open("", HIGH);
    await tag_some(page);
    const before = await tags_on(page, "cup.jpg");
    await page.click(`${card("cup.jpg")} .card-check`);
    await page.click(`${card("man.jpg")} .card-check`);
    await page.keyboard.press("t");
    await waitForIdle(page);
    await page.keyboard.type("Lisbon");
    await page.keyboard.press("Enter");
    for (const name of ["cup.jpg", "man.jpg"]) assert.equal((await tags_on(page, name))[0], "own:lisbon manual", name);
    assert.ok(!(await tags_on(page, "cat.jpg")).includes("own:lisbon manual"));
    await page.keyboard.press("Escape"); // out of the field
    await page.keyboard.press("z");
    assert.deepEqual(await tags_on(page, "cup.jpg"), before);
    await page.keyboard.press("Shift+z");
    assert.equal((await tags_on(page, "man.jpg"))[0], "own:lisbon manual");

    await page.click('[data-do="remove_tag"]');
    await page.waitForSelector('[data-do="remove-tag"]');
    const offered = await page.$$eval('[data-do="remove-tag"]', (all) => all.map((item) => item.textContent?.replace(/\s+/g, " ").trim()));
    assert.equal(offered[0], "Lisbon2 pictures");
    assert.ok(offered.includes("espresso1 picture"), offered.join());
    await page.locator('[data-do="remove-tag"]', { hasText: "espresso" }).click();
    assert.deepEqual(await tags_on(page, "cup.jpg"), ["own:lisbon manual", "drink auto"], "a drink it still is");
    assert.equal(await number(page, "corrected"), 2);
    await page.keyboard.press("Control+z");
    assert.deepEqual(await tags_on(page, "cup.jpg"), ["own:lisbon manual", ...before]);
    await page.keyboard.press("Control+z");
    assert.deepEqual(await tags_on(page, "cup.jpg"), before);
    assert.deepEqual((await selected(page)).sort(), ["cup.jpg", "man.jpg"], "and the selection has outlived all of it");
});

test("chips say by their form whose they are, and are accepted and rejected on the card by hand and by key", async () => {
    const page = await site.open("", HIGH);
    await tag_some(page);
    const chip = `${card("cup.jpg")} [data-tag="espresso"]`;
    const form = async () => [await page.locator(`${chip} .chip-figure`).count(), await page.locator(`${chip} .chip-bar`).count()];
    assert.deepEqual(await form(), [1, 1]);
    await page.hover(chip);
    await page.click(`${chip} [data-do="accept-tag"]`);
    assert.deepEqual(await tags_on(page, "cup.jpg"), ["espresso manual"]);
    assert.deepEqual(await form(), [0, 0], "no figure, no line");
    assert.equal(await page.locator(`${chip} [data-do="accept-tag"]`).count(), 0);
    assert.equal(await focused(page), "cup.jpg", "the button is gone, the keyboard is not");
    assert.equal(await page.locator(".details").count(), 0, "and nothing was opened");
    await set_threshold(page, 99);
    assert.deepEqual(await tags_on(page, "cup.jpg"), ["espresso manual"], "it survives any threshold");
    await set_threshold(page, 30);

    const puzzle = await tags_on(page, "puzzle.png");
    await page.hover(`${card("puzzle.png")} [data-tag="crossword"]`);
    await page.click(`${card("puzzle.png")} [data-tag="crossword"] [data-do="reject-tag"]`);
    assert.ok(!(await tags_on(page, "puzzle.png")).some((tag) => tag.startsWith("crossword")));
    await page.keyboard.press("z");
    assert.deepEqual(await tags_on(page, "puzzle.png"), puzzle);

    await page.focus(`${card("light.png")} .card-name`);
    await page.keyboard.press("a");
    assert.deepEqual(await tags_on(page, "light.png"), ["traffic-light manual", "rocket auto"]);
    await page.keyboard.press("x");
    assert.ok(!(await tags_on(page, "light.png")).includes("rocket auto"));
    await page.keyboard.press("z");
    await page.keyboard.press("z");
    assert.deepEqual(await tags_on(page, "light.png"), ["traffic-light auto", "rocket auto"]);

    await page.keyboard.press("Tab"); // the checkbox
    await page.keyboard.press("Tab"); // accept
    const label = await page.evaluate(() => document.activeElement?.getAttribute("aria-label"));
    assert.equal(label, "Accept “traffic light”: it becomes yours and stays");
    assert.equal(await page.locator(`${card("light.png")} [data-tag="traffic-light"] .chip-deeds`).evaluate((deeds) => getComputedStyle(deeds).pointerEvents), "auto");
    await page.keyboard.press("Enter");
    assert.deepEqual(await tags_on(page, "light.png"), ["traffic-light manual", "rocket auto"]);
    assert.equal(await n_calls(page, "tag"), 5);
});

test("one key accepts on every selected picture the tag that it is surest of", async () => {
    const page = await site.open("", HIGH);
    await tag_some(page);
    await page.focus(`${card("cat.jpg")} .card-name`);
    await page.keyboard.press("Control+a");
    await page.keyboard.press("a");
    await waitForIdle(page);
    for (const { path, tags } of await cards(page)) assert.equal((await tags_on(page, path))[0], `${tags[0]?.id} manual`);
    assert.match((await page.textContent('[data-view="said"]')) ?? "", /Accepted the surest tag of each of \d pictures/);
    await page.keyboard.press("z");
    for (const { path } of await cards(page)) assert.ok((await tags_on(page, path)).every((tag) => tag.endsWith(" auto")), path);
});

test("a filter follows the threshold, says that it is on, and ends with one click", async () => {
    const page = await site.open("", HIGH);
    await add_files(page, [file("fixtures/pictures/bad/empty.png")]);
    await tag_some(page);
    await add_files(page, [painted("balloons.gif", "balloons")]);
    await wait_until_done(page);
    const paths = async () => (await waitForIdle(page), (await cards(page)).map(({ path }) => path));
    assert.deepEqual([await number(page, "all"), await number(page, "failed"), await number(page, "corrected")], [7, 1, 0]);

    await page.click('[data-filter="untagged"]');
    for (const percent of [99, 60, 2]) {
        await set_threshold(page, percent);
        const n = await number(page, "untagged");
        assert.equal((await paths()).length, n, `at ${percent} %`);
        assert.equal(n === 0, percent === 2, `${n} at ${percent} %`);
        assert.ok((await cards(page)).every(({ tags }) => tags.length === 0));
        assert.equal((await page.textContent(".rail-filter"))?.trim(), `Showing ${n} of 7: Untagged`);
    }
    assert.equal((await page.textContent(".gallery-none p"))?.trim(), "There is no picture here for “Untagged”.");
    await page.click('.gallery-none [data-do="show-all"]');
    assert.equal((await paths()).length, 7);
    assert.equal(await page.locator(".rail-filter").count(), 0);

    await set_threshold(page, 30);
    await page.click('[data-filter-tag="espresso"]');
    assert.deepEqual(await paths(), ["cup.jpg"]);
    assert.equal(await page.getAttribute('[data-filter-tag="espresso"]', "aria-current"), "true");
    assert.equal(await page.locator("[data-filter][aria-current]").count(), 1);
    await page.keyboard.press("Control+a");
    await page.keyboard.press("Delete");
    await waitForIdle(page);
    assert.equal(await number(page, "all"), 6, "what is not shown is not touched");
    await page.keyboard.press("z");
    assert.deepEqual(await paths(), ["cup.jpg"]);
    await page.hover(`${card("cup.jpg")} [data-tag]`);
    await page.click(`${card("cup.jpg")} [data-tag="espresso"] [data-do="reject-tag"]`);
    assert.deepEqual(await paths(), [], "it has no such tag any more");
    await page.click('.rail-line [data-do="show-all"]');
    await page.click('[data-filter="corrected"]');
    assert.deepEqual(await paths(), ["cup.jpg"]);
    await page.click('[data-filter="failed"]');
    assert.deepEqual(await paths(), ["empty.png"]);
    await page.click('[data-filter="all"]');
    assert.equal((await paths()).length, 7);
});

test("where it is narrow the rail is behind a button, closes when something is chosen, and Escape gives the keyboard back", async () => {
    const page = await site.open("", { viewport: { width: 360, height: 740 } });
    await tag_some(page);
    assert.equal(await page.locator(".rail").isVisible(), false);
    await page.click('[data-do="filter"]');
    await page.click('[data-filter-tag="crossword"]');
    await waitForIdle(page);
    assert.deepEqual((await cards(page)).map(({ path }) => path), ["puzzle.png"]);
    assert.equal(await page.locator(".rail").isVisible(), false);
    assert.equal(await focused(page), "filter");
    assert.equal(await page.locator(".rail-filter").isVisible(), true, "the line says so, also when the rail is closed");
    await page.keyboard.press("Enter");
    await page.waitForSelector(".rail.is-open");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Escape");
    await page.waitForSelector(".rail:not(.is-open)", { state: "attached" });
    assert.equal(await focused(page), "filter");
});

test("keys do nothing while somebody types or a dialog is open, and signs count however they are typed", async () => {
    const page = await site.open("", HIGH);
    await tag_some(page);
    const threshold = () => page.inputValue('[data-do="threshold"]');
    const before = [await threshold(), await tags_on(page, "cup.jpg")];
    await page.click(`${card("cup.jpg")} .card-frame`);
    await page.keyboard.press("t");
    await page.waitForFunction(() => document.activeElement?.matches('.details [data-do="add-tag"]'));
    for (const key of ["a", "x", "[", "]", "z", "p", "?", "Delete", "Space"]) await page.keyboard.press(key);
    await waitForIdle(page);
    assert.equal(await page.inputValue('.details [data-do="add-tag"]'), "ax[]zp? ");
    assert.deepEqual([await threshold(), await tags_on(page, "cup.jpg")], before);
    assert.equal((await cards(page)).length, 5);
    await page.keyboard.press("Control+a");
    assert.deepEqual(await selected(page), [], "Ctrl+A marks the text");

    await page.evaluate(() => /** @type {HTMLElement} */ (document.activeElement).blur());
    await page.keyboard.press("?");
    await page.waitForSelector("dialog[open]");
    for (const key of ["a", "x", "]", "Delete"]) await page.keyboard.press(key);
    await page.keyboard.press("Escape");
    await page.waitForSelector("dialog[open]", { state: "detached" });
    assert.deepEqual([await threshold(), await tags_on(page, "cup.jpg")], before);
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

test("what is tagged again keeps its picture and its tags meanwhile, and after a cancel", async () => {
    const page = await site.open("?workers=1", HIGH);
    await tag_many(page, 9);
    const before = await page.$$eval(".card-picture", (all) => all.map((img) => img.getAttribute("src")));
    assert.equal(new Set(before).size, 9);
    await page.focus(".card-name");
    await page.keyboard.press("Control+a");
    await holdCalls(page, "tag", 1, () => page.click('[data-do="selection-again"]'));
    assert.equal(await page.locator(".card:has(.card-picture):has([data-tag])").count(), 9);
    assert.equal(await page.locator('.card[aria-busy="true"] .card-moving').count(), 1);
    await page.click('[data-do="cancel"]');
    await letCallsGo(page);
    await wait_until_done(page);
    const after = await cards(page);
    assert.deepEqual(after.map(({ path, state }) => [path, state]), numbers(0, 8).map((path) => [path, "done"]));
    assert.ok(after.every(({ tags }) => tags.some(({ id }) => id === "espresso")));
    assert.equal((await n_calls(page, "tag")) - 9, 2, "the first, and the one that was under way");

    site.watch.expect(/ERR_FILE_NOT_FOUND/);
    const is_there = await page.evaluate((urls) => {
        const load = (/** @type {string | null} */ url) => Object.assign(new Image(), { src: url }).decode().then(() => true, () => false);
        return Promise.all(urls.map(load));
    }, before);
    const now = await page.$$eval(".card-picture", (all) => all.map((img) => img.getAttribute("src")));
    assert.deepEqual(is_there, before.map((url, idx) => url === now[idx]), "a thumbnail that was replaced is given up, no other is");
    assert.equal(is_there.filter((there) => !there).length, 2);
});

test("five thousand files at once are all on the sheet, and few of them in the document", async () => {
    const page = await site.open("?workers=1");
    await wait_until_ready(page);
    const bytes = [...painted("tiny.png", "clock", { width: 64, height: 16 }).buffer];
    const add = () => page.evaluate((bytes) => {
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
    await wait_until_done(page);
    const n = 41;
    assert.deepEqual([await number(page, "all"), await n_calls(page, "tag")], [n, n], "what is done, and what was under way");
    assert.ok((await cards(page)).every(({ state }) => state === "done"));
    const said = (await page.textContent('[data-view="said"]')) ?? "";
    assert.ok(said.includes(`${(5_000 - n).toLocaleString("en")} pictures were taken off`), said);
});

test("what was taken off the sheet comes back as it was, also what had been waiting", async () => {
    const page = await site.open("?workers=1", HIGH);
    await tag_many(page, 3);
    await page.focus(".card-name");
    await page.keyboard.press("a");
    await holdCalls(page, "tag", 0, () => add_files(page, numbers(3, 5).map((name) => painted(name, "cup"))));
    await page.keyboard.press("p");
    await page.keyboard.press("Control+a");
    await page.click('[data-do="selection-off"]');
    await waitForIdle(page);
    assert.deepEqual((await cards(page)).map(({ path }) => path), ["3.jpg"], "all but what is being tagged");
    await page.keyboard.press("z");
    await waitForIdle(page);
    assert.deepEqual((await cards(page)).map(({ path }) => path), numbers(0, 5));
    assert.equal((await tags_on(page, "0.jpg"))[0], "espresso manual");
    await page.keyboard.press("p");
    await letCallsGo(page);
    await wait_until_done(page);
    assert.ok((await cards(page)).every(({ state, tags }) => state === "done" && tags.length > 0));
});

test("rail, filter line, selection and its menu fit every width and are accessible, light and dark", async () => {
    const page = await site.open("", { reducedMotion: "reduce" });
    await add_files(page, [file("fixtures/pictures/bad/empty.png")]);
    await tag_some(page);
    await page.focus(`${card("cup.jpg")} .card-name`);
    await page.keyboard.press("a");
    /** @type {Record<string, () => Promise<unknown>>} */
    const states = {
        async selection() {
            await page.focus(".card-name");
            await page.keyboard.press("Control+a");
            await page.click('[data-do="remove_tag"]');
            await page.waitForSelector('[data-do="remove-tag"]');
        },
        async rail() {
            await page.keyboard.press("Escape");
            await page.keyboard.press("Escape");
            if (await page.locator('[data-do="filter"]').isVisible()) await page.click('[data-do="filter"]');
            await waitForIdle(page);
        },
        filtered: () => page.click('[data-filter="corrected"]'),
        async nothing() {
            if (await page.locator('[data-do="filter"]').isVisible()) await page.click('[data-do="filter"]');
            await page.click('[data-filter="untagged"]');
            await page.keyboard.press("[");
            await page.waitForSelector(".rail-filter");
        },
    };
    /** @type {Record<string, string[]>} */
    const wrong = {};
    for (const size of [{ width: 360, height: 740 }, { width: 768, height: 1024 }, { width: 1440, height: 900 }]) {
        await page.setViewportSize(size);
        for (const [state, bring_about] of Object.entries(states)) {
            await bring_about();
            for (const colorScheme of /** @type {const} */ (["light", "dark"])) {
                await page.emulateMedia({ colorScheme });
                await waitForTransitions(page);
                const found = [...(await findings(page)), ...(await too_wide(page))];
                if (found.length > 0) wrong[`${state}-${size.width}-${colorScheme}`] = found;
            }
        }
        await page.click('.rail-line [data-do="show-all"]');
    }
    assert.deepEqual(wrong, {});
});
