/**
 * A model without a card in the engine as WebAssembly: what its file tells, labels, and the card made of both cross the border whole.
 * `TAGSMITH_ENGINE` names another folder with engine.js and engine_bg.wasm.
 */
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
/** @import { ImportChoices, ModelInspection } from "../../../www/core/engine_api.d.ts" */

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
const ENGINE = resolve(ROOT, process.env["TAGSMITH_ENGINE"] ?? "target/engine/simd128");
const MODELS = join(ROOT, "tests/fixtures/models");

assert.ok(existsSync(join(ENGINE, "engine_bg.wasm")), `There is no engine in ${ENGINE}. Build it first: cargo x build`);
const engine = await import(pathToFileURL(join(ENGINE, "engine.js")).href);
engine.initSync({ module: readFileSync(join(ENGINE, "engine_bg.wasm")) });

/** @param {string} name */
const network = (name) => new Uint8Array(readFileSync(join(MODELS, name, "model.onnx")));
const model = network("float32");
const labels = Array.from({ length: 10 }, (_, number) => `thing ${number}`);

/** What the form says where a person changes nothing but the name. @param {ModelInspection} inspection @returns {ImportChoices} */
function choicesOf({ input, normalisation, outputs, scores }) {
    const output = outputs.find(({ name }) => name === scores) ?? assert.fail("the guess is one of the outputs");
    return {
        name: "Mine",
        height: input.height ?? 224,
        width: input.width ?? 224,
        layout: input.layout,
        colour: "rgb",
        mean: normalisation.mean,
        std: normalisation.std,
        fit: { kind: "letterbox", pad: [127, 127, 127] },
        filter: "bicubic",
        activation: output.activation,
        scores,
        threshold: 0.25,
        max_tags: 5,
    };
}

/** @param {() => unknown} call */
function codeOf(call) {
    try {
        call();
    } catch (error) {
        return /** @type {{code?: string}} */ (error).code;
    }
    return assert.fail("nothing was thrown");
}

test("what the file tells arrives as plain values, and what it leaves open as null", () => {
    /** @type {ModelInspection} */
    const inspection = engine.inspectModel(network("dynamic_batch"));
    assert.deepEqual(inspection.input, { name: "image", layout: "nchw", layout_basis: "graph", height: 32, width: 32 });
    assert.equal(inspection.scores, "logits");
    assert.deepEqual(inspection.outputs[0], {
        name: "logits",
        shape: [null, 10],
        n_classes: 10,
        activation: "softmax",
        activation_basis: "usual",
        embedding: "embedding",
        feature_map: "feature_map",
    });
    assert.equal(inspection.outputs[2]?.n_classes, null);
    const preset = engine
        .normalisationPresets()
        .find((/** @type {{id: string}} */ { id }) => id === inspection.normalisation.preset);
    assert.deepEqual(preset?.mean, inspection.normalisation.mean);
});

test("a drafted card and vocabulary make a tagger", () => {
    const choices = choicesOf(engine.inspectModel(model));
    const hash = engine.sha256(model);
    const { card, vocabulary } = engine.importModel(
        model,
        hash,
        engine.parseLabels(labels.join("\n"), "labels.txt", 10),
        choices,
    );
    assert.equal(JSON.parse(card).id, `own-mine-${hash.slice(0, 8)}`);
    const tagger = new engine.Tagger(card, vocabulary, model, hash);
    assert.equal(tagger.facts().n_classes, 10);
    assert.deepEqual(tagger.facts().policy, { threshold: 0.25, max_tags: 5, parents: 0 });
    const tagging = tagger.tag(new Uint8Array(readFileSync(join(MODELS, "picture.png"))), {
        limits: engine.defaultLimits(),
    });
    assert.equal(tagging.tags.length > 0 && tagging.scores[0] > 0, true);
    tagger.free();
});

test("labels, models and choices that do not fit are thrown with their code", () => {
    const choices = choicesOf(engine.inspectModel(model));
    const hash = engine.sha256(model);
    assert.equal(
        codeOf(() => engine.parseLabels("a\nb", "labels.txt", 3)),
        "labels_invalid",
    );
    assert.equal(
        codeOf(() => engine.inspectModel(network("truncated"))),
        "model_invalid",
    );
    assert.equal(
        codeOf(() => engine.inspectModel(network("unsupported_standard_operator"))),
        "model_operator_unsupported",
    );
    assert.equal(
        codeOf(() => engine.importModel(model, hash, labels.slice(1), choices)),
        "labels_invalid",
    );
    assert.equal(
        codeOf(() => engine.importModel(model, hash, labels, { ...choices, std: [0, 1, 1] })),
        "card_invalid",
    );
    assert.equal(
        codeOf(() => engine.importModel(model, hash, labels, { ...choices, mean: [NaN, 1, 1] })),
        "card_invalid",
    );
    assert.equal(
        codeOf(() => engine.importModel(model, hash, labels, { ...choices, scores: "none" })),
        "model_mismatch",
    );
});
