/** Which runs show: a model's, and beside it those of each provider; and which texts. */
import assert from "node:assert/strict";
import test from "node:test";
import { withProviders } from "./provider_store.mjs";
import { inStore, useStore } from "./store.mjs";

const { openPage } = useStore();

/**
 * Runs of providers in their order: who, in which mode, and the tag that it finds in which of two files. `undone`: one of them, by its place.
 * `wanted`: what shows of the files besides the model's.
 */
const CASES = [
    { runs: [["a", "add", "x", [0, 1]]], wanted: [["a: x"], ["a: x"]] },
    {
        // Those that only add show with what was there.
        runs: [
            ["a", "add", "x", [0, 1]],
            ["a", "add", "y", [0]],
        ],
        wanted: [["a: y", "a: x"], ["a: x"]],
    },
    {
        // One that replaces hides what was there, where it has tagged.
        runs: [
            ["a", "add", "x", [0, 1]],
            ["a", "replace", "y", [0]],
        ],
        wanted: [["a: y"], ["a: x"]],
    },
    {
        runs: [
            ["a", "add", "x", [0]],
            ["a", "replace", "y", [0]],
            ["a", "add", "z", [0]],
        ],
        wanted: [["a: z", "a: y"], []],
    },
    {
        runs: [
            ["a", "add", "x", [0]],
            ["a", "only_empty", "y", [0, 1]],
        ],
        wanted: [["a: y"], ["a: y"]],
    },
    {
        // Of its own provider only.
        runs: [
            ["a", "add", "x", [0]],
            ["b", "replace", "y", [0]],
        ],
        wanted: [["a: x", "b: y"], []],
    },
    {
        // What is undone neither shows nor hides.
        runs: [
            ["a", "add", "x", [0]],
            ["a", "replace", "y", [0]],
        ],
        undone: 1,
        wanted: [["a: x"], []],
    },
    {
        runs: [
            ["a", "add", "x", [0]],
            ["a", "add", "y", [0]],
        ],
        undone: 0,
        wanted: [["a: y"], []],
    },
    { runs: [["a", "replace", "", [0]]], wanted: [["a: "], []] },
];

test(`which runs show: ${CASES.length} cases`, async () => {
    const page = await openPage();
    await withProviders(page);
    await page.evaluate((cases) => void Object.assign(globalThis, { cases }), CASES);
    const found = await inStore(page, async (store, library) => {
        const { damaged, found, job, shown } = library.provider;
        const seen = [];
        for (const { runs, undone } of /** @type {any} */ (globalThis).cases) {
            await store.call("start_anew", {});
            const { first } = await library.fill(store, 2);
            const ids = [];
            for (const [provider, mode, name, files] of runs) {
                const results = files.map((/** @type {number} */ idx) => found(first + idx, name ? [name] : []));
                ids.push(await job(store, provider, { mode }, results));
            }
            if (undone !== undefined) await store.call("undo_run", { run: ids[undone], undone: true });
            const of = await shown(store);
            seen.push([of[first], of[first + 1], await damaged(store)]);
        }
        return seen;
    });
    CASES.forEach(({ wanted }, idx) => {
        const of = wanted.map((shown) => ["model m: 3", ...shown.map((one) => `provider ${one}`)]);
        assert.deepEqual(found[idx], [...of, []], `case ${idx}`);
    });
});

test("a picture that only a provider has tagged is still to be tagged by the model, and is not outdated", async () => {
    const page = await openPage();
    await withProviders(page);
    const seen = await inStore(page, async (store, library) => {
        const { found, job, shown } = library.provider;
        const { collection, first, run } = await library.fill(store, 2);
        const [fresh, unread, twin] = [0, 1, 2].map((idx) => first + 10 + idx);
        await store.call("add_files", { collection, files: library.files(fresh, 3) });
        const facts = { width: 3, height: 2, format: "png" };
        const picture = { sha256: library.hex(fresh), size: 5, facts };
        const sky = await job(store, "sky", {}, [
            found(first, ["sun"]),
            { ...found(fresh, ["sea"], { title: "The sea" }), picture },
            found(unread, ["lost"]),
        ]);
        const files = await store.call("files", { collection, ids: [fresh, unread, twin], model: library.model });
        const outdated = async () => Array.from(await store.call("outdated", { collection, model: library.model }));
        const adopt = (/** @type {string} */ sha256) =>
            store.call("adopt", { file: twin, sha256, model: { ...library.model, id: "m" } });
        const adopted = [await adopt(library.hex(fresh)), await adopt(library.hex(first))];
        const without = await outdated();
        await store.call("undo_run", { run, undone: true });
        const undone = await outdated();
        await store.call("undo_run", { run, undone: false });
        const taggings = await store.call("taggings", { collection, ids: [fresh], model: library.model });
        return {
            ...{ without, undone, adopted, shown: await shown(store), first, fresh, twin },
            files: [[...files.states], [...files.looks], files.facts.map((/** @type {any} */ one) => one?.format)],
            awaited: await store.call("awaited", { run: sky }),
            facts: JSON.parse(taggings.facts),
            unread,
        };
    });
    const { first, fresh, twin, unread } = seen;
    assert.deepEqual([seen.without, seen.undone], [[], []]);
    assert.deepEqual(
        seen.files,
        [
            [0, 0, 0],
            [0, 0, 0],
            ["png", undefined, undefined],
        ],
        "they wait, and nobody has looked",
    );
    assert.deepEqual(seen.adopted, [false, true]);
    assert.deepEqual(seen.awaited, [
        {
            file: unread,
            is_asked: false,
            // It was answered.
            failure: { code: "file_unreadable", detail: "The picture was never read here.", is_maybe_paid: true },
        },
    ]);
    assert.deepEqual(seen.shown[first], ["model m: 3", "provider sky: sun"]);
    assert.deepEqual(seen.shown[fresh], ["provider sky: sea"]);
    assert.deepEqual(seen.shown[twin], ["model m: 3", "provider sky: sun"], "what is found belongs to the content");
    assert.equal(seen.shown[unread], undefined);
    assert.deepEqual(seen.facts[0].timings_ms, { decode: 0, resize: 0, infer: 0, tags: 0 });
});

test("a provider's tags are kept as they can be read: the surest first, each once, and no number that is none", async () => {
    const page = await openPage();
    await withProviders(page);
    const seen = await inStore(page, async (store, library) => {
        const { damaged, job, tag } = library.provider;
        const { collection, first } = await library.fill(store, 1);
        const tags = [
            tag("b", 0.25),
            tag("a", 0.75),
            { ...tag("a", 0.5), score: 3 },
            { ...tag("sure"), score: null, confidence: null },
            { ...tag("none"), score: Number.NaN, confidence: Number.NaN },
            tag(""),
            { ...tag("long"), name: "x".repeat(9000) },
        ];
        await job(store, "sky", { has_confidence: false }, [{ file: first, found: { tags, texts: [] } }]);
        const found = await store.call("taggings", { collection, model: library.model });
        const bytes = found.candidates.slice(found.lengths[0]);
        const n = bytes.length / 13;
        const names = new Map((await store.call("tags", {})).map((/** @type {any} */ { id, name }) => [id, name]));
        return {
            names: Array.from(new Uint32Array(bytes.buffer, 0, n), (id) => names.get(id)),
            scores: Array.from(new Float32Array(bytes.buffer, 4 * n, n)),
            confidences: Array.from(new Float32Array(bytes.buffer, 8 * n, n)),
            rows: found.run_rows.map((/** @type {any} */ { kind, tagger, components, has_confidence: has }) => [
                ...[kind, tagger, components, has],
            ]),
            damaged: await damaged(store),
        };
    });
    assert.deepEqual(seen, {
        names: ["sure", "a", "b", "none"],
        scores: [1, 0.75, 0.25, 0],
        confidences: [1, 0.75, 0.25, 0],
        rows: [
            ["model", "m", ["classes"], true],
            ["provider", "sky", ["provider:sky"], false],
        ],
        damaged: [],
    });
});

test("texts: the newest that shows, and a person's before it; both go and come back with their steps", async () => {
    const page = await openPage();
    await withProviders(page);
    const seen = await inStore(page, async (store, library) => {
        const { damaged, found, job, refused, texts } = library.provider;
        const { first, collection } = await library.fill(store, 2);
        const says = () => texts(store, first);
        const sky = await job(store, "sky", {}, [found(first, [], { title: "Sky", description: "Blue." })]);
        const sea = await job(store, "sea", {}, [found(first, [], { title: "Sea", alt_text: "  Waves\0.  " })]);
        const both = await says();
        const step = {
            id: store.newId(),
            key: "step_text",
            params: {},
            kind: "texts",
            data: { after: [{ file: first }] },
        };
        const changes = [
            { file: first, field: "title", text: "Mine" },
            { file: first, field: "alt_text", text: "" },
        ];
        await store.call("set_texts", { changes, step });
        await store.call("set_texts", { changes, step });
        const given = await says();
        const back = changes.map((one) => ({ ...one, text: null }));
        await store.call("set_texts", { changes: back, move: { id: step.id, is_undone: true } });
        const undone = await says();
        const twice = await refused(store.call("set_texts", { changes: back, move: { id: step.id, is_undone: true } }));
        await store.call("set_texts", { changes, move: { id: step.id, is_undone: false } });
        const redone = await says();
        const id = await store.call("make_collection", { name: "Second" });
        await store.call("copy_files", { ids: [first], collection: id, first_id: 500 });
        const copied = await texts(store, 500);
        await store.call("set_texts", { changes: [{ file: 500, field: "title", text: "The copy's" }] });
        const own = [(await texts(store, 500)).title, (await says()).title];
        await store.call("undo_run", { run: sea, undone: true });
        await store.call("set_texts", { changes: back });
        const withoutSea = await says();
        const empty = await job(store, "sky", { mode: "replace" }, [found(first, ["x"])]);
        const replaced = await says();
        await store.call("undo_run", { run: empty, undone: true });
        await store.call("undo_run", { run: sea, undone: false });
        const all = await says();
        const long = await store.call("set_texts", {
            changes: [{ file: first, field: "title", text: "ö".repeat(9000) }],
        });
        const [cut] = (await store.call("texts", { ids: [first] }))[0].texts;
        const bad = await refused(store.call("set_texts", { changes: [{ file: first, field: "caption", text: "" }] }));
        const whole = await damaged(store);
        await store.call("empty_collection", { id: collection });
        const steps = await store.call("steps", {});
        return {
            ...{
                both,
                given,
                undone,
                twice,
                redone,
                copied,
                own,
                withoutSea,
                replaced,
                all,
                long,
                cut: cut.text.length,
            },
            ...{
                bad,
                whole,
                steps,
                gone: await store.call("texts", { ids: [first, first + 1] }),
                still: await damaged(store),
            },
            ...{ kept: await texts(store, 500), runs: [sky, sea] },
        };
    });
    const both = { title: "sea: Sea", description: "sky: Blue.", alt_text: "sea: Waves." };
    const given = { title: "person: Mine", description: "sky: Blue.", alt_text: "person: " };
    assert.deepEqual([seen.both, seen.given, seen.undone, seen.redone], [both, given, both, given]);
    assert.deepEqual(
        [seen.twice, seen.copied, seen.own],
        ["step_passed", given, ["person: The copy's", "person: Mine"]],
    );
    assert.deepEqual(seen.withoutSea, { title: "sky: Sky", description: "sky: Blue." });
    assert.deepEqual([seen.replaced, seen.all], [{}, both]);
    assert.deepEqual([seen.cut, seen.bad], [8192, "store_failed"]);
    assert.deepEqual([seen.steps, seen.gone, seen.whole, seen.still], [[], [], [], []]);
    assert.equal(seen.kept.title, "person: The copy's", "the copy has its own");
});
