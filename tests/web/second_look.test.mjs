/** The second look: things in a picture, found in the background. It never costs what the first one said, and never comes before one. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { findings, tooWide } from "./accessibility.mjs";
import {
    addFiles,
    cards,
    count,
    exportReports,
    file,
    nCalls,
    openExport,
    usePage,
    waitForIdle,
    waitUntilDone,
    waitUntilReady,
} from "./harness.mjs";
import { addTag, focused, openPicture, press, row, rows } from "./inspect.mjs";
import { forgetCalls } from "./idle.mjs";
import { removeAll } from "./rest.mjs";
import { drawnBoxes, holdLooks, letLooksGo, people, signs } from "./second_look.mjs";
import { makeMortal, setDeathsLeft } from "./workers.mjs";

/** @typedef {import("./harness.mjs").Page} Page */

const site = usePage();
const DETECTOR = "**/nanodet-g-model*";
const coffee = (name = "coffee.jpg") => file("cases/coffee/picture.jpg", name);
const cat = (name = "cat.jpg") => file("cases/chelsea/picture.jpg", name);

/** @param {Page} page */
const states = async (page) => (await cards(page)).map(({ state }) => state);

/** The tags of a picture in the report. @param {any} report */
const ids = (report) => report.tags.map((/** @type {{id: string}} */ { id }) => id);

const inTurn = site.inTurn(() => site.open("?workers=1"));

/** A page without pictures, and with one worker, which may have its models already. */
async function emptied() {
    const page = await inTurn();
    await waitUntilReady(page);
    await removeAll(page);
    await forgetCalls(page);
    return page;
}

/** The same with pictures whose second looks stand still. @param {import("./harness.mjs").NamedFile[]} files @param {number} [nFree] */
async function openHeld(files, nFree = 0) {
    const page = await emptied();
    await holdLooks(page, nFree, () => addFiles(page, files));
    return page;
}

test("nothing of the detector is fetched before there are tags, and it is fetched once", async () => {
    const page = await site.open("?workers=2");
    await waitUntilReady(page);
    // By the page's own clock: a question from here would come late.
    await page.evaluate(() => {
        const look = () => {
            if (!document.querySelector(".card .chip")) return;
            Object.assign(globalThis, { taggedAt: performance.now() });
            observer.disconnect();
        };
        const observer = new MutationObserver(look);
        observer.observe(document.body, { subtree: true, childList: true });
    });
    await waitForIdle(page);
    // A single one: its second look could begin before its tags are drawn.
    await addFiles(page, [coffee()]);
    await waitUntilDone(page);
    await addFiles(page, [cat(), file("cases/astronaut/picture.jpg", "astronaut.jpg")]);
    await waitUntilDone(page);
    const { taggedAt, askedAt } = await page.evaluate(() => ({
        taggedAt: /** @type {any} */ (globalThis).taggedAt,
        askedAt: performance
            .getEntriesByType("resource")
            .filter(({ name }) => name.includes("nanodet-g"))
            .map(({ startTime }) => startTime),
    }));
    assert.equal(askedAt.length, 2, "its card and its network");
    assert.ok(Math.min(...askedAt) >= taggedAt, `${askedAt} and ${taggedAt}`);
    assert.equal(await nCalls(page, "look_again"), 3);
    assert.deepEqual(await signs(page), { "coffee.jpg": null, "cat.jpg": null, "astronaut.jpg": null });
});

test("second looks are counted apart, in the line, in the title and quietly on the cards, and can be held, ended and taken up", async () => {
    const page = await openHeld([coffee("a.jpg"), coffee("b.jpg"), cat("c.jpg")]);
    assert.deepEqual(await states(page), ["done", "done", "done"]);
    assert.deepEqual([await count(page, "tagged"), await count(page, "looking")], [3, 3]);
    assert.equal(await page.innerText('[data-count="tagged"]'), "3 tagged");
    assert.equal(await page.innerText('[data-count="looking"]'), "Looking closer at 3");
    assert.equal(await page.title(), "3 tagged, looking closer at 3 · Tagsmith");
    assert.deepEqual(await signs(page), { "a.jpg": "looking", "b.jpg": "waiting", "c.jpg": "waiting" });
    const labels = await page.$$eval(".card-name", (all) => all.map((one) => one.getAttribute("aria-label") ?? ""));
    assert.match(labels[0] ?? "", /, Looking closer/);
    assert.match(labels[1] ?? "", /, A closer look follows/);
    assert.deepEqual([...(await findings(page)), ...(await tooWide(page))], []);
    await openExport(page, "captions");
    assert.match(await page.innerText('[data-count="files"]'), /3 pictures have only their first tags yet\./);
    await page.keyboard.press("Escape");

    await page.click('[data-do="pause"]');
    await letLooksGo(page);
    assert.deepEqual([await nCalls(page, "look_again"), await count(page, "looking")], [1, 2]);
    assert.equal(await page.title(), "Paused: 2 to look closer at · Tagsmith");
    await page.click('[data-do="cancel"]');
    await waitForIdle(page);
    assert.equal(await page.innerText('[data-count="looks-left"]'), "2 pictures have only their first tags");
    assert.deepEqual(await signs(page), { "a.jpg": null, "b.jpg": null, "c.jpg": null });
    await page.click('[data-do="tag-stopped"]');
    await waitUntilDone(page);
    assert.deepEqual([await nCalls(page, "look_again"), await nCalls(page, "tag")], [3, 3]);
    assert.equal(await page.locator(".threshold-bar-run").count(), 0);
});

test("a picture that comes meanwhile has its first tags before any other is looked at again", async () => {
    const page = await openHeld([coffee("a.jpg"), coffee("b.jpg")]);
    await addFiles(page, [cat("new.jpg")]);
    await waitForIdle(page);
    assert.equal(await nCalls(page, "tag"), 2, "the one worker has a second look in hand");
    await letLooksGo(page);
    const order = await page.evaluate(() =>
        performance
            .getEntriesByType("measure")
            .map(({ name }) => name.replace("tagsmith:", ""))
            .filter((name) => name === "tag" || name === "look_again"),
    );
    assert.deepEqual(order, ["tag", "tag", "look_again", "tag", "look_again", "look_again"]);
});

test("what a person has said meanwhile holds, and the keyboard stays where it is", async () => {
    const page = await openHeld([coffee()]);
    await openPicture(page, "coffee.jpg");
    const times = () => page.locator(".details-times div").count();
    const nTimes = await times();
    await press(page, "espresso", "reject-tag");
    await addTag(page, "Apollo");
    await page.focus('.tag-row[data-row="own:apollo"] [data-do="reject-tag"]');
    await letLooksGo(page);
    assert.equal(await times(), nTimes + 1, "it was looked at again");
    assert.equal(await focused(page), "own:apollo reject-tag");
    const [first] = await rows(page);
    assert.deepEqual([first?.id, first?.kind], ["own:apollo", "manual"]);
    assert.equal((await row(page, "espresso"))?.kind, "rejected", "no machine brings it back");
    const [report] = await exportReports(page);
    assert.ok(ids(report).includes("own:apollo") && !ids(report).includes("espresso"));
    for (let n = 0; n < 2; n++) {
        await page.click('.top-bar [data-do="undo"]');
        await waitForIdle(page);
    }
    assert.equal((await row(page, "espresso"))?.kind, "auto");
    assert.equal(await row(page, "own:apollo"), undefined);
});

/** How many people a card says that there are; 1 where it says no number. @param {Page} page @param {string} path */
async function peopleOn(page, path) {
    const chip = page.locator(`.card[data-path="${path}"] .chip-count`).first();
    return (await chip.count()) > 0 ? Number(await chip.getAttribute("data-count")) : 1;
}

test("several of a thing are counted on the chip, framed in the picture, and found by how many there are", async () => {
    const page = await emptied();
    await addFiles(page, [
        await people(page, "one.jpg"),
        await people(page, "three.jpg", { n: 3, width: 960, height: 320 }),
        cat(),
    ]);
    await waitUntilDone(page);
    const chip = page.locator('.card[data-path="three.jpg"] .chip-count').first();
    const n = await peopleOn(page, "three.jpg"); // the detector may take a part of one for another
    assert.ok(n >= 3 && n > (await peopleOn(page, "one.jpg")), String(n));
    assert.equal(await chip.innerText(), `×${n}`);
    assert.equal(await page.locator('.card[data-path="cat.jpg"] .chip-count').count(), 0);
    assert.match(
        (await page.getAttribute('.card[data-path="three.jpg"] .card-name', "aria-label")) ?? "",
        new RegExp(`person ×${n}`),
    );

    await openPicture(page, "three.jpg");
    const [first] = await rows(page);
    assert.ok((await page.innerText(".details .tag-row")).includes(`person ×${n}`));
    assert.equal((await drawnBoxes(page)).length, 0);
    const rowOf = `.tag-row[data-row="${first?.id}"]`;
    await page.hover(rowOf);
    await waitForIdle(page);
    assertPeople(await drawnBoxes(page), 3, n);
    assert.ok((await drawnBoxes(page)).every(({ isPointed }) => isPointed));
    await page.hover(".details-head");
    await waitForIdle(page);
    assert.equal((await drawnBoxes(page)).length, 0);
    await page.focus(`${rowOf} [data-do="why"]`);
    await waitForIdle(page);
    assert.equal((await drawnBoxes(page)).length, n, "the keyboard points as well");
    await page.keyboard.press("Enter");
    await page.focus('.details [data-do="add-tag"]');
    await waitForIdle(page);
    assert.equal(await nCalls(page, "explain"), 0, "the detector has said where it is");
    assert.ok((await page.innerText(".heat-words")).startsWith(`“person” was found ${n} times, most surely `));
    assertPeople(await drawnBoxes(page), 3, n);
    assert.deepEqual([...(await findings(page)), ...(await tooWide(page))], []);
    for (const [width, height] of /** @type {const} */ ([
        [360, 740],
        [768, 1024],
        [1440, 900],
    ])) {
        await page.setViewportSize({ width, height });
        await waitForIdle(page);
        assertPeople(await drawnBoxes(page), 3, n);
    }
    await page.emulateMedia({ forcedColors: "active" });
    await page.hover(rowOf);
    await waitForIdle(page);
    const [lines, highlight] = await page.$eval(".box.is-pointed", (box) => {
        const sample = Object.assign(document.createElement("i"), { style: "color:Highlight" });
        const colour = getComputedStyle(document.body.appendChild(sample)).color;
        sample.remove();
        return [getComputedStyle(box).borderTopColor, colour];
    });
    assert.equal(lines, highlight);
    await page.emulateMedia({ forcedColors: "none" });
    await page.click('.details [data-do="enlarge"]');
    await waitForIdle(page);
    assertPeople(await drawnBoxes(page, ".large"), 3, n);
    await page.keyboard.press("Escape");
    await page.keyboard.press("Escape");

    const shown = async () => (await cards(page)).map(({ path }) => path);
    await chip.click();
    await waitForIdle(page);
    assert.deepEqual(await shown(), ["three.jpg"]);
    assert.equal(await page.innerText('[data-do="drop-filter"]'), `person, at least ${n}`);
    await page.selectOption('[data-do="at-least"]', "1");
    await waitForIdle(page);
    assert.deepEqual((await shown()).sort(), ["one.jpg", "three.jpg"]);
    await page.selectOption('[data-do="at-least"]', "3");
    await waitForIdle(page);
    assert.deepEqual(await shown(), ["three.jpg"]);
    await page.click('[data-do="show-all"]');
    for (const { words, wanted } of [
        { words: "person >= 3", wanted: ["three.jpg"] },
        { words: `person×${n}`, wanted: ["three.jpg"] },
        { words: `person>${n}`, wanted: [] },
    ]) {
        await page.fill('[data-do="search"]', words);
        await waitForIdle(page);
        assert.deepEqual(await shown(), wanted, words);
    }
});

/**
 * In each of so many equal parts of the picture, from its left to its right edge, a box has most of it and reaches to its foot.
 * @param {Awaited<ReturnType<typeof drawnBoxes>>} drawn @param {number} nParts @param {number} n how many boxes there are in all
 */
function assertPeople(drawn, nParts, n) {
    assert.equal(drawn.length, n);
    const large = drawn.filter(({ region: [, top = 0, width = 0, height = 0] }) => {
        return width < 1.1 / nParts && width > 0.4 / nParts && height > 0.6 && top + height > 0.9;
    });
    const parts = large.map(({ region: [left = 0, , width = 0] }) => Math.floor((left + width / 2) * nParts));
    assert.deepEqual([...new Set(parts)].sort(), [...Array(nParts).keys()], JSON.stringify(drawn));
}

test("boxes lie on the thing in all eight orientations, and on a panorama", async () => {
    const page = await emptied();
    const files = [];
    for (let orientation = 1; orientation <= 8; orientation++)
        files.push(await people(page, `${orientation}.jpg`, { orientation }));
    files.push(await people(page, "panorama.jpg", { width: 1600, height: 400 }));
    await addFiles(page, files);
    await waitUntilDone(page);
    /** @type {number[] | undefined} */
    let first;
    for (const { name } of files) {
        await openPicture(page, name);
        await page.hover(".details .tag-row");
        await waitForIdle(page);
        const [surest] = await drawnBoxes(page);
        const box = surest?.region ?? [];
        const [left = 0, top = 0, width = 0, height = 0] = box;
        // The photograph is a square at the right: three quarters of the picture's width, or one of the panorama's.
        const begins = name === "panorama.jpg" ? 0.75 : 0.25;
        assert.ok(left > begins - 0.03 && left + width < 1.03, `${name}: ${box}`);
        assert.ok(width > 0.4 * (1 - begins) && height > 0.6 && top + height > 0.9, `${name}: ${box}`);
        if (name === "panorama.jpg") continue;
        first ??= box;
        for (const [side, value] of box.entries())
            assert.ok(Math.abs(value - (first[side] ?? NaN)) < 0.03, `${name}: ${box} is ${first}`);
    }
});

test("a worker that crashes at second looks costs no tags; after several it is said once, and can be tried again", async () => {
    const page = await site.open("?workers=1", { prepare: (page) => makeMortal(page, "closes") });
    await setDeathsLeft(page, 0);
    const names = ["deadly1.jpg", "deadly2.jpg", "deadly3.jpg"];
    await holdLooks(page, 0, () =>
        addFiles(
            page,
            names.map((name) => coffee(name)),
        ),
    );
    const before = await cards(page);
    await setDeathsLeft(page, 1);
    await letLooksGo(page);
    await waitUntilDone(page);
    assert.equal(await nCalls(page, "look_again"), 4, "one of them twice");
    assert.equal(await page.locator(".problem").count(), 0);

    await page.click('[data-do="select-all"]');
    await page.keyboard.press("Delete");
    const more = ["deadly4.jpg", "deadly5.jpg", "deadly6.jpg", "deadly7.jpg"];
    await holdLooks(page, 0, () =>
        addFiles(
            page,
            more.map((name) => coffee(name)),
        ),
    );
    await setDeathsLeft(page, 4);
    await letLooksGo(page);
    await page.waitForSelector('.problem[data-code="objects_off"]');
    await waitForIdle(page);
    assert.deepEqual(await states(page), ["done", "done", "done", "done"]);
    assert.deepEqual((await cards(page))[0]?.tags[0]?.id, before[0]?.tags[0]?.id);
    assert.equal(await page.getAttribute("html", "data-engine"), "ready");
    assert.equal(await page.locator(".problem").count(), 1);
    await page.click('[data-do="try-again"]');
    await waitUntilDone(page);
    assert.equal(await page.locator(".problem, .threshold-bar-run").count(), 0);
});

test("a detector that does not arrive, or is not as it was built, is said once; tags stay, and Retry fetches it anew", async () => {
    site.watch.expect(/Failed to load resource/);
    const page = await site.open("?workers=2", {
        prepare: (page) => page.route(DETECTOR, (route) => route.fulfill({ status: 404, body: "no" })),
    });
    await addFiles(page, [coffee("a.jpg"), cat("b.jpg")]);
    await page.waitForSelector('.problem[data-code="objects_unreachable"]');
    await waitForIdle(page);
    assert.deepEqual(await states(page), ["done", "done"]);
    assert.match(await page.innerText(".problem"), /The object detector couldn’t be loaded\. Your tags are kept\./);
    assert.equal(await count(page, "looks-left"), 2);
    await page.unroute(DETECTOR);
    await page.route("**/nanodet-g-model*.onnx", async (route) => {
        const response = await route.fetch();
        const body = await response.body();
        body[body.length >> 1] = (body[body.length >> 1] ?? 0) ^ 1;
        await route.fulfill({ response, body });
    });
    await page.click('[data-do="try-again"]');
    await page.waitForSelector('.problem[data-code="objects_damaged"]');
    await waitForIdle(page);
    assert.equal(await page.locator(".problem").count(), 1);
    await page.unroute("**/nanodet-g-model*.onnx");
    await page.click('[data-do="try-again"]');
    await waitUntilDone(page);
    assert.equal(await page.locator(".problem").count(), 0);
    assert.equal(await nCalls(page, "tag"), 2);
});

test("loaded again in the middle of a second look, pictures keep their first tags, and have the second look with their files", async () => {
    const page = await openHeld([coffee("a.jpg"), cat("b.jpg")], 1);
    await page.reload();
    await waitUntilReady(page);
    await waitUntilDone(page);
    assert.deepEqual([await states(page), await nCalls(page, "look_again")], [["done", "done"], 0]);
    await addFiles(page, [coffee("a.jpg"), cat("b.jpg")]);
    await waitUntilDone(page);
    const calls = [await nCalls(page, "tag"), await nCalls(page, "look_again")];
    assert.deepEqual(calls, [0, 1], "one had its second look before");
});

test("objects are not looked for where somebody wants none, at the next visit either, and what was found stays", async () => {
    const page = await site.open("?workers=1");
    await addFiles(page, [await people(page, "two.jpg", { n: 2 })]);
    await waitUntilDone(page);
    const toggle = async () => {
        await page.keyboard.press(",");
        await page.click('[data-setting="find_objects"]');
        await page.keyboard.press("Escape");
        await waitForIdle(page);
    };
    await toggle();
    await addFiles(page, [cat("cat.jpg")]);
    await waitUntilDone(page);
    assert.equal(await nCalls(page, "look_again"), 1);
    assert.ok((await peopleOn(page, "two.jpg")) >= 2);
    await toggle();
    await waitUntilDone(page);
    assert.equal(await nCalls(page, "look_again"), 2, "taken up");
    await toggle();
    await page.reload();
    await waitUntilReady(page);
    await page.route(DETECTOR, (route) => assert.fail(`fetched: ${route.request().url()}`));
    await addFiles(page, [cat("cat.jpg")]);
    await waitUntilDone(page);
    assert.equal(await nCalls(page, "look_again"), 0);
});

test("without a network objects are found once they have been, and a first visit keeps nothing for that", async () => {
    const page = await site.open("?workers=1", { serviceWorkers: "allow" });
    await page.waitForSelector('html[data-offline="ready"]');
    const nKept = () =>
        page.evaluate(async () => {
            const caches_ = await Promise.all((await caches.keys()).map((name) => caches.open(name)));
            const urls = (await Promise.all(caches_.map((cache) => cache.keys()))).flat().map(({ url }) => url);
            return urls.filter((url) => url.includes("nanodet-g-model")).length;
        });
    assert.equal(await nKept(), 0);
    await addFiles(page, [await people(page, "two.jpg", { n: 2 })]);
    await waitUntilDone(page);
    await page.waitForFunction(async () => {
        const all = await Promise.all((await caches.keys()).map(async (name) => (await caches.open(name)).keys()));
        return all.flat().filter(({ url }) => url.includes("nanodet-g-model")).length === 2;
    });
    await page.context().setOffline(true);
    await page.reload();
    await waitUntilReady(page);
    await addFiles(page, [await people(page, "two.jpg", { n: 2 })]);
    await waitUntilDone(page);
    assert.equal(await page.locator(".problem").count(), 0);
    assert.ok((await peopleOn(page, "two.jpg")) >= 2);
});
