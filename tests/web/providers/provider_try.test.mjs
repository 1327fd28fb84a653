/**
 * A service tried before anything is written, and the settings of one job, as a person uses them; the stand-in counts what it would have
 * billed. It is no proof of how a live service behaves.
 */
import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { findings } from "../accessibility.mjs";
import { addFiles, cards, usePage, waitForIdle, waitUntilDone } from "../harness.mjs";
import { painted } from "../painted.mjs";
import { closeLayers } from "../rest.mjs";
import {
    closeDialog,
    openProviders,
    replacePictures,
    requests,
    requestsSince,
    turnOn,
    typeMissing,
    typeSecrets,
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
afterEach(() => {
    services.behave(null);
    services.forget();
});

/** The page with Google on. @param {string} address */
async function open(address) {
    const prepare = withSetups({ google: { host: address } });
    const page = await site.open("?workers=1", { serviceWorkers: "allow", prepare });
    await waitUntilAskable(page);
    await turnOn(page, "google", CREDENTIALS.google);
    return page;
}

const takePage = site.inTurn(() => open(services.url));

/** The page with new pictures that are tagged. What was asked before stays in its request log. @param {number} n */
async function ready(n) {
    services.forget();
    const page = await takePage();
    await closeLayers(page);
    await replacePictures(page, n);
    await typeMissing(page, "google", CREDENTIALS.google);
    return page;
}

/** @param {Page} page @param {number} n how many pictures are counted then */
async function ask(page, n) {
    await page.click('[data-menu="more"]');
    await page.click('[data-do="tag-with"]');
    await page.waitForSelector(`[data-count="asked"][data-value="${n}"]`);
}

/** @param {Page} page @param {string} field @param {string} value */
async function setOwn(page, field, value) {
    if ((await page.locator(".ask-own[open]").count()) === 0) await page.click(".ask-own > summary");
    const control = page.locator(`.ask [data-field="${field}"] .field`);
    if (await control.evaluate((one) => one.tagName === "SELECT")) await control.selectOption(value);
    else {
        await control.fill(value);
        await control.press("Tab");
    }
    await page.waitForSelector(`.ask [data-field="${field}"][data-from="job"]`);
    await page.waitForSelector('[data-do="send"]:not([disabled])');
}

/** @param {Page} page */
async function tryThem(page) {
    await page.click('[data-do="try"]:not([disabled])');
    await page.waitForSelector('[data-trial="ended"]');
    await page.waitForSelector('[data-do="send"]:not([disabled])');
}

/** How many tags are shown with each change. @param {Page} page */
const changes = (page) =>
    page.$$eval(".try-counts [data-change]", (all) =>
        Object.fromEntries(all.map((one) => [one.getAttribute("data-change"), Number(one.getAttribute("data-value"))])),
    );

/** @param {Page} page */
const tagsOf = async (page) => (await cards(page)).map(({ tags }) => tags.map(({ id }) => id).sort());

/** Of the pictures in a trial, in their order: what would show. @param {Page} page */
const tagsThen = (page) =>
    page.$$eval("[data-tried]", (all) =>
        all.map((one) =>
            [...one.querySelectorAll('.try-tag:not([data-change="gone"])')]
                .map((tag) => tag.getAttribute("data-tag"))
                .sort(),
        ),
    );

function assertOnlyServiceAsked() {
    assert.deepEqual([...new Set(site.watch.foreign.map((url) => new URL(url).origin))], [services.url]);
    site.watch.forgetRequests();
    site.watch.allow(/Failed to load resource/);
}

test("a trial shows beside each picture what would change, and closing it leaves everything as it was but the request log", async () => {
    const page = await ready(6);
    const asked = await requests(page);
    const before = await tagsOf(page);
    await ask(page, 6);
    await page.selectOption('[data-do="try-size"]', "5");
    await page.waitForSelector('[data-count="tried"][data-value="5"]');
    assert.equal(services.log.length, 0, "nothing is sent by looking");
    await tryThem(page);
    assert.equal(services.billed.size, 5);
    const seen = await changes(page);
    assert.ok(seen["added"] && seen["added"] > 5 && seen["kept"], JSON.stringify(seen));
    assert.equal(await page.locator(".try-thumb img").count(), 5);
    assert.deepEqual(await findings(page), []);
    await closeDialog(page);
    assert.deepEqual(await tagsOf(page), before);
    await page.reload();
    await waitUntilDone(page);
    assert.deepEqual(await tagsOf(page), before, "nor was anything kept");
    const log = (await requestsSince(page, asked)).map(({ words }) => words);
    assert.ok(log.length > 0 && log.every((row) => row.includes("Trial")), log.join());
    assert.deepEqual(services.refusals, []);
    assertOnlyServiceAsked();
});

test("another threshold, limit or mode is seen without asking again, and what is kept is what was seen, paid once", async () => {
    const page = await ready(4);
    await ask(page, 4);
    await tryThem(page);
    const wide = await changes(page);
    const nBilled = services.billed.size;
    await setOwn(page, "max_tags", "1");
    await page.waitForFunction(
        (n) => Number(document.querySelector('.try-counts [data-change="added"]')?.getAttribute("data-value")) < n,
        wide["added"] ?? 0,
    );
    const narrow = await changes(page);
    assert.equal(narrow["added"], 4);
    // Two of the four pictures have tags.
    await page.click('.ask input[value="only_empty"]');
    await page.waitForSelector('.try-counts [data-change="added"][data-value="2"]');
    await page.click('.ask input[value="replace"]');
    await page.waitForSelector(`.try-counts [data-change="added"][data-value="${narrow["added"]}"]`);
    await page.waitForSelector('[data-do="send"]:not([disabled])');
    const wanted = await tagsThen(page);
    await page.click('[data-do="send"]');
    await page.waitForSelector("dialog[open]", { state: "detached" });
    await page.waitForSelector(".source-mark");
    await waitForIdle(page);
    assert.deepEqual(await tagsOf(page), wanted);
    await page.reload();
    await waitUntilDone(page);
    await page.waitForSelector(".source-mark");
    assert.deepEqual(await tagsOf(page), wanted, "a job's own limit holds on after a reload");
    assert.deepEqual([services.billed.size, nBilled], [4, 4], "nothing was asked twice");
    assert.ok([...services.billed.values()].every((n) => n === 1));
    assertOnlyServiceAsked();
});

test("what was tried is kept and the others are asked for; a trial that is stopped keeps what was answered", async () => {
    const page = await ready(8);
    const asked = await requests(page);
    await ask(page, 8);
    await page.selectOption('[data-do="try-size"]', "5");
    await page.waitForSelector('[data-count="tried"][data-value="5"]');
    await tryThem(page);
    await page.waitForSelector('[data-count="asked"][data-value="3"]');
    await page.click('[data-do="send"]:not([disabled])');
    await page.waitForSelector("dialog[open]", { state: "detached" });
    await waitUntilIdle(page);
    await page.waitForFunction(() =>
        [...document.querySelectorAll(".card")].every((one) => one.querySelector(".source-mark")),
    );
    assert.equal(services.billed.size, 8);
    assert.ok(
        [...services.billed.values()].every((n) => n === 1),
        "each once",
    );
    const said = (await requestsSince(page, asked)).map(({ outcome }) => outcome);
    assert.deepEqual([...new Set(said)], ["answered"]);
    await page.click('[data-menu="more"]');
    await page.click('[data-do="compare"]');
    const figures = page.locator('[data-compare="compared"] [data-figures="provider:google"] td');
    assert.match((await figures.nth(4).innerText()).trim(), /\b8$/, "the pictures that were tried have cost, too");
    await closeDialog(page);

    services.forget();
    services.behave("stalls");
    await ask(page, 8);
    await page.click('[data-do="try"]:not([disabled])');
    await page.waitForSelector('[data-trial="asking"]');
    while (services.log.length === 0) await page.waitForTimeout(20);
    await page.click('[data-do="stop-trial"]');
    await page.waitForSelector('[data-trial="ended"]');
    assert.equal(await page.locator("[data-tried] .try-failed").count(), 8);
    await closeDialog(page);
    assertOnlyServiceAsked();
});

test("what is wrong with a service is said in its trial, with a remedy, and nothing is kept", async () => {
    const page = await ready(2);
    services.behave("quota", { times: 9 });
    await ask(page, 2);
    await page.click('[data-do="try"]:not([disabled])');
    await page.waitForSelector('[data-trial="ended"]');
    await page.waitForSelector('.try .failure-box[data-code="provider_quota_used_up"]');
    assert.equal(await page.locator('[data-do="keep-tried"]').count(), 0);
    await closeDialog(page);
    assertOnlyServiceAsked();
});

test("the numbers that the form shows hold too where nothing about services was ever changed", async () => {
    const page = await site.open("?workers=1", { serviceWorkers: "allow" });
    await waitUntilAskable(page);
    await addFiles(page, [painted("1.png", "cup", { width: 60, height: 60 })]);
    await waitUntilDone(page);
    const kept = () =>
        page.evaluate(() => Object.values(localStorage).find((one) => one.includes("provider_policies")));
    const shows = async () => JSON.parse((await kept()) ?? "{}").provider_policies?.everywhere?.google;
    assert.equal(await shows(), undefined);
    await openProviders(page); // nobody can be asked to tag while all are off
    await page.waitForFunction(() => Object.values(localStorage).some((one) => one.includes('"google"')));
    assert.deepEqual(await shows(), { threshold: 0.5, max_tags: 20, is_shown: true });
    await closeDialog(page);
});

test("a service that is off, at an address of its own, can be used for one job, and is out of reach again afterwards", async () => {
    const page = await open("http://127.0.0.1:1");
    await replacePictures(page, 3);
    await openProviders(page);
    await typeSecrets(page, "microsoft", CREDENTIALS.microsoft);
    await closeDialog(page);
    await ask(page, 3);
    await page.selectOption('[data-do="ask-which"]', "microsoft");
    await page.waitForSelector('.ask [data-field="enabled"][data-from="default"]', { state: "attached" });
    await page.waitForSelector(".ask .failure-box");
    assert.equal(await page.locator('[data-do="send"]').isEnabled(), false, "it is off, and nobody knows where it is");
    await page.click(".ask-own > summary");
    await page.fill('.ask [data-field="setup.endpoint"] .field', services.url);
    await page.press('.ask [data-field="setup.endpoint"] .field', "Tab");
    await page.waitForSelector('.ask [data-field="setup.endpoint"][data-from="job"]');
    await page.click('.ask [data-field="enabled"] input');
    await page.waitForSelector('.ask [data-field="enabled"][data-from="job"]');
    await page.waitForSelector('[data-count="asked"][data-value="3"]');
    const reached = () =>
        page.evaluate(async () => {
            const names = (await caches.keys()).filter((name) => name.startsWith("tagsmith-providers"));
            const entries = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
            return entries.flat().map(({ url }) => decodeURIComponent(url.split("/").at(-1) ?? ""));
        });
    assert.deepEqual(await reached(), ["http://127.0.0.1:1"], "counting reaches nobody");
    await tryThem(page);
    assert.equal(services.billed.size, 3);
    await page.click('[data-do="send"]');
    await page.waitForSelector("dialog[open]", { state: "detached" });
    await page.waitForSelector(".source-mark");
    await waitUntilIdle(page);
    await page.waitForFunction(async () => {
        const names = (await caches.keys()).filter((name) => name.startsWith("tagsmith-providers"));
        const entries = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
        return entries.flat().length === 1;
    });
    assert.deepEqual(await reached(), ["http://127.0.0.1:1"]);
    await openProviders(page);
    assert.equal(await page.getAttribute('[data-provider-row="microsoft"]', "data-on"), "false");
    await closeDialog(page);
    assertOnlyServiceAsked();
});
