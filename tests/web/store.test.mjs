/** The store against real storage: what is written is there, in this tab, in others, after a reload, and after a backup. */
import assert from "node:assert/strict";
import test from "node:test";
import { serve } from "../../www/tools/serve.mjs";
import { usePage } from "./harness.mjs";
import { installLibrary } from "./store.mjs";
import { storePage } from "./store_page.mjs";

const site = usePage({ start: async () => serve({ dir: await storePage(), port: 0 }) });

/** @param {import("playwright-core").Page} page */
async function ready(page) {
    await page.waitForFunction(() => "tagsmith" in globalThis);
    await page.evaluate(installLibrary);
    return page;
}
const openPage = async () => ready(await site.open());

/** Another tab. @param {import("playwright-core").Page} page */
async function openBeside(page) {
    const tab = await page.context().newPage();
    await tab.goto(site.url);
    return ready(tab);
}

/**
 * Runs in the page, with its store open.
 * @template T @param {import("playwright-core").Page} page @param {(store: any, library: any) => Promise<T>} act @returns {Promise<T>}
 */
const inStore = (page, act) => page.evaluate(`library.act(${act})`);

test("what was committed is there after a reload: files, tags, corrections, steps, settings and the view", async () => {
    const page = await openPage();
    const before = await inStore(page, async (store, library) => {
        const { collection, first } = await library.fill(store, 20);
        const own = [
            { id: "own:Straße", name: "Straße", language: "de" },
            { id: "t7", name: "tag 7", in_bulk: true },
        ];
        const changes = [{ id: first, corrections: { own, rejected: ["t1"], reviewed: true } }];
        const step = {
            id: store.newId(),
            key: "step_accept",
            params: { n: 1 },
            kind: "corrections",
            data: [{ id: first }],
        };
        await store.call("correct", { changes, step });
        await store.call("record", {
            results: [{ file: first + 3, failure: { code: "decode_failed", detail: "It ends." } }],
        });
        await store.call("save_settings", { settings: { rules: [{ a: 1 }] } });
        await store.call("save_view", { collection, view: { top: 12 } });
        return library.all(store);
    });
    await page.reload();
    await ready(page);
    const after = await inStore(page, (store, library) => library.all(store));
    assert.deepEqual(after, before);
    const [id = 0] = after.files.ids;
    assert.deepEqual(after.files.corrections[id], {
        own: [
            { id: "own:Straße", name: "Straße", language: "de" },
            { id: "t7", name: "tag 7", in_bulk: true },
        ],
        rejected: ["t1"],
        reviewed: true,
    });
    assert.deepEqual(
        [after.files.paths[0], after.files.states.slice(2, 5), after.files.failures[id + 3]?.code],
        [`folder/${id}.jpg`, [1, 2, 1], "decode_failed"],
    );
    assert.deepEqual(
        [after.taggings.ids.length, after.taggings.lengths[0], after.taggings.box_lengths[0]],
        [20, 39, 25],
    );
    assert.deepEqual(
        [JSON.parse(after.taggings.facts)[1].timings_ms.infer, after.steps[0].params.n, after.collection.view.top],
        [3, 1, 12],
    );
});

test("a call that is made twice leaves the same as one", async () => {
    const page = await openPage();
    const [once, twice] = await inStore(page, async (store, library) => {
        const { collection, first, run } = await library.fill(store, 5);
        const step = { id: store.newId(), key: "k", params: {}, kind: "corrections", data: [] };
        const calls = [
            ["add_files", { collection, files: library.files(first, 5) }],
            ["record", { results: [library.result(first, run)] }],
            [
                "correct",
                { changes: [{ id: first, corrections: { own: [{ id: "t1", name: "tag 1" }], rejected: [] } }], step },
            ],
            ["remove_files", { ids: [first + 1], removed: true }],
            ["make_collection", { id: 77, name: "Second" }],
        ];
        for (const [name, params] of calls) await store.call(name, params);
        const once = await library.all(store);
        for (const [name, params] of calls.slice(1)) await store.call(name, params);
        return [once, await library.all(store)];
    });
    assert.deepEqual(twice, once);
    assert.deepEqual([once.steps.length, once.files.ids.length], [1, 4]);
});

test("of runs of two models both stay, the one in use shows, and a run can be undone and done again", async () => {
    const page = await openPage();
    const shown = await inStore(page, async (store, library) => {
        const { collection, first, run } = await library.fill(store, 2);
        const other = await store.call("begin_run", {
            ...library.run,
            tagger: "other",
            tags: [{ id: "x", name: "X" }],
        });
        const found = library.result(first, other);
        found.candidates.tags.fill(0);
        found.boxes.tags.fill(0);
        await store.call("record", { results: [found] });
        const runs = async (/** @type {any} */ model) =>
            Array.from((await store.call("taggings", { collection, model })).runs);
        const elsewhere = { ...library.model, id: "other" };
        const [own, others, unknown] = [
            await runs(library.model),
            await runs(elsewhere),
            await runs({ ...elsewhere, id: "none" }),
        ];
        await store.call("undo_run", { run, undone: true });
        const undone = await runs(library.model);
        await store.call("undo_run", { run, undone: false });
        return { run, other, own, others, unknown, undone, again: await runs(library.model) };
    });
    const { run, other } = shown;
    assert.deepEqual(shown.own, [run, run]);
    assert.deepEqual(shown.others, [other, run], "the newest of another model where there is none of this");
    assert.deepEqual(shown.unknown, [other, run]);
    assert.deepEqual(shown.undone, [other]);
    assert.deepEqual(shown.again, [run, run]);
});

test("a file that comes again is known by path, size and date, and its content by its hash", async () => {
    const page = await openPage();
    const found = await inStore(page, async (store, library) => {
        const { collection, first } = await library.fill(store, 3);
        const [file] = library.files(first, 1);
        const known = await store.call("find_known", {
            collection,
            files: [file, { ...file, path: "b.jpg" }, { ...file, size: 7 }],
        });
        const sha256s = [library.hex(first), library.hex(999)];
        const assets = await store.call("find_assets", { collection, sha256s, model: library.model });
        const others = await store.call("find_assets", {
            collection,
            sha256s,
            model: { ...library.model, pipeline: 4 },
        });
        return { first, known, assets, others };
    });
    const { first } = found;
    assert.deepEqual(found.known, [
        { file: first, is_size_known: true },
        { file: null, is_size_known: true },
        { file: null, is_size_known: false },
    ]);
    assert.equal(found.assets[1], null);
    assert.deepEqual(
        [found.assets[0].file, found.assets[0].is_tagged, found.others[0].is_tagged],
        [first, true, false],
    );
});

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
        for (let n = 0; n < 50; n++) await store.call("record", { results: [library.result(1, run, { looks: 2 })] });
        return library.all(store);
    });
    await page.close();
    const after = await asked;
    assert.equal(first, 1);
    assert.deepEqual([after.files.looks, after.files.corrections[1].own.length], [[2, 1, 1], 1]);
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

test("a worker that could not be fetched is fetched again with the next call", async () => {
    const page = await openPage();
    site.watch.allow(/sqlite3\.wasm|ERR_FAILED/);
    await page.route("**/sqlite3.wasm", (route) => route.abort());
    const first = await inStore(page, (store) =>
        store.call("open", {}).then(
            () => "opened",
            (/** @type {any} */ error) => error.code,
        ),
    );
    await page.unroute("**/sqlite3.wasm");
    const second = await inStore(page, async (store) => (await store.call("open", {})).kept);
    assert.deepEqual([first, second], ["engine_unreachable", "opfs"]);
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

test("a backup brings back all of it, in another place too, and nothing of a damaged one", async () => {
    const page = await openPage();
    const result = await inStore(page, async (store, library) => {
        const picture = new Blob(
            ["\x89PNG\r\n\x1a\n0123456789"].map((text) => Uint8Array.from(text, (c) => c.charCodeAt(0))),
            { type: "image/png" },
        );
        const { first } = await library.fill(store, 8, { thumbnail: picture });
        await store.call("correct", {
            changes: [{ id: first, corrections: { own: [{ id: "own:猫", name: "猫" }], rejected: [] } }],
        });
        const before = await library.all(store);
        const backup = await store.call("backup", { thumbnails: true });
        const size = await store.call("backup_size", { thumbnails: true });
        const facts = await store.call("inspect_backup", { file: backup });
        await store.call("start_anew", {});
        const empty = (await library.all(store)).files.ids.length;
        // One byte of an embedding: only the ledger notices.
        const bytes = new Uint8Array(await backup.arrayBuffer());
        const at = bytes.findIndex((_, idx) => idx > 8192 && bytes.subarray(idx, idx + 64).every((byte) => byte === 3));
        bytes[at + 5] = 99;
        const code = (/** @type {Blob} */ file) =>
            store.call("restore", { file }).then(
                () => "restored",
                (/** @type {any} */ error) => error.code,
            );
        const refused = [
            await code(new Blob([bytes])),
            await code(new Blob(["no library"])),
            await code(backup.slice(0, 16384)),
        ];
        const still = (await library.all(store)).files.ids.length;
        await store.call("restore", { file: backup });
        const after = await library.all(store);
        const usage = await store.call("usage", {});
        return { before, after, size, real: backup.size, facts, empty, at, refused, still, usage };
    });
    assert.deepEqual(result.after.files, result.before.files);
    assert.deepEqual(result.after.taggings, result.before.taggings);
    assert.deepEqual([result.empty, result.still], [0, 0]);
    assert.ok(result.at > 0, "the embedding was found");
    assert.deepEqual(result.refused, ["library_damaged", "library_damaged", "library_damaged"]);
    const { made_ms: made, bytes, ...facts } = result.facts;
    assert.deepEqual(facts, {
        collections: [{ name: "", n_files: 8 }],
        n_files: 8,
        n_corrections: 1,
        has_thumbnails: true,
    });
    assert.ok(
        made > 0 && bytes === result.real && Math.abs(result.size - bytes) < 0.3 * bytes,
        `${result.size} was said of ${bytes}`,
    );
    assert.ok(result.usage.thumbnails >= 8 * 18, "thumbnails came back");
});

test("collections are made, named, filled with copies, emptied and deleted, and what nobody has any more is gone", async () => {
    const page = await openPage();
    const result = await inStore(page, async (store, library) => {
        const { first } = await library.fill(store, 4);
        await store.call("correct", {
            changes: [{ id: first, corrections: { own: [{ id: "t9", name: "tag 9" }], rejected: [] } }],
        });
        const id = await store.call("make_collection", { name: "Holiday" });
        const copied = await store.call("copy_files", { ids: [first, first + 1], collection: id });
        const again = await store.call("copy_files", { ids: [first, first + 2], collection: id });
        await store.call("rename_collection", { id, name: "Holidays", folder: "2024" });
        const opened = await store.call("open_collection", { id });
        const files = await store.call("files", { collection: id });
        const list = await store.call("collections", {});
        await store.call("empty_collection", { id: 1 });
        const tagged = await store.call("taggings", { collection: id, model: library.model });
        const runs = await store.call("runs", {});
        await store.call("delete_collection", { id });
        return {
            id,
            copied,
            again,
            opened,
            list,
            own: Object.values(files.corrections),
            n: tagged.ids.length,
            nTagged: runs[0].n_assets,
            left: await store.call("collections", {}),
        };
    });
    assert.deepEqual([result.copied, result.again], [{ n: 2 }, { n: 1 }]);
    assert.deepEqual(
        [result.opened.collection.name, result.opened.collection.folder, result.opened.n_files],
        ["Holidays", "2024", 3],
    );
    assert.deepEqual(
        result.list.map((/** @type {any} */ { name, n_files: n, n_tagged: tagged }) => [name, n, tagged]),
        [
            ["Holidays", 3, 3],
            ["", 4, 4],
        ],
    );
    assert.deepEqual(result.own, [{ own: [{ id: "t9", name: "tag 9" }], rejected: [] }]);
    assert.deepEqual([result.n, result.nTagged], [3, 3], "what two collections had stays");
    assert.deepEqual(
        result.left.map((/** @type {any} */ { name }) => name),
        [""],
    );
});

test("where there is no room nothing is lost: what is written waits in its order, and goes on when there is", async () => {
    const page = await openPage();
    await inStore(page, (store, library) => library.fill(store, 3));
    const tools = await page.context().newCDPSession(page);
    const origin = new URL(site.url).origin;
    await tools.send("Storage.overrideQuotaForOrigin", { origin, quotaSize: 1 });
    const waiting = await inStore(page, async (store, library) => {
        const scope = /** @type {any} */ (globalThis);
        scope.results = [];
        const note = (/** @type {string} */ name, /** @type {Promise<any>} */ call) =>
            call.then(
                () => scope.results.push(name),
                (error) => scope.results.push(error.code),
            );
        const run = await store.call("runs", {}).then((/** @type {any} */ runs) => runs[0].id);
        const big = { scale: 1, vector: new Int8Array(100_000), backbone: "m 1" };
        void note(
            "record",
            store.call("record", {
                results: [1, 2, 3].map((id) => library.result(id, run, { looks: 2, embedding: big })),
            }),
        );
        await new Promise((stalled) => void (scope.onStalled = stalled));
        const said = (/** @type {string} */ id) => [{ id: 1, corrections: { own: [{ id, name: id }], rejected: [] } }];
        void note("first", store.call("correct", { changes: said("own:first") }));
        void note("second", store.call("correct", { changes: said("own:second") }));
        await note("backup", store.call("backup", { thumbnails: false }));
        return { results: [...scope.results], looks: (await library.all(store)).files.looks };
    });
    assert.deepEqual(
        waiting,
        { results: ["storage_full"], looks: [1, 1, 1] },
        "read it can be, and what is big is refused at once",
    );
    await tools.send("Storage.overrideQuotaForOrigin", { origin });
    await inStore(page, async (store) => store.retry());
    await page.waitForFunction(() => /** @type {any} */ (globalThis).results.length === 4);
    const after = await inStore(page, async (store, library) => ({
        results: /** @type {any} */ (globalThis).results,
        ...(await library.all(store)),
    }));
    assert.deepEqual([...after.results].sort(), ["first", "record", "second", "storage_full"]);
    assert.ok(after.results.indexOf("first") < after.results.indexOf("second"));
    assert.deepEqual([after.files.looks, after.files.corrections[1].own[0].name], [[2, 2, 2], "own:second"]);
});

test("where nothing may be kept it lives in memory, says so, and can be saved", async () => {
    const page = await ready(
        await site.open("", {
            prepare: (page) =>
                page.addInitScript(() => {
                    StorageManager.prototype.getDirectory = () =>
                        Promise.reject(new DOMException("Not here.", "SecurityError"));
                }),
        }),
    );
    const result = await inStore(page, async (store, library) => {
        const { kept, reason } = await store.call("open", {});
        await library.fill(store, 4, { thumbnail: new Blob(["\x89PNG\r\n\x1a\n".split("")[0] ?? "", "x".repeat(30)]) });
        const before = await library.all(store);
        const backup = await store.call("backup", { thumbnails: true });
        await store.call("start_anew", {});
        const empty = (await library.all(store)).files.ids.length;
        await store.call("restore", { file: backup });
        return { kept, reason, empty, before, after: await library.all(store) };
    });
    assert.deepEqual([result.kept, result.empty], ["memory", 0]);
    assert.match(result.reason ?? "", /SecurityError/);
    assert.deepEqual(result.after.taggings, result.before.taggings);
});

test("the library finds its own damage, makes a damaged index again, and a page that is no page is refused", async () => {
    const page = await openPage();
    const { sound, collection } = await inStore(page, async (store, library) => {
        const { collection } = await library.fill(store, 60);
        return { sound: (await store.call("verify", {})).damaged, collection };
    });
    assert.deepEqual(sound, []);
    /** Writes into the database's file, which is free for a moment. @param {string} damage source of a function of its bytes */
    const damageBy = async (damage) => {
        await page.reload();
        await ready(page);
        await page.evaluate(`(async () => {
            const root = await navigator.storage.getDirectory();
            const open = async () => {
                const own = await root.getDirectoryHandle("tagsmith-%2F");
                const pool = await (await own.getDirectoryHandle("database")).getDirectoryHandle(".opaque");
                for await (const handle of pool.values()) if ((await handle.getFile()).size > 100000) return handle;
            };
            const handle = await open();
            const bytes = new Uint8Array(await (await handle.getFile()).arrayBuffer());
            (${damage})(bytes.subarray(4096));
            const writable = await handle.createWritable();
            await writable.write(bytes);
            await writable.close();
        })()`);
    };
    // Where an embedding lies; where nothing but the ledger knows.
    await damageBy(
        "(bytes) => { const at = bytes.findIndex((_, idx) => bytes.subarray(idx, idx + 64).every((byte) => byte === 7)); bytes[at + 3] = 8; }",
    );
    assert.deepEqual(await inStore(page, async (store) => (await store.call("verify", {})).damaged), ["embedding"]);
    await damageBy("(bytes) => bytes.fill(255, 8192)");
    const code = await inStore(page, (store) =>
        store.call("open", {}).then(
            () => "opened",
            (/** @type {any} */ error) => error.code,
        ),
    );
    assert.equal(code, "library_damaged");
    const anew = await inStore(page, async (store) => {
        await store.call("start_anew", {});
        return store.call("open", {});
    });
    assert.equal(anew.n_files, 0);
    assert.ok(collection);
});
