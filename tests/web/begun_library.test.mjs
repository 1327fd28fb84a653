/**
 * A library that is begun before its store is there: the first tags come first, and whatever happens until the store has come, nothing of
 * what was on screen is lost, and no picture is tagged twice.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { card, tagsOn } from "./grid.mjs";
import {
    addFiles,
    cards,
    exportReports,
    nCalls,
    usePage,
    waitForIdle,
    waitUntilDone,
    waitUntilReady,
} from "./harness.mjs";
import { painted } from "./painted.mjs";

/** @typedef {import("./harness.mjs").Page} Page */

const site = usePage({ model: "painted" });
const STORE = /\/(store|sqlite3)\.\w+\.(js|wasm)$/;
const MANY = 200;
/** More than the window shows. */
const A_FOLDER = 60;

/** Keeps the store from coming, until the answer is called. @param {Page} page */
async function holdStore(page) {
    /** @type {import("playwright-core").Route[]} */
    const held = [];
    await page.route(STORE, (route) => void held.push(route));
    return {
        held,
        async letGo() {
            for (const route of held) await route.continue().catch(() => {}); // of a page that is gone
            await page.unroute(STORE);
        },
    };
}

/** @param {Page} page @param {number} n of pictures with the number that the page shows */
const untilTagged = (page, n) =>
    page.waitForFunction((n) => document.querySelectorAll(".card[data-state=done] [data-tag]").length >= n, n);

/** @param {Page} page */
const shown = async (page) => (await cards(page)).map(({ path, state, tags }) => ({ path, state, tags }));

/** Opens it again, with everything that the store has by then. @param {Page} page */
async function reload(page) {
    await page.reload();
    await waitUntilReady(page);
    await waitUntilDone(page);
}

test("neither database nor dialogs are asked for before the first tags are on screen, of one picture and of many at once", async () => {
    for (const n of [1, A_FOLDER]) {
        const page = await site.open("", { prepare: noteFirstTags });
        await addFiles(page, some(n));
        await waitUntilDone(page);
        const { drawn, asked } = await page.evaluate(() => ({
            drawn: Number(Reflect.get(globalThis, "first_tags_ms")),
            asked: performance
                .getEntriesByType("resource")
                .filter(({ name }) => /\/(store|sqlite3|dialogs)\.\w+\.(js|wasm|css)$/.test(name))
                .map(({ startTime }) => startTime),
        }));
        assert.ok(drawn > 0 && asked.length === 3, `${drawn}, ${asked}`);
        assert.ok(Math.min(...asked) >= drawn, `${n}: tags at ${drawn} ms, the others at ${asked}`);
        await page.context().close();
    }
});

test("a reload right after the first tags keeps them, and what was said of them, and tags nothing again", async () => {
    const page = await site.open();
    const store = await holdStore(page);
    await addFiles(page, [painted("cat.jpg", "cat"), painted("cup.jpg", "cup")]);
    await untilTagged(page, 2);
    await page.click(`${card("cup.jpg")} .card-name`);
    await page.fill('.details [data-do="add-tag"]', "Mallorca");
    await page.press('.details [data-do="add-tag"]', "Enter");
    await page.waitForSelector(`${card("cup.jpg")} [data-tag="own:mallorca"]`);
    const before = await shown(page);
    await page.reload();
    await store.letGo();
    await waitUntilReady(page);
    await waitForIdle(page);
    assert.deepEqual(await shown(page), before);
    assert.equal(await nCalls(page, "tag"), 0);
    await page.waitForSelector(`${card("cat.jpg")} img`);
    // Its library knows them: they are no others, and nothing was counted twice.
    await addFiles(page, [painted("cat.jpg", "cat")]);
    await waitForIdle(page);
    assert.equal(await nCalls(page, "tag"), 0);
    assert.equal((await cards(page)).length, 2);
    await page.keyboard.press("Escape");
    await page.keyboard.press("Control+z");
    await waitForIdle(page);
    assert.doesNotMatch(JSON.stringify(await shown(page)), /Mallorca/);
    const after = await shown(page);
    await reload(page);
    assert.deepEqual(await shown(page), after);
});

test("200 pictures at once are all done before the store comes, and all in it", async () => {
    const page = await site.open();
    const store = await holdStore(page);
    await addFiles(page, some(MANY));
    await page.waitForSelector(`[data-count="pictures"][data-value="${MANY}"]`); // have tags
    await store.letGo();
    await waitUntilDone(page);
    /** Alike pictures are tagged once or twice, whose times are in the report. */
    const all = async () => (await exportReports(page)).map(({ timings_ms, ...report }) => report);
    const [before, reports] = [await shown(page), await all()];
    await reload(page);
    assert.deepEqual(await shown(page), before);
    assert.deepEqual(await all(), reports);
    assert.equal(reports.length, MANY);
    assert.equal(await nCalls(page, "tag"), 0);
});

test("two tabs that begin have one library, and one that is closed before the store comes leaves nothing undone", async () => {
    const page = await site.open();
    const store = await holdStore(page);
    await addFiles(page, [painted("cat.jpg", "cat"), painted("man.jpg", "man")]);
    await untilTagged(page, 2);
    // Whatever it asks, only the store can answer, and that is held.
    const other = await page.context().newPage();
    await other.goto(site.url);
    await waitUntilReady(other);
    await addFiles(other, [painted("cup.jpg", "cup")]);
    await page.close();
    await untilTagged(other, 3);
    await waitForIdle(other);
    const names = ["cat.jpg", "man.jpg", "cup.jpg"];
    assert.deepEqual(new Set((await cards(other)).map(({ path }) => path)), new Set(names));
    const tags = await Promise.all(names.map((name) => tagsOn(other, name)));
    assert.equal(new Set(tags.map(String)).size, 3, String(tags));
    assert.equal(await nCalls(other, "tag"), 1, "what the other one has tagged is not tagged again");
    await reload(other);
    assert.equal((await cards(other)).length, 3);
    assert.ok(store.held.length > 0, "the other tab was asked, and had begun");
});

test("a store that cannot be fetched is said to be missing, and has everything once it can be", async () => {
    const page = await site.open();
    site.watch.allow(/store|sqlite3|ERR_FAILED/);
    await page.route(STORE, (route) => route.abort());
    await addFiles(page, [painted("cat.jpg", "cat")]);
    await untilTagged(page, 1);
    await page.waitForSelector('.problem[data-code^="library_"]');
    await page.unroute(STORE);
    await page.click('[data-do="try-again"]');
    await waitUntilDone(page);
    await untilTagged(page, 1);
    assert.equal(await nCalls(page, "tag"), 1);
    await addFiles(page, [painted("cup.jpg", "cup")]);
    await untilTagged(page, 2);
    await reload(page);
    assert.deepEqual(
        (await cards(page)).map(({ path, state }) => `${path} ${state}`),
        ["cat.jpg done", "cup.jpg done"],
    );
});

test("a browser that keeps nothing on the side has its store first, as on every other visit", async () => {
    const page = await site.open("", {
        prepare: (page) => page.addInitScript(() => void Reflect.deleteProperty(globalThis, "indexedDB")),
    });
    const store = await holdStore(page);
    await waitUntilReady(page);
    await addFiles(page, [painted("cat.jpg", "cat")]);
    await page.waitForTimeout(300);
    assert.equal((await cards(page)).length, 0, "it would not be kept");
    await store.letGo();
    await untilTagged(page, 1);
    await reload(page);
    assert.equal((await cards(page)).length, 1);
});

test("where the store finds that it can keep nothing after all, it is said, and what was tagged stays on the page", async () => {
    const page = await site.open();
    await page.route(/\/store\.\w+\.js$/, async (route) => {
        const response = await route.fetch();
        const body = `delete FileSystemFileHandle.prototype.createSyncAccessHandle;${await response.text()}`;
        await route.fulfill({ response, body });
    });
    await addFiles(page, [painted("cat.jpg", "cat"), painted("cup.jpg", "cup")]);
    await untilTagged(page, 2);
    const before = await shown(page);
    await page.waitForSelector('[data-line="nothing-kept"]');
    await waitUntilDone(page);
    assert.deepEqual(await shown(page), before);
    assert.equal(await nCalls(page, "tag"), 2);
});

test("what was begun is written another time where the database cannot be kept just then", async () => {
    const page = await site.open();
    const store = await holdStore(page);
    await addFiles(page, [painted("cat.jpg", "cat")]);
    await untilTagged(page, 1);
    const before = await shown(page);
    await page.route(/\/store\.\w+\.js$/, async (route) => {
        const response = await route.fetch();
        const body = `delete FileSystemFileHandle.prototype.createSyncAccessHandle;${await response.text()}`;
        await route.fulfill({ response, body });
    });
    await page.reload();
    await store.letGo();
    await page.waitForSelector('[data-line="nothing-kept"]');
    await waitForIdle(page);
    await page.unroute(/\/store\.\w+\.js$/);
    await reload(page);
    assert.deepEqual(await shown(page), before);
    assert.equal(await nCalls(page, "tag"), 0);
});

test("calls that nobody of ours has left keep no library from being opened", async () => {
    const page = await site.open();
    await addFiles(page, [painted("cat.jpg", "cat")]);
    await untilTagged(page, 1);
    await waitUntilDone(page);
    await page.evaluate(leaveCalls);
    await reload(page);
    await untilTagged(page, 1);
    assert.equal(await nCalls(page, "tag"), 0);
});

/** As of a beginning, with calls of no shape of ours. */
async function leaveCalls() {
    const all = await indexedDB.databases();
    const { name = "" } = all.find(({ name }) => name?.startsWith("tagsmith-beginning")) ?? {};
    const opening = indexedDB.open(name, 1);
    await new Promise((resolve) => Object.assign(opening, { onsuccess: resolve }));
    const transaction = opening.result.transaction("calls", "readwrite");
    const strange = [
        null,
        5,
        { name: "add_files", params: {} },
        { name: "record" },
        { name: "start_anew", params: {} },
    ];
    for (const call of [{ name: "open", params: { library: '"of nobody"' } }, ...strange])
        transaction.objectStore("calls").put(call);
    await new Promise((resolve) => Object.assign(transaction, { oncomplete: resolve }));
    opening.result.close();
}

/** @param {number} n */
const some = (n) => Array.from({ length: n }, (_, idx) => painted(`${idx}.jpg`, idx % 2 ? "cup" : "cat"));

/** Notes when the first tags are there, before anything else runs. @param {Page} page */
const noteFirstTags = (page) =>
    page.addInitScript(() => {
        const observer = new MutationObserver(() => {
            if (!document.querySelector(".card [data-tag]")) return;
            observer.disconnect();
            // Of the frame that draws them: what comes after them may be asked for in the same one.
            Reflect.set(globalThis, "first_tags_ms", Number(document.timeline.currentTime));
        });
        observer.observe(document, { childList: true, subtree: true });
    });
