/**
 * Several taggers compared over the same pictures: the figures against what the page's own export says of the same pictures, counted here.
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { findings, tooWide } from "../accessibility.mjs";
import {
    addFiles,
    count,
    exportReports,
    usePage,
    waitForIdle,
    waitForTransitions,
    waitUntilDone,
} from "../harness.mjs";
import { addTag, openPicture, press } from "../inspect.mjs";
import { listen } from "../listening.mjs";
import { painted } from "../painted.mjs";
import { removeAll } from "../rest.mjs";
import {
    closeDialog,
    openProviders,
    tagAllWith,
    turnOn,
    waitUntilAskable,
    waitUntilIdle,
    withSetups,
} from "./provider_page.mjs";
import { CREDENTIALS, startStandIn } from "./stand_in.mjs";

/** @typedef {import("../harness.mjs").Page} Page */

const site = usePage({ model: "painted" });
/** @type {import("./stand_in.mjs").StandIn} */
let services;
before(async () => void (services = await startStandIn()));
after(() => services.close());

/** Rockets, which no word of the stand-in lies above or below. @param {number[]} numbers */
const rockets = (...numbers) =>
    numbers.map((n) => painted(`${n}.png`, { rocket: 0.9 }, { width: 80 + 8 * n, height: 60 }));

/** What a tagger says of a picture, with what lies above, by a report. @param {any} report @param {string} from */
function said(report, from) {
    const is = (/** @type {any} */ { from: by, also_from: also = [] }) =>
        from === "model" ? !by.startsWith("provider:") : by === from || also.includes(from);
    const tags = report.tags.filter(is);
    return {
        tags: tags.map((/** @type {any} */ { id }) => id),
        all: new Set(tags.flatMap((/** @type {any} */ { id, parents }) => [id, ...parents])),
    };
}

/** @param {Set<string>} one @param {Set<string>} other */
const jaccard = (one, other) => [...one].filter((id) => other.has(id)).length / new Set([...one, ...other]).size;

/** @param {Page} page */
async function openCompare(page) {
    await page.click('[data-menu="more"]');
    await page.click('[data-do="compare"]');
    await page.waitForSelector('[data-compare="compared"]');
    await waitForIdle(page);
}

/** @param {Page} page @param {string} id */
const figures = (page, id) =>
    page.$eval(`[data-figures="${id}"]`, (row) => ({
        right: Number(row.getAttribute("data-right")),
        said: Number(row.getAttribute("data-said")),
        cells: Array.from(row.querySelectorAll("td > span:last-child"), (cell) =>
            (cell.textContent ?? "").replace(/\s+/g, " ").trim(),
        ),
    }));

const takePage = site.inTurn(async () => {
    const page = await site.open("?workers=1", {
        serviceWorkers: "allow",
        prepare: withSetups({ google: { host: services.url }, microsoft: { endpoint: services.url, version: "3.2" } }),
    });
    await waitUntilAskable(page);
    await turnOn(page, "google", CREDENTIALS.google);
    return page;
});

/** The page with these rockets alone, and Google on, who has not seen them. @param {number[]} numbers */
async function ready(...numbers) {
    const page = await takePage();
    await removeAll(page);
    await addFiles(page, rockets(...numbers));
    await waitUntilDone(page);
    return page;
}

test("where only one has tagged them there is nothing to compare, and the log of what was sent is as wide as the window", async () => {
    const page = await ready(5, 6);
    await page.setViewportSize({ width: 360, height: 740 });
    await waitForTransitions(page);
    await page.click('[data-menu="more"]');
    await page.click('[data-do="compare"]');
    await page.waitForSelector("[data-compare-none]");
    assert.deepEqual(await findings(page), []);
    await page.click('[data-do="compare-tag-first"]');
    await page.waitForSelector('[data-count="asked"][data-value="2"]');
    await page.click('[data-do="send"]:not([disabled])');
    await page.waitForSelector("dialog[open]", { state: "detached" });
    await waitUntilIdle(page);
    await openProviders(page);
    await page.click('[data-do="open-log"]');
    await page.waitForSelector("[data-request]");
    assert.deepEqual(await tooWide(page), []);
    assert.match((await page.locator("[data-request] td").first().innerText()) ?? "", /Where\s+Google Cloud Vision/);
    assert.deepEqual(await findings(page), []);
    await page.setViewportSize({ width: 1440, height: 900 });
    site.watch.forgetRequests();
});

test("taggers are compared over the pictures that all of them have tagged: who is right, what it costs, and where they differ", async () => {
    const page = await ready(1, 2, 3);
    await turnOn(page, "microsoft", CREDENTIALS.microsoft);
    const hear = await listen(page);
    const heard = await hear(async () => {
        await tagAllWith(page, "microsoft");
        await waitUntilIdle(page);
    });
    assert.ok(heard.includes("Microsoft Azure Vision: 0 of 3 tagged."), heard.join(" | "));
    assert.equal(heard.at(-1), "Microsoft Azure Vision: done, 3 of 3 tagged.", heard.join(" | "));
    assert.ok(heard.filter((line) => line.startsWith("Microsoft")).length < 4, "not every picture");
    await addFiles(page, rockets(4));
    await waitUntilDone(page);
    await tagAllWith(page, "google");
    await waitUntilIdle(page);
    await waitForIdle(page);
    const reports = await exportReports(page);
    const three = reports.filter(({ path }) => path !== "4.png");
    const nSent = services.log.length;

    // The price of Google's is known. Of the first picture one of its tags is the person's, and another is rejected.
    await openProviders(page);
    await page.click('[data-provider-row="google"] [data-do="open-provider"]');
    await page.fill("#provider-price", "1500");
    await page.press("#provider-price", "Tab");
    await waitForIdle(page);
    await closeDialog(page);
    const [first] = three;
    const google = said(first, "provider:google").tags;
    assert.ok(google.length >= 2, google.join());
    const nameOf = (/** @type {string} */ id) => first.tags.find((/** @type {any} */ tag) => tag.id === id).name;
    await openPicture(page, first.path);
    await addTag(page, nameOf(google[0]));
    await press(page, google[1], "reject-tag");
    await page.keyboard.press("Escape");

    await openCompare(page);
    assert.equal(await count(page, "compared"), 3);
    assert.equal(await count(page, "judged"), 1);
    const ofGoogle = await figures(page, "provider:google");
    assert.deepEqual([ofGoogle.right, ofGoogle.said], [1, google.length], "what was rejected was said all the same");
    const [perPicture, right, found, time, units, cost] = ofGoogle.cells;
    const nTags = three.flatMap((report) => said(report, "provider:google").tags).length;
    assert.equal(perPicture, (nTags / 3).toFixed(1));
    assert.match(
        right ?? "",
        new RegExp(`^${Math.round(100 / google.length)}% 1 of ${google.length} tags likely \\d+–\\d+%$`),
    );
    assert.equal(found, "100%");
    assert.match(time ?? "", /^\d+\.\d\d s/);
    assert.deepEqual([units, cost], ["3", "4.50 USD"], "of the four that were asked about, three");
    const ofMicrosoft = await figures(page, "provider:microsoft");
    assert.deepEqual(ofMicrosoft.cells.slice(4), ["3", "Enter price"]);
    const ofModel = await figures(page, "model");
    assert.deepEqual(ofModel.cells.slice(4), ["0", "None"]);
    assert.match(ofModel.cells[3] ?? "", /^\d+\.\d\d s$/);

    const pair = ["provider:google", "provider:microsoft"];
    const agreements = three.map((report) => {
        const [one, other] = pair.map((from) => said(report, from).all);
        return jaccard(one ?? new Set(), other ?? new Set());
    });
    const label = page.locator(`[data-pair="${pair.join(" ")}"], [data-pair="${pair.toReversed().join(" ")}"]`);
    const shown = Number(await label.getAttribute("data-agreement"));
    assert.ok(Math.abs(shown - agreements.reduce((sum, one) => sum + one, 0) / 3) < 1e-6, `${shown}: ${agreements}`);
    assert.equal(await page.locator('[data-pair^="model "]').count(), 2);

    // The first pair is the model's: it says one thing of each, and Google others.
    await page.click('[data-pair="model provider:google"]');
    await page.waitForSelector("[data-differing] img");
    assert.equal(await page.locator("[data-differing]").count(), 3);
    const ofFirst = await page.$$eval("[data-differing]", (all) =>
        all.map((one) =>
            ["a", "b", "both"].map((by) =>
                Array.from(one.querySelectorAll(`[data-said-by="${by}"] [data-tag]`), (tag) =>
                    tag.getAttribute("data-tag"),
                ),
            ),
        ),
    );
    for (const [alone, others, both] of ofFirst) {
        assert.deepEqual([alone, both], [["rocket"], []]);
        assert.ok(three.some((report) => said(report, "provider:google").tags.toString() === others?.toString()));
    }

    for (const width of [360, 1440]) {
        await page.setViewportSize({ width, height: 900 });
        await waitForTransitions(page);
        assert.deepEqual([...(await findings(page)), ...(await tooWide(page))], [], `at ${width}`);
        const isScrolled = await page.$eval(".dialog-body", (body) => body.scrollWidth > body.clientWidth);
        assert.ok(!isScrolled, `at ${width} nothing is beside the window`);
    }

    await page.click('[data-do="choose-compared"][data-source="provider:microsoft"]');
    await page.waitForSelector('[data-count="compared"][data-value="4"]');
    assert.equal(await page.locator("[data-pair]").count(), 1);
    await page.click('[data-do="choose-compared"][data-source="provider:google"]');
    await page.waitForSelector('[data-compare="none"]');
    await page.click('[data-do="choose-compared"][data-source="provider:google"]');
    await page.waitForSelector('[data-count="compared"][data-value="4"]');
    const id = await page.getAttribute("[data-differing]", "data-differing");
    await page.locator('[data-do="open-compared"]').first().click();
    await page.waitForSelector("dialog[open]", { state: "detached" });
    await page.waitForSelector(".details");
    assert.equal(await page.getAttribute(".card.is-opened", "data-id"), id);
    assert.equal(services.log.length, nSent, "comparing asks nobody");
    await page.close(); // two are on, and one has a price
    site.watch.forgetRequests();
});
