import assert from "node:assert/strict";
import test from "node:test";
import { classify, isZippedModel, partition } from "./model_files.js";

/** @param {string} name @param {unknown} [content] */
const file = (name, content = "") => new File([typeof content === "string" ? content : JSON.stringify(content)], name);
const found = (/** @type {string[]} */ ...names) => names.map((name) => ({ file: file(name), path: name }));
const names = (/** @type {File[]} */ files) => files.map(({ name }) => name);

test("text files belong to a model only beside one, or where one is being asked about", () => {
    const all = found("a.jpg", "labels.txt", "model.json", "notes.pdf");
    assert.deepEqual(partition(all, false), { modelFiles: [], others: all });
    assert.deepEqual(names(partition(all, true).modelFiles), ["labels.txt", "model.json"]);
    const { modelFiles, others } = partition([...all, ...found("Net.ONNX")], false);
    assert.deepEqual(
        [names(modelFiles), others.map(({ path }) => path)],
        [
            ["labels.txt", "model.json", "Net.ONNX"],
            ["a.jpg", "notes.pdf"],
        ],
    );
});

test("card, vocabulary and labels are told apart by what is in them, and the card's file comes first", async () => {
    const card = { model: { file: "b.onnx" }, input: {} };
    const vocabulary = { tags: [], classes: [] };
    const labels = file("labels.json", ["cat", "dog"]);
    const { onnx, ...texts } = await classify([
        file("a.onnx"),
        file("x.json", vocabulary),
        labels,
        file("b.onnx"),
        file("y.json", card),
        file("z.txt", "cat"),
    ]);
    assert.deepEqual(names(onnx), ["b.onnx", "a.onnx"]);
    assert.deepEqual(names(texts.others), ["labels.json", "z.txt"]);
    assert.deepEqual([texts.card, texts.vocabulary], [JSON.stringify(card), JSON.stringify(vocabulary)]);
});

test("broken and hostile JSON is at most a list of labels", async () => {
    for (const text of ["{", "null", "[]", '{"model":{"file":1}}', '{"tags":1,"classes":2}', '"x"']) {
        const { card, vocabulary, others } = await classify([file("a.json", text)]);
        assert.deepEqual([card, vocabulary, names(others)], [null, null, ["a.json"]], text);
    }
});

test("parts of a model and models of other programs are never pictures, and what a model waits for is its own", async () => {
    const all = found("a.jpg", "net.onnx.data", "net.onnx_data", "data.yaml", "cvexport.manifest", "net.ort", "w.pth");
    const { modelFiles, others } = partition(all, false);
    assert.deepEqual([modelFiles.length, others.map(({ path }) => path)], [6, ["a.jpg"]]);
    const weights = found("onnx__MatMul_12", "b.jpg");
    assert.deepEqual(partition(weights, true).modelFiles, []);
    assert.deepEqual(names(partition(weights, true, ["onnx__MatMul_12"]).modelFiles), ["onnx__MatMul_12"]);
    assert.deepEqual(
        partition([{ file: file("data.yaml"), path: "pictures/data.yaml" }], false).modelFiles,
        [],
        "a folder of pictures may hold one",
    );
    assert.ok(await isZippedModel(file("model.zip", `PK${"x".repeat(70_000)}PK model.onnx`)));
    assert.ok(!(await isZippedModel(file("pictures.zip", "PK a.jpg"))));
});
