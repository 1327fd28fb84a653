/**
 * What a library keeps, in the session module: a session that is filled from it says what the one said that was there before.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
const SESSION = resolve(ROOT, process.env["TAGSMITH_ENGINE"] ?? "target/engine/simd128", "../session");
const MODEL = join(ROOT, "models/efficientnet-lite0");
const { Session, initSync } = await import(pathToFileURL(join(SESSION, "session.js")).href);
initSync({ module: readFileSync(join(SESSION, "session_bg.wasm")) });
const card = readFileSync(join(MODEL, "model.json"), "utf8");
const vocabulary = readFileSync(join(MODEL, "vocabulary.json"), "utf8");
/** @type {{id: string, names: Record<string, string>}[]} */
const tags = JSON.parse(vocabulary).tags;
const FACTS = {
    sha256: "ab".repeat(32),
    width: 40,
    height: 30,
    format: "jpeg",
    taken_ms: 1_785_587_459_000,
    timings_ms: { decode: 1, resize: 2, infer: 3, tags: 4, objects: 5 },
};
const PLACES = ["cat", "dog"].map((id) => tags.findIndex((tag) => tag.id === id));
const SCORES = [0.875, 0.75];
const CONFIDENCES = [0.9375, 0.5];
const REGION = [0.25, 0.25, 0.5, 0.5];

/** A session with a picture that waits. */
function waiting() {
    const session = new Session(card, vocabulary);
    session.add(7, "a.jpg", 0);
    return session;
}

/** The blobs of the two candidates and of a box around the first, with these numbers for their tags. @param {number[]} numbers */
function blobs(numbers) {
    const bytes = (/** @type {ArrayBufferView} */ view) =>
        new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
    const joined = (/** @type {ArrayBufferView[]} */ ...columns) =>
        new Uint8Array(Buffer.concat(columns.map((column) => bytes(column))));
    const candidates = joined(
        Uint32Array.from(numbers),
        Float32Array.from(SCORES),
        Float32Array.from(CONFIDENCES),
        Uint8Array.of(0, 1),
    );
    const boxes = joined(
        Uint32Array.of(numbers[0] ?? 0),
        Float32Array.of(0.75),
        Float32Array.from(REGION),
        Uint8Array.of(0),
    );
    return { candidates, boxes };
}

/** As the store hands it over. @param {number[]} numbers @param {object} [run] */
function stored(numbers, run) {
    const { candidates, boxes } = blobs(numbers);
    const { id: tagger, version } = JSON.parse(card);
    const components = new Session(card, vocabulary).facts().components;
    return {
        ids: Uint32Array.of(7),
        runs: Uint32Array.of(3),
        run_rows: [{ id: 3, tagger, version, pipeline: 1, components, ...run }],
        facts: JSON.stringify([FACTS]),
        lengths: Uint32Array.of(candidates.length),
        candidates,
        box_lengths: Uint32Array.of(boxes.length),
        boxes,
    };
}

const TABLE = [
    { id: 100_000, ref: "cat", name: "cat", language: null },
    { id: 100_001, ref: "dog", name: "dog", language: null },
    { id: 100_002, ref: "n02120079", name: "Arctic fox", language: null },
    { id: 100_003, ref: "own:sotnos", name: "Sotnos", language: "sv" },
];

test("a restored picture has the report that it had", () => {
    const before = waiting();
    const boxes = {
        tags: Uint16Array.of(PLACES[0] ?? 0),
        components: Uint8Array.of(0),
        confidences: Float32Array.of(0.75),
        regions: Float32Array.from(REGION),
    };
    before.put(7, {
        ...FACTS,
        tags: Uint16Array.from(PLACES),
        scores: Float32Array.from(SCORES),
        confidences: Float32Array.from(CONFIDENCES),
        components: Uint8Array.of(0, 1),
        boxes,
    });
    const after = waiting();
    after.setStoredTags(TABLE);
    after.restore(stored([100_000, 100_001]));
    assert.equal(after.reports(Uint32Array.of(7)), before.reports(Uint32Array.of(7)));
    const [{ report }] = JSON.parse(after.reports(Uint32Array.of(7)));
    assert.deepEqual([report.tags[0].id, report.tags[0].count, report.taken_ms], ["cat", 1, FACTS.taken_ms]);
});

test("tags of another model are shown, and the report names that model", () => {
    const session = waiting();
    session.apply({ threshold: 0.3, max_tags: 8, allow: [], deny: [], language: "en" });
    session.setStoredTags(TABLE);
    session.restore(stored([100_002, 100_003], { tagger: "other", version: "9", pipeline: 4, components: ["x", "y"] }));
    const shown = session.tags(Uint32Array.of(7))[0];
    assert.deepEqual(
        shown.map((/** @type {import("../../../wasm/src/types.d.ts").Tag} */ { name, from, count }) => [
            name,
            from,
            count,
        ]),
        [
            ["Arctic fox", "x", 1],
            ["Sotnos", "y", null],
        ],
    );
    const [{ report }] = JSON.parse(session.reports(Uint32Array.of(7)));
    assert.deepEqual([report.model, report.pipeline], [{ id: "other", version: "9" }, 4]);
});

test("what does not fit is refused with its code, and the picture waits as before", () => {
    const session = waiting();
    session.setStoredTags(TABLE);
    for (const harm of [{ lengths: Uint32Array.of(25) }, { facts: "[" }, { runs: Uint32Array.of(4) }, stored([1, 2])])
        assert.throws(() => session.restore({ ...stored([100_000, 100_001]), ...harm }), { code: "library_damaged" });
    assert.equal(session.summary().waiting, 1);
    assert.throws(() => session.setStoredTags([...TABLE, ...TABLE]), { code: "library_damaged" });
});

/** What the store hands over where a provider has tagged the picture, too: its row comes behind the model's. @param {object} [run] */
function storedWithProvider(run) {
    const model = stored([100_000, 100_001]);
    const { candidates } = blobs([100_003, 100_000]);
    candidates.fill(0, 24); // one component
    const [own] = model.run_rows;
    const google = { ...own, id: 9, kind: "provider", tagger: "google", components: ["provider:google"], ...run };
    return {
        ...model,
        ids: Uint32Array.of(7, 7),
        runs: Uint32Array.of(3, 9),
        run_rows: [own, google],
        facts: JSON.stringify([FACTS, FACTS]),
        lengths: Uint32Array.of(candidates.length, candidates.length),
        candidates: Uint8Array.of(...model.candidates, ...candidates),
        box_lengths: Uint32Array.of(model.boxes.length, 0),
    };
}

/** @param {import("../../../wasm/src/types.d.ts").Tag[]} tags */
const sourcesOf = (tags) =>
    tags.map(({ id, source, from, also_from: others, score }) => [id, source, from, others, score]);
const AT_HALF = { threshold: 0.5, max_tags: 8, allow: [], deny: [], language: "en" };

test("what a provider found is shown with the model's, restored or put, each with its own policy", () => {
    const restored = waiting();
    restored.apply(AT_HALF);
    restored.setStoredTags(TABLE);
    restored.restore(storedWithProvider());
    const put = waiting();
    put.apply(AT_HALF);
    put.setStoredTags(TABLE);
    put.restore(stored([100_000, 100_001]));
    const found = {
        provider: "google",
        has_confidence: true,
        run: 9,
        tags: [
            { id: "own:sotnos", name: "Sotnos", language: "sv", confidence: CONFIDENCES[0] ?? 0 },
            { id: "cat", name: "cat", confidence: CONFIDENCES[1] ?? 0 },
        ],
    };
    put.putProvider(7, found);
    const wanted = [
        ["cat", "auto", "classes", ["provider:google"], SCORES[0]],
        ["dog", "auto", put.facts().components[1], [], SCORES[1]],
        ["own:sotnos", "cloud", "provider:google", [], CONFIDENCES[0]],
    ];
    for (const session of [restored, put]) assert.deepEqual(sourcesOf(session.tags(Uint32Array.of(7))[0]), wanted);
    assert.equal(restored.reports(Uint32Array.of(7)), put.reports(Uint32Array.of(7)));
    const { voices } = put.details(7);
    assert.deepEqual(voices[0], {
        id: "cat",
        by: [
            { from: "classes", confidence: CONFIDENCES[0], score: SCORES[0], run: null },
            { from: "provider:google", confidence: CONFIDENCES[1], score: null, run: 9 },
        ],
    });
    put.apply({ ...AT_HALF, providers: { google: { threshold: 0.9, max_tags: 50, is_shown: true } } });
    assert.deepEqual(sourcesOf(put.tags(Uint32Array.of(7))[0]).slice(0, 1), [
        ["cat", "auto", "classes", [], SCORES[0]],
    ]);
    assert.throws(() => put.putProvider(7, { ...found, tags: [{ id: "", name: "x", confidence: 1 }] }), {
        code: "tag_invalid",
    });
    const unsure = waiting();
    unsure.setStoredTags(TABLE);
    unsure.restore(storedWithProvider({ has_confidence: false }));
    const [own] = unsure
        .tags(Uint32Array.of(7))[0]
        .filter((/** @type {{source: string}} */ { source }) => source === "cloud");
    assert.deepEqual([own.id, own.score], ["own:sotnos", null]);
});

test("what an own tagger found comes before the model's, restored or put, and its switch hides it", () => {
    const restored = waiting();
    restored.apply(AT_HALF);
    restored.setStoredTags(TABLE);
    const thresholds = { cat: 0.25, "own:sotnos": 0.9 };
    const run = { kind: "head", tagger: "shop", components: ["head:shop"], thresholds };
    restored.restore(storedWithProvider(run));
    const put = waiting();
    put.apply(AT_HALF);
    put.setStoredTags(TABLE);
    put.restore(stored([100_000, 100_001]));
    const found = {
        ...{ head: "shop", run: 9, ids: Uint32Array.of(7, 8), lengths: Uint32Array.of(2, 0) },
        ...{ places: Uint16Array.of(0, 1), confidences: Float32Array.from(CONFIDENCES) },
        tags: [
            { id: "own:sotnos", name: "Sotnos", language: "sv", threshold: 0.9 },
            { id: "cat", name: "cat", threshold: 0.25 },
        ],
    };
    put.putHead(found);
    const wanted = [
        ["own:sotnos", "custom", "head:shop", [], CONFIDENCES[0]],
        ["cat", "custom", "head:shop", [], CONFIDENCES[1]],
        ["dog", "auto", put.facts().components[1], [], SCORES[1]],
    ];
    const seven = Uint32Array.of(7);
    for (const session of [restored, put]) assert.deepEqual(sourcesOf(session.tags(seven)[0]), wanted);
    assert.equal(restored.reports(seven), put.reports(seven));
    assert.throws(() => put.putHead({ ...found, places: Uint16Array.of(0, 2) }), { code: "tag_invalid" });
    put.apply({ ...AT_HALF, heads: { shop: { is_shown: false } } });
    assert.equal(put.tags(seven)[0][0].source, "auto");
    put.apply(AT_HALF);
    put.takeHead("shop", seven);
    assert.equal(put.tags(seven)[0][0].source, "auto");
});

test("texts are shown, found and reported, a person's before a provider's", () => {
    const session = waiting();
    const text = { field: "title", text: "A cat", source: "provider", provider: "google", run: 9, language: null };
    session.setTexts(7, [text, { ...text, field: "alt_text" }]);
    const query = (/** @type {string} */ words) => [
        ...session.find({ words, filters: [], without: [], sort: "added" }),
    ];
    assert.deepEqual([query("cat"), query("Sofa")], [[7], []]);
    const mine = { ...text, text: "The sofa", source: "person", provider: null, run: null };
    session.setTexts(7, [text, mine, { ...mine, field: "alt_text", text: "" }]);
    assert.deepEqual([query("cat"), query("Sofa")], [[], [7]]);
    const [{ report }] = JSON.parse(session.reports(Uint32Array.of(7)));
    assert.deepEqual([report.title, report.description, report.alt_text], ["The sofa", undefined, undefined]);
    assert.deepEqual(
        session.details(7).texts.map((/** @type {{text: string}} */ one) => one.text),
        ["The sofa", "A cat", ""],
    );
});

test("many words are named at once, and what cannot be a tag is null", () => {
    const refs = waiting().tagRefs(["Katze", "Cat", "", "x".repeat(101), "Sotnos"], "de");
    assert.deepEqual(
        refs.map((/** @type {{id: string} | null} */ tag) => tag?.id ?? null),
        ["cat", "cat", null, null, "own:sotnos"],
    );
    assert.equal(refs[4].language, "de");
});
