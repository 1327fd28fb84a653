/** What goes wrong in life: workers die, files do not arrive, the model lies. Nothing that is done is lost, and the page never hangs. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { gifWithFrame, os2Bitmap, tiffWithoutData, webpWithCodeGroups } from "./node/hostile_files.mjs";
import { tinyModel, tinyNetwork } from "./node/tiny_model.mjs";
import {
    addFiles,
    cards,
    count,
    exportReports,
    file,
    nCalls,
    setThreshold,
    usePage,
    waitForIdle,
    waitUntilDone,
    waitUntilReady,
} from "./harness.mjs";
import { forgetCalls } from "./idle.mjs";
import { painted } from "./painted.mjs";
import { removeAll } from "./rest.mjs";
import { deathsLeft, makeMortal, setDeathsLeft, workersOf } from "./workers.mjs";

const site = usePage({ model: "painted" });

/** Good pictures under these names. @param {string[]} names */
const coffees = (...names) => names.map((name) => painted(name, "cup"));
/** Pictures that have many tags under a low threshold. @param {string[]} names */
const rockets = (...names) => names.map((name) => painted(name, "rocket"));

/** @param {import("./harness.mjs").Page} page */
const states = async (page) =>
    Object.fromEntries((await cards(page)).map(({ path, state, code }) => [path, code ?? state]));

/** The page with workers that die from files named "deadly…". @param {string} query @param {import("./workers.mjs").Death} death @param {number} n how often */
async function openMortal(query, death, n) {
    const page = await site.open(query, { prepare: (page) => makeMortal(page, death) });
    await setDeathsLeft(page, n);
    await waitUntilReady(page);
    return page;
}

const DEATHS = /** @type {const} */ ([
    ["throws", "throws outside any call", /dead on purpose/],
    ["closes", "closes itself", /ended by itself/],
    ["traps", "has a trap in the engine", /^panicked on purpose$/],
]);
for (const [death, how, reason] of DEATHS) {
    test(`a worker that ${how} is started again, and its picture is marked failed after the second time`, async () => {
        if (death === "traps") site.watch.expect(/panicked on purpose/);
        if (death === "throws") site.watch.allow(/dead on purpose/);
        const page = await openMortal("?workers=1&timeout_ms=6000&relaunches=50", death, 2);
        await addFiles(page, coffees("before.jpg", "deadly.jpg", "after.jpg"));
        await waitUntilDone(page);
        assert.deepEqual(await states(page), {
            "before.jpg": "done",
            "deadly.jpg": "worker_crashed",
            "after.jpg": "done",
        });
        // Its first time may have been a preview, if it waited long enough to get one.
        const [nTagged, nLooks] = [await nCalls(page, "tag"), await nCalls(page, "preview")];
        assert.ok(nTagged === 4 || (nTagged === 3 && nLooks > 0), `tried twice: ${nTagged} and ${nLooks}`);
        assert.equal(await deathsLeft(page), 0);
        assert.equal(await nCalls(page, "start_tagger"), 3);
        assert.equal(await page.getAttribute("html", "data-engine"), "ready");
        const reports = await exportReports(page);
        assert.deepEqual(
            reports.map(({ error }) => error?.code),
            [undefined, "worker_crashed", undefined],
        );
        assert.match(reports[1].error.detail, reason);
        assert.equal(await page.locator(".problem").count(), 0);
    });
}

test("small files that ask for much cost their own result, and no good picture between them", async () => {
    const page = await site.open("?workers=1");
    const named = (/** @type {string} */ name, /** @type {Buffer} */ buffer) => ({ name, mimeType: "", buffer });
    await addFiles(page, [
        ...coffees("good1.jpg"),
        named("no_data.tif", tiffWithoutData(10_000)),
        named("frame.gif", gifWithFrame(65_535, 3_250)),
        ...coffees("good2.jpg"),
        named("os2.bmp", os2Bitmap(32_000, 16_000)),
        named("code_groups.webp", webpWithCodeGroups(65_536)),
        ...coffees("good3.jpg"),
    ]);
    await waitUntilDone(page);
    assert.deepEqual(await states(page), {
        "good1.jpg": "done",
        "no_data.tif": "picture_damaged",
        "frame.gif": "picture_side_too_long",
        "good2.jpg": "done",
        "os2.bmp": "picture_side_too_long",
        "code_groups.webp": "picture_too_much_memory",
        "good3.jpg": "done",
    });
    assert.equal(await nCalls(page, "start_tagger"), 1, "and no worker");
});

const mortal = site.inTurn(() => openMortal("?workers=1", "closes", 0));

/** A page without pictures, whose workers close themselves so often. @param {number} n */
async function closing(n) {
    const page = await mortal();
    await removeAll(page);
    await forgetCalls(page);
    await setDeathsLeft(page, n);
    return page;
}

test("a picture whose worker dies once is tried again and tagged", async () => {
    const page = await closing(1);
    await addFiles(page, coffees("deadly.jpg", "after.jpg"));
    await waitUntilDone(page);
    assert.deepEqual(await states(page), { "deadly.jpg": "done", "after.jpg": "done" });
    assert.deepEqual([await nCalls(page, "start_tagger"), await nCalls(page, "tag")], [1, 3]);
});

test("a picture that takes too long is not tried again, and says so", async () => {
    const page = await openMortal("?workers=1&timeout_ms=6000", "hangs", 2);
    await addFiles(page, coffees("before.jpg", "deadly.jpg", "after.jpg"));
    await waitUntilDone(page);
    const wanted = { "before.jpg": "done", "deadly.jpg": "picture_too_slow", "after.jpg": "done" };
    assert.deepEqual(await states(page), wanted);
    // It may have had a preview before, if it waited long enough to get one.
    assert.equal(await deathsLeft(page), 1 - ((await nCalls(page, "preview")) > 0 ? 1 : 0));
    assert.match((await exportReports(page))[1].error.detail, /No answer in 6 s/);
});

test("six pictures that end every worker cost the good ones behind them nothing", async () => {
    const page = await closing(50);
    const bad = Array.from({ length: 6 }, (_, idx) => `deadly${idx}.jpg`);
    const good = Array.from({ length: 10 }, (_, idx) => `good${idx}.jpg`);
    await addFiles(page, coffees(...bad, ...good));
    await waitUntilDone(page);
    const wanted = [...bad.map((name) => [name, "worker_crashed"]), ...good.map((name) => [name, "done"])];
    assert.deepEqual(await states(page), Object.fromEntries(wanted));
    assert.equal(await page.getAttribute("html", "data-engine"), "ready");
    assert.equal(await page.locator(".problem").count(), 0);
});

test("past the limit the model is off: what is done stays in use, and the button brings it back", async () => {
    const page = await openMortal("?workers=1&relaunches=2", "closes", 50);
    const deadly = ["deadly1.jpg", "deadly2.jpg", "deadly3.jpg", "deadly4.jpg"];
    await addFiles(page, rockets("first.jpg", ...deadly));
    await page.waitForSelector('html[data-engine="off"]');
    const nStarts = await nCalls(page, "start_tagger");
    assert.equal(nStarts, 4, "the first, the one after the first crash, and two relaunches");
    const problem = page.locator('.problem[data-code="local_model_off"]');
    assert.match(
        (await problem.textContent()) ?? "",
        /The model was turned off after several crashes\. Your tags are kept\./,
    );
    await waitForIdle(page);
    const waiting = Object.fromEntries(deadly.map((name) => [name, "queued"]));
    assert.deepEqual(await states(page), { "first.jpg": "done", ...waiting });
    await waitForIdle(page);
    assert.deepEqual(
        [(await workersOf(page, "tagger")).length, await nCalls(page, "start_tagger")],
        [0, nStarts],
        "and it stays off",
    );

    await setThreshold(page, 1);
    assert.ok((await count(page, "tags")) > 1, "the threshold still works");
    const reports = await exportReports(page);
    assert.deepEqual(
        reports.map(({ path, tags }) => [path, tags?.[0].id]),
        [["first.jpg", "rocket"]],
    );

    await setDeathsLeft(page, 0);
    await page.click('[data-do="try-again"]');
    await waitUntilDone(page);
    assert.equal(await page.getAttribute("html", "data-engine"), "ready");
    assert.equal(await page.locator(".problem").count(), 0);
    const done = Object.fromEntries(deadly.map((name) => [name, "done"]));
    assert.deepEqual(await states(page), { "first.jpg": "done", ...done });
});

test("a picture that crashed twice can be tried again", async () => {
    const page = await closing(2);
    await addFiles(page, coffees("deadly.jpg"));
    await waitUntilDone(page);
    assert.deepEqual(await states(page), { "deadly.jpg": "worker_crashed" });
    await page.click('.card[data-path="deadly.jpg"] .card-retry');
    await waitUntilDone(page);
    assert.deepEqual(await states(page), { "deadly.jpg": "done" });
});

test("when the worker that holds the results dies, nothing that was done is lost", async () => {
    const page = await site.open();
    await addFiles(page, [...rockets("one.jpg", "two.jpg"), file("fixtures/pictures/bad/empty.png")]);
    await waitUntilDone(page);
    const [session] = await workersOf(page, "session");
    const gone = new Promise((resolve) => session?.once("close", resolve));
    await session?.evaluate(() => self.close()).catch(() => {});
    await gone;
    await setThreshold(page, 1);
    assert.ok((await count(page, "tags")) > 2);
    const reports = await exportReports(page);
    assert.deepEqual(
        reports.map(({ tags, error }) => tags?.[0].id ?? error.code),
        ["rocket", "rocket", "picture_empty"],
    );
    assert.equal(await nCalls(page, "tag"), 3, "and nothing was tagged again");
});

test("formats that only the browser decodes are tagged where it does, and named where it does not", async () => {
    const page = await site.open();
    const names = ["still.avif", "still.heic", "drawing.svg", "bomb.avif"];
    await addFiles(
        page,
        names.map((name) => file(`fixtures/pictures/bad/${name}`)),
    );
    await waitUntilDone(page);
    const { "still.heic": heic, "drawing.svg": svg, "bomb.avif": bomb, "still.avif": avif } = await states(page);
    assert.deepEqual(
        [avif, heic, svg, bomb],
        ["done", "picture_format_unsupported", "picture_format_unsupported", "picture_too_many_pixels"],
    );
    const [report, unsupported] = await exportReports(page);
    assert.deepEqual([report.format, report.sha256.length], ["avif", 64]);
    assert.match(unsupported.error.detail, /HEIC/);
});

for (const [what, pattern] of /** @type {const} */ ([
    ["model", "**/model*.onnx"],
    ["engine", "**/*.wasm"],
    ["vocabulary", "**/vocabulary*.json"],
])) {
    test(`when the ${what} does not arrive, the page says so, and the button fetches it again`, async () => {
        site.watch.expect(/Failed to load resource/);
        const page = await site.open("", { prepare: (page) => page.route(pattern, (route) => route.abort()) });
        const problem = page.locator('.problem[data-code="engine_unreachable"]');
        await problem.waitFor();
        assert.match(
            (await problem.textContent()) ?? "",
            /The model couldn’t be loaded\. Check your connection and that the server is running/,
        );
        assert.equal(await page.getAttribute("html", "data-engine"), "failed");
        await addFiles(page, coffees("waiting.jpg"));
        await page.unroute(pattern);
        await page.route(pattern, (route) => route.fulfill({ status: 503, body: "no" }));
        await page.click('[data-do="try-again"]');
        await page.locator(".problem-detail", { hasText: "503" }).waitFor();
        await page.unroute(pattern);
        await page.click('[data-do="try-again"]');
        await waitUntilDone(page);
        assert.deepEqual(await states(page), { "waiting.jpg": "done" });
        assert.equal(await page.locator(".problem").count(), 0);
    });
}

test("a model that is not the one of its card, or that has an unknown operator, is refused by name", async () => {
    const [card, vocabulary, network] = tinyModel(tinyNetwork({ flatten: "Flitter" }));
    /** @type {Record<string, string | Buffer>} */
    const answers = { onnx: Buffer.from(network) };
    const answer = (/** @type {string} */ kind) => (/** @type {import("playwright-core").Route} */ route) => {
        const body = answers[kind];
        return body ? route.fulfill({ body }) : route.continue();
    };
    const prepare = async (/** @type {import("./harness.mjs").Page} */ page) => {
        await page.route("**/model*.onnx", answer("onnx"));
        await page.route("**/model*.json", answer("card"));
        await page.route("**/vocabulary*.json", answer("vocabulary"));
    };
    const page = await site.open("", { prepare });
    await page.locator('.problem[data-code="model_hash_mismatch"]').waitFor();
    Object.assign(answers, { card, vocabulary });
    await page.click('[data-do="try-again"]');
    const problem = page.locator('.problem[data-code="model_operator_unsupported"]');
    assert.match((await problem.textContent()) ?? "", /Flitter/);
});
