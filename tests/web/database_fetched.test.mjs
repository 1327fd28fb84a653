/** Nothing of the database is fetched before there is something to keep, or something kept. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { tagSome } from "./grid.mjs";
import { usePage, waitForIdle, waitUntilReady } from "./harness.mjs";

const site = usePage({ model: "painted" });

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
