/**
 * No room on the device, by the browser's own quota: before there is a library, in the middle of results, and under a
 * correction. What was committed stays, what was not waits, and goes on once there is room.
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { serve } from "../../www/tools/serve.mjs";
import { LastingBrowser } from "./lasting_browser.mjs";
import { storePage } from "./store_page.mjs";
import { callStored, closeStored, openStored, readStored, recordAssets } from "./stored_library.mjs";

/** @typedef {import("./harness.mjs").Page} Page */

const N_ASSETS = 50;

/** @type {Awaited<ReturnType<typeof serve>>} */
let server;
before(async () => (server = await serve({ dir: await storePage(), port: 0 })));
after(() => server?.close());

/** @param {(page: Page, limit: (bytes: number | null) => Promise<unknown>) => Promise<void>} act `limit`: null for what the browser gives */
async function withStore(act) {
    const browser = await LastingBrowser.start(server.url);
    try {
        const page = await browser.open();
        await page.waitForFunction(() => "tagsmith" in globalThis);
        await act(page, await quotaOf(browser, page));
    } finally {
        await browser.end();
    }
}

/** @param {LastingBrowser} browser @param {Page} page */
async function quotaOf(browser, page) {
    const session = await browser.context.newCDPSession(page);
    const { origin } = new URL(browser.url);
    return (/** @type {number | null} */ quotaSize) =>
        session.send("Storage.overrideQuotaForOrigin", quotaSize === null ? { origin } : { origin, quotaSize });
}

/** Begins a call and leaves it open. @param {Page} page @param {string} name @param {object} params */
const beginCall = (page, name, params) =>
    page.evaluate(
        ([name, params]) => {
            const { tagsmith } = /** @type {any} */ (globalThis);
            (tagsmith.calls ??= []).push(tagsmith.store.call(name, params));
        },
        /** @type {const} */ ([name, params]),
    );

/** Until the store has said that it has no room. @param {Page} page */
const untilStalled = (page) => page.waitForFunction(() => /** @type {any} */ (globalThis).tagsmith.isStalled === true);

/** Opens the store so that it is heard where there is no room. @param {Page} page */
async function openListening(page) {
    await page.evaluate(() => {
        const { tagsmith } = /** @type {any} */ (globalThis);
        const { open } = tagsmith;
        tagsmith.open = () =>
            open({
                onStalled(/** @type {boolean} */ isStalled) {
                    tagsmith.isStalled = isStalled;
                    tagsmith.said = [...(tagsmith.said ?? []), isStalled];
                },
            });
    });
    return openStored(page);
}

/** @param {Page} page @param {number} n */
async function addMany(page, n) {
    const first = await callStored(page, "reserve_ids", { n });
    const name = "a long name ".repeat(40);
    return Array.from({ length: n }, (_, idx) => ({
        id: first + idx,
        path: `${name}${idx}.png`,
        size: 1,
        modified_ms: idx,
    }));
}

test("without room for a library nothing is kept, it is said, and with room it is", async () => {
    await withStore(async (page, limit) => {
        await limit(20_000);
        const said = await openStored(page).then(
            ({ kept, reason }) => `${kept}: ${reason}`,
            (error) => String(error),
        );
        assert.match(said, /storage_full|^memory: .*(Quota|full)/);
        await limit(null);
        assert.equal((await openStored(page)).kept, "opfs");
    });
});

test("what finds no room waits in its order, nothing before it is lost, and it goes on with room", async () => {
    await withStore(async (page, limit) => {
        await recordAssets(page, N_ASSETS);
        const files = await addMany(page, 4_000);
        await closeStored(page);
        await limit(1);
        await assert.rejects(openStored(page), /storage_full/, "rather than an empty one in memory");
        await limit(null);
        const { collection } = await openListening(page);
        const ids = Object.values(await callStored(page, "order", { collection }));
        const before = await readStored(page, collection);
        await limit(1); // files that are open have some room that the browser has granted ahead
        await beginCall(page, "add_files", { collection, files });
        await untilStalled(page);
        const own = Array.from({ length: 200 }, (_, idx) => ({ id: `own:room ${idx}`, name: `room ${idx}` }));
        const changes = ids.map((id) => ({ id, corrections: { own, rejected: [], reviewed: true } }));
        const step = { id: Date.now() * 1000, key: "undo_added", params: {}, kind: "corrections", data: {} };
        await beginCall(page, "correct", { changes, step });
        await page.evaluate(() => /** @type {any} */ (globalThis).tagsmith.store.retry());
        assert.equal(
            await readStored(page, collection),
            before,
            "what was there is there, and nothing is there by halves",
        );
        await limit(null);
        const said = await page.evaluate(async () => {
            const { tagsmith } = /** @type {any} */ (globalThis);
            tagsmith.store.retry();
            await Promise.all(tagsmith.calls);
            return tagsmith.said;
        });
        assert.deepEqual(said, [true, false], "it is said once");
        const { steps } = await openStored(page);
        const { corrections } = await callStored(page, "files", { collection });
        assert.ok(Object.values(corrections).every((/** @type {any} */ { own }) => own.length === 200));
        assert.equal(Object.keys(corrections).length, N_ASSETS);
        assert.equal(steps.at(-1)?.id, step.id, "with its step");
        assert.equal(Object.keys(await callStored(page, "order", { collection })).length, N_ASSETS + 4_000);
        assert.deepEqual((await callStored(page, "verify")).damaged, []);

        // A drive that fails is something else.
        const setFailing = (/** @type {boolean} */ isFailing) =>
            Promise.all(page.workers().map((worker) => worker.evaluate(failWriting, isFailing)));
        await setFailing(true);
        await assert.rejects(callStored(page, "rename_collection", { id: collection, name: "Other" }), /store_failed/);
        await setFailing(false);
        await callStored(page, "rename_collection", { id: collection, name: "Other" });
    });
});

/** Runs in the worker. @param {boolean} isFailing */
function failWriting(isFailing) {
    const { prototype } = /** @type {any} */ (globalThis).FileSystemSyncAccessHandle;
    const { former = prototype.write } = prototype;
    prototype.former = former;
    prototype.write = isFailing
        ? () => {
              throw new DOMException("The drive is gone.", "InvalidStateError");
          }
        : former;
}
