import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";
import sqlite3InitModule from "@sqlite.org/sqlite-wasm";

const folder = await mkdtemp(join(tmpdir(), "own-taggers-"));
after(() => rm(folder, { recursive: true }));

/** The store's calls with their queries, as the page has them. */
async function load() {
    const of = (/** @type {string} */ name) => JSON.stringify(fileURLToPath(new URL(name, import.meta.url)));
    const outfile = join(folder, "store.mjs");
    const parts = [
        "database.js",
        "heads.js",
        "own_taggers.js",
        "opening.js",
        "steps.js",
        "trainings.js",
        "examples.js",
        "embeddings.js",
    ];
    const contents = `${parts.map((one) => `export * from ${of(`./${one}`)};`).join("")}
        export { default as runsByRank } from ${of("../queries/runs_by_rank.sql")};`;
    await build({
        stdin: { contents, resolveDir: fileURLToPath(new URL(".", import.meta.url)) },
        ...{ bundle: true, format: "esm", loader: { ".sql": "text" }, outfile, platform: "node" },
    });
    return import(pathToFileURL(outfile).href);
}
const store = await load();
const sqlite = /** @type {any} */ (await sqlite3InitModule());

/** A library with the tagger "mine" and two versions, the second in use. */
function begin() {
    const db = new store.Database(sqlite, new sqlite.oo1.DB(":memory:"));
    store.migrate(db);
    /** @type {any[]} */
    const announced = [];
    const library = {
        ...{ db, runTags: new Map(), tags: { idOf: () => 1 } },
        announce: (/** @type {string} */ _, /** @type {any} */ change) => announced.push(change),
    };
    const calls = {
        ...store.headCalls,
        ...store.ownTaggerCalls,
        ...store.trainingCalls,
        ...store.stepCalls,
        ...store.exampleCalls,
        ...store.embeddingCalls,
    };
    const call = (/** @type {string} */ name, /** @type {any} */ params) => calls[name](library, params, "tab");
    const taggers = () => store.ownTaggersOf.own_taggers(library, {}, () => true);
    call("make_own_tagger", { id: "mine", name: "Mine", settings: {} });
    const tags = [{ id: "own:bag", name: "Bag", threshold: 0.5 }];
    for (const id of [70, 71]) {
        call("begin_training", { id, own_tagger: "mine", by: "person", title: "", comment: "" });
        const head = { seed: 1, backbone: "m 1", n_examples: 5, tags, file: "{}", report: null };
        call("end_training", { id, head });
        call("begin_head_run", { head: id });
    }
    const inUse = () => taggers()[0].heads.find((/** @type {any} */ one) => one.is_in_use)?.id ?? null;
    const shown = () => db.all(store.runsByRank, ["m", "1", 1], (/** @type {any} */ row) => row.text(2));
    return { announced, call, inUse, library, shown, taggers };
}

/** A step that put another version in use. @param {number} id @param {number | null} before @param {number | null} after */
const stepOf = (id, before, after) => ({
    ...{ id, key: "did_use_own_head", params: {} },
    ...{ kind: "own_tagger", data: { own_tagger: "mine", before, after } },
});

test("what a tagger has found shows while it is used, and every tab hears when that changes", () => {
    const { announced, call, shown } = begin();
    assert.deepEqual(shown(), ["2", "1"]);
    announced.length = 0;
    call("change_own_tagger", { id: "mine", is_used: false });
    assert.deepEqual([shown(), announced.some(({ looks }) => looks)], [[], true]);
    call("change_own_tagger", { id: "mine", is_used: true });
    assert.deepEqual(shown(), ["2", "1"]);
});

test("a tagger that was removed still counts: its step puts it back", () => {
    const { call, library } = begin();
    call("remove_own_tagger", { id: "mine", removed: true });
    assert.equal(store.nOwnTaggersOf(library), 1);
    call("delete_own_tagger", { id: "mine" });
    assert.equal(store.nOwnTaggersOf(library), 0);
});

test("a version that is deleted takes its steps along, and one that is gone never takes the place of one in use", () => {
    const { call, inUse } = begin();
    call("use_head", { own_tagger: "mine", head: 70, step: stepOf(1, 71, 70) });
    call("use_head", { own_tagger: "mine", head: null, step: stepOf(2, 70, null) });
    call("use_head", { own_tagger: "mine", head: 70, step: stepOf(3, null, 70) });
    call("delete_head", { head: 71 });
    const ids = () => call("steps", {}).map((/** @type {any} */ { id }) => id);
    assert.deepEqual([ids(), inUse()], [[2, 3], 70]);
    const use = { own_tagger: "mine", head: 71, step: stepOf(4, 70, 71) };
    assert.throws(() => call("use_head", use), { code: "own_head_gone" });
    assert.deepEqual([ids(), inUse()], [[2, 3], 70]);
    // Of a library in which such a step is left.
    call("use_head", { own_tagger: "mine", head: 71, move: { id: 3, is_undone: true } });
    assert.equal(inUse(), 70);
});

test("of the settings only those change that are named", () => {
    const { call, taggers } = begin();
    for (const settings of [
        { weekly: { day: 6, minute: 30 }, files: [1, 2] },
        { files: [] },
        { after_n: 5, weekly: null },
    ])
        call("change_own_tagger", { id: "mine", settings });
    assert.deepEqual(taggers()[0].settings, { after_n: 5, files: [] });
    call("change_own_tagger", { id: "mine", name: "Other" });
    assert.deepEqual([taggers()[0].name, taggers()[0].settings.after_n], ["Other", 5]);
});

test("what came with a file is kept with the tagger, is not listed with it, and goes when it is left out", () => {
    const { call, taggers } = begin();
    call("change_own_tagger", { id: "mine", settings: { moved: { n: 3, columns: { sides: "AAAA" } } } });
    assert.deepEqual(taggers()[0].settings, { moved: { n: 3 } });
    assert.deepEqual(call("moved_examples", { own_tagger: "mine" }), { n: 3, columns: { sides: "AAAA" } });
    call("change_own_tagger", { id: "mine", settings: { moved: null } });
    assert.deepEqual([taggers()[0].settings, call("moved_examples", { own_tagger: "mine" })], [{}, null]);
    assert.equal(call("moved_examples", { own_tagger: "gone" }), null);
});

/** A collection of files that the model has never tagged. @param {any} db @param {readonly number[]} ids */
function addFiles(db, ids) {
    db.run("INSERT INTO collection (id, name, made_ms) VALUES (1, 'a', 1)");
    for (const id of ids)
        db.run(
            "INSERT INTO file (id, collection, position, path, size, modified_ms, state) VALUES (?1, 1, ?1, 'a', 1, 1, 'waiting')",
            [id],
        );
}

test("what was embedded of a file that was never read is kept with the facts of that file, and of no other content", () => {
    const { call, library } = begin();
    addFiles(library.db, [11, 12]);
    const facts = { width: 800, height: 600, format: "png" };
    const of = (/** @type {number} */ file, /** @type {string | null} */ hash) => ({
        ...{ file, views: [{ name: "", scale: 1, vector: new Int8Array(4) }] },
        ...(hash && { picture: { sha256: hash.repeat(32), size: 5, facts } }),
    });
    const record = (/** @type {any} */ one) => call("record_embeddings", { backbone: "m 1", embedded: [one] });
    const seen = () =>
        call("training_files", { files: [11, 12], backbone: "m 1", n_features: 4, view_names: ["mirror"] });
    record(of(11, null));
    assert.deepEqual([...seen().views], [0, 0], "nobody knows of what it is");
    record(of(11, "ab"));
    record(of(12, "ab"));
    const { assets, sides, views, sha256s } = seen();
    assert.deepEqual([[...views], [...sides], assets[0] === assets[1]], [[1, 1], [800, 800], true]);
    assert.deepEqual([...sha256s.subarray(0, 2)], [0xab, 0xab]);
    record({ ...of(11, "cd"), views: [{ name: "", scale: 7, vector: new Int8Array(4) }] });
    assert.deepEqual([...call("embeddings", { files: [11], backbone: "m 1", n_features: 4 }).scales], [1]);
});

test("what was said of a tagger's pictures is counted: of its collections, of chosen pictures, of chosen tags", () => {
    const { call, library } = begin();
    const { db } = library;
    addFiles(db, [11, 12, 13]);
    for (const [id, ref] of [
        [1, "own:bag"],
        [2, "own:shoe"],
    ])
        db.run("INSERT INTO tag (id, ref, name) VALUES (?1, ?2, ?2)", [id, ref]);
    for (const id of [11, 12, 13]) {
        db.run("INSERT INTO correction (file, tag, kind, position, said_ms) VALUES (?1, ?2, 'add', 0, 50)", [
            id,
            id === 11 ? 1 : 2,
        ]);
    }
    const since = (/** @type {object} */ of) => call("taught_since", { collections: [1], since_ms: 49, ...of });
    assert.deepEqual(
        [{}, { tags: ["own:bag"] }, { files: [12, 13] }, { files: [11, 12], tags: ["own:shoe"] }, { tags: [] }].map(
            since,
        ),
        [3, 1, 2, 1, 0],
    );
    assert.equal(since({ files: [12], since_ms: 50 }), 0);
});
