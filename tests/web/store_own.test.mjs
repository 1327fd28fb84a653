/** Own taggers in the store: made, taught, used, rolled back, taken back, and gone for good. */
import assert from "node:assert/strict";
import test from "node:test";
import { withOwnTaggers } from "./own_store.mjs";
import { withProviders } from "./provider_store.mjs";
import { inStore, ready, useStore } from "./store.mjs";

const { openPage, openBeside } = useStore();

/** With what these tests say again and again. @param {import("playwright-core").Page} page */
async function prepared(page) {
    await withProviders(page);
    await withOwnTaggers(page);
    return page;
}

test("a training makes a version, which tags, is rolled back, and goes for good with what it found", async () => {
    const page = await prepared(await openPage());
    const seen = await inStore(page, async (store, library) => {
        const { own, provider } = library;
        const { collection, first } = await library.fill(store, 3);
        const ids = [first, first + 1, first + 2];
        await own.make(store, "shop");
        await own.make(store, "shop"); // asked twice
        const one = await own.train(store, "shop");
        const before = await store.call("not_found_by", { head: one, collection, n_features: own.nFeatures });
        await own.tag(store, one, ids, [0.9, 0.1]);
        await own.tag(store, one, ids.slice(0, 1), [0.8, 0.9]); // the open run goes on
        const after = await store.call("not_found_by", { head: one, collection, n_features: own.nFeatures });
        const shown = [await provider.shown(store)];
        const two = await own.train(store, "shop", { report: null, file: '{"v":2}' });
        shown.push(await provider.shown(store)); // the former shows until the version in use has looked
        await own.tag(store, two, ids.slice(1), [0.2, 0.7]);
        shown.push(await provider.shown(store));
        const step = { id: store.newId(), key: "k", params: {}, kind: "own_tagger", data: { own_tagger: "shop" } };
        await store.call("use_head", { own_tagger: "shop", head: one, step });
        shown.push(await provider.shown(store));
        const taggers = [await own.taggers(store)];
        const facts = await store.call("own_taggers", {});
        const files = [await store.call("head_file", { head: two }), await store.call("head_report", { head: one })];
        await store.call("delete_head_report", { head: one });
        files.push(await store.call("head_report", { head: one }));
        await store.call("delete_head", { head: two });
        await store.call("delete_head", { head: two });
        taggers.push(await own.taggers(store));
        await store.call("remove_own_tagger", { id: "shop", removed: true });
        shown.push(await provider.shown(store));
        taggers.push(await own.taggers(store));
        await store.call("remove_own_tagger", { id: "shop", removed: false });
        const three = await store.call("begin_training", { own_tagger: "shop", by: "weekly", title: "", comment: "" });
        await store.call("delete_own_tagger", { id: "shop" });
        taggers.push(await own.taggers(store));
        const runs = (await store.call("runs", {})).map((/** @type {any} */ { kind }) => kind);
        const steps = (await store.call("steps", {})).map((/** @type {any} */ { kind }) => kind);
        const gone = [
            await store.call("begin_head_run", { head: one }),
            await store.call("begin_training", { own_tagger: "shop", by: "person", title: "", comment: "" }),
            await store.call("end_training", { id: three.id, head: own.head() }),
        ];
        return {
            ...{ shown, taggers, facts, files, runs, steps, gone, three: three.number },
            ready: [before, after].map(({ ready, without }) => [ready.length, without.length]),
            places: shown.map((one) => ids.map((id) => one[id].slice(1).join())),
            damaged: await provider.damaged(store),
        };
    });
    assert.deepEqual(seen.ready, [
        [3, 0],
        [0, 0],
    ]);
    const [old, again, fresh] = ["head shop: bag,tag 3", "head shop: tag 3,bag", "head shop: tag 3,bag"];
    assert.deepEqual(seen.places, [
        [again, old, old],
        [again, old, old],
        [again, fresh, fresh],
        [again, old, old],
        ["", "", ""],
    ]);
    const shop = (/** @type {string[]} */ heads) => [{ id: "shop", heads, trainings: [] }];
    const [used, left] = [shop(["2: 2", "1 in use: 3"]), shop(["1 in use: 3"])];
    assert.deepEqual(seen.taggers, [used, left, [], []]);
    const { heads, made_ms: _, ...facts } = seen.facts[0];
    const wanted = { id: "shop", name: "The shop", settings: { collections: [1] }, is_used: true, trainings: [] };
    assert.deepEqual(facts, wanted);
    const { tags, n_tags: nTags, title, seed, backbone, n_examples: nExamples, has_report: hasReport } = heads[1];
    assert.deepEqual([nTags, title, seed, backbone, nExamples, hasReport], [2, "First", 7, "m 1", 12, true]);
    assert.deepEqual([tags[0].threshold, heads[0].has_report], [0.5, false]);
    assert.deepEqual(seen.files, ['{"v":2}', { map: 0.5 }, null]);
    assert.deepEqual([seen.three, seen.runs, seen.steps], [3, ["model"], []], "no number is given twice");
    assert.deepEqual([seen.gone, seen.damaged], [[null, null, { head: null }], []]);
});

test("what a version found is under its thresholds, decides nothing for the model, and is taken back by its run", async () => {
    const page = await prepared(await openPage());
    const seen = await inStore(page, async (store, library) => {
        const { own, provider } = library;
        const { collection, first, run: ofModel } = await library.fill(store, 2);
        await own.make(store, "shop");
        const head = await own.train(store, "shop");
        const run = await own.tag(store, head, [first, first + 1], [0.9, 0.1]);
        const { run_rows: rows } = await store.call("taggings", { collection, model: library.model });
        const row = rows.find((/** @type {any} */ one) => one.kind === "head");
        const other = { id: "other", version: "1", pipeline: 1 };
        const outdated = await store.call("outdated", { collection, model: other });
        const step = { id: store.newId(), key: "k", params: {}, kind: "run", data: { run, undone: true } };
        await store.call("undo_run", { run, undone: true, step });
        const undone = (await provider.shown(store))[first];
        const late = own.found([first], [0.9, 0.9]);
        const codes = [await provider.refused(store.call("record_found", { run, found: late }))];
        const { run: next } = await store.call("begin_head_run", { head });
        const beyond = { ...late, places: Uint16Array.of(0, 2) };
        codes.push(await provider.refused(store.call("record_found", { run: next, found: beyond })));
        codes.push(await provider.refused(store.call("make_own_tagger", { id: "A b", name: "", settings: {} })));
        const unseen = await store.call("record_found", { run: next, found: own.found([999], [0.9, 0.9]) });
        await store.call("undo_run", { run, undone: false, move: { id: step.id, is_undone: true } });
        const back = (await provider.shown(store))[first];
        await store.call("undo_run", { run: ofModel, undone: true });
        const alone = (await provider.shown(store))[first];
        const waiting = await store.call("outdated", { collection, model: other });
        return {
            ...{ row, undone, back, alone, codes, unseen, isNew: next !== run },
            outdated: [outdated.length, waiting.length],
            damaged: await provider.damaged(store),
        };
    });
    const { id: _, ...row } = seen.row;
    assert.deepEqual(row, {
        ...{ kind: "head", tagger: "shop", version: "1", pipeline: 1, components: ["head:shop"], has_confidence: true },
        ...{ own: { threshold: null, max_tags: null }, thresholds: { "own:bag": 0.5, t3: 0.25 } },
    });
    const both = ["model m: 3", "head shop: bag,tag 3"];
    assert.deepEqual([seen.undone, seen.back, seen.alone], [both.slice(0, 1), both, both.slice(1)]);
    assert.deepEqual([seen.outdated, seen.isNew], [[2, 0], true]);
    assert.equal(seen.codes[0], "run_unknown");
    assert.ok(
        seen.codes.slice(1).every((/** @type {string} */ code) => code !== ""),
        "refused",
    );
    assert.deepEqual([seen.unseen, seen.damaged], [{ files: [] }, []]);
});

test("files to learn from come with what a person said, what is kept of them, and their embeddings", async () => {
    const page = await prepared(await openPage());
    const seen = await inStore(page, async (store, library) => {
        const { own } = library;
        const { collection, first } = await library.fill(store, 5);
        const waiting = await store.call("reserve_ids", { n: 1 });
        await store.call("add_files", { collection, files: library.files(waiting, 1) });
        const tag = (/** @type {string} */ id) => ({ id, name: id.replace("own:", "") });
        const changes = [
            { id: first, corrections: { own: [tag("own:bag"), tag("own:a")], rejected: ["t3"] } },
            { id: first + 1, corrections: { own: [], rejected: ["own:bag"] } },
            { id: first + 2, corrections: { own: [tag("own:a")], rejected: [] } },
            { id: waiting, corrections: { own: [tag("own:bag")], rejected: [] } },
        ];
        const before = Date.now();
        await store.call("correct", { changes });
        await store.call("remove_files", { ids: [first + 2], removed: true });
        const view = (/** @type {string} */ name, /** @type {number} */ value) => ({
            ...{ name, scale: 0.5, vector: new Int8Array(own.nFeatures).fill(value) },
        });
        const { sha256, size, facts } = library.result(waiting, 0);
        const picture = { sha256, size, facts };
        const square = Uint8Array.of(1, 2, 3);
        const embedded = [
            { file: first, views: [view("mirror", -3)], square },
            { file: waiting, picture, views: [view("", 4), view("mirror", -4)], square: null },
            { file: first + 1, picture: { ...picture, sha256: library.hex(77) }, views: [view("mirror", 9)] },
            { file: 999, views: [view("mirror", 9)] },
        ];
        await store.call("record_embeddings", { backbone: own.backbone, embedded });
        await store.call("record_embeddings", { backbone: own.backbone, embedded });
        const which = {
            collections: [collection],
            files: [waiting],
            ...{ backbone: own.backbone, n_features: own.nFeatures },
        };
        const asked = { ...which, view_names: ["mirror"] };
        const files = await store.call("training_files", { ...asked, of: "taught" });
        const all = await store.call("training_files", asked);
        const strange = await store.call("training_files", { ...asked, n_features: 63 });
        const vectors = await store.call("embeddings", { ...asked, files: [first + 1, waiting, first, 999] });
        const others = await store.call("other_embeddings", { ...which, without: [first, waiting], n: 2 });
        const { squares, usage } = {
            squares: await store.call("squares", { files: [waiting, first] }),
            usage: await store.call("usage", {}),
        };
        await store.call("delete_squares", {});
        /** @param {any} columns @returns {any} */
        const plain = (columns) =>
            Object.fromEntries(
                Object.entries(columns).map(([name, value]) => [name, Array.from(/** @type {any} */ (value))]),
            );
        const { sha256s, ...columns } = plain(files);
        return {
            ...{ first, waiting, columns, hash: sha256s[31], nHashes: sha256s.length / 32 },
            all: [all.files.length, Array.from(all.views), Array.from(strange.views)],
            vectors: plain(vectors),
            others: plain(others),
            squares: [
                Array.from(squares.files),
                Array.from(squares.squares[0]),
                ...[usage.squares, usage.n_squares],
                (await store.call("usage", {})).n_squares,
            ],
            n: [
                await store.call("taught_since", { collections: [collection], since_ms: before - 1 }),
                await store.call("taught_since", { collections: [collection], since_ms: Date.now() + 1 }),
                await store.call("n_features_of", { backbone: own.backbone }),
                await store.call("n_features_of", { backbone: "none" }),
            ],
            damaged: (await store.call("verify", {})).damaged,
            emptied:
                (await store.call("empty_collection", { id: collection })) && (await store.call("verify", {})).damaged,
            left: await store.call("n_features_of", { backbone: own.backbone }),
        };
    });
    assert.deepEqual([seen.emptied, seen.left], [[], 0], "what is emptied takes its embeddings and squares along");
    const { first, waiting, columns } = seen;
    assert.deepEqual(columns.files, [first, first + 1, waiting], "those that something was said of, and not taken off");
    assert.deepEqual(columns.tags, [
        { id: "own:a", name: "a", language: null },
        { id: "own:bag", name: "bag", language: null },
        { id: "t3", name: "tag 3", language: "en" },
    ]);
    assert.deepEqual(
        [columns.given_lengths, columns.given],
        [
            [2, 0, 1],
            [1, 0, 1],
        ],
    );
    assert.deepEqual(
        [columns.rejected_lengths, columns.rejected],
        [
            [1, 1, 0],
            [2, 1],
        ],
    );
    assert.deepEqual(
        [columns.views, columns.states, columns.sides],
        [
            [7, 1, 3],
            [1, 1, 0],
            [20, 20, 20],
        ],
    );
    assert.deepEqual(
        [columns.sizes, seen.hash, seen.nHashes],
        [[first, first + 1, waiting].map((id) => 1000 + id), first, 3],
    );
    assert.deepEqual(seen.all, [5, [7, 1, 1, 1, 3], [4, 0, 0, 0, 0]], "embeddings of another length count as missing");
    const { files, names, scales, vectors } = seen.vectors;
    assert.deepEqual(files, [first + 1, waiting, waiting, first, first]);
    assert.deepEqual([names, vectors.length], [["", "", "mirror", "", "mirror"], 5 * 64]);
    const value = (/** @type {number} */ nth) => vectors[64 * nth + 63];
    assert.deepEqual([0, 1, 2, 3, 4].map(value), [first + 1, 4, -4, first, -3]);
    assert.deepEqual([scales[1], seen.others.files, seen.others.vectors.length], [0.5, [first + 1, first + 3], 2 * 64]);
    assert.deepEqual(seen.squares, [[first], [1, 2, 3], 3, 1, 0]);
    assert.deepEqual([seen.n, seen.damaged], [[3, 0, 64, 0], []]);
});

test("a backup brings back what was taught, and whatever a backup cannot have is not written", async () => {
    const page = await prepared(await openPage());
    const seen = await inStore(page, async (store, library) => {
        const { own, provider } = library;
        const { first } = await library.fill(store, 2);
        await own.make(store, "shop");
        const head = await own.train(store, "shop");
        await own.tag(store, head, [first], [0.9, 0.1]);
        const view = { name: "mirror", scale: 0.5, vector: Int8Array.of(1, 2) };
        const record = (/** @type {object[]} */ embedded) =>
            store.call("record_embeddings", { backbone: own.backbone, embedded });
        await record([{ file: first, views: [view], square: Uint8Array.of(1, 2) }]);
        await store.call("begin_training", { own_tagger: "shop", by: "weekly", title: "", comment: "" });
        const facts = async () => JSON.stringify([await store.call("own_taggers", {}), await provider.shown(store)]);
        const before = await facts();
        const [nan, long] = [Number.NaN, "x".repeat(9000)];
        const tag = { id: "own:a", name: "a", threshold: 0.5 };
        const refused = [];
        for (const wrong of [
            ...[
                { ...tag, threshold: nan },
                { ...tag, threshold: 2 },
                { ...tag, id: "" },
                { ...tag, name: long },
            ].map((one) => ({ tags: [one] })),
            ...[{ seed: -1 }, { seed: 0.5 }, { file: "{" }],
        ])
            refused.push(await provider.refused(own.train(store, "shop", wrong)));
        for (const wrong of [{ scale: nan }, { scale: -1 }, { vector: new Int8Array() }, { name: "A" }])
            refused.push(await provider.refused(record([{ file: first, views: [{ ...view, ...wrong }] }])));
        await record([{ file: first, views: [], square: new Uint8Array(300_000) }]);
        await store.call("change_own_tagger", { id: "shop", name: "a\0b".repeat(9000) });
        const backup = await store.call("backup", { thumbnails: false });
        await store.call("delete_own_tagger", { id: "shop" });
        await store.call("restore", { file: backup });
        await store.call("open", {});
        const [{ name }] = await store.call("own_taggers", {});
        await store.call("change_own_tagger", { id: "shop", name: "The shop" });
        const after = await facts();
        const open = (await store.call("trainings", {})).map((/** @type {any} */ one) => one.is_running);
        const { squares } = await store.call("usage", {});
        return { before, after, refused, open, name: name.length, squares, damaged: await provider.damaged(store) };
    });
    assert.equal(seen.refused.filter((/** @type {string} */ code) => code !== "").length, 11);
    const interrupted = (/** @type {string} */ facts) =>
        JSON.parse(facts, (key, value) => (key === "trainings" ? value.length > 0 : value));
    assert.deepEqual(interrupted(seen.after), interrupted(seen.before));
    assert.ok(seen.open.length > 1 && seen.open.every((/** @type {boolean} */ isRunning) => !isRunning));
    assert.deepEqual([seen.name <= 16_384, seen.squares, seen.damaged], [true, 2, []]);
});

test("a training outlives its tab and is gone on with in another, and only one tab is at it", async () => {
    const page = await prepared(await openPage());
    const id = await inStore(page, async (store, library) => {
        await store.call("open", {});
        await library.own.make(store, "shop");
        const asked = { own_tagger: "shop", by: "after_n", title: "Weekly", comment: "c" };
        return (await store.call("begin_training", asked)).id;
    });
    const beside = await prepared(await openBeside(page));
    await beside.evaluate((id) => void Object.assign(globalThis, { id }), id);
    const look = (/** @type {import("playwright-core").Page} */ page) =>
        inStore(page, async (store, library) => {
            const { id } = /** @type {any} */ (globalThis);
            const [{ trainings }] = await library.own.taggers(store);
            return { trainings, isTaken: await store.call("take_training", { id }) };
        });
    assert.deepEqual(await look(beside), { trainings: ["1 runs"], isTaken: false });
    await page.close();
    const after = await look(beside);
    assert.deepEqual(after, { trainings: ["1 interrupted"], isTaken: true });
    const ended = await inStore(beside, async (store, library) => {
        const { id } = /** @type {any} */ (globalThis);
        const [running] = await store.call("trainings", { own_tagger: "shop" });
        const failure = { code: "out_of_memory", detail: "Too\0 much." };
        const none = await store.call("end_training", { id, failure });
        const late = await store.call("end_training", { id, head: library.own.head() });
        const [failed] = await store.call("trainings", {});
        const other = await store.call("take_training", { id });
        return { running, failed, other, heads: [none.head, late.head], taggers: await library.own.taggers(store) };
    });
    const { begun_ms: begun, ...running } = ended.running;
    assert.ok(begun > 0);
    const facts = { id, own_tagger: "shop", number: 1, by: "after_n", title: "Weekly", comment: "c", head: null };
    assert.deepEqual(running, { ...facts, ended_ms: null, failure: null, is_running: true });
    assert.deepEqual(ended.failed.failure, { code: "out_of_memory", detail: "Too much." });
    assert.deepEqual([ended.other, ended.heads], [false, [null, null]], "what has ended is over");
    assert.deepEqual(ended.taggers, [{ id: "shop", heads: [], trainings: ["1 out_of_memory"] }]);
    await beside.reload();
    await ready(beside);
    assert.equal(await inStore(beside, async (store) => (await store.call("open", {})).n_own), 1);
});
