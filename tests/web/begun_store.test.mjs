/** What a first visit has left beside its library, and the store that finds it: whatever state that library is in, and where there is no room. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { useStore } from "./store.mjs";
import { callStored, closeStored, openStored, readDatabase, recordAssets, writeDatabase } from "./stored_library.mjs";

/** @typedef {import("playwright-core").Page} Page */

const { openPage } = useStore();
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
        const files = [{ id: LATE, path: "late.jpg", size: 9, modified_ms: 9 }];
        await leave(page, [
            { name: "open", params: { library } },
            { name: "add_files", params: { collection, files } },
        ]);
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

        await leave(page, [
            { name: "open", params: { library } },
            { name: "add_files", params: { collection, files } },
        ]);
        await writeDatabase(page, other);
        await assert.rejects(openStored(page), new RegExp(`${code}:`));
        await callStored(page, "start_anew");
        assert.equal(await nLeft(page), 0, "all that was kept is gone, and this with it");
        const anew = await callStored(page, "open");
        assert.equal(anew.n_files, 0);
        assert.notEqual(anew.library, library);
    });

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
