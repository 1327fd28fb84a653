/** Looking at some pictures only: the sidebar, its line, and where they fit. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { findings, tooWide } from "./accessibility.mjs";
import {
    addFiles,
    cards,
    file,
    setThreshold,
    usePage,
    waitForIdle,
    waitForTransitions,
    waitUntilDone,
} from "./harness.mjs";
import { painted } from "./painted.mjs";
import { HIGH, card, focused, number, tagSome } from "./grid.mjs";
import { rest } from "./rest.mjs";

const site = usePage({ model: "painted" });

const tagged = site.inTurn(async () => {
    const page = await site.open("", HIGH);
    await tagSome(page);
    return page;
});

/** Some pictures, all of them shown and none selected. @param {{width: number, height: number}} [viewport] */
async function some(viewport = HIGH.viewport) {
    const page = await tagged();
    await page.setViewportSize(viewport);
    await rest(page);
    assert.deepEqual([await number(page, "all"), await number(page, "corrected")], [5, 0]);
    return page;
}

test("a filter follows the threshold, says that it is on, and ends with one click", async () => {
    const page = await site.open("", HIGH);
    await addFiles(page, [file("fixtures/pictures/bad/empty.png")]);
    await tagSome(page);
    await addFiles(page, [painted("balloons.gif", "balloons")]);
    await waitUntilDone(page);
    const paths = async () => {
        await waitForIdle(page);
        return (await cards(page)).map(({ path }) => path);
    };
    assert.deepEqual(
        [await number(page, "all"), await number(page, "failed"), await number(page, "corrected")],
        [7, 1, 0],
    );

    await page.click('[data-filter="untagged"]');
    for (const percent of [99, 60, 2]) {
        await setThreshold(page, percent);
        const n = await number(page, "untagged");
        assert.equal((await paths()).length, n, `at ${percent} %`);
        assert.equal(n === 0, percent === 2, `${n} at ${percent} %`);
        assert.ok((await cards(page)).every(({ tags }) => tags.length === 0));
        assert.equal((await page.textContent('[data-count="found"]'))?.trim(), `${n} of 7`);
        assert.equal((await page.textContent(".grid-bar-parts"))?.trim(), "Untagged");
    }
    assert.equal((await page.textContent(".grid-none p"))?.trim(), "No pictures match Untagged.");
    await page.click('.grid-none [data-do="show-all"]');
    assert.equal((await paths()).length, 7);
    assert.equal(await page.locator(".grid-bar-parts").count(), 0);

    await setThreshold(page, 30);
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
    await page.click('.grid-bar [data-do="show-all"]');
    await page.click('[data-filter="corrected"]');
    assert.deepEqual(await paths(), ["cup.jpg"]);
    await page.click('[data-filter="failed"]');
    assert.deepEqual(await paths(), ["empty.png"]);
    await page.click('[data-filter="all"]');
    assert.equal((await paths()).length, 7);
});

test("where it is narrow the sidebar is behind a button, closes when something is chosen, and Escape gives the keyboard back", async () => {
    const page = await some({ width: 360, height: 740 });
    assert.equal(await page.locator(".sidebar").isVisible(), false);
    await page.click('[data-do="filter"]');
    await page.click('[data-filter-tag="crossword"]');
    await waitForIdle(page);
    assert.deepEqual(
        (await cards(page)).map(({ path }) => path),
        ["puzzle.png"],
    );
    assert.equal(await page.locator(".sidebar").isVisible(), false);
    assert.equal(await focused(page), "filter");
    assert.equal(
        await page.locator(".grid-bar-parts").isVisible(),
        true,
        "the line says so, also when the rail is closed",
    );
    await page.keyboard.press("Enter");
    await page.waitForSelector(".sidebar.is-open");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Escape");
    await page.waitForSelector(".sidebar:not(.is-open)", { state: "attached" });
    assert.equal(await focused(page), "filter");
});

test("words are searched for as one types: tags in any language, own words, files and folders; Enter leads to the first", async () => {
    const page = await some();
    const paths = async () => {
        await waitForIdle(page);
        return (await cards(page)).map(({ path }) => path);
    };
    const all = await paths();
    await page.keyboard.press("f");
    assert.equal(await focused(page), "search");
    for (const [typed, wanted] of /** @type {[string, string[]][]} */ ([
        ["espre", ["cup.jpg"]],
        ["kaffe", ["cup.jpg"]],
        ["korsord", ["puzzle.png"]],
        ["light.p", ["light.png"]],
        ["nothing like it", []],
        ["", all],
    ])) {
        await page.fill('[data-do="search"]', typed);
        assert.deepEqual(await paths(), wanted, typed);
    }
    await page.fill('[data-do="search"]', "espre");
    await page.waitForSelector('.sidebar-tags [data-filter-tag="espresso"]');
    await page.press('[data-do="search"]', "Enter");
    await waitForIdle(page); // what is first is known when the answer is there
    assert.equal(await focused(page), "cup.jpg");
    await page.keyboard.press("f");
    await page.keyboard.press("Escape");
    assert.deepEqual(await paths(), all);
});

test("several filters hold together, and a tag can be excluded; each goes by a press", async () => {
    const page = await site.open("", HIGH);
    await addFiles(page, [
        painted("both.png", { "tabby-cat": 0.5, castle: 0.4 }),
        painted("cat.png", "cat"),
        painted("castle.png", { castle: 0.8 }),
    ]);
    await waitUntilDone(page);
    await setThreshold(page, 20);
    const paths = async () => {
        await waitForIdle(page);
        return (await cards(page)).map(({ path }) => path);
    };
    await page.click('[data-filter-tag="castle"]');
    assert.deepEqual((await paths()).sort(), ["both.png", "castle.png"]);
    const row = (/** @type {string} */ id) => `.sidebar-row:has([data-filter-tag="${id}"])`;
    await page.hover(row("tabby-cat"));
    await page.click(`${row("tabby-cat")} [data-do="filter-and"]`);
    assert.deepEqual(await paths(), ["both.png"]);
    await page.click(`${row("tabby-cat")} [data-do="filter-not"]`);
    assert.deepEqual(await paths(), ["castle.png"]);
    assert.equal(await page.locator(".grid-bar-part").count(), 2);
    await page.click(".grid-bar-parts li:first-child button");
    assert.deepEqual(await paths(), ["castle.png"], "all without a cat");
    await page.click(".grid-bar-part");
    assert.equal((await paths()).length, 3);

    await page.focus('[data-filter-tag="castle"]');
    for (const key of ["ArrowRight", "ArrowRight", "Enter"]) await page.keyboard.press(key);
    assert.deepEqual(await paths(), ["cat.png"], "the small buttons lie to the right");
    await page.click('.grid-bar [data-do="show-all"]');

    await page.click(`${card("both.png")} [data-tag="castle"] .chip-name`);
    assert.deepEqual((await paths()).sort(), ["both.png", "castle.png"], "a chip filters by its tag");
});

test("the grid is put in order: by name with numbers by value, and the least sure first", async () => {
    const page = await site.open("", HIGH);
    await addFiles(page, [
        painted("10.png", { castle: 0.9 }),
        painted("9.png", { castle: 0.6 }),
        painted("a.png", { castle: 0.75 }),
    ]);
    await waitUntilDone(page);
    const paths = async () => {
        await waitForIdle(page);
        return (await cards(page)).map(({ path }) => path);
    };
    for (const [sort, wanted] of /** @type {[string, string[]][]} */ ([
        ["name", ["9.png", "10.png", "a.png"]],
        ["least_sure", ["9.png", "a.png", "10.png"]],
        ["added", ["10.png", "9.png", "a.png"]],
    ])) {
        await page.selectOption('[data-do="sort"]', sort);
        assert.deepEqual(await paths(), wanted, sort);
    }
});

test("a selection survives a change of filter, and the bar says how many of it are shown", async () => {
    const page = await some();
    await page.click('[data-do="select-all"]');
    await page.click('[data-filter-tag="espresso"]');
    await waitForIdle(page);
    assert.equal((await page.textContent('[data-count="selected"]'))?.trim(), "5 selected, 1 shown");
    await page.click('[data-filter="all"]');
    await waitForIdle(page);
    assert.equal(await page.getAttribute('[data-count="selected"]', "data-value"), "5");
    await page.click('[data-filter-tag="espresso"]');
    await waitForIdle(page);
    await page.click('[data-do="select-shown"]');
    await page.click('[data-filter="all"]');
    await waitForIdle(page);
    assert.equal(await page.getAttribute('[data-count="selected"]', "data-value"), "1");
});

// The last, as it brings a picture and corrects one.
test("sidebar, filter line, selection and its menu fit every width and are accessible, light and dark", async () => {
    const page = await some({ width: 1440, height: 900 });
    await addFiles(page, [file("fixtures/pictures/bad/empty.png")]);
    await waitUntilDone(page);
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
        async filter() {
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
            await page.waitForSelector(".grid-bar-parts");
        },
    };
    /** @type {Record<string, string[]>} */
    const wrong = {};
    for (const size of [
        { width: 360, height: 740 },
        { width: 768, height: 1024 },
        { width: 1440, height: 900 },
    ]) {
        await page.setViewportSize(size);
        for (const [state, bringAbout] of Object.entries(states)) {
            await bringAbout();
            for (const colorScheme of /** @type {const} */ (["light", "dark"])) {
                await page.emulateMedia({ colorScheme });
                await waitForTransitions(page);
                const found = await tooWide(page);
                // What the dark scheme changes are colours, which do not hang on the width.
                if (colorScheme === "light" || size.width === 1440) found.push(...(await findings(page)));
                if (found.length > 0) wrong[`${state}-${size.width}-${colorScheme}`] = found;
            }
        }
        await page.click('.grid-bar [data-do="show-all"]');
    }
    assert.deepEqual(wrong, {});
});
