/**
 * What people set for a service, at each level, read where they read it: the value that holds, and which level says so. And where a key is
 * once it was typed: nowhere.
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { findings } from "../accessibility.mjs";
import { makeCollection } from "../collections.mjs";
import { usePage, waitForIdle } from "../harness.mjs";
import { closeLayers } from "../rest.mjs";
import {
    areStored,
    closeDialog,
    openProviders,
    replacePictures,
    setBack,
    settingsOf,
    turnOn,
    typeMissing,
    waitUntilAskable,
    withSetups,
} from "./provider_page.mjs";
import { CREDENTIALS, startStandIn } from "./stand_in.mjs";

/** @typedef {import("../harness.mjs").Page} Page */

const site = usePage({ model: "painted" });
/** @type {import("./stand_in.mjs").StandIn} */
let services;
before(async () => void (services = await startStandIn()));
after(() => services.close());

/** How its settings were when it was made. @type {Record<string, string>} */
let settings = {};
const takePage = site.inTurn(async () => {
    const setups = { google: { host: services.url } };
    const page = await site.open("", { serviceWorkers: "allow", prepare: withSetups(setups) });
    await waitUntilAskable(page);
    await turnOn(page, "google", CREDENTIALS.google);
    settings = await settingsOf(page);
    return page;
});

/** The page with new pictures, Google on, and nothing else set. @param {number} n pictures */
async function ready(n) {
    const page = await takePage();
    await closeLayers(page);
    await setBack(page, settings);
    await replacePictures(page, n);
    await typeMissing(page, "google", CREDENTIALS.google);
    return page;
}

/** @param {Page} page */
async function openGoogle(page) {
    await openProviders(page);
    await page.click('[data-provider-row="google"] [data-do="open-provider"]');
    await page.waitForSelector('[data-provider="google"]');
}

/** @param {Page} page @param {"everywhere" | "collection"} level */
async function chooseLevel(page, level) {
    await page.click(`input[name="provider-level"][value="${level}"]`);
    await page.waitForSelector(`[data-level="${level}"]`);
}

/** @param {Page} page @param {string} field @param {string} value */
async function set(page, field, value) {
    const control = page.locator(`[data-field="${field}"] .field`);
    if (await control.evaluate((one) => one.tagName === "SELECT")) await control.selectOption(value);
    else {
        await control.fill(value);
        await control.press("Tab");
    }
    await waitForIdle(page);
}

/** @param {Page} page @param {string} field */
const told = (page, field) =>
    page.$eval(`[data-field="${field}"]`, (row) => [
        /** @type {HTMLInputElement | null} */ (row.querySelector(".field, :checked"))?.value,
        row.getAttribute("data-from"),
    ]);

/** Of each field what it is set to everywhere, for the collection, and for one job. @type {Record<string, [string, string, string]>} */
const BY_LEVEL = {
    threshold: ["0.6", "0.7", "0.8"],
    max_tags: ["30", "40", "50"],
    language: ["sv", "de", "fr"],
    "setup.host": [
        "https://eu-vision.googleapis.com",
        "https://us-vision.googleapis.com",
        "https://vision.googleapis.com",
    ],
    "setup.model": ["builtin/latest", "mine", "another"],
    mode: ["replace", "only_empty", "add"],
};

test("each field has three levels, of which the narrowest that has it counts, and the page tells the value and which of them says so", async () => {
    const page = await ready(2);
    await openGoogle(page);
    for (const [level, nth] of /** @type {const} */ ([
        ["everywhere", 0],
        ["collection", 1],
    ])) {
        await chooseLevel(page, level);
        for (const [field, values] of Object.entries(BY_LEVEL)) {
            await set(page, field, values[nth]);
            assert.deepEqual(await told(page, field), [values[nth], level], field);
        }
    }
    await chooseLevel(page, "everywhere");
    for (const [field, values] of Object.entries(BY_LEVEL))
        assert.deepEqual(await told(page, field), [values[0], "everywhere"]);
    await closeDialog(page);

    await page.click('[data-do="more"]');
    await page.click('[data-do="tag-with"]');
    await page.waitForSelector('[data-count="asked"]');
    await page.click(".ask-own > summary");
    for (const [field, values] of Object.entries(BY_LEVEL))
        assert.deepEqual(await told(page, field), [values[1], "collection"]);
    for (const [field, values] of Object.entries(BY_LEVEL)) {
        if (field === "mode") await page.click(`.ask input[name="ask-mode"][value="${values[2]}"]`);
        else await set(page, field, values[2]);
        await page.waitForSelector(`.ask [data-field="${field}"][data-from="job"]`);
        assert.deepEqual(await told(page, field), [values[2], "job"], field);
    }
    await page.waitForSelector('.ask-own[data-own="6"]');
    await page.click('.ask [data-field="enabled"] input');
    await page.waitForSelector('.ask [data-field="enabled"][data-from="job"]');
    await page.waitForSelector('[data-do="send"][disabled]');
    await page.click('.ask [data-field="enabled"] [data-do="follow-level"]');
    await page.waitForSelector('.ask [data-field="enabled"][data-from="everywhere"]');
    await page.click('.ask [data-field="threshold"] [data-do="follow-level"]');
    await page.waitForSelector('.ask [data-field="threshold"][data-from="collection"]');
    assert.deepEqual(await told(page, "threshold"), ["0.7", "collection"]);
    assert.deepEqual(await findings(page), []);
    await closeDialog(page);
    await page.click('[data-do="more"]');
    await page.click('[data-do="tag-with"]');
    await page.waitForSelector('.ask-own[data-own="0"]');
    assert.equal(services.log.length, 0, "what is set for one time is gone with it, and nothing was sent");
});

test("what is being typed stays while the page learns of something else, and what happened is said once, by the dialog that is open", async () => {
    const page = await ready(1);
    await page.click(".card");
    await page.keyboard.press("Delete");
    await page.waitForSelector(".toast");
    await openGoogle(page);
    assert.equal(await page.locator(".toast").count(), 1);
    assert.equal(await page.locator("dialog[open] .toast").count(), 1);

    const price = page.locator("#provider-price");
    const currency = page.locator(".provider-currency");
    await currency.fill("SEK");
    await currency.press("Tab");
    await waitForIdle(page);
    assert.deepEqual([await currency.inputValue(), await price.inputValue()], ["SEK", ""]);
    await price.pressSequentially("2.5");
    // Another tab has set something: everything is read and drawn anew.
    await page.evaluate(() => {
        const key = "tagsmith.providers";
        const kept = JSON.parse(localStorage.getItem(key) ?? "{}");
        localStorage.setItem(key, JSON.stringify({ ...kept, caps: { google: 7 } }));
        dispatchEvent(new StorageEvent("storage", { key }));
    });
    await page.waitForFunction(
        () => /** @type {HTMLInputElement} */ (document.querySelector("#provider-cap")).value === "7",
    );
    assert.equal(await price.inputValue(), "2.5");
    await price.press("Tab");
    await waitForIdle(page);
    assert.match(
        String(await page.evaluate(() => localStorage.getItem("tagsmith.providers"))),
        /"amount":2\.5,"currency":"SEK"/,
    );
    // What does not hold is not left standing there as if it did.
    const threshold = page.locator('[data-field="threshold"] .field');
    await threshold.fill("7");
    await threshold.press("Tab");
    await waitForIdle(page);
    await threshold.fill("8");
    await threshold.press("Tab");
    await page.waitForFunction(() => {
        const field = /** @type {HTMLInputElement} */ (document.querySelector('[data-field="threshold"] .field'));
        return field.value === "1";
    });
});

test("a key is nowhere once it is typed, and behind its passphrase where somebody wants it kept", async () => {
    const page = await ready(1);
    const { key } = CREDENTIALS.google;
    assert.deepEqual(await areStored(page, [services.url, key]), [true, false]);
    assert.ok(!(await page.content()).includes(key));
    await openGoogle(page);
    await page.fill("#google-keep-key", "short");
    await page.click('[data-do="keep-key"]');
    await page.waitForSelector('[data-key-place="memory"] .provider-wrong');
    await page.fill("#google-keep-key", "correct horse battery");
    await page.click('[data-do="keep-key"]');
    await page.waitForSelector('[data-key-place="kept"]');
    assert.deepEqual(await areStored(page, [services.url, key]), [true, false]);
    await page.reload();
    await openProviders(page);
    await page.waitForSelector('[data-provider-row="google"] [data-state="locked"]');
    await page.click('[data-provider-row="google"] [data-do="open-provider"]');
    await page.fill("#google-unlock-key", "wrong");
    await page.click('[data-do="unlock-key"]');
    await page.waitForSelector('[data-key-place="locked"] .provider-wrong');
    await page.fill("#google-unlock-key", "correct horse battery");
    await page.click('[data-do="unlock-key"]');
    await page.waitForSelector('[data-key-place="kept"]');
    await page.click('[data-do="forget-key"]');
    await page.waitForSelector('[data-key-place="none"]');
});

test("a field is as the narrowest level says that has it, and the page tells the value and where it comes from", async () => {
    const page = await ready(2);
    await openGoogle(page);
    assert.deepEqual(await told(page, "threshold"), ["0.5", "default"]);
    await set(page, "threshold", "0.6");
    await set(page, "setup.model", "builtin/latest");
    await chooseLevel(page, "collection");
    await set(page, "threshold", "0.9");
    await set(page, "mode", "only_empty");
    assert.deepEqual(await told(page, "threshold"), ["0.9", "collection"]);
    assert.deepEqual(await told(page, "mode"), ["only_empty", "collection"]);
    assert.deepEqual(await told(page, "setup.model"), ["builtin/latest", "everywhere"]);
    assert.deepEqual(await told(page, "max_tags"), ["20", "default"]);
    await chooseLevel(page, "everywhere");
    assert.deepEqual(await told(page, "threshold"), ["0.6", "everywhere"]);
    assert.deepEqual(await told(page, "mode"), ["add", "default"]);
    await closeDialog(page);

    const mode = () => page.$eval('.ask [data-field="mode"]', (one) => one.getAttribute("data-from"));
    await page.click('[data-do="more"]');
    await page.click('[data-do="tag-with"]');
    await page.waitForSelector('.ask input[value="only_empty"]:checked');
    assert.equal(await mode(), "collection");
    await page.click('.ask input[value="replace"]');
    await page.waitForSelector('.ask [data-field="mode"][data-from="job"]');
    await page.waitForSelector('[data-count="asked"][data-value="2"]');
    assert.deepEqual(await findings(page), []);
    await page.click('[data-do="cancel-asking"]');
    assert.equal(services.log.length, 0, "nothing is sent that was not confirmed");

    await makeCollection(page, "Zoo");
    await openGoogle(page);
    await chooseLevel(page, "collection");
    assert.deepEqual(await told(page, "threshold"), ["0.6", "everywhere"], "another collection follows");
    await chooseLevel(page, "everywhere");
    await page.click('[data-field="threshold"] [data-do="follow-level"]');
    await page.waitForSelector('[data-field="threshold"][data-from="default"]');
    assert.deepEqual(await told(page, "threshold"), ["0.5", "default"]);
    await page.close(); // it has one collection more
});
