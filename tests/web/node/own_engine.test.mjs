/** What own tags need of the engine: views of a picture to learn from, and where an own tag was seen. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
const ENGINE = resolve(ROOT, process.env["TAGSMITH_ENGINE"] ?? "target/engine/simd128");
const MODEL = join(ROOT, "models/efficientnet-lite0");
const { Tagger, defaultLimits, initSync } = await import(pathToFileURL(join(ENGINE, "engine.js")).href);
initSync({ module: readFileSync(join(ENGINE, "engine_bg.wasm")) });
const read = (/** @type {string} */ path) => readFileSync(join(MODEL, path));
const COMPANIONS = ["heads/general.json", "../blazeface-short/model.json", "../blazeface-short/model.onnx"];
const tagger = new Tagger(
    read("model.json").toString(),
    read("vocabulary.json").toString(),
    read("model.onnx"),
    undefined,
    Object.fromEntries(COMPANIONS.map((path) => [path, read(path)])),
);
const limits = defaultLimits();
const picture = readFileSync(join(ROOT, "tests/cases/coffee/picture.jpg"));

test("the first view is the embedding that tagging gives, the second another one, and the square is what the network saw", () => {
    const { embedding } = tagger.tag(picture, { limits });
    const { views, square, longer_side: side } = tagger.embedViews(picture, limits, false);
    assert.deepEqual(views[0], embedding);
    assert.equal(views.length, 2);
    assert.notDeepEqual(views[1].vector, views[0].vector);
    assert.deepEqual([square.width, square.height, side], [224, 224, 512]);
    assert.throws(() => tagger.embedViews(picture.subarray(0, 40), limits, false), { code: "picture_damaged" });
});

test("an own tag is explained by its direction, and one of another network is not", () => {
    const direction = new Float32Array(tagger.embedViews(picture, limits, false).views[0].vector);
    const { width, height, heat } = tagger.explainDirection(picture, direction, limits);
    assert.deepEqual([width, height, Math.max(...heat)], [7, 7, 1]);
    const other = direction.slice(1);
    assert.throws(() => tagger.explainDirection(picture, other, limits), { code: "explanation_unavailable" });
});
