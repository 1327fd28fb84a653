/** What is kept stays whole: backups, damage, no room, and a browser that keeps nothing. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { withCircle, withClaimedPages, withSharedPages } from "./hostile_backups.mjs";
import { ROOT } from "./root.mjs";
import { inStore, ready, useStore } from "./store.mjs";

const { site, openPage } = useStore();

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
        const ahead = new Uint8Array(await backup.arrayBuffer());
        ahead[18] = ahead[19] = 2; // what is written ahead would lie in another file
        const refused = [];
        for (const file of [
            new Blob([bytes]),
            new Blob(["no library"]),
            backup.slice(0, 16384),
            backup.slice(0, 20000),
            new Blob([ahead]),
        ])
            refused.push(await code(file));
        const atOnce = await Promise.all([1, 2].map(() => store.call("inspect_backup", { file: backup })));
        const still = (await library.all(store)).files.ids.length;
        await store.call("restore", { file: backup });
        const after = await library.all(store);
        const usage = await store.call("usage", {});
        return { before, after, size, real: backup.size, facts, empty, at, refused, atOnce, still, usage };
    });
    assert.deepEqual(result.after.files, result.before.files);
    assert.deepEqual(result.after.taggings, result.before.taggings);
    assert.deepEqual([result.empty, result.still], [0, 0]);
    assert.ok(result.at > 0, "the embedding was found");
    assert.deepEqual(result.refused, Array(5).fill("library_damaged"));
    assert.deepEqual(result.atOnce[1], result.atOnce[0], "one waits for the other");
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

test("what was meant for the library before a restore is not written into the one after it", async () => {
    const page = await openPage();
    const result = await inStore(page, async (store, library) => {
        const { first } = await library.fill(store, 3);
        const file = await store.call("backup", { thumbnails: false });
        const before = await library.all(store);
        const outcome = (/** @type {Promise<any>} */ call) =>
            call.then(
                () => "written",
                (error) => error.name,
            );
        const failed = (/** @type {number} */ id) => ({ file: id, failure: { code: "file_unreadable", detail: "" } });
        await store.call("record", { results: [failed(first)] }); // it opens a window, in which the next one waits
        const waiting = outcome(store.call("record", { results: [failed(first + 1)] }));
        await store.call("restore", { file });
        const corrections = { own: [{ id: "own:late", name: "late" }], rejected: [] };
        const late = [
            await waiting,
            await outcome(store.call("correct", { changes: [{ id: first, corrections }] })),
            await outcome(store.call("reserve_ids", { n: 1 })),
        ];
        const after = await library.all(store);
        const id = await store.call("reserve_ids", { n: 1 });
        const nul = { id, path: "a\0b.jpg", size: 1, modified_ms: 1 };
        await store.call("add_files", { collection: after.collection.id, files: [nul] });
        const unreadable = await store.call("backup", { thumbnails: false });
        const refused = await store
            .call("inspect_backup", { file: unreadable })
            .catch((/** @type {any} */ error) => error);
        return { before, late, after, refused: refused.message };
    });
    assert.deepEqual(result.late, ["AbortError", "AbortError", "AbortError"]);
    assert.deepEqual(result.after, result.before);
    assert.match(result.refused, /The path of file \d+ has a NUL/i, "a backup that the page could not read");
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
        for (const top of [1, 2]) void note("view", store.call("save_view", { collection: 1, view: { top } }));
        void note("second", store.call("correct", { changes: said("own:second") }));
        await note("backup", store.call("backup", { thumbnails: false }));
        return { results: [...scope.results], looks: (await library.all(store)).files.looks };
    });
    assert.deepEqual(
        waiting,
        { results: ["view", "storage_full"], looks: [1, 1, 1] },
        "read it can be, and what is big is refused at once",
    );
    await tools.send("Storage.overrideQuotaForOrigin", { origin });
    await inStore(page, async (store) => store.retry());
    await page.waitForFunction(() => /** @type {any} */ (globalThis).results.length === 6);
    const after = await inStore(page, async (store, library) => ({
        results: /** @type {any} */ (globalThis).results,
        ...(await library.all(store)),
    }));
    assert.deepEqual([...after.results].sort(), ["first", "record", "second", "storage_full", "view", "view"]);
    assert.ok(after.results.indexOf("first") < after.results.indexOf("second"));
    const { files, collection } = after;
    assert.deepEqual(
        [files.looks, files.corrections[1].own[0].name, collection.view.top],
        [[2, 2, 2], "own:second", 2],
    );
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

test("what is emptied gives its room back: the file of the database and the thumbnails, also those that a crash left behind", async () => {
    const page = await openPage();
    const result = await inStore(page, async (store, library) => {
        const thumbnail = new Blob(["a picture".repeat(500)]);
        const embedding = { scale: 0.1, vector: new Int8Array(1280), backbone: "m 1" };
        const { collection } = await library.fill(store, 400, { thumbnail, embedding });
        const second = await store.call("make_collection", { name: "Second" });
        await store.call("copy_files", { ids: [1, 2], collection: second });
        const [listed] = (await store.call("collections", {})).filter(
            (/** @type {any} */ one) => one.id === collection,
        );
        const before = await store.call("usage", {});
        const { bytes } = await store.call("empty_collection", { id: collection });
        const after = await store.call("usage", {});
        return { listed: listed.bytes, before, bytes, after };
    });
    const { listed, before, bytes, after } = result;
    assert.deepEqual([before.thumbnails, after.thumbnails], [400 * 4500, 2 * 4500], "counted one by one");
    assert.ok(after.database < before.database / 2, `the database has ${after.database} of ${before.database} left`);
    assert.equal(bytes, before.database - after.database + 398 * 4500, "as much is freed as was said");
    assert.ok(Math.abs(listed - bytes) < 0.2 * bytes, `${listed} was said of ${bytes}`);
    await page.reload();
    await ready(page);
    const left = await page.evaluate(async () => {
        const own = await (await navigator.storage.getDirectory()).getDirectoryHandle("tagsmith-%2F");
        const folder = await own.getDirectoryHandle("thumbnails");
        await (await folder.getDirectoryHandle("aa", { create: true })).getFileHandle("aa".repeat(32), {
            create: true,
        });
        const counted = { bytes: 0, thumbnails: 0 };
        const pool = await (await own.getDirectoryHandle("database")).getDirectoryHandle(".opaque");
        for await (const handle of /** @type {any} */ (pool).values()) counted.bytes += (await handle.getFile()).size;
        for await (const one of /** @type {any} */ (folder).values())
            for await (const _ of one.keys()) counted.thumbnails++;
        return counted;
    });
    assert.equal(left.thumbnails, 3, "two of pictures, and one of nobody");
    assert.ok(left.bytes < after.database + 1_100_000, `${left.bytes} bytes are on the disk`);
    await inStore(page, async (store) => store.call("usage", {}));
    await page.waitForFunction(
        async () => {
            const own = await (await navigator.storage.getDirectory()).getDirectoryHandle("tagsmith-%2F");
            const folder = await (await own.getDirectoryHandle("thumbnails")).getDirectoryHandle("aa");
            return (await /** @type {any} */ (folder).keys().next()).done;
        },
        undefined,
        { polling: 500 },
    );
});

test("a backup that asks for more work than its size can need is refused like a damaged one, and what is here stays", async () => {
    const page = await openPage();
    const sound = readFileSync(join(ROOT, "tests/fixtures/library/version_1.tagsmith"));
    const files = [sound, withSharedPages(sound), withCircle(sound), withClaimedPages(sound)];
    await page.evaluate(
        (files) => void Object.assign(globalThis, { files }),
        files.map((file) => file.toString("base64")),
    );
    const said = await inStore(page, async (store, library) => {
        await library.fill(store, 2);
        const said = [];
        for (const base64 of /** @type {any} */ (globalThis).files) {
            const file = new Blob([Uint8Array.from(atob(base64), (char) => char.charCodeAt(0))]);
            said.push(
                await store.call("inspect_backup", { file }).then(
                    (/** @type {any} */ { n_files: n }) => n,
                    (/** @type {any} */ error) => error.code,
                ),
            );
        }
        return [...said, (await library.all(store)).files.ids.length];
    });
    assert.deepEqual(said, [4, ...Array(3).fill("library_damaged"), 2]);
});
