/** Tags corrected in the grid: on a card, and on all that is selected. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { cards, nCalls, setThreshold, usePage, waitForIdle } from "./harness.mjs";
import { HIGH, card, focused, number, selected, tagSome, tagsOn } from "./grid.mjs";
import { forgetCalls } from "./idle.mjs";
import { rest, silent, undoAll } from "./rest.mjs";

const site = usePage({ model: "painted" });
/** What a page looks like of which nobody has corrected anything. @type {string[]} */
let untouched = [];
const tagged = site.inTurn(async () => {
    const page = await site.open("", HIGH);
    await tagSome(page);
    assert.equal(await nCalls(page, "tag"), 5);
    await rest(page);
    untouched = await silent(page);
    return page;
});

/** Five pictures with their tags as they were found, and no call to a model since. */
async function five() {
    const page = await tagged();
    await rest(page);
    await undoAll(page);
    await rest(page);
    assert.deepEqual(await silent(page), untouched, "nothing is left of the test before");
    await forgetCalls(page);
    return page;
}

test("a tag goes onto all that is selected, off it again, and both are undone by one step each", async () => {
    const page = await five();
    const before = await tagsOn(page, "cup.jpg");
    await page.click(`${card("cup.jpg")} .card-check`);
    await page.click(`${card("man.jpg")} .card-check`);
    await page.keyboard.press("t");
    await waitForIdle(page);
    await page.keyboard.type("Lisbon");
    await page.keyboard.press("Enter");
    for (const name of ["cup.jpg", "man.jpg"]) assert.equal((await tagsOn(page, name))[0], "own:lisbon manual", name);
    assert.ok(!(await tagsOn(page, "cat.jpg")).includes("own:lisbon manual"));
    await page.keyboard.press("Escape"); // out of the field
    await page.keyboard.press("z");
    assert.deepEqual(await tagsOn(page, "cup.jpg"), before);
    await page.keyboard.press("Shift+z");
    assert.equal((await tagsOn(page, "man.jpg"))[0], "own:lisbon manual");

    await page.click('[data-do="remove_tag"]');
    await page.waitForSelector('[data-do="remove-tag"]');
    const offered = await page.$$eval('[data-do="remove-tag"]', (all) =>
        all.map((item) => item.textContent?.replace(/\s+/g, " ").trim()),
    );
    assert.equal(offered[0], "Lisbon2 pictures");
    assert.ok(offered.includes("espresso1 picture"), offered.join());
    await page.locator('[data-do="remove-tag"]', { hasText: "espresso" }).click();
    assert.deepEqual(await tagsOn(page, "cup.jpg"), ["own:lisbon manual", "drink auto"], "a drink it still is");
    assert.equal(await number(page, "corrected"), 1, "a word for many says nothing about one of them");
    await page.keyboard.press("Control+z");
    assert.deepEqual(await tagsOn(page, "cup.jpg"), ["own:lisbon manual", ...before]);
    await page.keyboard.press("Control+z");
    assert.deepEqual(await tagsOn(page, "cup.jpg"), before);
    assert.deepEqual((await selected(page)).sort(), ["cup.jpg", "man.jpg"], "and the selection has outlived all of it");
});

test("chips say by their form whose they are, and are accepted and rejected on the card by hand and by key", async () => {
    const page = await five();
    const chip = `${card("cup.jpg")} [data-tag="espresso"]`;
    const form = async () => [
        await page.locator(`${chip} .chip-figure`).count(),
        await page.locator(`${chip} .chip-bar`).count(),
    ];
    assert.deepEqual(await form(), [1, 1]);
    await page.hover(chip);
    await page.click(`${chip} [data-do="accept-tag"]`);
    assert.deepEqual(await tagsOn(page, "cup.jpg"), ["espresso manual"]);
    assert.deepEqual(await form(), [0, 0], "no figure, no line");
    assert.equal(await page.locator(`${chip} [data-do="accept-tag"]`).count(), 0);
    assert.equal(await focused(page), "cup.jpg", "the button is gone, the keyboard is not");
    assert.equal(await page.locator(".details").count(), 0, "and nothing was opened");
    await setThreshold(page, 99);
    assert.deepEqual(await tagsOn(page, "cup.jpg"), ["espresso manual"], "it survives any threshold");
    await setThreshold(page, 30);

    const puzzle = await tagsOn(page, "puzzle.png");
    await page.hover(`${card("puzzle.png")} [data-tag="crossword"]`);
    await page.click(`${card("puzzle.png")} [data-tag="crossword"] [data-do="reject-tag"]`);
    assert.ok(!(await tagsOn(page, "puzzle.png")).some((tag) => tag.startsWith("crossword")));
    await page.keyboard.press("z");
    assert.deepEqual(await tagsOn(page, "puzzle.png"), puzzle);

    await page.focus(`${card("light.png")} .card-name`);
    await page.keyboard.press("a");
    assert.deepEqual(await tagsOn(page, "light.png"), ["traffic-light manual", "rocket auto"]);
    await page.keyboard.press("x");
    assert.ok(!(await tagsOn(page, "light.png")).includes("rocket auto"));
    await page.keyboard.press("z");
    await page.keyboard.press("z");
    assert.deepEqual(await tagsOn(page, "light.png"), ["traffic-light auto", "rocket auto"]);

    await page.keyboard.press("Tab"); // the checkbox
    await page.keyboard.press("Tab"); // accept
    const label = await page.evaluate(() => document.activeElement?.getAttribute("aria-label"));
    assert.equal(label, "Accept “traffic light” and keep it");
    assert.equal(
        await page
            .locator(`${card("light.png")} [data-tag="traffic-light"] .chip-actions`)
            .evaluate((buttons) => getComputedStyle(buttons).pointerEvents),
        "auto",
    );
    await page.keyboard.press("Enter");
    assert.deepEqual(await tagsOn(page, "light.png"), ["traffic-light manual", "rocket auto"]);
    assert.equal(await nCalls(page, "tag"), 0, "no correction runs the model");
});

test("one key accepts on every selected picture the tag that it is surest of", async () => {
    const page = await five();
    await page.focus(`${card("cat.jpg")} .card-name`);
    await page.keyboard.press("Control+a");
    await page.keyboard.press("a");
    await waitForIdle(page);
    for (const { path, tags } of await cards(page))
        assert.equal((await tagsOn(page, path))[0], `${tags[0]?.id} manual`);
    assert.match((await page.textContent('[data-view="said"]')) ?? "", /Accepted the top tag on each of \d pictures/);
    await page.keyboard.press("z");
    for (const { path } of await cards(page))
        assert.ok(
            (await tagsOn(page, path)).every((tag) => tag.endsWith(" auto")),
            path,
        );
});
