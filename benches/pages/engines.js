/**
 * The two sides, each in a worker of its own: our engine as the page ships it, and onnxruntime-web on the same model file.
 * @import { Variant } from "../../www/core/engine.js"
 * @import { Tagging } from "../../www/core/engine_api.d.ts"
 */
import { WorkerClient } from "/core/client.js";
import { loadEngine, loadObjects } from "/core/engine.js";

/** @param {string} name @param {Record<string, string>} names */
const address = (name, names) => new URL(`/page/${names[name]}`, location.href);

/** What the card names, and what a build calls it. */
const COMPANIONS = [
    ["heads/general.json", "heads-general.json"],
    ["../blazeface-short/model.json", "blazeface-short-model.json"],
    ["../blazeface-short/model.onnx", "blazeface-short-model.onnx"],
];
const OBJECTS = [
    ["../nanodet-g/model.json", "nanodet-g-model.json"],
    ["../nanodet-g/model.onnx", "nanodet-g-model.onnx"],
];

/** @param {string[][]} files @param {Record<string, string>} names */
const addresses = (files, names) =>
    Object.fromEntries(files.map(([path = "", name = ""]) => [path, address(name, names)]));

/** @param {Record<string, string>} names */
const filesOf = (names) => ({
    engine: { simd128: address("engine-simd128.wasm", names), relaxed: address("engine-relaxed.wasm", names) },
    session: address("session.wasm", names),
    exports: address("exports.wasm", names),
    card: address("model.json", names),
    vocabulary: address("vocabulary.json", names),
    model: address("model.onnx", names),
    companions: addresses(COMPANIONS, names),
    objects: addresses(OBJECTS, names),
});

/** @param {Record<string, string>} names @param {Variant} [variant] */
const load = (names, variant) => loadEngine(filesOf(names), { variant });

/** @param {Error} error */
const report = (error) => console.error(error);

/** @param {Record<string, string>} names @param {Variant} [variant] @param {{isBare?: boolean}} [options] */
export async function startTagger(names, variant, { isBare = false } = {}) {
    const { module, card: whole, vocabulary, model, companions } = await load(names, variant).engine;
    // Only the network that the peer runs, without heads and detectors.
    const card = isBare ? JSON.stringify({ ...JSON.parse(whole), heads: [], detectors: [] }) : whole;
    const client = new WorkerClient(new Worker(address("worker.js", names)), report);
    await client.call("start_tagger", { module, card, vocabulary, model, companions, limits: {} });
    return {
        vocabulary: JSON.parse(vocabulary),
        tag: (/** @type {Blob} */ file) => client.call("tag", { file }),
        loadObjects: async () => client.call("start_objects", { companions: await loadObjects(filesOf(names), false) }),
        lookAgain: (/** @type {Blob} */ file, /** @type {Tagging} */ first) =>
            client.call("look_again", { file, first }),
        memory: () => client.memory,
        stop: () => client.stop(),
    };
}

/** With what it says of itself. @param {Record<string, string>} names */
export async function openSession(names) {
    const { session: module, card, vocabulary } = await load(names).basis;
    const client = new WorkerClient(new Worker(address("worker.js", names)), report);
    const ready = await client.call("start_session", { module, card, vocabulary });
    return { client, ready, card: JSON.parse(card), vocabulary: JSON.parse(vocabulary) };
}

/** @param {Record<string, string>} names */
export const startSession = async (names) => (await openSession(names)).client;

/** @param {Record<string, string>} names */
export async function startPeer(names) {
    const card = await (await fetch(address("model.json", names))).json();
    const worker = new Worker("/benches/pages/ort_worker.js", { type: "module" });
    // It answers in the form of our own workers, so that both sides take the same way there and back.
    const client = /** @type {any} */ (new WorkerClient(worker, report));
    await client.call("start", {
        model: address("model.onnx", names).href,
        input: card.input,
        scores: card.outputs.scores,
    });
    return {
        /** @param {ImageData} pixels @returns {Promise<{ms: number, classIdx: number, score: number}>} */
        infer: (pixels) => client.call("infer", { pixels }),
        /** @param {Blob} file @param {"reduced" | "full"} way @returns {Promise<{classIdx: number, score: number}>} */
        tag: (file, way) => client.call("tag", { file, way }),
    };
}
