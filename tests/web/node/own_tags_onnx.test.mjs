/**
 * Own tags and their network in one ONNX file, run by onnxruntime: the confidences are those that the formula of docs/formats/head.md gives for the
 * embedding of the network alone, within 1e-4. The head is made here, and steep, so that a mistake shows.
 */
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
const TRAIN = resolve(ROOT, process.env["TAGSMITH_ENGINE"] ?? "target/engine/simd128", "../train");
const MODEL = join(ROOT, "models/efficientnet-lite0");
const N_TAGS = 20;

assert.ok(
    existsSync(join(TRAIN, "train_bg.wasm")),
    `There is no training module in ${TRAIN}. Build it first: cargo x build`,
);
const train = await import(pathToFileURL(join(TRAIN, "train.js")).href);
train.initSync({ module: readFileSync(join(TRAIN, "train_bg.wasm")) });
const require = createRequire(join(ROOT, "www/package.json"));
const ort = await import(pathToFileURL(require.resolve("onnxruntime-web")).href).then(
    (module) => module.default ?? module,
);
ort.env.wasm.numThreads = 1;

const card = JSON.parse(readFileSync(join(MODEL, "model.json"), "utf8"));
const model = new Uint8Array(readFileSync(join(MODEL, "model.onnx")));

/** Numbers in (-0.5, 0.5), the same ones each time. */
let state = 1;
const random = () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32 - 0.5;
const N_FEATURES = 1280;
/** @param {number} n */
const randoms = (n) => Float32Array.from({ length: n }, () => 2 * random());
const base64 = (/** @type {Float32Array} */ numbers) => Buffer.from(numbers.buffer).toString("base64");

const weights = randoms(N_TAGS * N_FEATURES);
const familiar = randoms(N_FEATURES);
const tags = Array.from({ length: N_TAGS }, (_, at) => ({
    tag: { id: `own:tag ${at}`, name: `Tag ${at}` },
    ...{ intercept: random(), slope: 4 + 6 * (random() + 0.5), offset: random(), threshold: 0.5 },
    ...{ is_completely_trained: true, n_examples: 30, n_rejected: 0 },
    companions: at % 3 === 0 ? [(at + 1) % N_TAGS, (at + 5) % N_TAGS].sort((one, other) => one - other) : [],
}));
const rivalry = { evidence: 1.3, rivals: 0.6, offset: 0.2 };
const LIMIT = 0.05;
const head = JSON.stringify({
    ...{ schema: 2, id: "made", name: "Made", version: 1, title: "", comment: "", made_ms: 0, seed: 1 },
    backbone: { id: card.id, version: card.version },
    ...{ n_features: N_FEATURES, normalise: "l2", weights: base64(weights), tags, rivalry },
    familiarity: { weights: base64(familiar), intercept: 0.1, limit: LIMIT },
});

/** docs/formats/head.md, in double precision. @param {Float32Array} embedding */
function expected(embedding) {
    const length = Math.hypot(...embedding);
    const product = (/** @type {Float32Array} */ row) =>
        row.reduce((sum, weight, at) => sum + weight * (embedding[at] ?? 0), 0) / length;
    const alone = tags.map(
        ({ slope, intercept, offset }, at) =>
            slope * (product(weights.subarray(at * N_FEATURES, (at + 1) * N_FEATURES)) + intercept) + offset,
    );
    const odds = alone.map((one) => Math.exp(Math.max(-30, Math.min(30, one))));
    const confidences = alone.map((one, at) => {
        const isRival = (/** @type {number} */ other) => other !== at && !tags[at]?.companions.includes(other);
        const against = Math.log(1 + odds.reduce((sum, other, of) => sum + (isRival(of) ? other : 0), 0));
        return 1 / (1 + Math.exp(-(rivalry.evidence * one - rivalry.rivals * against + rivalry.offset)));
    });
    return { confidences, familiarity: product(familiar) + 0.1 - LIMIT };
}

test("onnxruntime gives the confidences of own tags within 1e-4, and says what is familiar", async () => {
    const file = train.ownTagsOnnx(model, JSON.stringify(card), head);
    assert.ok(file.length < model.length, "the classes of the network are left out");
    const network = await ort.InferenceSession.create(model);
    const both = await ort.InferenceSession.create(file);
    assert.deepEqual(both.outputNames, ["confidences", "familiarity"]);
    const found = [];
    for (let nth = 0; nth < 3; nth++) {
        // Stripes of some colour, as far as a network has to be told pictures apart.
        const [a, b] = [random() * 60, random() * 60];
        const pixels = Float32Array.from(
            { length: 3 * 224 * 224 },
            (_, at) => Math.sin(at / (a + 61)) * Math.cos((at % 224) / (b + 61)),
        );
        const picture = { [card.input.name]: new ort.Tensor("float32", pixels, [1, 3, 224, 224]) };
        const embedding = (await network.run(picture))[card.outputs.embedding].data;
        const { confidences, familiarity } = await both.run(picture);
        const wanted = expected(embedding);
        for (const [at, confidence] of confidences.data.entries())
            assert.ok(
                Math.abs(confidence - (wanted.confidences[at] ?? 9)) < 1e-4,
                `${at}: ${confidence}, ${wanted.confidences[at]}`,
            );
        assert.ok(
            Math.abs(familiarity.data[0] - wanted.familiarity) < 1e-4,
            `${familiarity.data[0]}, ${wanted.familiarity}`,
        );
        found.push(...confidences.data);
    }
    assert.ok(Math.min(...found) < 0.2 && Math.max(...found) > 0.8, "the confidences of the test differ");
});

test("a head of another network is refused before anything is written", () => {
    const other = JSON.stringify({ ...card, version: "9.9.9" });
    assert.throws(() => train.ownTagsOnnx(model, other, head), { code: "own_head_other_backbone" });
    assert.throws(() => train.ownTagsOnnx(model.subarray(1), JSON.stringify(card), head), {
        code: "model_hash_mismatch",
    });
});

test("what travels of a tagger is read again, and what cannot be is refused", () => {
    const lights = [{ tag: "own:tag 0", guideline: "examples", light: "green" }];
    const file = train.taggerFile(head, JSON.stringify(lights));
    const read = train.readTaggerFile(file);
    assert.deepEqual(read.lights, lights);
    assert.deepEqual(JSON.parse(read.head).tags.length, N_TAGS);
    assert.deepEqual(train.readTaggerFile(head).lights, [], "a head's own file");
    assert.equal(read.set, null, "what it learnt from does not go along by itself");
    const nan = { ...JSON.parse(head), weights: base64(Float32Array.from(weights, () => Number.NaN)) };
    assert.throws(() => train.readTaggerFile(JSON.stringify(nan)), { code: "own_head_invalid" });
});

test("what it learnt from goes along where that is wished: the same examples, embeddings and tags come back", () => {
    const none = { scales: new Float32Array(), vectors: new Int8Array() };
    const set = {
        ...{ backbone: { id: card.id, version: card.version }, n_features: N_FEATURES },
        tags: [0, 1].map((at) => ({ id: `own:tag ${at}`, name: `Tag ${at}` })),
        ...{ ids: Uint32Array.of(70, 90), sha256s: Uint8Array.from({ length: 64 }, (_, at) => at) },
        ...{ sides: Uint32Array.of(800, 0), n_views: Uint8Array.of(2, 1) },
        views: {
            scales: Float32Array.of(0.5, 0.25, 1),
            vectors: Int8Array.from({ length: 3 * N_FEATURES }, (_, at) => (at % 255) - 127),
        },
        ...{ n_given: Uint16Array.of(2, 0), given: Uint16Array.of(0, 1) },
        ...{ n_rejected: Uint16Array.of(0, 1), rejected: Uint16Array.of(1) },
        ...{ other_ids: Uint32Array.of(5), others: { scales: Float32Array.of(1), vectors: new Int8Array(N_FEATURES) } },
    };
    const { set: read } = train.readTaggerFile(train.taggerFile(head, "[]", set));
    const { backbone, tags: readTags, ...columns } = read;
    assert.deepEqual([backbone.id, backbone.version], [card.id, card.version]);
    assert.deepEqual(
        readTags.map((/** @type {{id: string}} */ { id }) => id),
        set.tags.map(({ id }) => id),
    );
    const { backbone: _, tags: __, ...sent } = set;
    // Its pictures have no ids elsewhere, and the rest of the library stays here.
    assert.deepEqual(columns, {
        ...sent,
        ...{ ids: Uint32Array.of(0, 1), other_ids: new Uint32Array(), others: none },
    });
});
