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
