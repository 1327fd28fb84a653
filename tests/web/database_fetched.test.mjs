/** Nothing of the database is fetched before there is something to keep, or something kept; and nothing of other taggers before somebody opens them. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { tagSome } from "./grid.mjs";
import { COMPILED_ONCE, usePage, waitForIdle, waitUntilReady } from "./harness.mjs";
import { startHost } from "./host.mjs";
import { onDemandFiles } from "./on_demand.mjs";
import { paintedPage } from "./painted_page.mjs";

/** @type {import("./host.mjs").Host} */
let host;
const site = usePage({ start: async () => (host = await startHost(await paintedPage())), flags: [COMPILED_ONCE] });

/** The store's worker and SQLite, among what was asked for. */
const asked = () =>
    site.watch.requests.map((url) => new URL(url).pathname).filter((path) => /\/(store|sqlite3)\b/.test(path));

test("an empty page fetches nothing of the database, the first picture does, and so does opening the page again", async () => {
    const page = await site.open();
    await waitUntilReady(page);
    await waitForIdle(page);
    assert.deepEqual(asked(), []);
    await tagSome(page);
    assert.deepEqual(
        new Set(asked().map((path) => path.replace(/\.\w{10}\./, "."))),
        new Set(["/store.js", "/sqlite3.wasm"]),
    );
    site.watch.forgetRequests();
    await page.reload();
    await page.waitForSelector(".card");
    assert.equal(new Set(asked()).size, 2);
});

test("a first visit fetches and keeps nothing of other taggers, and neither do pictures", async () => {
    const onDemand = await onDemandFiles(await paintedPage());
    const isBuilt = (/** @type {string} */ start) => onDemand.some((name) => name.startsWith(start));
    assert.ok(isBuilt("provider.") && isBuilt("providers.") && isBuilt("part."), String(onDemand));
    host.takeAsked();
    const page = await site.open("", { serviceWorkers: "allow" });
    await waitUntilReady(page);
    await page.evaluate(() => navigator.serviceWorker.ready);
    await tagSome(page);
    await waitForIdle(page);
    const asked = host.takeAsked();
    assert.ok(asked.length > 10);
    assert.deepEqual(
        asked.filter((name) => onDemand.includes(name)),
        [],
    );
    const kept = await page.evaluate(async () => {
        const names = await caches.keys();
        const all = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
        return all.flat().map(({ url }) => new URL(url).pathname.slice(1));
    });
    assert.deepEqual(
        kept.filter((name) => onDemand.includes(name)),
        [],
    );
});
