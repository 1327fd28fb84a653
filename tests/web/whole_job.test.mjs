/** The job people come for, from the empty page to the file that comes out: with the keyboard alone, and with a hostile file among theirs. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import {
    addFiles,
    cards,
    exportAs,
    exportReports,
    file,
    setThreshold,
    waitForIdle,
    usePage,
    waitUntilDone,
    waitUntilReady,
} from "./harness.mjs";

/** @typedef {import("./harness.mjs").Page} Page */

const site = usePage({ isWhole: true });
/** As most people have it, whom the other tests leave out. */
const MOVING = { reducedMotion: /** @type {const} */ ("no-preference") };
const PICTURES = [
    file("cases/coffee/picture.jpg", "cup.jpg"),
    file("cases/chelsea/picture.jpg", "cat.jpg"),
    file("cases/rocket_progressive/picture.jpg", "rocket.jpg"),
];
const MARKUP = `"><img src=x onerror="document.title='taken'"><script>document.title='taken'</script>\u202e gpj.exe.jpg`;

/** What has the keyboard, by its `data-do` or else its words. @param {Page} page */
const focused = (page) =>
    page.evaluate(() => {
        const { activeElement: element } = document;
        return element?.getAttribute("data-do") ?? element?.textContent?.replace(/\s+/g, " ").trim() ?? "";
    });

/** Presses a key until `wanted` has the keyboard. @param {Page} page @param {string} wanted @param {string} [key] */
async function walkTo(page, wanted, key = "Tab") {
    const passed = [];
    for (let n = 0; n < 40; n++) {
        await page.keyboard.press(key);
        passed.push(await focused(page));
        if (passed.at(-1) === wanted) return;
    }
    assert.fail(`${key} does not lead to ${wanted}, but to ${[...new Set(passed)].join(", ")}`);
}

test("the whole job is done by the keyboard alone: choose, tag, move the threshold, look, correct, undo, select, export", async () => {
    const page = await site.open("", MOVING);
    await waitUntilReady(page);
    // Listened for before the walk: the browser shows a chooser of its own until it has been told, and a key is faster than the telling.
    const choose = async () => {
        await walkTo(page, "Choose pictures");
        await page.keyboard.press("Enter");
    };
    const [chooser] = await Promise.all([page.waitForEvent("filechooser"), choose()]);
    await chooser.setFiles(PICTURES);
    await waitUntilDone(page);

    await walkTo(page, "threshold");
    await page.keyboard.press("Home");
    for (let n = 0; n < 4; n++) await page.keyboard.press("ArrowRight");
    await waitForIdle(page);
    const before = await cards(page);
    assert.ok(before.every(({ tags }) => tags.length > 0) && before.some(({ tags, nMore }) => tags.length + nMore > 1));

    await walkTo(page, "cup.jpg");
    await page.keyboard.press("Enter");
    await page.waitForSelector('.details[data-path="cup.jpg"]');
    for (const key of ["a", "t"]) await page.keyboard.press(key);
    await page.keyboard.type("my breakfast");
    await page.keyboard.press("Enter");
    await waitForIdle(page);
    await page.keyboard.press("Escape"); // the field, then the inspector
    await page.keyboard.press("Escape");
    await page.waitForSelector(".details", { state: "detached" });
    assert.equal(await focused(page), "cup.jpg");

    // The tag that the network is least sure of is taken off the rocket, and comes back.
    await page.keyboard.press("End");
    await waitForIdle(page);
    assert.equal(await focused(page), "rocket.jpg");
    const tagsOfRocket = async () => {
        const { tags, nMore } =
            (await cards(page)).find(({ path }) => path === "rocket.jpg") ?? assert.fail("no rocket");
        return [...tags.map(({ id }) => id), nMore];
    };
    const rocket = await tagsOfRocket();
    await page.keyboard.press("x");
    await waitForIdle(page);
    assert.notDeepEqual(await tagsOfRocket(), rocket);
    await page.keyboard.press("z");
    await waitForIdle(page);
    assert.deepEqual(await tagsOfRocket(), rocket);

    await page.keyboard.press("Home");
    await page.keyboard.press("Space");
    await waitForIdle(page);
    assert.equal(await page.locator(".card.is-selected").count(), 1);
    await walkTo(page, "export", "Shift+Tab");
    await page.keyboard.press("Enter");
    await walkTo(page, "export-json", "ArrowDown");
    const [download] = await Promise.all([page.waitForEvent("download"), page.keyboard.press("Enter")]);
    const reports = JSON.parse(readFileSync(await download.path(), "utf8"));
    assert.deepEqual(
        reports.map((/** @type {any} */ { path }) => path),
        ["cup.jpg"],
        "only what is selected",
    );
    const own = reports[0].tags
        .filter((/** @type {any} */ { source }) => source === "manual")
        .map((/** @type {any} */ { name }) => name);
    assert.deepEqual(own.sort(), ["espresso", "my breakfast"]);

    // The mouse was never there.
    assert.equal(await page.evaluate(() => document.querySelectorAll(":hover").length), 0);
});

test("a hostile file name is only a name: on its card, at the edge, in the inspector, large, said aloud, failed, and in every export", async () => {
    const page = await site.open("", MOVING);
    await addFiles(page, [
        file("cases/coffee/picture.jpg", MARKUP),
        file("fixtures/pictures/bad/empty.png", `${MARKUP}.png`),
    ]);
    await waitUntilDone(page);
    const isHarmless = async (/** @type {string} */ where) => {
        await waitForIdle(page);
        assert.notEqual(await page.title(), "taken", where);
        const made = await page.$$eval('img[src="x"], script:not([src])', (all) =>
            all.map((one) => one.outerHTML).filter((html) => html.includes("taken")),
        );
        assert.deepEqual(made, [], where);
        const nShown = await page.evaluate((name) => document.body.innerText.split(name).length - 1, MARKUP);
        assert.ok(nShown > 0, `${where}: the name is there as it is`);
        // A sign that turns the reading direction must not turn anything but the name.
        const unbound = await page.evaluate((name) => {
            const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
            const parents = [];
            while (texts.nextNode()) {
                const { parentElement: parent, textContent } = texts.currentNode;
                if (!parent?.checkVisibility() || !textContent?.includes(name)) continue;
                const { unicodeBidi, display } = getComputedStyle(parent);
                const isAlone = display !== "inline" && parent.textContent?.trim().startsWith(name);
                if (unicodeBidi === "normal" && !isAlone) parents.push(parent.outerHTML.slice(0, 200));
            }
            return parents;
        }, MARKUP);
        assert.deepEqual(unbound, [], where);
    };
    await isHarmless("cards");
    const top = (await cards(page))[0]?.tags[0]?.confidence ?? assert.fail("no tag");
    await setThreshold(page, Math.ceil(top * 100));
    await isHarmless("at the edge");
    await setThreshold(page, 2);

    await page.click(".card-name");
    await page.waitForSelector(".details");
    await isHarmless("inspector");
    await page.keyboard.press("Enter");
    await page.waitForSelector(".large");
    await isHarmless("large view");
    await page.keyboard.press("Escape");
    await page.waitForSelector(".large", { state: "detached" });
    await page.click('.card[data-state="failed"] .card-name');
    await page.waitForSelector('.details[data-path$=".png"]');
    await isHarmless("failed");
    await page.keyboard.press("Escape");
    await page.keyboard.press("Delete");
    await isHarmless("one taken off");

    await page.keyboard.press("z");
    await waitForIdle(page);
    assert.deepEqual(
        (await exportReports(page)).map(({ path }) => path),
        [MARKUP, `${MARKUP}.png`],
    );
    for (const format of /** @type {const} */ (["csv", "captions", "xmp"])) {
        const { name, text } = await exportAs(page, format);
        assert.doesNotMatch(name, /[<>"/\\\u202e]/, `${format}: ${name}`);
        assert.ok(text.length > 0);
    }
});
