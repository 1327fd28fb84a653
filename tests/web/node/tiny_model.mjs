/**
 * The smallest model that can tag: an ONNX network that takes the mean of each colour, with its card and vocabulary. What is left of a
 * picture's way is then decoding and resizing, and thousands of files take seconds.
 */
import { createHash } from "node:crypto";
import { node, onnxFile, value } from "../onnx_file.mjs";

/** An ONNX file. `flatten` may name an operator that does not exist. */
export const tinyNetwork = ({ flatten = "Flatten" } = {}) =>
    onnxFile("tiny", {
        nodes: [node("GlobalAveragePool", "image", "mean"), node(flatten, "mean", "logits")],
        inputs: [value("image", [1, 3, 8, 8])],
        outputs: [value("logits", [1, 3])],
    });

/** Card, vocabulary and network, as `new Tagger()` takes them. @param {Uint8Array} [network] @returns {[string, string, Uint8Array]} */
export function tinyModel(network = tinyNetwork()) {
    const sha256 = (/** @type {Uint8Array | string} */ content) => createHash("sha256").update(content).digest("hex");
    const ids = ["red", "green", "blue"];
    const vocabulary = JSON.stringify({
        version: 1,
        languages: ["en"],
        tags: ids.map((id) => ({ id, names: { en: id } })),
        classes: ids,
    });
    const card = {
        schema: 1,
        id: "tiny",
        version: "1.0.0",
        name: "Tiny",
        kind: "classifier",
        licence: "MIT",
        provenance: { source: "tests", sha256: sha256(network), data: "none", conversion: "none" },
        model: { file: "model.onnx", bytes: network.length, sha256: sha256(network) },
        vocabulary: { file: "vocabulary.json", sha256: sha256(vocabulary) },
        input: {
            name: "image",
            height: 8,
            width: 8,
            layout: "nchw",
            colour: "rgb",
            mean: [127, 127, 127],
            std: [16, 16, 16],
            fit: { kind: "squash" },
            filter: "bilinear",
        },
        outputs: { scores: "logits", embedding: null, feature_map: null },
        activation: "softmax",
        policy: { threshold: 0.3, max_tags: 8 },
        figures: [],
    };
    return [JSON.stringify(card), vocabulary, network];
}
