/**
 * A model without a card in the engine as WebAssembly: what its file tells, labels, and the card made of both cross the border whole.
 * `TAGSMITH_ENGINE` names another folder with engine.js and engine_bg.wasm.
 */
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
/** @import { DraftedModel, ImportChoices } from "../../../www/core/engine_api.d.ts" */

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

const labelsFile = /** @type {const} */ (["labels.txt", new TextEncoder().encode(labels.join("\n"))]);
/** Nothing lies beside these. @param {Uint8Array} model */
const open = (model) => new engine.ModelImport(model, () => undefined);

/** What a person says who changes nothing but the policy. @param {DraftedModel} drafted @returns {ImportChoices} */
const choicesOf = ({ choices }) => ({ ...choices, name: "Mine", threshold: 0.25, max_tags: 5 });

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
    const imported = open(network("dynamic_batch"));
    /** @type {DraftedModel} */
    const { inspection, draft, choices } = imported.draft("Mine", []);
    assert.deepEqual(inspection.input, { name: "image", layout: "nchw", layout_basis: "graph", height: 32, width: 32 });
    assert.deepEqual(draft.size, { value: { height: 32, width: 32 }, basis: "graph", source: null });
    assert.deepEqual([draft.pixels.basis, draft.candidates.length, draft.labels], ["guess", 6, null]);
    assert.deepEqual([choices.name, choices.preparation, choices.mean], ["Mine", "guess", draft.candidates[0]?.mean]);
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
    const imported = open(model);
    const drafted = imported.draft("Mine", [labelsFile]);
    const hash = engine.sha256(model);
    const choices = choicesOf(drafted);
    const { card, vocabulary } = imported.finish(hash, drafted.draft.labels.value, choices);
    assert.deepEqual(imported.model(), model);
    assert.equal(JSON.parse(card).id, `own-mine-${hash.slice(0, 8)}`);
    const tagger = new engine.Tagger(card, vocabulary, model, hash);
    assert.equal(tagger.facts().n_classes, 10);
    assert.deepEqual(tagger.facts().policy, { threshold: 0.25, max_tags: 5, parents: 0 });
    const tagging = tagger.tag(new Uint8Array(readFileSync(join(MODELS, "picture.png"))), {
        limits: engine.defaultLimits(),
    });
    assert.equal(tagging.tags.length > 0 && tagging.scores[0] > 0, true);
    // Tried without a card, the same classes are the best.
    imported.load(choices);
    imported.lookAt(new Uint8Array(readFileSync(join(MODELS, "picture.png"))), engine.defaultLimits());
    const best = imported.bestClasses(choices, 10);
    assert.equal(best.length, 5);
    assert.ok(Math.abs(best[0].score - tagging.scores[0]) < 1e-6);
    tagger.free();
});

test("what a file beside the model says crosses the border, and labels that do not fit are counted", () => {
    const config = new TextEncoder().encode('{"image_mean":[0.5,0.5,0.5],"image_std":[0.5,0.5,0.5],"resample":3}');
    const { draft, choices } = open(model).draft("Mine", [["preprocessor_config.json", config]]);
    assert.deepEqual([draft.pixels.source, draft.candidates], ["preprocessor_config.json", []]);
    assert.deepEqual([choices.mean, choices.preparation, choices.filter], [[127.5, 127.5, 127.5], "stated", "bicubic"]);
    const few = open(model).draft("Mine", [["labels.txt", new TextEncoder().encode("a\nb")]]).draft;
    assert.deepEqual([few.labels, few.labels_failure.code, few.labels_failure.n_labels], [null, "labels_invalid", 2]);
});

test("labels, models and choices that do not fit are thrown with their code", () => {
    const imported = open(model);
    const choices = choicesOf(imported.draft("Mine", []));
    const hash = engine.sha256(model);
    for (const [name, code] of [
        ["truncated", "model_invalid"],
        ["unsupported_standard_operator", "model_operator_unsupported"],
    ])
        assert.equal(
            codeOf(() => open(network(/** @type {string} */ (name)))),
            code,
        );
    for (const [names, wrong, code] of /** @type {const} */ ([
        [labels.slice(1), {}, "labels_invalid"],
        [labels, { std: [0, 1, 1] }, "card_invalid"],
        [labels, { mean: [NaN, 1, 1] }, "card_invalid"],
        [labels, { scores: "none" }, "model_mismatch"],
    ]))
        assert.equal(
            codeOf(() => imported.finish(hash, [...names], { ...choices, ...wrong })),
            code,
        );
    assert.equal(
        codeOf(() => imported.load({ ...choices, scores: "none" })),
        "model_mismatch",
    );
});
