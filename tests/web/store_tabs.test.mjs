/** Several tabs and one database: who owns it, who asks, and what becomes of calls when a tab or a worker dies. */
import assert from "node:assert/strict";
import test from "node:test";
import { inStore, useStore } from "./store.mjs";

const { site, openPage, openBeside } = useStore();

test("another tab asks the one that owns the database, hears what it does, and goes on without it", async () => {
    const page = await openPage();
    const { first } = await inStore(page, (store, library) => library.fill(store, 3));
    const other = await openBeside(page);
    const seen = await inStore(other, (store, library) => library.all(store));
    assert.equal(seen.files.ids.length, 3);
    await inStore(page, async (store) =>
        store.call("correct", {
            changes: [{ id: 1, corrections: { own: [{ id: "t1", name: "tag 1" }], rejected: [] } }],
        }),
    );
    await other.waitForFunction(() =>
        /** @type {any} */ (globalThis).changes.some((/** @type {any} */ change) => change.files?.includes(1)),
    );
    assert.equal(await page.evaluate(() => /** @type {any} */ (globalThis).changes.length), 0, "its own it knows");
    // Asked of an owner that dies before it can answer, and answered by the next.
    const asked = inStore(other, async (store, library) => {
        const run = await store.call("begin_run", library.run);
        const { store: _ } = /** @type {any} */ (globalThis);
        for (let n = 0; n < 8; n++) await store.call("record", { results: [library.result(1, run, { looks: 2 })] });
        return library.all(store);
    });
    await page.close();
    const after = await asked;
    assert.equal(first, 1);
    assert.deepEqual([after.files.looks, after.files.corrections[1].own.length], [[2, 1, 1], 1]);
});

test("tabs share one history: the store says what is next in it, and no step is moved twice", async () => {
    const page = await openPage();
    const other = await openBeside(page);
    const step = await inStore(page, async (store, library) => {
        const { first } = await library.fill(store, 1);
        const own = [{ id: "t1", name: "tag 1" }];
        const step = { id: store.newId(), key: "k", params: {}, kind: "corrections", data: [] };
        await store.call("correct", { changes: [{ id: first, corrections: { own, rejected: [] } }], step });
        return step;
    });
    await other.evaluate((mine) => Object.assign(globalThis, { mine }), step);
    const said = await inStore(other, async (store, library) => {
        const { mine } = /** @type {any} */ (globalThis);
        const says = (/** @type {any} */ error) => error.code;
        const later = { ...mine, id: store.newId() };
        const nothing = [{ id: 1, corrections: { own: [], rejected: [] } }];
        const undo = (/** @type {number} */ id) =>
            store.call("correct", { changes: nothing, move: { id, is_undone: true } }).catch(says);
        const redo = (/** @type {number} */ id) =>
            store.call("correct", { changes: nothing, move: { id, is_undone: false } }).catch(says);
        await store.call("save_settings", { settings: { any: 1 }, step: later });
        const early = await undo(mine.id);
        const there = (await library.all(store)).files.corrections[1]?.own.length;
        const each = [await undo(later.id), await undo(mine.id), await undo(mine.id), await redo(later.id)];
        const again = await redo(mine.id);
        return { early, there, each, again, steps: await store.call("steps", {}) };
    });
    const { steps, ...rest } = said;
    assert.deepEqual(rest, {
        early: "step_passed",
        there: 1,
        each: [null, null, "step_passed", "step_passed"],
        again: null,
    });
    assert.deepEqual(
        steps.map((/** @type {any} */ one) => [one.id === step.id, one.is_undone, one.data]),
        [
            [true, false, null],
            [false, true, null],
        ],
    );
});

test("a worker that dies is started again, and what it had not answered is asked again", async () => {
    const page = await openPage();
    const result = await inStore(page, async (store, library) => {
        const { first, run } = await library.fill(store, 3);
        const { workers } = /** @type {any} */ (globalThis).tagsmith;
        const recorded = store.call("record", { results: [library.result(first, run, { looks: 2 })] });
        workers.at(-1).dispatchEvent(new ErrorEvent("error", { message: "gone" }));
        await recorded;
        return { looks: (await library.all(store)).files.looks, n: workers.length };
    });
    assert.deepEqual(result, { looks: [2, 1, 1], n: 2 });
});

/** A module that asks for what nobody has: it compiles, and cannot be started. */
const UNSTARTABLE = Buffer.from("0061736d01000000010401600000020701017801790000", "hex");

test("a worker that could not be fetched or started is fetched again with the next call", async () => {
    const page = await openPage();
    site.watch.allow(/sqlite3\.wasm|ERR_FAILED/);
    const opened = () =>
        inStore(page, (store) =>
            store.call("open", {}).then(
                (/** @type {any} */ { kept }) => kept,
                (/** @type {any} */ error) => error.code,
            ),
        );
    await page.route("**/sqlite3.wasm", (route) => route.abort());
    const unfetched = await opened();
    await page.unroute("**/sqlite3.wasm");
    await page.route("**/sqlite3.wasm", (route) =>
        route.fulfill({ body: UNSTARTABLE, contentType: "application/wasm" }),
    );
    const unstarted = await opened();
    await page.unroute("**/sqlite3.wasm");
    assert.deepEqual([unfetched, unstarted, await opened()], ["engine_unreachable", "store_failed", "opfs"]);
});

test("the tab that owns the database is killed, and another goes on with everything that was committed", async () => {
    const page = await openPage();
    await inStore(page, (store, library) => library.fill(store, 3));
    const other = await openBeside(page);
    await inStore(other, (store) => store.call("open", {}));
    const killed = page.waitForEvent("crash");
    const tools = await page.context().newCDPSession(page);
    void tools.send("Page.crash").catch(() => {});
    const after = await inStore(other, async (store, library) => {
        const run = await store.call("begin_run", library.run);
        await store.call("record", { results: [library.result(2, run, { looks: 2 })] });
        return { run, looks: (await library.all(store)).files.looks };
    });
    await killed;
    assert.deepEqual(after, { run: 1, looks: [1, 2, 1] });
});

test("a tab whose worker cannot be started leaves the database to another one, and asks that one", async () => {
    const page = await openPage();
    const refused = await page.evaluate(async () => {
        const scope = /** @type {any} */ (globalThis);
        scope.store = await scope.tagsmith.open({
            startWorker: async () => Promise.reject(new Error("There is no worker.")),
        });
        return scope.store.call("open", {}).catch((/** @type {Error} */ { message }) => message);
    });
    assert.equal(refused, "There is no worker.");
    const other = await openBeside(page);
    await inStore(other, (store, library) => library.fill(store, 1));
    const seen = await inStore(page, async (store) => (await store.call("open", {})).n_files);
    assert.equal(seen, 1);
});
