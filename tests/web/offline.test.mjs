/** Between visits: the page without a network, and a newer version of it, offered and taken. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, test } from "node:test";
import {
    COMPILED_ONCE,
    ROOT,
    addFiles,
    cards,
    exportReports,
    file,
    usePage,
    waitForIdle,
    waitUntilDone,
    waitUntilReady,
} from "./harness.mjs";
import { startHost } from "./host.mjs";
import { holdCalls, letCallsGo } from "./idle.mjs";
import { onDemandFiles } from "./on_demand.mjs";
import { PAINTED_NAME, painted, writePaintedModels } from "./painted.mjs";
import { buildPainted, paintedPage } from "./painted_page.mjs";

/** @typedef {import("./harness.mjs").Page} Page */

/** @type {import("./host.mjs").Host} */
let host;
const site = usePage({
    flags: [COMPILED_ONCE],
    isWhole: true,
    start: async () => (host = await startHost((first = await paintedPage()))),
});
/** Where the first version is. @type {string} */
let first;
/** Where the second version is. @type {string} */
let second;
/** @type {string} */
let root;

before(async () => {
    root = await mkdtemp(join(tmpdir(), "tagsmith-second-"));
    second = await buildSecond("page", { hash: true, minify: true });
});
after(() => rm(root, { recursive: true }));
afterEach(async () => {
    host.failAt(null);
    host.allowCaching(true);
    await host.deploy(first);
});

/**
 * The same page with another name in the model's card and another picture for the sample of the coffee.
 * @param {string} name of the folder @param {{hash?: boolean, minify?: boolean}} [options]
 */
async function buildSecond(name, options) {
    const models = join(root, "models");
    await writePaintedModels(models, { name: "Second Edition" });
    const cases = join(root, "cases");
    await cp(join(ROOT, "tests/cases"), cases, { recursive: true });
    await cp(join(cases, "astronaut"), join(cases, "coffee"), { recursive: true });
    const out = join(root, name);
    await buildPainted({ models, cases, out, ...options });
    return out;
}

/** Names of a build's files, those left out that this browser does not fetch. @param {Page} page @param {string} folder */
async function filesOf(page, folder) {
    const all = /** @type {string[]} */ (
        Object.values(JSON.parse(await readFile(join(folder, "assets.json"), "utf8")))
    );
    const onDemand = await onDemandFiles(folder);
    const other = (await page.getAttribute("html", "data-variant")) === "relaxed" ? "simd128" : "relaxed";
    return all
        .filter((name) => !name.startsWith(`engine-${other}`) && name !== "sw.js" && !onDemand.includes(name))
        .map((name) => (name === "index.html" ? "" : name));
}

/** @param {Page} page */
const waitUntilKept = (page) => page.waitForSelector('html[data-offline="ready"]');

/** A first visit, until everything is kept. @param {string} [query] */
async function visit(query = "") {
    host.takeAsked();
    const page = await site.open(query, { serviceWorkers: "allow" });
    await waitUntilKept(page);
    return page;
}

const inTurn = site.inTurn(() => visit());

/** A page on the first version, everything of which is kept: for tests that leave it so. */
async function visited() {
    const page = await inTurn();
    assert.match((await modelName(page)) ?? "", new RegExp(`^${PAINTED_NAME}`));
    host.takeAsked();
    return page;
}

/** @param {Page} page */
const modelName = (page) => page.getAttribute("html", "data-model-name");

/** The browser's own look for a newer version, as on every visit; what became of that version. @param {Page} page */
const lookForUpdate = (page) =>
    page.evaluate(async () => {
        const registration = /** @type {ServiceWorkerRegistration} */ (await navigator.serviceWorker.getRegistration());
        const found = new Promise((resolve) =>
            registration.addEventListener("updatefound", () => resolve(registration.installing)),
        );
        await registration.update().catch(() => {}); // it fails where the version does
        const worker = /** @type {ServiceWorker} */ (await found);
        while (worker.state === "installing")
            await new Promise((resolve) => worker.addEventListener("statechange", resolve));
        return worker.state;
    });

/** Until so many versions of this page are kept. @param {Page} page @param {number} wanted */
async function waitForVersions(page, wanted) {
    const own = `tagsmith-page ${site.url} `;
    await page.waitForFunction(
        async ({ own, wanted }) => (await caches.keys()).filter((name) => name.startsWith(own)).length === wanted,
        { own, wanted },
    );
}

/** A picture gets its tag. @param {Page} page */
async function tagsACup(page) {
    await addFiles(page, [painted("cup.png", "cup")]);
    await waitUntilDone(page);
    const card = (await cards(page)).find(({ path }) => path === "cup.png");
    assert.deepEqual([card?.state, card?.tags[0]?.id], ["done", "espresso"]);
}

/** The sample of the coffee as the first version has it. @param {Page} page */
async function takesFirstSample(page) {
    await page.click('[data-sample="coffee"]');
    await waitUntilDone(page);
    const { sha256 } = (await exportReports(page))[0];
    assert.equal(sha256, createHash("sha256").update(file("cases/coffee/picture.jpg").buffer).digest("hex"));
}

test("after one visit the page tags pictures with its server gone and the network cut", async (context) => {
    const page = await visit();
    await host.goDown();
    context.after(() => host.comeBack());
    await page.context().setOffline(true);
    await page.reload();
    await waitUntilReady(page);
    await tagsACup(page);
    await page.goto(`${site.url}?workers=2`);
    await waitUntilReady(page);
    await addFiles(page, [painted("cat.png", "cat")]);
    await waitUntilDone(page);
    const card = (await cards(page)).find(({ path }) => path === "cat.png");
    assert.equal(card?.state, "done", "under an address with options too");
    await page.click('[data-do="promise"]');
    site.watch.allow(/favicon\.ico/); // text names no icon
    const licences = page.locator('.help [data-do="licences"]');
    const [opened] = await Promise.all([page.context().waitForEvent("page"), licences.click()]);
    assert.match((await opened.textContent("body")) ?? "", /lit-html [\d.]+ \(BSD-3-Clause\)[\s\S]*Google LLC/);
    await opened.close();
    await page.goto(`${site.url}index.html`);
    await waitUntilKept(page);
    assert.equal(await page.title(), "Tagsmith");
});

test("a first visit is told that it works offline, without having loaded the page again", async (context) => {
    host.allowCaching(false);
    const page = await visit();
    await host.goDown();
    context.after(() => host.comeBack());
    await page.context().setOffline(true);
    await takesFirstSample(page);
});

test("a second visit asks the host for nothing but whether there is a newer version", async () => {
    const page = await visit();
    const wanted = await filesOf(page, first);
    const askedFirst = host.takeAsked();
    for (const name of wanted) assert.ok(askedFirst.includes(name), `${name} is kept from the first visit on`);
    await page.reload();
    await waitUntilKept(page);
    await tagsACup(page);
    await host.waitFor("sw.js"); // the browser asks for it in its own time
    assert.deepEqual([...new Set(host.takeAsked())], ["sw.js"]);
});

test("an update waits for the session and for a press of the button, and fetches only what changed", async () => {
    host.allowCaching(false); // what is not asked for comes from the former version, not from the browser's own cache
    const page = await visit("?workers=1&timeout_ms=600000");
    const others = ["tagsmith-models", `tagsmith-page ${site.url}another/folder/ 0123456789`];
    await page.evaluate(async (others) => void (await Promise.all(others.map((name) => caches.open(name)))), others);
    assert.match((await modelName(page)) ?? "", new RegExp(`^${PAINTED_NAME}`));
    await holdCalls(page, "tag", 2, () =>
        addFiles(
            page,
            Array.from({ length: 20 }, (_, idx) => painted(`${idx}.png`, "light")),
        ),
    );
    await page.waitForSelector("[data-running]");
    await page.evaluate(() => void Object.assign(window, { isSamePage: true }));

    host.takeAsked();
    await host.deploy(second);
    assert.equal(await lookForUpdate(page), "installed");
    await page.waitForSelector(".update[data-waiting]");
    assert.equal(await page.locator('[data-do="reload"]').count(), 0, "no button in the middle of a batch");
    assert.match((await page.textContent(".update")) ?? "", /once the current pictures are done/);
    const [before, now] = [await filesOf(page, first), await filesOf(page, second)];
    const asked = host.takeAsked().filter((name) => name !== "sw.js");
    const changed = now.filter((name) => name === "" || !before.includes(name));
    assert.ok(
        changed.length >= 3 && changed.length < now.length / 2,
        "a page, a card and a sample are new, the engine is not",
    );
    assert.deepEqual([...new Set(asked)].sort(), changed.sort());

    await page.click('[data-do="cancel"]');
    await letCallsGo(page);
    await page.waitForSelector('[data-do="reload"]');
    assert.doesNotMatch((await page.textContent(".update")) ?? "", /clears your pictures/, "everything is kept");
    assert.ok(await page.evaluate(() => "isSamePage" in window), "nothing was loaded again by itself");
    await waitForVersions(page, 2);

    /** @type {string[]} */
    const questions = [];
    page.on("dialog", (dialog) => {
        questions.push(dialog.type());
        void dialog.dismiss();
    });
    await page.focus(".card-name");
    await page.keyboard.press("a");
    await waitForIdle(page);
    assert.ok(await page.isEnabled('[data-do="undo"]'), "something was said");
    await page.click('[data-do="reload"]');
    await page.waitForFunction(() => !("isSamePage" in window));
    assert.deepEqual(questions, []);
    await waitUntilReady(page);
    assert.match((await modelName(page)) ?? "", /^Second Edition/);
    await waitForVersions(page, 1);
    const cachesLeft = await page.evaluate(() => caches.keys());
    for (const name of others) assert.ok(cachesLeft.includes(name), `${name} is not ours to delete`);
    await tagsACup(page);
    assert.equal(await page.locator(".update").count(), 0);
});

test("an update that was put off is offered again at the next visit", async () => {
    const page = await visit();
    await host.deploy(second);
    await lookForUpdate(page);
    await page.click('[data-do="later"]');
    await page.waitForSelector(".update", { state: "detached" });
    await page.reload();
    await page.waitForSelector('[data-do="reload"]');
    assert.match((await modelName(page)) ?? "", new RegExp(`^${PAINTED_NAME}`), "the version is still the former one");
});

test("a tab that stays with its version keeps the files of it when another tab takes the update", async () => {
    const page = await visit();
    const other = await page.context().newPage();
    await other.goto(site.url);
    await waitUntilKept(other);
    await host.deploy(second);
    await lookForUpdate(page);
    await page.click('[data-do="reload"]');
    await page.waitForFunction(() => document.documentElement.dataset["modelName"]?.startsWith("Second"));
    await waitUntilKept(page);
    await waitForVersions(page, 2);
    host.takeAsked();
    await takesFirstSample(other);
    assert.deepEqual(
        host.takeAsked().filter((name) => name !== "sw.js"),
        [],
    );
    await other.close();
    await page.reload();
    await waitUntilKept(page);
    await waitForVersions(page, 1);
});

test("a newer version that does not arrive whole leaves the former one working", async (context) => {
    const page = await visit();
    const card =
        (await filesOf(page, second)).find((name) => /^model\.\w+\.json$/.test(name)) ?? assert.fail("no card");
    await host.deploy(second);
    host.failAt(new RegExp(card));
    site.watch.allow(/500/);
    assert.equal(await lookForUpdate(page), "redundant");
    assert.ok(host.takeAsked().includes(card));
    assert.equal(await page.locator(".update").count(), 0);
    await host.goDown();
    context.after(() => host.comeBack());
    await page.context().setOffline(true);
    await page.reload();
    await waitUntilReady(page);
    assert.match((await modelName(page)) ?? "", new RegExp(`^${PAINTED_NAME}`));
    await tagsACup(page);
});

test("a page that comes into sight again looks for an update, at most once an hour", async () => {
    const page = await visit();
    await page.evaluate(() => {
        const { update } = ServiceWorkerRegistration.prototype;
        Object.assign(globalThis, { nLooked: 0 });
        ServiceWorkerRegistration.prototype.update = function () {
            /** @type {any} */ (globalThis).nLooked++;
            return update.call(this);
        };
    });
    const nLooked = () => page.evaluate(() => /** @type {any} */ (globalThis).nLooked);
    const comeIntoSight = () => page.evaluate(() => void document.dispatchEvent(new Event("visibilitychange")));
    host.takeAsked();
    await comeIntoSight();
    assert.equal(await nLooked(), 0, "not yet");
    await page.clock.setFixedTime(Date.now() + 61 * 60_000);
    await host.deploy(second);
    await comeIntoSight();
    await page.waitForSelector(".update");
    assert.equal(await nLooked(), 1);
    assert.ok(host.takeAsked().includes("sw.js"));
});

test("a page that is being worked on is shown as it is, and still works without a network", async (context) => {
    const working = await buildSecond("working");
    await host.deploy(working);
    const page = await visit();
    const index = join(working, "index.html");
    await writeFile(index, (await readFile(index, "utf8")).replace("<title>Tagsmith", "<title>Changed"));
    const response = await page.reload();
    assert.ok(response?.fromServiceWorker());
    assert.match((await response?.text()) ?? "", /<title>Changed/);
    await waitUntilKept(page);
    await host.goDown();
    context.after(() => host.comeBack());
    await page.context().setOffline(true);
    await page.reload();
    await waitUntilReady(page);
    assert.match((await modelName(page)) ?? "", /^Second Edition/);
});

// Last, and in one page: its browser looks for a newer version when it likes, and there is none.

test("a plain address becomes no service worker, and there is no second policy that could name one", async () => {
    site.watch.expect(/TrustedScriptURL/, /Creating a TrustedTypePolicy/);
    const page = await visited();
    const outcomes = await page.evaluate(async () => {
        const nameOf = (/** @type {unknown} */ error) => /** @type {Error} */ (error).name;
        const register = (/** @type {string} */ script) =>
            navigator.serviceWorker.register(script).then(() => "registered", nameOf);
        const { trustedTypes } = /** @type {any} */ (globalThis);
        const named = async () =>
            trustedTypes.createPolicy("tagsmith", { createScriptURL: (/** @type {string} */ url) => url });
        return [await register("sw.js"), await register("evil.js"), await named().then(() => "made", nameOf)];
    });
    assert.deepEqual(outcomes, ["TypeError", "TypeError", "TypeError"]);
});

test("the page can be installed: its manifest is complete and each icon has the size that it states", async () => {
    const page = await visited();
    const tools = await page.context().newCDPSession(page);
    const { url, errors } = await tools.send("Page.getAppManifest");
    assert.deepEqual(errors, []);
    const response = await fetch(url);
    assert.match(response.headers.get("content-type") ?? "", /^application\/manifest\+json/);
    const manifest = /** @type {any} */ (await response.json());
    assert.deepEqual(
        [manifest.name, manifest.display, manifest.start_url, manifest.scope],
        ["Tagsmith", "standalone", ".", "."],
    );
    assert.match(manifest.theme_color, /^#[0-9a-f]{6}$/);
    const sizes = [];
    for (const { src, sizes: stated, purpose } of manifest.icons) {
        const icon = await fetch(new URL(src, url));
        assert.equal(icon.status, 200, src);
        const content = Buffer.from(await icon.arrayBuffer());
        if (stated === "any") assert.match(content.toString(), /^<svg/);
        else assert.equal(stated, pngSize(content));
        sizes.push(`${stated} ${purpose}`);
    }
    assert.deepEqual(sizes, ["any any", "192x192 any", "512x512 any", "512x512 maskable"]);
    const touch = await page.getAttribute('link[rel="apple-touch-icon"]', "href");
    assert.equal(pngSize(Buffer.from(await (await fetch(new URL(touch ?? "", site.url))).arrayBuffer())), "180x180");
    // A context of a test is a private window, which installs nothing; nothing else is missing.
    const { installabilityErrors } = await tools.send("Page.getInstallabilityErrors");
    assert.deepEqual(
        installabilityErrors.map(({ errorId }) => errorId),
        ["in-incognito"],
    );
});

test("what is not the page's own goes past the service worker", async () => {
    site.watch.expect(/404/);
    const page = await visited();
    await page.reload();
    await waitUntilKept(page);
    await host.waitFor("sw.js"); // the browser asks for it in its own time
    host.takeAsked();
    const answers = await page.evaluate(async () => {
        const statuses = [];
        for (const path of ["mine.txt", "page.0123456789.js", "assets.json", "?self"])
            statuses.push((await fetch(path)).status);
        return statuses;
    });
    assert.deepEqual(answers, [404, 404, 200, 200]);
    assert.deepEqual(
        host.takeAsked().filter((name) => name !== "sw.js"),
        ["mine.txt", "page.0123456789.js", "assets.json", "?self"],
    );
});

test("a file that arrives other than it was built is not kept", async () => {
    const changed = join(root, "changed");
    await cp(second, changed, { recursive: true });
    const page = await visited();
    const card =
        (await filesOf(page, second)).find((name) => /^model\.\w+\.json$/.test(name)) ?? assert.fail("no card");
    await writeFile(join(changed, card), "<html>Please sign in to the network</html>");
    await rm(join(changed, `${card}.br`));
    await host.deploy(changed);
    assert.equal(await lookForUpdate(page), "redundant");
    assert.ok(host.takeAsked().includes(card));
    await page.reload();
    await waitUntilKept(page);
    assert.match((await modelName(page)) ?? "", new RegExp(`^${PAINTED_NAME}`));
});

/** Of a PNG, by its header. @param {Buffer} png */
function pngSize(png) {
    assert.equal(png.toString("latin1", 1, 4), "PNG");
    return `${png.readUInt32BE(16)}x${png.readUInt32BE(20)}`;
}
