/**
 * A model for tests of the page, and pictures for it. The network sees a few plain colours, each of which stands for a tag; a picture is
 * painted in stripes, and a tag is as sure as its stripe is wide. So a test says itself what a picture has, a picture takes microseconds,
 * and no test depends on what a trained network takes for what. The words are those of the bundled vocabulary.
 */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { field, node, onnxFile, tensor, value } from "./onnx_file.mjs";
import { pngFile } from "./png_file.mjs";
import { ROOT } from "./root.mjs";

/** @typedef {keyof typeof COLOURS} Tag */
/** @typedef {Partial<Record<Tag, number>>} Shares tag → share of the picture, in sum at most 1 */

/** Far enough apart that what is mixed where two stripes meet is taken for neither of a third. */
const COLOURS = /** @type {const} */ ({
    espresso: [255, 0, 0],
    teapot: [0, 255, 0],
    "tabby-cat": [0, 0, 255],
    "egyptian-mau": [255, 255, 0],
    lynx: [255, 0, 255],
    rocket: [0, 255, 255],
    crossword: [0, 0, 0],
    "traffic-light": [255, 255, 255],
    balloon: [255, 128, 0],
    tripod: [0, 128, 255],
    castle: [128, 0, 255],
    "digital-clock": [128, 255, 0],
});
/** Where none of the tags is. */
const GROUND = [128, 128, 128];
const TAGS = /** @type {Tag[]} */ (Object.keys(COLOURS));
/** The network's input: as fine as the stripes are, and no higher than it must be. */
const INPUT = { width: 64, height: 16 };
/** Pixels of the input that make one place of the feature map, each way. */
const STEP = 8;

export const PAINTED_ID = "painted";
export const PAINTED_NAME = "Painted";
/** Thresholds in people's words. */
export const PAINTED_SETTINGS = { sure: 0.8, balanced: 0.4, generous: 0.15 };

/** @param {string | Uint8Array} content */
const sha256 = (content) => createHash("sha256").update(content).digest("hex");

/** Which colour each place has, and the share of all places that has it. */
function network() {
    const colours = [...TAGS.map((tag) => COLOURS[tag]), GROUND].map((colour) =>
        colour.map((part) => (part - 127.5) / 127.5),
    );
    const n = colours.length;
    // The nearest colour has the greatest 2cx − c²; the factor leaves nothing to the others.
    const weights = colours.flatMap((colour) => colour.map((part) => 40 * 2 * part));
    const biases = colours.map((colour) => -40 * colour.reduce((sum, part) => sum + part * part, 0));
    const choice = colours.flatMap((_, row) => TAGS.map((_, column) => (row === column ? 1 : 0)));
    const places = [INPUT.height / STEP, INPUT.width / STEP];
    return onnxFile("painted", {
        nodes: [
            node("Conv", ["image", "weights", "biases"], "nearness", { kernel_shape: [1, 1] }),
            node("Softmax", "nearness", "colour", { axis: 1 }),
            node("AveragePool", "colour", "feature_map", { kernel_shape: [STEP, STEP], strides: [STEP, STEP] }),
            node("GlobalAveragePool", "feature_map", "mean"),
            node("Flatten", "mean", "embedding", { axis: 1 }),
            node("MatMul", ["embedding", "choice"], "shares"),
        ],
        constants: [
            tensor("weights", [n, 3, 1, 1], weights),
            tensor("biases", [n], biases),
            tensor("choice", [n, TAGS.length], choice),
        ],
        inputs: [value("image", [1, 3, INPUT.height, INPUT.width])],
        outputs: [
            value("shares", [1, TAGS.length]),
            value("embedding", [1, n]),
            value("feature_map", [1, n, ...places]),
        ],
    });
}

/**
 * The files of the model.
 * @param {{id?: string, name?: string, note?: string}} [options] another card; a note makes another file of the same network, as long as it is
 */
export function paintedModel({ id = PAINTED_ID, name = PAINTED_NAME, note = "" } = {}) {
    const model = Buffer.concat([network(), note ? field(6, note) : ""].map((part) => Buffer.from(part)));
    const bundled = JSON.parse(readFileSync(join(ROOT, "models/efficientnet-lite0/vocabulary.json"), "utf8"));
    const vocabulary = JSON.stringify({ ...bundled, classes: TAGS });
    const card = {
        schema: 1,
        id,
        version: "1.0.0",
        name,
        kind: "classifier",
        licence: "MIT",
        provenance: { source: "tests", sha256: sha256(model), data: "none", conversion: "none" },
        model: { file: "model.onnx", bytes: model.length, sha256: sha256(model) },
        vocabulary: { file: "vocabulary.json", sha256: sha256(vocabulary) },
        input: {
            name: "image",
            ...INPUT,
            layout: "nchw",
            colour: "rgb",
            mean: [127.5, 127.5, 127.5],
            std: [127.5, 127.5, 127.5],
            fit: { kind: "squash" },
            filter: "bilinear",
        },
        outputs: { scores: "shares", embedding: "embedding", feature_map: "feature_map" },
        activation: "none",
        policy: { threshold: PAINTED_SETTINGS.balanced, max_tags: 8, parents: 0.85, settings: PAINTED_SETTINGS },
        figures: [],
    };
    return { model, vocabulary, card };
}

/** Writes the model as a folder of models that a page can be built with. @param {string} folder @param {{name?: string}} [options] */
export async function writePaintedModels(folder, options) {
    const { model, vocabulary, card } = paintedModel(options);
    const own = join(folder, PAINTED_ID);
    await mkdir(own, { recursive: true });
    await writeFile(join(own, "model.onnx"), model);
    await writeFile(join(own, "vocabulary.json"), vocabulary);
    await writeFile(join(own, "model.json"), JSON.stringify(card));
}

/** @typedef {keyof typeof SHARES} Subject */

/** What the pictures of most tests have. Of one kind only the surest is shown, so what stands beside it is of another. */
export const SHARES = /** @satisfies {Record<string, Shares>} */ ({
    cup: { espresso: 0.92, teapot: 0.05 },
    cat: { "tabby-cat": 0.56, tripod: 0.22, castle: 0.11, "traffic-light": 0.06, balloon: 0.03 },
    rocket: { rocket: 0.48, castle: 0.2, tripod: 0.15, "digital-clock": 0.12 },
    man: { tripod: 0.81, castle: 0.09 },
    puzzle: { crossword: 0.94 },
    light: { "traffic-light": 0.5, rocket: 0.44 },
    balloons: { balloon: 0.72, castle: 0.2 },
    clock: { "digital-clock": 0.66, castle: 0.11 },
    wall: { castle: 0.3 },
});

/** @typedef {{width?: number, height?: number, ground?: "after" | "before"}} Painting */

/**
 * A picture in stripes from left to right, and what is left of it as ground: behind them, or before.
 * @param {string} name @param {Subject | Shares} what @param {Painting} [options] pixels
 * @returns {import("./harness.mjs").NamedFile}
 */
export function painted(name, what, { width = 160, height = 120, ground = "after" } = {}) {
    const shares = typeof what === "string" ? SHARES[what] : what;
    const stripes = Object.entries(shares).map(([tag, share]) => ({
        colour: /** @type {readonly number[]} */ (COLOURS[/** @type {Tag} */ (tag)]),
        share,
    }));
    const rest = { colour: GROUND, share: 1 - stripes.reduce((sum, { share }) => sum + share, 0) };
    const all = ground === "after" ? [...stripes, rest] : [rest, ...stripes];
    const row = Buffer.alloc(1 + width * 3);
    let end = 0;
    let x = 0;
    for (const { colour, share } of all) {
        end += share;
        for (; x < Math.round(end * width); x++) row.set(colour, 1 + x * 3);
    }
    const buffer = pngFile(
        width,
        height,
        Array.from({ length: height }, () => row),
    );
    return { name, mimeType: "image/png", buffer };
}
