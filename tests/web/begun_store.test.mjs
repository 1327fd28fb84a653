/** What a first visit has left beside its library, and the store that finds it: whatever state that library is in, and where there is no room. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { inStore, useStore } from "./store.mjs";
import { callStored, closeStored, openStored, readDatabase, recordAssets, writeDatabase } from "./stored_library.mjs";

/** @typedef {import("playwright-core").Page} Page */

const { openPage, openBeside } = useStore();
const N_ASSETS = 40;
const LATE = N_ASSETS + 1;
/** Before it, the pool keeps the file's name. */
const OFFSET = 4096;

/** @type {Record<string, [code: string, damage: (content: Buffer) => unknown]>} */
const STATES = {
    newer: ["library_newer", (content) => content.writeUInt32BE(99, OFFSET + 60)],
    damaged: ["library_damaged", (content) => content.fill(255, OFFSET + 8192)],
    "damaged in its head": ["library_damaged", (content) => content.fill(255, OFFSET, OFFSET + 100)],
};

for (const [state, [code, damage]] of Object.entries(STATES))
    test(`a library that is ${state} opens as it would if nothing had been left beside it, which is kept for when it can be`, async () => {
        const page = await openPage();
        await recordAssets(page, N_ASSETS);
        const { library, collection } = await openStored(page);
        await closeStored(page);
        const whole = await readDatabase(page);
        await leave(page, lateFile(library, collection));
        const other = Buffer.from(whole);
        damage(other);
        await writeDatabase(page, other);
        await assert.rejects(openStored(page), new RegExp(`${code}:`));
        await callStored(page, "damaged_file");
        await closeStored(page);
        assert.equal(await nLeft(page), 2);

        await writeDatabase(page, whole);
        assert.equal((await openStored(page)).n_files, N_ASSETS + 1, "it is whole again, and takes what was left");
        await closeStored(page);
        assert.equal(await nLeft(page), 0);

        await leave(page, lateFile(library, collection));
        await writeDatabase(page, other);
        await assert.rejects(openStored(page), new RegExp(`${code}:`));
        await callStored(page, "start_anew");
        assert.equal(await nLeft(page), 0, "all that was kept is gone, and this with it");
        const anew = await callStored(page, "open");
        assert.equal(anew.n_files, 0);
        assert.notEqual(anew.library, library);
    });

test("where there is no room for what was left, what is asked waits for it, or is told so, in every tab", async () => {
    const page = await openPage();
    await canBeFull(page);
    await recordAssets(page, N_ASSETS);
    const { library, collection } = await openStored(page);
    await closeStored(page);
    await leave(page, lateFile(library, collection));
    const refused = await page.evaluate(askFull, false);
    assert.deepEqual(refused, { read: "storage_full", heard: [true], written: null });
    const other = await openBeside(page);
    const code = await inStore(other, (store) =>
        store.call("open", {}).catch((/** @type {any} */ error) => error.code),
    );
    assert.equal(code, "storage_full");
    assert.equal(await nLeft(page), 2);
    await page.evaluate(makeRoom);
    assert.deepEqual(await page.evaluate(heard), { heard: [true, false], written: "written" });
    const { n_files: n, settings } = await inStore(other, (store) => store.call("open", {}));
    assert.deepEqual([n, settings.kept], [N_ASSETS + 1, 1]);
    assert.equal(await nLeft(page), 0);
});

test("a library that is begun, and for which there is no room when its store comes, waits for it", async () => {
    const page = await openPage();
    await canBeFull(page);
    const refused = await page.evaluate(askFull, true);
    assert.deepEqual(refused, { read: "storage_full", heard: [true], written: null });
    await page.evaluate(makeRoom);
    assert.deepEqual(await page.evaluate(heard), { heard: [true, false], written: "written" });
    await closeStored(page);
    const { n_files: n, settings } = await openStored(page);
    assert.deepEqual([n, settings.kept], [1, 1]);
    assert.equal(await nLeft(page), 0);
});

test("what finds no room before the store has come fetches it, and is written there", async () => {
    const page = await openPage();
    const n = await page.evaluate(async () => {
        const { tagsmith } = /** @type {any} */ (globalThis);
        const store = await tagsmith.open({ untilShown: () => new Promise(() => {}) });
        tagsmith.store = store;
        const { collection } = await store.call("open", {});
        const id = await store.call("reserve_ids", { n: 1 });
        const { put } = IDBObjectStore.prototype;
        IDBObjectStore.prototype.put = () => {
            throw new DOMException("", "QuotaExceededError");
        };
        const files = [{ id, path: "first.jpg", size: 1, modified_ms: 1 }];
        const added = store.call("add_files", { collection: collection.id, files });
        const late = new Promise((resolve) => setTimeout(resolve, 10_000, "nothing has come of it"));
        const answer = await Promise.race([added, late]);
        IDBObjectStore.prototype.put = put;
        return answer ?? (await store.call("open", {})).n_files;
    });
    assert.equal(n, 1);
});

for (const end of /** @type {const} */ (["written", "crashed", "given up"]))
    test(`while what was left is ${end}, calls keep their order, and each is answered`, async () => {
        const page = await openPage();
        await recordAssets(page, N_ASSETS);
        const { library, collection } = await openStored(page);
        await closeStored(page);
        await leave(page, lateFile(library, collection));
        const { asked, outcomes } = await page.evaluate(askWhileWritten, end);
        assert.deepEqual(asked.slice(0, 2), ["start", "add_files"]);
        assert.deepEqual(outcomes, Array(2).fill(end === "given up" ? "worker_crashed" : "written"));
        const { n_files: n, settings } = await callStored(page, "open");
        assert.deepEqual([n, settings.said], [N_ASSETS + 1, end === "given up" ? undefined : "later"]);
    });

/** One call before the worker is there, and one in the middle of what was left. @param {"written" | "crashed" | "given up"} end of the worker that writes it first */
async function askWhileWritten(end) {
    const { tagsmith } = /** @type {any} */ (globalThis);
    const asked = /** @type {string[]} */ ([]);
    let isFirst = true;
    const say = (/** @type {string} */ said) =>
        Promise.race([
            tagsmith.store.call("save_settings", { settings: { said } }),
            new Promise((resolve) => setTimeout(resolve, 10_000, "never answered")),
        ]).then(
            (answer) => answer ?? "written",
            (error) => error.code ?? error.name,
        );
    const later = new Promise((resolve) => {
        const { startWorker } = tagsmith;
        tagsmith.startWorker = async () => {
            const worker = await startWorker();
            const post = worker.postMessage.bind(worker);
            worker.postMessage = (/** @type {any} */ message, /** @type {any} */ transfer) => {
                if (message.name !== "live") asked.push(message.name);
                const isLost = end === "given up" && message.name === "add_files" && isFirst;
                if (!isLost) post(message, transfer); // else it dies before
                if (message.name !== "add_files" || !isFirst) return;
                isFirst = false;
                queueMicrotask(() => {
                    resolve(say("later"));
                    if (end !== "written") worker.onerror({ message: "The test has ended it." });
                });
            };
            return worker;
        };
    });
    tagsmith.store = await tagsmith.open(end === "given up" ? { relaunch: { take: () => false } } : {});
    const outcomes = await Promise.all([say("earlier"), later]);
    return { asked, outcomes };
}

const STORE = /\/store\.js$/;

/** A worker that is told so finds no room for any content. To be called before the first one comes. @param {Page} page */
const canBeFull = (page) =>
    page.route(STORE, async (route) => {
        const response = await route.fetch();
        await route.fulfill({ response, body: `(${fillWhenTold})();${await response.text()}` });
    });

function fillWhenTold() {
    addEventListener("message", (event) => {
        if (!event.data.isFull) return;
        event.stopImmediatePropagation();
        const { prototype } = /** @type {any} */ (globalThis).FileSystemSyncAccessHandle;
        const { write } = prototype;
        prototype.write = function (/** @type {Uint8Array} */ bytes, /** @type {{at: number}} */ options) {
            if (options.at < 4096) return write.call(this, bytes, options); // the pool's own, which is there already
            throw new DOMException("", "QuotaExceededError");
        };
    });
}

/** Something that is to be kept, and something that is read, of a store that finds no room. @param {boolean} isBegun */
async function askFull(isBegun) {
    const { tagsmith } = /** @type {any} */ (globalThis);
    const [heard, said] = [/** @type {boolean[]} */ ([]), { written: /** @type {string | null} */ (null) }];
    tagsmith.isFull = true;
    const store = await tagsmith.open({
        startWorker: async () => {
            const worker = await tagsmith.startWorker();
            if (tagsmith.isFull) worker.postMessage({ isFull: true });
            return worker;
        },
        onStalled: (/** @type {boolean} */ isStalled) => heard.push(isStalled),
        ...(isBegun && { untilShown: () => new Promise(() => {}) }),
    });
    Object.assign(tagsmith, { store, heard, said });
    if (isBegun) {
        const { collection } = await store.call("open", {});
        const id = await store.call("reserve_ids", { n: 1 });
        const files = [{ id, path: "first.jpg", size: 1, modified_ms: 1 }];
        await store.call("add_files", { collection: collection.id, files });
    }
    const later = isBegun ? store.call("steps", {}) : Promise.resolve();
    tagsmith.written = Promise.all([later, store.call("save_settings", { settings: { kept: 1 } })]).then(
        () => (said.written = "written"),
        (error) => (said.written = error.code ?? error.name),
    );
    const read = await store.call("usage", {}).catch((/** @type {any} */ error) => error.code);
    await new Promise((resolve) => setTimeout(resolve, 500));
    return { read, heard, ...said };
}

async function makeRoom() {
    const { tagsmith } = /** @type {any} */ (globalThis);
    const { store, written } = tagsmith;
    tagsmith.isFull = false;
    store.retry();
    await written;
    await store.call("usage", {});
}

const heard = () => {
    const { heard, said } = /** @type {any} */ (globalThis).tagsmith;
    return { heard, ...said };
};

/** What a tab leaves that has added a file, and no more. @param {string} library @param {number} collection */
const lateFile = (library, collection) => [
    { name: "open", params: { library } },
    {
        name: "add_files",
        params: { collection, files: [{ id: LATE, path: "late.jpg", size: 9, modified_ms: 9 }] },
    },
];

/** As a tab does that is gone before the store has come. @param {Page} page @param {object[]} calls */
const leave = (page, calls) => inJournal(page, "readwrite", calls);
/** @param {Page} page */
const nLeft = (page) => inJournal(page, "readonly", []);

/** @param {Page} page @param {IDBTransactionMode} mode @param {object[]} calls that are put there @returns {Promise<number>} how many there are */
const inJournal = (page, mode, calls) =>
    page.evaluate(
        async ([mode, calls]) => {
            const opening = indexedDB.open(`tagsmith-beginning ${location.href}`, 1);
            opening.onupgradeneeded = () => opening.result.createObjectStore("calls", { autoIncrement: true });
            await new Promise((resolve) => Object.assign(opening, { onsuccess: resolve }));
            const transaction = opening.result.transaction("calls", mode);
            const store = transaction.objectStore("calls");
            for (const call of calls) store.put(call);
            const counted = store.count();
            await new Promise((resolve) => Object.assign(transaction, { oncomplete: resolve }));
            opening.result.close();
            return counted.result;
        },
        /** @type {const} */ ([mode, calls]),
    );
