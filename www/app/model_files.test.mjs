import assert from "node:assert/strict";
import test from "node:test";
import { partition, classify } from "./model_files.js";

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
    assert.deepEqual(texts, { card: JSON.stringify(card), vocabulary: JSON.stringify(vocabulary), labels });
});

test("broken and hostile JSON is at most a list of labels", async () => {
    for (const text of ["{", "null", "[]", '{"model":{"file":1}}', '{"tags":1,"classes":2}', '"x"']) {
        const { card, vocabulary, labels } = await classify([file("a.json", text)]);
        assert.deepEqual([card, vocabulary, labels?.name], [null, null, "a.json"], text);
    }
});
