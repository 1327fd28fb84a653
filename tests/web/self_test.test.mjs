/** The self-test under Help: it passes where everything is right, and says so where something is not. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { nCalls, usePage, waitForIdle, waitUntilReady } from "./harness.mjs";
import { holdCalls, letCallsGo } from "./idle.mjs";

/** @typedef {import("./harness.mjs").Page} Page */

const site = usePage();
const PICTURES = ["chelsea", "coffee", "camera"];

/** With the build that an address has to ask for. */
const opened = site.inTurn(async () => {
    const page = await site.open("?engine=simd128", { permissions: ["clipboard-read", "clipboard-write"] });
    await waitUntilReady(page);
    assert.equal(await page.getAttribute("html", "data-variant"), "simd128");
    return page;
});

/** The page in turn, with the test closed and everything on its way as it is. The answers are fetched anew at every run. */
async function visit() {
    const page = await opened();
    await page.unrouteAll();
    if ((await page.locator(".dialog[open]").count()) > 0) await page.keyboard.press("Escape");
    await waitForIdle(page);
    return page;
}

/** Runs it as people do, to its end. @param {Page} page */
async function runSelfTest(page) {
    await page.keyboard.press("?");
    await page.click('[data-do="open-self-test"]');
    await page.waitForSelector('.self-test[data-status="done"]');
}

/** @param {Page} page */
const verdict = async (page) => ({
    verdict: await page.getAttribute("[data-verdict]", "data-verdict"),
    code: await page.getAttribute("[data-verdict]", "data-code"),
    words: (await page.innerText("[data-verdict]")).replace(/\s+/g, " ").trim(),
});

/** @param {Page} page */
const rows = (page) =>
    page.$$eval(".self-test tbody tr", (all) =>
        all.map((row) => ({
            picture: row.getAttribute("data-picture"),
            variant: row.getAttribute("data-variant"),
            holds: row.getAttribute("data-holds"),
            expected: Number(row.getAttribute("data-expected")),
            found: Number(row.getAttribute("data-found")),
            text: row.textContent?.replace(/\s+/g, " ") ?? "",
        })),
    );

/** The expected answers on their way, changed. @param {Page} page @param {(json: any) => unknown} change */
const alter = (page, change) =>
    page.route("**/self_test*.json", async (route) => {
        const response = await route.fetch();
        const json = await response.json();
        await route.fulfill({ response, body: JSON.stringify(change(json) ?? json) });
    });

test("both builds of the engine give the expected answers, and nothing of it comes to the grid", async () => {
    const page = await visit();
    await runSelfTest(page);
    assert.deepEqual(await verdict(page), { verdict: "same", code: null, words: "All results match the reference." });
    const found = await rows(page);
    assert.deepEqual(
        found.map(({ picture, variant }) => `${picture} ${variant}`),
        ["relaxed", "simd128"].flatMap((variant) => PICTURES.map((name) => `${name} ${variant}`)),
    );
    for (const { holds, expected, found: score, text } of found) {
        assert.equal(holds, "true");
        assert.ok(expected > 0.3 && Math.abs(expected - score) <= 0.06 && expected !== score, text);
        assert.match(text, /[a-z ]+ \d+(\.\d+)?%.*\d · \d/, "tag, scores and times");
    }
    await page.keyboard.press("Escape");
    await waitForIdle(page);
    assert.equal(await page.locator(".card").count(), 0);
    assert.equal(page.workers().length, 2, "its own workers are gone");
    assert.equal(await page.getAttribute("html", "data-engine"), "ready");
});

test("an expected score that is not met is told by picture, in the verdict and in the text to copy", async () => {
    const page = await visit();
    await alter(page, ({ pictures }) => void (pictures[1].tags[0].confidence = 0.5));
    await runSelfTest(page);
    const { verdict: said, words } = await verdict(page);
    assert.deepEqual(
        [said, words],
        ["other", "2 results differ. Copy the report and send it to whoever runs this page."],
    );
    for (const row of await rows(page)) assert.equal(row.holds, String(row.picture !== "coffee"), row.text);
    await page.click('[data-do="copy-self-test"]');
    await page.locator(".dialog-notice", { hasText: "Copied." }).waitFor();
    const text = await page.evaluate(() => navigator.clipboard.readText());
    assert.match(text, /^Tagsmith self-test: other\nTagsmith \d+\.\d+\.\d+ \([0-9a-f]{10}\), engine in use: simd128\n/);
    assert.match(text, /coffee\trelaxed\tDIFFERS\tespresso\t0\.50000\t0\.9\d{4}\t/);
    assert.match(text, /chelsea\tsimd128\tok\t/);
});

test("answers of another pipeline or model are not compared", async () => {
    /** @type {(json: any) => void} */
    let change = (json) => void (json.pipeline = 999);
    const page = await visit();
    await alter(page, (json) => change(json));
    await runSelfTest(page);
    const code = '.self-test-skipped[data-code="self_test_other_build"]';
    assert.deepEqual(
        [(await verdict(page)).verdict, await page.locator(code).count(), (await rows(page)).length],
        ["other", 2, 0],
    );
    change = ({ pictures }) => pictures.forEach((/** @type {any} */ picture) => (picture.model = "another"));
    await page.click('[data-do="run-self-test"]');
    await page.waitForSelector('.self-test[data-status="running"]');
    await page.waitForSelector('.self-test[data-status="done"]');
    assert.match(
        (await page.getAttribute(code, "title")) ?? "",
        /Expected another, pipeline 1; this is efficientnet-lite0/,
    );
});

test("without the expected answers there is no verdict but a reason, and running it again helps", async () => {
    site.watch.expect(/Failed to load resource/);
    const page = await visit();
    await page.route("**/self_test*.json", (route) => route.abort());
    await runSelfTest(page);
    const { verdict: said, code, words } = await verdict(page);
    assert.deepEqual([said, code], ["error", "engine_unreachable"]);
    assert.match(words, /\. .+\./);
    await page.unroute("**/self_test*.json");
    await alter(page, () => ({ pipeline: 1, pictures: [] }));
    await page.click('[data-do="run-self-test"]');
    await page.waitForSelector('[data-verdict="error"][data-code="self_test_missing"]');
    await page.unroute("**/self_test*.json");
    await page.click('[data-do="run-self-test"]');
    await page.waitForSelector('[data-verdict="same"]');
});

test("a build of the engine that is not in use and does not arrive is named, and the verdict says what was tried", async () => {
    site.watch.expect(/Failed to load resource/);
    const page = await site.open("", {
        prepare: (page) => page.route("**/engine-simd128*.wasm", (route) => route.abort()),
    });
    await waitUntilReady(page);
    await runSelfTest(page);
    assert.equal((await verdict(page)).verdict, "same_in_use");
    assert.match((await page.textContent(".self-test-skipped")) ?? "", /simd128: The model couldn’t be loaded/);
    assert.deepEqual(
        (await rows(page)).map(({ variant }) => variant),
        ["relaxed", "relaxed", "relaxed"],
    );
});

test("closing the dialog ends the test in the middle, and it can be begun again", async () => {
    const page = await visit();
    const nBefore = await nCalls(page, "tag");
    await page.keyboard.press("?");
    await holdCalls(page, "tag", 2, () => page.click('[data-do="open-self-test"]'));
    assert.equal((await rows(page)).length, 2, "it is in the middle");
    await page.keyboard.press("Escape");
    await page.waitForSelector(".dialog[open]", { state: "detached" });
    await waitForIdle(page); // the dialog is gone a moment before it says so
    await letCallsGo(page);
    await waitForIdle(page);
    assert.equal((await nCalls(page, "tag")) - nBefore, 2, "nothing more was tagged");
    assert.equal(page.workers().length, 2);
    await runSelfTest(page);
    assert.equal((await verdict(page)).verdict, "same");
    assert.equal((await rows(page)).length, 6);
});
