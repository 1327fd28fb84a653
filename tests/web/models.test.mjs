/** Models: fetched from a catalog with all that goes wrong on the way, put in place of each other, found again, deleted. */
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { HEADERS } from "../../www/tools/csp.mjs";
import { openFromMore, rowNames } from "./collections.mjs";
import {
    COMPILED_ONCE,
    addFiles,
    cards,
    count,
    exportReports,
    file,
    nCalls,
    waitForIdle,
    usePage,
    waitUntilDone,
    waitUntilReady,
} from "./harness.mjs";
import { holdCalls, letCallsGo } from "./idle.mjs";
import { startModelSite } from "./model_host.mjs";
import { PAINTED_NAME, painted } from "./painted.mjs";
import { removeAll } from "./rest.mjs";

/** @typedef {import("./harness.mjs").Page} Page */

/** @type {import("./model_host.mjs").ModelSite} */
let place;
const flags = [COMPILED_ONCE];
const site = usePage({ flags, start: async () => (place = await startModelSite()) });
/** On a host that sends no headers of its own. */
const plain = usePage({
    flags,
    start: () => startModelSite(Object.fromEntries(Object.keys(HEADERS).map((name) => [name, ""]))),
});

beforeEach(() => {
    place.host.behave("whole");
    place.host.asked.length = place.closed.asked.length = 0;
});

/** @param {Page} page */
async function openModels(page) {
    await page.click('[data-do="more"]');
    await page.click('[data-do="models"]');
    await page.waitForSelector('[data-model="bundled"]');
}

/** @param {Page} page @param {string} id @param {string} action */
const press = (page, id, action) => page.click(`[data-model="${id}"] [data-do="${action}"]`);

/** What each row is. @param {Page} page */
const rows = (page) =>
    page.$$eval("[data-model]", (all) =>
        Object.fromEntries(all.map((row) => [row.getAttribute("data-model"), row.getAttribute("data-state")])),
    );

/** @param {Page} page @param {string} id @param {string} state */
const waitFor = (page, id, state) => page.waitForSelector(`[data-model="${id}"][data-state="${state}"]`);

/** The names in the cache of models. @param {Page} page */
const keptFiles = (page) =>
    page.evaluate(async () =>
        (await (await caches.open("tagsmith-models")).keys()).map(({ url }) => new URL(url).pathname).sort(),
    );

/** What was asked of other origins, which this test has asked for on purpose. */
function takeForeign() {
    const foreign = [...new Set(site.watch.foreign)];
    site.watch.forgetRequests();
    return foreign;
}

/** The failure below a model, as people read it. @param {Page} page @param {string} id */
async function failure(page, id) {
    const below = page.locator(`[data-model="${id}"] .model-failure`);
    await below.waitFor();
    return {
        code: await below.getAttribute("data-code"),
        words: ((await below.textContent()) ?? "").replace(/\s+/g, " ").trim(),
    };
}

/** The page with its models open. @param {Parameters<typeof site.open>[1]} [options] */
async function visit(options) {
    const page = await site.open("", options);
    await waitUntilReady(page);
    await openModels(page);
    return page;
}

const inTurn = site.inTurn(() => visit());

/** The same without pictures, for tests that leave no model. */
async function visited() {
    const page = await inTurn();
    if ((await page.locator(".card").count()) > 0) await removeAll(page);
    if ((await page.locator('dialog[open][data-dialog="models"]').count()) === 0) await openModels(page);
    assert.deepEqual([(await rows(page))["bundled"], await keptFiles(page)], ["used", []]);
    return page;
}

/** Deletes a model that was fetched. @param {Page} page @param {string} id @param {string} [entry] in the catalog, where its name is another */
async function remove(page, id, entry = id) {
    await press(page, id, "delete-model");
    await waitFor(page, entry, "absent");
    await waitFor(page, "bundled", "used");
}

test("before someone presses Download nothing is asked of any host, and the row says from where and how much", async () => {
    const page = await visited();
    assert.deepEqual(await rows(page), {
        bundled: "used",
        elsewhere: "absent",
        here: "absent",
        closed: "absent",
        small: "absent",
        unfit: "absent",
    });
    const row = (await page.textContent('[data-model="elsewhere"]')) ?? "";
    assert.match(row, /2\.4 MB · 70% top-1 accuracy · MIT · From 127\.0\.0\.1:\d+ · Not tested by us/);
    assert.match((await page.textContent('[data-model="here"]')) ?? "", /From this page’s server/);
    await waitForIdle(page);
    assert.deepEqual([place.host.asked.length, place.closed.asked.length], [0, 0]);
});

test("a model comes with its progress, is kept, tags everything again, and what a person said stays", async () => {
    const page = await site.open("", { viewport: { width: 1440, height: 1400 } });
    await addFiles(
        page,
        ["one.jpg", "two.jpg"].map((name) => painted(name, "cup")),
    );
    await waitUntilDone(page);
    await page.click('.card[data-path="one.jpg"]');
    await page.click('[data-do="add-tag"]').catch(() => {});
    await page.fill(".details input[type=text]", "breakfast");
    await page.keyboard.press("Enter");
    await page.waitForSelector('.details [data-tag="own:breakfast"]');
    await openModels(page);
    assert.equal(await count(page, "swap"), 2);

    place.host.behave("half");
    await press(page, "small", "download-model");
    const bar = page.locator('[data-model="small"] [role="progressbar"]');
    await page.waitForFunction(
        () =>
            Number(document.querySelector('[data-model="small"] [role="progressbar"]')?.getAttribute("aria-valuenow")) >
            0,
    );
    assert.deepEqual(
        [await bar.getAttribute("aria-valuenow"), await bar.getAttribute("aria-valuemax")],
        ["8268", "16537"],
    );
    assert.match((await page.textContent('[data-model="small"]')) ?? "", /8 kB of 17 kB/);
    place.host.behave("whole");
    place.host.goOn();
    await waitFor(page, "float32", "kept");
    const { origin } = place.host;
    assert.deepEqual(takeForeign(), [`${origin}/small.onnx`, `${origin}/small.json`]);
    for (const { headers } of place.host.asked)
        assert.deepEqual([headers.cookie, headers.referer, headers.origin], [undefined, undefined, "null"]);

    const nBefore = await nCalls(page, "tag");
    await press(page, "float32", "use-model");
    await waitFor(page, "float32", "used");
    await page.click('[data-do="close-dialog"]');
    await waitUntilDone(page);
    assert.equal((await nCalls(page, "tag")) - nBefore, 2, "each picture once");
    const reports = await exportReports(page);
    assert.deepEqual(
        reports.map(({ path, model }) => [path, model.id]),
        [
            ["one.jpg", "float32"],
            ["two.jpg", "float32"],
        ],
    );
    const own = reports.map(({ tags }) =>
        tags.filter((/** @type {any} */ { source }) => source === "manual").map((/** @type {any} */ { name }) => name),
    );
    assert.deepEqual(own, [["breakfast"], []]);
    assert.ok(
        reports[1].tags.length > 0 &&
            reports[1].tags.every((/** @type {any} */ { id }) => place.models.small.vocabulary.includes(`"${id}"`)),
    );

    await page.reload();
    await waitUntilReady(page);
    assert.match((await page.getAttribute("html", "data-model-name")) ?? "", /Tiny network for tests: float32/);
    await openModels(page);
    await press(page, "float32", "delete-model");
    await waitFor(page, "small", "absent");
    await waitFor(page, "bundled", "used");
    assert.deepEqual(await keptFiles(page), []);
    await page.reload();
    await waitUntilReady(page);
    assert.match((await page.getAttribute("html", "data-model-name")) ?? "", new RegExp(PAINTED_NAME));
    assert.equal(await page.locator(".problem").count(), 0);
});

test("a host may keep models itself: they come from the page's own server, and from nowhere else", async () => {
    const page = await visited();
    await press(page, "here", "download-model");
    await waitFor(page, "here", "kept");
    await press(page, "here", "use-model");
    await waitFor(page, "here", "used");
    await page.click('[data-do="close-dialog"]');
    await addFiles(page, [painted("one.jpg", "cup")]);
    await waitUntilDone(page);
    assert.deepEqual(
        (await cards(page)).map(({ tags }) => tags[0]?.id),
        ["espresso"],
    );
    assert.deepEqual(site.watch.foreign, []);
    await openModels(page);
    await remove(page, "here");
});

const MISHAPS = /** @type {const} */ ([
    [
        "altered on the way",
        "altered",
        "model_hash_mismatch",
        /doesn’t match its card or the catalog\. It was discarded\./,
    ],
    ["longer than stated", "long", "model_hash_mismatch", /doesn’t match its card or the catalog/],
    [
        "cut off by a broken connection",
        "cut",
        "model_transfer_broken",
        /The download from 127\.0\.0\.1:\d+ was interrupted\. Nothing was saved\./,
    ],
    ["shorter than stated", "short", "model_transfer_broken", /was interrupted\. Nothing was saved\. Try again/],
    ["not there", "missing", "model_unreachable", /couldn’t be downloaded from 127\.0\.0\.1:\d+\. You may be offline/],
]);
for (const [what, manner, code, words] of MISHAPS) {
    test(`a model that is ${what} is not kept, the reason is said, and the next try works`, async () => {
        site.watch.allow(/Failed to load resource|net::ERR/);
        const page = await visited();
        place.host.behave(manner);
        await press(page, "elsewhere", "download-model");
        const said = await failure(page, "elsewhere");
        assert.equal(said.code, code);
        assert.match(said.words, words);
        assert.deepEqual([await keptFiles(page), (await rows(page))["elsewhere"]], [[], "absent"]);
        assert.equal(await page.locator("iframe").count(), 0, "the proxy frame is closed");

        place.host.behave("whole");
        await press(page, "elsewhere", "download-model");
        await waitFor(page, "elsewhere", "kept");
        assert.deepEqual(takeForeign(), [`${place.host.origin}/elsewhere.onnx`]);
        await press(page, "elsewhere", "delete-model");
        await waitFor(page, "elsewhere", "absent");
    });
}

test("a host that lets nobody fetch is told of, with a way round: the file dropped by hand is recognised, and nothing is asked", async () => {
    site.watch.allow(/CORS policy|Failed to load resource/);
    const page = await visited();
    await press(page, "closed", "download-model");
    const said = await failure(page, "closed");
    assert.equal(said.code, "model_unreachable");
    assert.match(said.words, /doesn’t allow cross-origin downloads\. .*Download it yourself and drop the file here/);
    const link = page.locator('[data-model="closed"] a');
    const ways = await Promise.all(["href", "target", "rel"].map((name) => link.getAttribute(name)));
    assert.deepEqual(ways, [`${place.closed.origin}/closed.onnx`, "_blank", "noreferrer"]);
    assert.deepEqual(takeForeign(), [`${place.closed.origin}/closed.onnx`]);

    await page.setInputFiles('[data-input="model"]', [
        { name: "whatever it is called.onnx", mimeType: "", buffer: place.models.closed.model },
    ]);
    await waitFor(page, "closed", "used");
    assert.equal((await keptFiles(page)).length, 3);
    assert.deepEqual(takeForeign(), []);
    await remove(page, "closed");
});

test("where there is no room, that is what is said, when keeping fails and, if the browser tells, before anything is fetched", async () => {
    const page = await visit();
    const browser = await page.context().newCDPSession(page);
    const { origin } = new URL(site.url);
    await browser.send("Storage.overrideQuotaForOrigin", { origin, quotaSize: 1_000_000 });
    await press(page, "elsewhere", "download-model");
    const said = await failure(page, "elsewhere");
    assert.equal(said.code, "storage_full");
    assert.match(said.words, /There isn’t enough storage for this model\. Delete another model or free up space/);
    assert.deepEqual([place.host.asked.length, await keptFiles(page)], [1, []]);

    await page.evaluate(
        () => void Object.assign(navigator.storage, { estimate: async () => ({ quota: 1e6, usage: 2e5 }) }),
    );
    await press(page, "small", "download-model");
    await waitFor(page, "float32", "kept");
    await press(page, "closed", "download-model");
    assert.equal((await failure(page, "closed")).code, "storage_full");
    assert.deepEqual([place.host.asked.length, place.closed.asked.length], [3, 0]);

    await page.evaluate(() => Reflect.deleteProperty(navigator.storage, "estimate"));
    await browser.send("Storage.overrideQuotaForOrigin", { origin });
    await press(page, "elsewhere", "download-model");
    await waitFor(page, "elsewhere", "kept");
    takeForeign();
});

test("a download can be cancelled, and nothing of it stays", async () => {
    const page = await visited();
    place.host.behave("half");
    await press(page, "elsewhere", "download-model");
    await page.waitForFunction(
        () =>
            Number(
                document.querySelector('[data-model="elsewhere"] [role="progressbar"]')?.getAttribute("aria-valuenow"),
            ) > 1e6,
    );
    const connection = place.host.asked[0]?.socket;
    const isOver = new Promise((closed) => connection?.once("close", () => closed(true)));
    await press(page, "elsewhere", "cancel-download");
    await waitFor(page, "elsewhere", "absent");
    assert.equal(await isOver, true, "nothing more is transferred");
    assert.deepEqual(
        [await page.locator('[data-model="elsewhere"] .model-failure, iframe').count(), await keptFiles(page)],
        [0, []],
    );
    takeForeign();
});

test("a model that the engine cannot run is refused by name, and the one in use stays in use", async () => {
    const page = await visited();
    await press(page, "unfit", "download-model");
    await waitFor(page, "unsupported-custom-operator", "kept");
    await press(page, "unsupported-custom-operator", "use-model");
    assert.equal((await failure(page, "unsupported-custom-operator")).code, "model_operator_unsupported");
    assert.equal((await rows(page))["bundled"], "used");
    await page.click('[data-do="close-dialog"]');
    await addFiles(page, [painted("one.jpg", "cup")]);
    await waitUntilDone(page);
    assert.equal((await cards(page))[0]?.tags[0]?.id, "espresso");
    takeForeign();
    await openModels(page);
    await remove(page, "unsupported-custom-operator", "unfit");
});

test("a swap in the middle of a batch loses no picture and tags each with the new model", async () => {
    const page = await visit({ viewport: { width: 1440, height: 3000 } });
    await press(page, "small", "download-model");
    await waitFor(page, "float32", "kept");
    takeForeign();
    await page.click('[data-do="close-dialog"]');
    const names = Array.from({ length: 24 }, (_, idx) => `${idx}.jpg`);
    const pictures = [...names.map((name) => painted(name, "cup")), file("fixtures/pictures/bad/empty.png")];
    await holdCalls(page, "tag", 3, () => addFiles(page, pictures));
    assert.equal(await page.locator('.card[data-state="done"]').count(), 3, "it is under way");
    await openModels(page);
    await press(page, "float32", "use-model");
    await waitFor(page, "float32", "used");
    await letCallsGo(page);
    await page.click('[data-do="close-dialog"]');
    await waitUntilDone(page);
    const reports = await exportReports(page);
    assert.deepEqual(
        reports.map(({ path, model, error }) => [path, model?.id ?? error.code]),
        [...names.map((name) => [name, "float32"]), ["empty.png", "picture_empty"]],
    );
});

test("cancelling what another model was to tag again costs no picture and nothing that a person said", async () => {
    const page = await visit({ viewport: { width: 1440, height: 3000 } });
    await press(page, "here", "download-model");
    await waitFor(page, "here", "kept");
    await page.click('[data-do="close-dialog"]');
    const names = Array.from({ length: 12 }, (_, idx) => `${idx}.jpg`);
    await addFiles(
        page,
        names.map((name) => painted(name, "cup")),
    );
    await waitUntilDone(page);
    await page.click('.card[data-path="11.jpg"]');
    await page.fill(".details input[type=text]", "breakfast");
    await page.keyboard.press("Enter");
    await page.waitForSelector('.details [data-tag="own:breakfast"]');
    await openModels(page);
    const nBefore = await nCalls(page, "tag");
    await holdCalls(page, "tag", 0, () => press(page, "here", "use-model"));
    await waitFor(page, "here", "used");
    await page.click('[data-do="close-dialog"]');
    await page.click('[data-do="cancel"]');
    await letCallsGo(page);
    await waitUntilDone(page);
    const nTagged = (await nCalls(page, "tag")) - nBefore;
    assert.ok(nTagged < 12, "only what was under way");
    assert.deepEqual(
        (await cards(page)).map(({ path, state, tags }) => `${path} ${state} ${tags.length > 0}`),
        names.map((name) => `${name} done true`),
        "the others keep what the model before found",
    );
    await page.keyboard.press("Control+a");
    await page.click('[data-do="selection-again"]');
    await waitUntilDone(page);
    const report = (await exportReports(page)).find(({ path }) => path === "11.jpg");
    assert.deepEqual(
        [report.model.id, report.tags.find((/** @type {any} */ { source }) => source === "manual")?.name],
        ["here", "breakfast"],
    );
});

test("a swap that a closed tab has cut off goes on with the files that it needs; taken back, the tags before show and are offered to be tagged again", async () => {
    const page = await visit({ viewport: { width: 1440, height: 3000 } });
    await press(page, "here", "download-model");
    await waitFor(page, "here", "kept");
    await page.click('[data-do="close-dialog"]');
    const files = Array.from({ length: 5 }, (_, idx) => painted(`${idx}.jpg`, { "tabby-cat": 0.5 + idx / 10 }));
    await addFiles(page, files);
    await waitUntilDone(page);
    await openModels(page);
    await holdCalls(page, "tag", 2, () => press(page, "here", "use-model"));
    await waitFor(page, "here", "used");
    await page.waitForFunction(() => document.querySelectorAll(".card[data-state=done]").length === 2);
    await page.reload();
    await waitUntilReady(page);
    const needed = page.locator('[data-line="files-needed"]', { hasText: "3 pictures can’t be tagged without" });
    await needed.waitFor();
    assert.equal((await cards(page)).filter(({ tags }) => tags.length > 0).length, 5, "those before show meanwhile");
    await addFiles(page, files);
    await waitUntilDone(page);
    assert.equal(await nCalls(page, "tag"), 3, "nothing twice");
    const models = async () => (await exportReports(page)).map(({ model }) => model.id);
    assert.deepEqual(await models(), Array(5).fill("here"));
    await page.click('[data-do="undo"]');
    const offer = page.locator('[data-line="outdated"]', { hasText: "5 pictures have tags from another model." });
    await offer.waitFor();
    assert.deepEqual(await models(), Array(5).fill("painted"));
    await page.click('[data-do="redo"]');
    await offer.waitFor({ state: "detached" });
    assert.deepEqual(await models(), Array(5).fill("here"));
    await openFromMore(page, "runs");
    assert.deepEqual(await rowNames(page), ["here, version 1.0.0", `${PAINTED_NAME}, version 1.0.0`]);
});

test("a model that was chosen and is gone, or no longer starts, is told of at every visit, and the bundled one stands in", async () => {
    const page = await visit();
    await press(page, "here", "download-model");
    await waitFor(page, "here", "kept");
    await press(page, "here", "use-model");
    await waitFor(page, "here", "used");

    // Written over: what lies there is no longer what its card says.
    await page.evaluate(async () =>
        (await caches.open("tagsmith-models")).put("models/here/model.onnx", new Response("no network")),
    );
    for (let visit = 0; visit < 2; visit++) {
        await page.reload();
        const problem = page.locator('.problem[data-code="own_model_failed"]');
        await problem.waitFor();
        await waitUntilReady(page);
        assert.match(
            (await problem.textContent()) ?? "",
            /The model “here” couldn’t be started\. Another model is used instead\./,
        );
    }
    await page.evaluate(async () => (await caches.open("tagsmith-models")).delete("models/here/model.onnx"));
    await page.reload();
    await page.locator('.problem[data-code="own_model_missing"]').waitFor();
    await waitUntilReady(page);
    await addFiles(page, [painted("one.jpg", "cup")]);
    await waitUntilDone(page);
    assert.equal((await cards(page))[0]?.tags[0]?.id, "espresso");
    await page.click('.problem [data-do="try-again"]');
    await waitFor(page, "bundled", "used");
    assert.match((await page.textContent('[data-model="bundled"]')) ?? "", /Fallback/);
    await press(page, "bundled", "use-model");
    await page.waitForFunction(
        () => document.querySelector('[data-model="bundled"] .model-badge')?.textContent === "In use",
    );
    await page.reload();
    await waitUntilReady(page);
    assert.equal(await page.locator(".problem").count(), 0, "once another one is chosen");
});

test("the proxy frame answers nobody but the page, and fetches nothing but what the catalog names", async () => {
    site.watch.allow(/Content Security Policy|Failed to load resource|target origin/);
    const page = await visited();
    const frameUrl = await page.evaluate(
        () =>
            JSON.parse(document.querySelector('meta[name="tagsmith-assets"]')?.getAttribute("content") ?? "{}")
                .catalogFrame,
    );
    const { headers } = await fetch(site.url + frameUrl);
    assert.equal(
        headers.get("content-security-policy"),
        "sandbox allow-scripts; frame-ancestors 'self'",
        "and no other site can have it in a frame",
    );
    const ask = (/** @type {string} */ id) =>
        page.evaluate(
            async ([frameUrl, id]) => {
                const frame = Object.assign(document.createElement("iframe"), { src: frameUrl });
                frame.setAttribute("sandbox", "allow-scripts");
                await new Promise((ready) => {
                    addEventListener("message", ready, { once: true });
                    document.body.append(frame);
                });
                const { port1, port2 } = new MessageChannel();
                const answer = new Promise((resolve) => (port1.onmessage = ({ data }) => resolve(data)));
                frame.contentWindow?.postMessage({ id, file: "model", url: "http://elsewhere.test/" }, "*", [port2]);
                return answer;
            },
            [frameUrl, id],
        );
    for (const id of ["http://elsewhere.test/", "nothing", "__proto__", "here"]) {
        assert.deepEqual(
            await ask(id),
            { failure: { code: "model_unreachable", detail: "The catalog has no such model." } },
            id,
        );
    }
    const frame = page.frames().find((one) => one.url().includes("catalog")) ?? page.frames()[1];
    const outcome = await frame?.evaluate(() =>
        fetch("http://elsewhere.test/", { mode: "no-cors" }).then(
            () => "arrived",
            () => "refused",
        ),
    );
    assert.equal(outcome, "refused");
    const reach = await frame?.evaluate(() => {
        try {
            return String(parent.document.title);
        } catch (error) {
            return /** @type {Error} */ (error).name;
        }
    });
    assert.equal(reach, "SecurityError", "it sees nothing of the page");
    assert.deepEqual([site.watch.outside, place.host.asked.length], [[], 0]);
    site.watch.forgetRequests();
    await page.evaluate(() => {
        for (const frame of document.querySelectorAll("iframe")) frame.remove();
    });
});

test("on a host that sends no headers a model comes through the proxy frame as well", async () => {
    const page = await plain.open();
    assert.equal((await fetch(plain.url)).headers.get("content-security-policy"), null);
    await waitUntilReady(page);
    await openModels(page);
    await press(page, "elsewhere", "download-model");
    await waitFor(page, "elsewhere", "kept");
    assert.equal(new Set(plain.watch.foreign).size, 1);
    plain.watch.forgetRequests();
});

test("a model that is kept works with the network cut", async () => {
    const page = await visit({ serviceWorkers: "allow" });
    await press(page, "here", "download-model");
    await waitFor(page, "here", "kept");
    await press(page, "here", "use-model");
    await waitFor(page, "here", "used");
    await page.waitForSelector('html[data-offline="ready"]');
    await page.context().setOffline(true);
    await page.reload();
    await waitUntilReady(page);
    assert.match((await page.getAttribute("html", "data-model-name")) ?? "", /^here$/);
    await addFiles(page, [painted("one.jpg", "cup")]);
    await waitUntilDone(page);
    assert.equal((await cards(page))[0]?.tags[0]?.id, "espresso");
    await openModels(page);
    assert.equal((await rows(page))["here"], "used", "the catalog is there too");
});

test("when the list cannot be fetched the dialog says so, and asks again", async () => {
    site.watch.expect(/Failed to load resource/);
    const page = await site.open("", { prepare: (page) => page.route("**/catalog*.json", (route) => route.abort()) });
    await waitUntilReady(page);
    await page.click('[data-do="more"]');
    await page.click('[data-do="models"]');
    await page.waitForSelector('.models .model-failure[data-code="engine_unreachable"]');
    await page.unroute("**/catalog*.json");
    await page.click('[data-do="look-again"]');
    await waitFor(page, "elsewhere", "absent");
});
