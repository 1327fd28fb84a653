/** Collections: made, named by a folder, opened, copied into, emptied and deleted for good; and runs, taken back as a whole. */
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { findings, tooWide } from "./accessibility.mjs";
import {
    askForCollections,
    closeDialog,
    inMenu,
    makeCollection,
    openCollections,
    openFromMore,
    rowNames,
    rowOf,
    shownName,
} from "./collections.mjs";
import { card, tagSome } from "./grid.mjs";
import { addFiles, cards, count, nCalls, usePage, waitForIdle, waitForTransitions, waitUntilDone } from "./harness.mjs";
import { addTag, openPicture } from "./inspect.mjs";
import { painted } from "./painted.mjs";

/** @typedef {import("./harness.mjs").Page} Page */

const site = usePage({ model: "painted" });

const disk = mkdtempSync(join(tmpdir(), "tagsmith-"));
after(() => rmSync(disk, { recursive: true }));
for (const folder of ["Zoo", "Sea"]) {
    mkdirSync(join(disk, folder));
    writeFileSync(join(disk, folder, "cat.png"), painted("cat.png", "cat").buffer);
}

/** As a hand does, by the browser's own tools. @param {Page} page @param {...string} names */
async function drop(page, ...names) {
    const session = await page.context().newCDPSession(page);
    const data = { items: [], files: names.map((name) => join(disk, name)), dragOperationsMask: 1 };
    for (const type of /** @type {const} */ (["dragEnter", "dragOver", "drop"]))
        await session.send("Input.dispatchDragEvent", { type, x: 700, y: 500, data });
    await waitUntilDone(page);
}

/** Path → ids of its tags. @param {Page} page */
const tagsByPath = async (page) =>
    Object.fromEntries((await cards(page)).map(({ path, tags }) => [path, tags.map(({ id }) => id)]));

/** @param {Page} page @param {string} text */
const waitForToast = (page, text) => page.locator(".toast", { hasText: text }).first().waitFor();

test("a folder names the empty collection that it comes into, and no other; several folders name none", async () => {
    const page = await site.open();
    await drop(page, "Zoo");
    assert.equal(await shownName(page), "Zoo");
    await drop(page, "Sea");
    assert.equal(await shownName(page), "Zoo", "it has pictures");
    await makeCollection(page, "By the sea");
    await drop(page, "Sea");
    assert.equal(await shownName(page), "By the sea", "it has a name");
    await makeCollection(page, "");
    await drop(page, "Zoo", "Sea");
    assert.equal(await shownName(page), "My pictures");
    await openCollections(page);
    assert.deepEqual(await rowNames(page), ["My pictures", "By the sea", "Zoo"], "the last one first");
    assert.match(await rowOf(page, "By the sea").innerText(), /1 picture.*From the folder Sea/s);
});

test("each collection has its own pictures and corrections, and they are there again when it is opened, after a reload too", async () => {
    const page = await site.open();
    await tagSome(page);
    const before = await tagsByPath(page);
    await openPicture(page, "cup.jpg");
    await addTag(page, "breakfast");
    await page.keyboard.press("Escape");
    await makeCollection(page, "Zoo");
    assert.equal(await page.locator(".card").count(), 0);
    await addFiles(page, [painted("lion.jpg", "cat")]);
    await waitUntilDone(page);
    await addFiles(page, [painted("again.jpg", "cup")]);
    await waitUntilDone(page);
    assert.deepEqual((await tagsByPath(page))["again.jpg"], before["cup.jpg"], "what was found in it before");
    await page.waitForSelector(`${card("again.jpg")} img`);
    await inMenu(page, "choose-collection", "My pictures");
    await page.waitForSelector(card("cup.jpg"));
    await waitForIdle(page);
    const again = await tagsByPath(page);
    assert.deepEqual(again, { ...before, "cup.jpg": ["own:breakfast", ...(before["cup.jpg"] ?? [])] });
    assert.equal(await nCalls(page, "tag"), 5, "no content is tagged twice, into whatever collection it comes");
    await inMenu(page, "choose-collection", "Zoo");
    await page.waitForSelector(card("lion.jpg"));
    await page.reload();
    await page.waitForSelector(card("lion.jpg"));
    assert.equal(await shownName(page), "Zoo");
    assert.equal((await cards(page)).length, 2);
});

test("selected pictures are copied into another collection and a new one with their tags, and no picture is in one twice", async () => {
    const page = await site.open();
    await tagSome(page);
    const before = await tagsByPath(page);
    await page.focus(`${card("cup.jpg")} .card-name`);
    await page.keyboard.press("Space");
    await page.keyboard.press("Shift+ArrowRight");
    await page.click('[data-do="selection_more"]');
    await page.click('[data-do="copy-to-new"]');
    await page.fill('[data-do="collection-name"]', "Best of");
    await page.click('[data-do="collection-name-done"]');
    await waitForToast(page, "Copied 2 pictures to “Best of”.");
    await closeDialog(page);
    assert.equal(await count(page, "selected"), 2, "the selection is still there");
    await page.click('[data-do="selection_more"]');
    await page.click('[data-do="copy-to"]');
    await waitForToast(page, "2 pictures are in “Best of” already.");
    await inMenu(page, "choose-collection", "Best of");
    await page.waitForSelector(card("cup.jpg"));
    await waitForIdle(page);
    assert.deepEqual(await tagsByPath(page), { "cup.jpg": before["cup.jpg"], "cat.jpg": before["cat.jpg"] });
    assert.equal(await nCalls(page, "tag"), 5, "nothing is tagged twice");
});

test("emptying and deleting ask first, with what goes and what it frees, and touch no other collection", async () => {
    const page = await site.open();
    await tagSome(page);
    await makeCollection(page, "Zoo");
    await addFiles(page, [painted("lion.jpg", "cat"), painted("mouse.jpg", "man")]);
    await waitUntilDone(page);
    await openCollections(page);
    await rowOf(page, "Zoo").locator('[data-do="empty-collection"]').click();
    const question = page.locator(".collections-question");
    assert.match(await question.innerText(), /Empty “Zoo” for good\? 2 pictures go.*frees about \d.*can’t be undone/s);
    await page.click('[data-do="keep-collection"]');
    await waitForIdle(page);
    assert.equal(await page.evaluate(() => document.activeElement?.getAttribute("data-do")), "empty-collection");
    assert.match(await rowOf(page, "Zoo").innerText(), /2 pictures/);

    await rowOf(page, "Zoo").locator('[data-do="empty-collection"]').click();
    await page.click('[data-do="clear-collection"]');
    await waitForToast(page, "Emptied “Zoo”.");
    await waitForIdle(page);
    assert.match(await rowOf(page, "Zoo").innerText(), /0 pictures/);
    assert.equal(await page.locator(".card").count(), 0, "it is the one in the grid");

    await rowOf(page, "My pictures").locator('[data-do="delete-collection"]').click();
    assert.match(await question.innerText(), /Delete “My pictures” for good\? 5 pictures go/);
    await page.click('[data-do="clear-collection"]');
    await waitForToast(page, "Deleted “My pictures”.");
    await waitForIdle(page);
    assert.deepEqual(await rowNames(page), ["Zoo"]);

    await rowOf(page, "Zoo").locator('[data-do="delete-collection"]').click();
    await page.click('[data-do="clear-collection"]');
    await waitForToast(page, "Deleted “Zoo”.");
    await waitForIdle(page);
    assert.deepEqual(await rowNames(page), ["My pictures"], "there is always one");
    await page.reload();
    await page.waitForSelector(".drop-area");
    assert.equal(await page.locator(".card").count(), 0);
});

test("the menu and the dialog are walked by the keyboard alone, and the keyboard is back where it was", async () => {
    const page = await site.open();
    await tagSome(page);
    const focused = () => page.evaluate(() => document.activeElement?.getAttribute("data-do"));
    await page.focus('[data-do="collections"]');
    await page.keyboard.press("Enter");
    await waitForIdle(page);
    assert.equal(await focused(), "choose-collection");
    await page.keyboard.press("Escape");
    assert.equal(await focused(), "collections");
    await page.keyboard.press("Enter");
    await waitForIdle(page);
    await page.keyboard.press("ArrowUp");
    await page.keyboard.press("Enter");
    await page.waitForSelector('dialog[open][data-dialog="collections"]');
    await waitForIdle(page);
    for (let n = 0; n < 10 && (await focused()) !== "rename-collection"; n++) await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await waitForIdle(page);
    assert.equal(await focused(), "collection-name");
    await page.keyboard.type("Summer");
    await page.keyboard.press("Enter");
    await page.waitForSelector('[data-library-row] >> text="Summer"');
    await waitForIdle(page);
    assert.equal(await focused(), "rename-collection");
    await page.keyboard.press("Enter");
    await waitForIdle(page);
    await page.keyboard.type("Winter");
    await page.keyboard.press("Escape");
    await waitForIdle(page);
    assert.deepEqual(await rowNames(page), ["Summer"], "Escape leaves the field first, and the name as it was");
    await page.keyboard.press("Escape");
    await page.waitForSelector("dialog[open]", { state: "detached" });
    await waitForIdle(page);
    assert.deepEqual([await focused(), await shownName(page)], ["collections", "Summer"]);
});

test("another tab hears of a new name, and stays with its own collection whatever is opened and emptied here", async () => {
    const page = await site.open();
    await tagSome(page);
    await makeCollection(page, "Zoo");
    await addFiles(page, [painted("lion.jpg", "cat")]);
    await waitUntilDone(page);
    const other = await page.context().newPage();
    await other.goto(site.url);
    await other.waitForSelector(card("lion.jpg"));
    await page.bringToFront(); // the one behind is drawn once a second
    await inMenu(page, "choose-collection", "My pictures");
    await page.waitForSelector(card("cup.jpg"));
    await openCollections(page);
    await rowOf(page, "Zoo").locator('[data-do="rename-collection"]').click();
    await page.fill('[data-do="collection-name"]', "Animals");
    await page.keyboard.press("Enter");
    await other.waitForSelector('[data-do="collections"] >> text="Animals"');
    await rowOf(page, "My pictures").locator('[data-do="empty-collection"]').click();
    await page.click('[data-do="clear-collection"]');
    await waitForToast(page, "Emptied “My pictures”.");
    await waitForIdle(other);
    assert.deepEqual(Object.keys(await tagsByPath(other)), ["lion.jpg"]);
    assert.equal(await shownName(other), "Animals");
});

const NAMES = [
    "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft der Ersten Republik",
    "ألبوم الصور العائلية من رحلة الصيف الطويلة إلى الجبال والبحر والصحراء مع جميع الأصدقاء والأقارب 2026",
    "家族旅行の写真".repeat(14),
    "<img src=x onerror=alert(1)> & {name} \u202Egpj.exe",
];

test("forty collections with names of a hundred signs of any script fit every width, and what a name says is only read", async () => {
    const page = await site.open("");
    await tagSome(page);
    const names = Array.from({ length: 39 }, (_, n) => `${NAMES[n % NAMES.length]} ${n || ""}`);
    await askForCollections(page, names);
    await inMenu(page, "choose-collection", "Donau");
    assert.equal(await page.locator("img[src='x']").count(), 0);
    /** @type {Record<string, string[]>} */
    const wrong = {};
    for (const [width, height] of /** @type {const} */ ([
        [320, 640],
        [360, 740],
        [768, 1024],
        [1440, 900],
    ])) {
        await page.setViewportSize({ width, height });
        for (const place of ["bar", "menu", "dialog"]) {
            if (place === "menu") await page.click('[data-do="collections"]');
            if (place === "dialog") await page.click('[data-do="all-collections"]');
            await waitForIdle(page);
            await waitForTransitions(page);
            const found = [...(await tooWide(page)), ...(await findings(page))];
            if (found.length > 0) wrong[`${place}, ${width}`] = found;
        }
        assert.equal(await count(page, "collections"), 40);
        await closeDialog(page);
    }
    assert.deepEqual(wrong, {});
});

test("a run is taken back as a whole and done again, by its button and by the history; what a person said stays", async () => {
    const page = await site.open();
    await tagSome(page);
    const before = await tagsByPath(page);
    await openPicture(page, "cup.jpg");
    await addTag(page, "breakfast");
    await page.keyboard.press("Escape");
    const withOwn = { ...before, "cup.jpg": ["own:breakfast", ...(before["cup.jpg"] ?? [])] };
    const none = { ...Object.fromEntries(Object.keys(before).map((path) => [path, []])), "cup.jpg": ["own:breakfast"] };

    await openFromMore(page, "runs");
    const row = page.locator("[data-library-row]");
    assert.match(await row.innerText(), /Painted.*5 pictures/s);
    await row.locator('[data-do="toggle-run"]').click();
    await page.waitForSelector("[data-library-row].is-off");
    await closeDialog(page);
    assert.deepEqual(await tagsByPath(page), none);
    await page.reload();
    await page.waitForSelector(card("cup.jpg"));
    await waitForIdle(page);
    assert.deepEqual(await tagsByPath(page), none, "after a reload too");
    await page.waitForSelector(`${card("cat.jpg")} img`);
    const offer = page.locator('[data-line="outdated"]');
    assert.match(await offer.innerText(), /5 pictures have no tags: their tagging run was undone/);
    await offer.locator('[data-do="outdated"]').click();
    await page.locator('[data-line="files-needed"] [data-do="leave-outdated"]').click();
    await waitForIdle(page);
    assert.equal(await page.locator(".kept-line").count(), 0, "who leaves them so is not asked again");

    await page.click('[data-do="undo"]');
    await waitForToast(page, "Undone: Undid the run of");
    await waitForIdle(page);
    assert.deepEqual(await tagsByPath(page), withOwn);
    await page.click('[data-do="redo"]');
    await waitForToast(page, "Redone: Undid the run of");
    await waitForIdle(page);
    assert.deepEqual(await tagsByPath(page), none);
    await openFromMore(page, "runs");
    await row.locator('[data-do="toggle-run"]').click();
    await page.waitForSelector("[data-library-row]:not(.is-off)");
    await closeDialog(page);
    assert.deepEqual(await tagsByPath(page), withOwn);
});
