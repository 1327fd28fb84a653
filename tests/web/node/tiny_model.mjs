/**
 * The smallest model that can tag: an ONNX network that takes the mean of each colour, with its card and vocabulary. What is left of a
 * picture's way is then decoding and resizing, and thousands of files take seconds.
 */
import { createHash } from "node:crypto";

/** A field of protobuf: numbers as varint, everything else with its length. @param {number} number @param {number | string | Buffer} value */
function field(number, value) {
    if (typeof value === "number") return Buffer.from([number << 3, value]);
    const bytes = Buffer.from(value);
    return Buffer.concat([Buffer.from([(number << 3) | 2, bytes.length]), bytes]);
}

/** @param {...Buffer} fields */
const message = (...fields) => Buffer.concat(fields);

/** `ValueInfoProto` of float32. @param {string} name @param {number[]} shape */
function value(name, shape) {
    const dims = shape.map((size) => field(1, field(1, size)));
    return message(field(1, name), field(2, field(1, message(field(1, 1), field(2, message(...dims))))));
}

/** `NodeProto`. @param {string} operator @param {string} input @param {string} output */
const node = (operator, input, output) => message(field(1, input), field(2, output), field(3, `node_${operator}`), field(4, operator));

/** An ONNX file. `flatten` may name an operator that does not exist. */
export function tiny_network({ flatten = "Flatten" } = {}) {
    const graph = message(
        field(1, node("GlobalAveragePool", "image", "mean")),
        field(1, node(flatten, "mean", "logits")),
        field(2, "tiny"),
        field(11, value("image", [1, 3, 8, 8])),
        field(12, value("logits", [1, 3])),
    );
    const large = Buffer.concat([Buffer.from([(7 << 3) | 2, (graph.length & 127) | 128, graph.length >> 7]), graph]);
    return new Uint8Array(message(field(1, 8), large, field(8, message(field(1, ""), field(2, 13)))));
}

/** Card, vocabulary and network, as `new Tagger()` takes them. @param {Uint8Array} [network] @returns {[string, string, Uint8Array]} */
export function tiny_model(network = tiny_network()) {
    const sha256 = (/** @type {Uint8Array | string} */ content) => createHash("sha256").update(content).digest("hex");
    const ids = ["red", "green", "blue"];
    const vocabulary = JSON.stringify({ version: 1, languages: ["en"], tags: ids.map((id) => ({ id, names: { en: id } })), classes: ids });
    const card = {
        schema: 1, id: "tiny", version: "1.0.0", name: "Tiny", kind: "classifier", licence: "MIT",
        provenance: { source: "tests", sha256: sha256(network), data: "none", conversion: "none" },
        model: { file: "model.onnx", bytes: network.length, sha256: sha256(network) },
        vocabulary: { file: "vocabulary.json", sha256: sha256(vocabulary) },
        input: {
            name: "image", height: 8, width: 8, layout: "nchw", colour: "rgb", mean: [127, 127, 127], std: [16, 16, 16],
            fit: { kind: "squash" }, filter: "bilinear",
        },
        outputs: { scores: "logits", embedding: null, feature_map: null },
        activation: "softmax", policy: { threshold: 0.3, max_tags: 8 }, figures: [],
    };
    return [JSON.stringify(card), vocabulary, network];
}
