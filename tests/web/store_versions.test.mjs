/** Libraries of older versions, and damaged ones: what is brought up to date, and what is left of what other taggers said. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { withProviders } from "./provider_store.mjs";
import { ROOT } from "./root.mjs";
import { inStore, ready, useStore } from "./store.mjs";
import { readDatabase, writeDatabase } from "./stored_library.mjs";

const { openPage } = useStore();
/** @param {number} version */
const libraryOf = (version) => readFileSync(join(ROOT, `tests/fixtures/library/version_${version}.tagsmith`));
const [VERSION_1, VERSION_2, VERSION_3, VERSION_4] = [libraryOf(1), libraryOf(2), libraryOf(3), libraryOf(4)];
/** The pool's own, before the database. */
const HEADER_BYTES = 4096;

/** @typedef {import("playwright-core").Page} Page */

/** @param {Page} page */
const close = (page) =>
    page.evaluate(() => {
        const scope = /** @type {any} */ (globalThis);
        scope.store?.close();
        scope.store = null;
    });

/** Whatever changes the file while nobody has it open. @param {Page} page @param {(content: Buffer) => Buffer} change */
async function changeDatabase(page, change) {
    await close(page);
    // A worker lets go of its files a moment after it has ended.
    for (let n = 0; ; n++) {
        try {
            const content = await readDatabase(page);
            await writeDatabase(page, change(content));
            break;
        } catch (error) {
            assert.ok(n < 50, String(error));
            await page.waitForTimeout(50);
        }
    }
    await page.reload();
    await ready(page);
    await withProviders(page);
}

/** What a library has, and of which version it is. */
const described = async (/** @type {any} */ store, /** @type {any} */ library) => {
    const { n_jobs: nJobs, n_files: nFiles, collection } = await store.call("open", {});
    const [id] = await store.call("order", { collection: collection.id });
    await store.call("set_texts", { changes: [{ file: id, field: "title", text: "Mine" }] });
    const backup = await store.call("backup", { thumbnails: false });
    const version = new DataView(await backup.slice(60, 64).arrayBuffer()).getUint32(0);
    const { corrections } = await store.call("files", { collection: collection.id });
    return {
        ...{ version, nJobs, nFiles, nCorrected: Object.keys(corrections).length },
        texts: await library.provider.texts(store, id),
        damaged: await library.provider.damaged(store),
    };
};
const UP_TO_DATE = { version: 4, nJobs: 0, nFiles: 4, nCorrected: 4, texts: { title: "person: Mine" }, damaged: [] };

test("a library of version 1 is brought up to date where it lies, and keeps what it has", async () => {
    const page = await openPage();
    await inStore(page, (store) => store.call("open", {}));
    await changeDatabase(page, (content) => Buffer.concat([content.subarray(0, HEADER_BYTES), VERSION_1]));
    assert.deepEqual(await inStore(page, described), UP_TO_DATE);
    await page.reload();
    await ready(page);
    await withProviders(page);
    assert.deepEqual(await inStore(page, described), UP_TO_DATE);
});

test("a backup of version 1 is restored as one of this version", async () => {
    const page = await openPage();
    await withProviders(page);
    await page.evaluate((base64) => void Object.assign(globalThis, { base64 }), VERSION_1.toString("base64"));
    await inStore(page, async (store, library) => {
        await library.fill(store, 1);
        const { base64 } = /** @type {any} */ (globalThis);
        const file = new Blob([Uint8Array.from(atob(base64), (char) => char.charCodeAt(0))]);
        await store.call("restore", { file });
    });
    assert.deepEqual(await inStore(page, described), UP_TO_DATE);
});

/** What a backup with a job, requests and texts is restored as. @param {Buffer} backup */
async function restored(backup) {
    const page = await openPage();
    await withProviders(page);
    await page.evaluate((base64) => void Object.assign(globalThis, { base64 }), backup.toString("base64"));
    const seen = await inStore(page, async (store, library) => {
        const { base64 } = /** @type {any} */ (globalThis);
        const file = new Blob([Uint8Array.from(atob(base64), (char) => char.charCodeAt(0))]);
        await store.call("restore", { file });
        const { collection } = await store.call("open", {});
        const [job] = await store.call("jobs", {});
        const ids = Array.from(await store.call("order", { collection: collection.id }));
        const texts = await Promise.all(ids.map((id) => library.provider.texts(store, id)));
        const codes = (await store.call("awaited", { run: job.run })).map((/** @type {any} */ one) => [
            one.failure?.code,
            one.failure?.is_maybe_paid,
        ]);
        const ends = (await store.call("requests", { n: 9 })).map((/** @type {any} */ one) => one.outcome);
        return {
            job: [job.provider, job.n_files, job.n_failed],
            codes,
            ends,
            texts,
            damaged: await library.provider.damaged(store),
        };
    });
    assert.deepEqual([seen.job, seen.ends, seen.damaged], [["google", 2, 2], ["lost", "answered"], []]);
    const description = "person: Över taket";
    assert.deepEqual(seen.texts, [
        { title: "google: A sky", description },
        { description, alt_text: "person: " },
        { description },
        { description },
    ]);
    return seen.codes;
}

test("a backup of version 2 comes with its job, its requests and its texts", async () => {
    const codes = await restored(VERSION_2);
    assert.deepEqual(codes, [
        ["provider_throttled", false],
        ["provider_answer_lost", true],
    ]);
});

test("a backup of version 3 knows of each file that failed whether it may have been paid", async () => {
    const codes = await restored(VERSION_3);
    assert.deepEqual(codes, [
        ["provider_request_refused", true],
        ["provider_answer_lost", true],
    ]);
});

test("a backup of version 4 comes with its own tagger, whose training was interrupted, and what that found", async () => {
    const page = await openPage();
    await withProviders(page);
    await page.evaluate((base64) => void Object.assign(globalThis, { base64 }), VERSION_4.toString("base64"));
    const seen = await inStore(page, async (store, library) => {
        const { base64 } = /** @type {any} */ (globalThis);
        const file = new Blob([Uint8Array.from(atob(base64), (char) => char.charCodeAt(0))]);
        await store.call("restore", { file });
        const { n_own: nOwn, collection } = await store.call("open", {});
        const [tagger] = await store.call("own_taggers", {});
        const which = { collections: [collection.id], backbone: tagger.heads[0].backbone, n_features: 3 };
        const { views } = await store.call("training_files", { ...which, view_names: ["mirror"] });
        const shown = Object.values(await library.provider.shown(store)).flat();
        return {
            ...{ nOwn, name: tagger.name, report: await store.call("head_report", { head: tagger.heads[0].id }) },
            heads: tagger.heads.map((/** @type {any} */ one) => [one.number, one.is_in_use, one.n_tags, one.n_assets]),
            trainings: tagger.trainings.map((/** @type {any} */ one) => [
                one.number,
                one.failure?.code,
                one.is_running,
            ]),
            views: Array.from(views).filter((bits) => bits > 0),
            shown: shown.filter((one) => one.startsWith("head")),
            damaged: await library.provider.damaged(store),
        };
    });
    // With the one that was removed: it can be put back.
    assert.deepEqual(seen, {
        ...{ nOwn: 2, name: "Väskor", report: { map: 0.5 }, heads: [[1, true, 2, 1]] },
        trainings: [
            [3, undefined, false],
            [2, "out_of_memory", false],
        ],
        ...{ views: [6], shown: ["head shop-1: logoväska,logomugg"], damaged: [] },
    });
});

test("a rescue of version 2 keeps its job, and warns of what was told from its code then", async () => {
    const page = await openPage();
    await inStore(page, (store) => store.call("open", {}));
    await changeDatabase(page, (content) => {
        const library = Buffer.from(VERSION_2);
        const put = (/** @type {string | Buffer} */ before, /** @type {string | Buffer} */ after) => {
            const at = library.lastIndexOf(before);
            assert.ok(at > 0 && before.length === after.length);
            Buffer.from(after).copy(library, at);
        };
        put("A sky", "A ski"); // damage, in a table that the job does not rest on
        // Another failure, of which version 2 did not say whether it may have been paid, with its sum in the ledger.
        put("provider_throttled", "provider_timed_out");
        put(Buffer.from("ce7d28dd", "hex"), Buffer.from("95c70f8f", "hex"));
        return Buffer.concat([content.subarray(0, HEADER_BYTES), library]);
    });
    const seen = await inStore(page, async (store, library) => {
        await store.call("rescue", {});
        await store.call("open", {});
        const [{ run }] = await store.call("jobs", {});
        const awaited = await store.call("awaited", { run });
        const codes = awaited.map((/** @type {any} */ { failure }) => [failure?.code, failure?.is_maybe_paid]);
        return { codes, damaged: await library.provider.damaged(store) };
    });
    const codes = [
        ["provider_timed_out", true],
        ["provider_answer_lost", true],
    ];
    assert.deepEqual(seen, { codes, damaged: [] });
});

test("a rescue keeps what a person wrote though it is in doubt, and drops what can be asked for again", async () => {
    const page = await openPage();
    await withProviders(page);
    const first = await inStore(page, async (store, library) => {
        const { ask, found, job, run: runOf } = library.provider;
        const { collection, first } = await library.fill(store, 3);
        await job(store, "sky", {}, [found(first, ["sun"], { title: "FOUND-TEXT" })]);
        const changes = [0, 1].map((idx) => ({ file: first + idx, field: "description", text: `GIVEN-TEXT ${idx}` }));
        await store.call("set_texts", { changes });
        const run = await store.call("begin_job", { run: runOf("sky"), collection, files: [first + 1, first + 2] });
        await ask(store, run, [first + 1]);
        return first;
    });
    await changeDatabase(page, (content) => {
        for (const text of ["FOUND-TEXT", "GIVEN-TEXT 1"]) {
            const at = content.lastIndexOf(text);
            assert.ok(at > 0);
            content[at] = (content[at] ?? 0) ^ 1;
        }
        return content;
    });
    const seen = await inStore(page, async (store, library) => {
        const { damaged, texts } = library.provider;
        const before = await damaged(store);
        const { tables } = await store.call("inspect_rescue", {});
        await store.call("rescue", {});
        const { collection, n_jobs: nJobs } = await store.call("open", {});
        const [first] = await store.call("order", { collection: collection.id });
        const rows = tables.map((/** @type {any} */ { name, ...one }) => [name, Object.values(one).join(" ")]);
        return {
            ...{ before, tables: Object.fromEntries(rows), nJobs, first },
            texts: [await texts(store, first), await texts(store, first + 1)],
            shown: (await library.provider.shown(store))[first],
            ends: (await store.call("requests", { n: 9 })).map((/** @type {any} */ { outcome }) => outcome),
            after: await damaged(store),
        };
    });
    assert.deepEqual(seen.before.sort(), ["found_text", "given_text"]);
    const { request, awaited, found_text: found, given_text: given } = seen.tables;
    assert.deepEqual([request, awaited, found, given], ["2 2 true", "2 2 true", "1 0 false", "2 2 false"]);
    assert.deepEqual([seen.first, seen.nJobs, seen.after], [first, 1, []]);
    assert.deepEqual(seen.texts, [{ description: "person: GIVEN-TEXT 0" }, { description: "person: FIVEN-TEXT 1" }]);
    assert.deepEqual(seen.shown, ["model m: 3", "provider sky: sun"]);
    assert.deepEqual(seen.ends, ["lost", "answered"], "nobody waits for anything in the new one");
});
