/** The store against real storage: what is written is there, after a reload, and in every shape in which it is asked for. */
import assert from "node:assert/strict";
import test from "node:test";
import { inStore, ready, useStore } from "./store.mjs";

const { openPage } = useStore();

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
            ["copy_files", { ids: [first, first + 2], collection: 77, first_id: 500 }],
            ["remove_files", { ids: [501], removed: true }],
        ];
        const answers = [];
        for (const [name, params] of calls) answers.push(await store.call(name, params));
        const once = { answers: answers.slice(1), ...(await library.all(store)) };
        const again = [];
        for (const [name, params] of calls.slice(1)) again.push(await store.call(name, params));
        return [once, { answers: again, ...(await library.all(store)) }];
    });
    assert.deepEqual(twice, once);
    assert.deepEqual([once.steps.length, once.files.ids.length, once.answers[4]], [1, 4, { n: 2 }]);
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
        const outdated = async (/** @type {any} */ model) =>
            Array.from(await store.call("outdated", { collection, model })).map((id) => id - first);
        const before = [
            await outdated(library.model),
            await outdated(elsewhere),
            await outdated({ ...elsewhere, id: "none" }),
        ];
        await store.call("undo_run", { run, undone: true });
        const undone = await runs(library.model);
        const after = [await outdated(library.model), await outdated(elsewhere)];
        // A result that was on its way to it, with what its content shows then: a run of its own.
        await store.call("record", { results: [library.result(first + 1, run)] });
        const late = (await runs(library.model)).filter((id) => id !== other);
        await store.call("undo_run", { run: late[0], undone: true });
        await store.call("undo_run", { run, undone: false });
        const again = await runs(library.model);
        return { run, other, own, others, unknown, undone, before, after, late, again };
    });
    const { run, other } = shown;
    assert.deepEqual(shown.own, [run, run]);
    assert.deepEqual(shown.others, [other, run], "the newest of another model where there is none of this");
    assert.deepEqual(shown.unknown, [other, run]);
    assert.deepEqual(shown.undone, [other]);
    assert.deepEqual(shown.before, [[], [1], [0, 1]], "what a model has not tagged, and others have");
    assert.deepEqual(shown.after, [[0], []], "of what shows nothing nobody has to be asked here");
    assert.deepEqual([shown.late.length, shown.late.includes(run)], [1, false], "an undone run takes nothing more");
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
        const assets = await store.call("find_assets", { collection, sha256s });
        const next = await store.call("reserve_ids", { n: 1 });
        await store.call("add_files", { collection, files: library.files(next, 1) });
        /** @type {boolean[]} */
        const adopted = [];
        for (const [sha256, pipeline] of [
            [library.hex(999), library.model.pipeline],
            [library.hex(first), 4],
            [library.hex(first), library.model.pipeline],
        ])
            adopted.push(await store.call("adopt", { file: next, sha256, model: { ...library.model, pipeline } }));
        const copy = await store.call("files", { collection, ids: [next], model: library.model });
        return { first, path: file.path, known, assets, adopted, copy };
    });
    const { first } = found;
    assert.deepEqual(found.known, [
        { file: first, is_size_known: true },
        { file: null, is_size_known: true },
        { file: null, is_size_known: false },
    ]);
    assert.equal(found.assets[1], null);
    assert.deepEqual(found.assets[0].files, [{ id: first, path: found.path }]);
    assert.deepEqual(found.adopted, [false, false, true], "known to this model, and to no other");
    assert.deepEqual([found.copy.facts[0].sha256, [...found.copy.looks]], [found.assets[0].sha256, [1]]);
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
        const twin = await store.call("reserve_ids", { n: 1 });
        await store.call("add_files", { collection: 1, files: [{ ...library.files(first, 1)[0], id: twin }] });
        const twins = await store.call("copy_files", { ids: [twin], collection: id });
        const [kept] = await store.call("order", { collection: id });
        const steps = [
            { kind: "corrections", data: [{ id: first, before: {}, after: { own: [{ id: `${kept}` }] } }] },
            { kind: "corrections", data: [{ id: first }, { id: kept }] },
            { kind: "files", data: { places: [[first, kept]], collection: 1 } },
            { kind: "files", data: { places: [[kept, 0]], collection: id } },
            { kind: "settings", data: {} },
        ];
        for (const [idx, step] of steps.entries())
            await store.call("add_step", { step: { ...step, id: idx + 1, key: "said_removed", params: {} } });
        await store.call("empty_collection", { id: 1 });
        const stepsLeft = (await store.call("steps", {})).map((/** @type {{id: number}} */ step) => step.id);
        const tagged = await store.call("taggings", { collection: id, model: library.model });
        const runs = await store.call("runs", {});
        await store.call("delete_collection", { id });
        return {
            id,
            copied,
            again,
            twins,
            stepsLeft,
            opened,
            list,
            own: Object.values(files.corrections),
            n: tagged.ids.length,
            nTagged: runs[0].n_assets,
            left: await store.call("collections", {}),
        };
    });
    assert.deepEqual([result.copied, result.again], [{ n: 2 }, { n: 1 }]);
    assert.deepEqual(result.twins, { n: 1 }, "the same path with another content");
    assert.deepEqual(result.stepsLeft, [2, 4, 5], "a step goes with all its pictures");
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

test("thumbnails are read by the page as files, and nothing is there before it is written", async () => {
    const page = await openPage();
    const before = await page.evaluate(() => /** @type {any} */ (globalThis).tagsmith.has());
    const seen = await inStore(page, async (store, library) => {
        const { tagsmith } = /** @type {any} */ (globalThis);
        const { first } = await library.fill(store, 2, { thumbnail: new Blob(["a picture"]) });
        const [one, none] = [
            await tagsmith.thumbnails.get(library.hex(first)),
            await tagsmith.thumbnails.url(library.hex(999)),
        ];
        const url = await tagsmith.thumbnails.url(library.hex(first + 1));
        return { text: await one.text(), none, isUrl: url.startsWith("blob:"), has: await tagsmith.has() };
    });
    assert.deepEqual([before, seen], [false, { text: "a picture", none: null, isUrl: true, has: true }]);
});

test("handles of files and of folders survive a reload, and one of another path is not given", async () => {
    const page = await openPage();
    await page.evaluate(async () => {
        const { handles } = /** @type {any} */ (globalThis).tagsmith;
        const root = await navigator.storage.getDirectory();
        const folder = await root.getDirectoryHandle("holiday", { create: true });
        const inside = await folder.getDirectoryHandle("day", { create: true });
        for (const [place, name] of /** @type {const} */ ([
            [root, "a.jpg"],
            [inside, "b.jpg"],
            [inside, "c.jpg"],
        ])) {
            const writable = await (await place.getFileHandle(name, { create: true })).createWritable();
            await writable.write(name);
            await writable.close();
        }
        await handles.put([
            { id: 1, source: { path: "a.jpg", handle: await root.getFileHandle("a.jpg") } },
            { id: 2, source: { path: "holiday/day/b.jpg", folder, inside: ["day", "b.jpg"] } },
        ]);
        await handles.put([{ id: 3, source: { path: "holiday/day/c.jpg", folder, inside: ["day", "c.jpg"] } }]);
    });
    await page.reload();
    await ready(page);
    const read = () =>
        page.evaluate(async () => {
            const { handles, fileOf } = /** @type {any} */ (globalThis).tagsmith;
            const found = await handles.get([
                { id: 1, path: "a.jpg" },
                { id: 2, path: "holiday/day/b.jpg" },
                { id: 3, path: "elsewhere.jpg" },
                { id: 4, path: "d.jpg" },
            ]);
            const texts = [];
            for (const [id, source] of found) texts.push(`${id} ${await (await fileOf(source)).text()}`);
            return texts;
        });
    assert.deepEqual(await read(), ["1 a.jpg", "2 b.jpg"]);
    await page.evaluate(() => /** @type {any} */ (globalThis).tagsmith.handles.delete([1]));
    assert.deepEqual(await read(), ["2 b.jpg"]);
    await page.evaluate(() => /** @type {any} */ (globalThis).tagsmith.handles.clear());
    assert.deepEqual(await read(), []);

    const many = await page.evaluate(async () => {
        const { handles } = /** @type {any} */ (globalThis).tagsmith;
        const root = await navigator.storage.getDirectory();
        const handle = await root.getFileHandle("a.jpg");
        const ids = Array.from({ length: 12_000 }, (_, idx) => 7 + idx);
        await handles.put(ids.map((id) => ({ id, source: { path: `${id}.jpg`, handle } })));
        const wanted = ids.filter((id) => id % 2 === 0).map((id) => ({ id, path: id === 8 ? "other" : `${id}.jpg` }));
        const found = await handles.get(wanted);
        return [found.size, Math.min(...found.keys()), Math.max(...found.keys()), found.get(5_000)?.path];
    });
    assert.deepEqual(many, [5_999, 10, 12_006, "5000.jpg"]);
});

test("of steps the last thousand are kept, long data is fetched when it is needed, and a new one ends what was undone", async () => {
    const page = await openPage();
    const kept = await inStore(page, async (store) => {
        const step = (/** @type {unknown} */ data) => ({
            id: store.newId(),
            key: "k",
            params: {},
            kind: "corrections",
            data,
        });
        for (let n = 0; n < 1003; n++) await store.call("add_step", { step: step(n) });
        const long = step("x".repeat(10_000));
        await store.call("add_step", { step: long });
        const { steps } = await store.call("open", {});
        const whole = await store.call("step_data", { id: long.id });
        for (const { id } of steps.slice(-2).reverse())
            await store.call("correct", { changes: [], move: { id, is_undone: true } });
        await store.call("add_step", { step: step("new") });
        const after = (await store.call("open", {})).steps;
        return {
            n: steps.length,
            first: steps[0].data,
            last: steps.at(-1).data,
            whole: whole.length,
            ends: after.slice(-2).map((/** @type {any} */ one) => one.data),
        };
    });
    assert.deepEqual(kept, { n: 1000, first: 4, last: null, whole: 10_000, ends: [1001, "new"] });
});
