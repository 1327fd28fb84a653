/** The peer: onnxruntime-web, one thread, fed as its users feed it: the browser decodes and resizes, a canvas gives the pixels. */
import * as ort from "/ort/ort.wasm.min.mjs";

ort.env.wasm.numThreads = 1;
ort.env.wasm.wasmPaths = "/ort/";

/** @type {ort.InferenceSession} */
let session;
/** @type {{name: string, width: number, height: number, mean: number[], std: number[], fit: {shorter_side: number}}} */
let input;
let scoresName = "";
/** @type {OffscreenCanvasRenderingContext2D} */
let context;

const answers = {
    /** @param {{model: string, input: typeof input, scores: string}} wanted */
    async start(wanted) {
        input = wanted.input;
        scoresName = wanted.scores;
        session = await ort.InferenceSession.create(wanted.model, { executionProviders: ["wasm"] });
        // Read back after every picture: a canvas in memory is the faster one for that.
        context = new OffscreenCanvas(input.width, input.height).getContext("2d", { willReadFrequently: true });
    },

    /** One inference; only the network is timed. @param {{pixels: ImageData}} params */
    async infer({ pixels }) {
        const feeds = { [input.name]: toTensor(pixels) };
        const start = performance.now();
        const outputs = await session.run(feeds, [scoresName]);
        const ms = performance.now() - start;
        return { ms, ...bestOf(outputs[scoresName].data) };
    },

    /** @param {{file: Blob, way: "reduced" | "full"}} params whether the browser makes the bitmap small at once, or the canvas does */
    async tag({ file, way }) {
        const side = input.fit.shorter_side;
        // The other side follows by proportion. The pictures here lie on their long side; a real user would have to find out.
        const bitmap = await createImageBitmap(
            file,
            way === "reduced" ? { resizeHeight: side, resizeQuality: "high" } : {},
        );
        const scale = side / bitmap.height;
        const [width, height] = [bitmap.width * scale, side];
        context.imageSmoothingQuality = "high";
        context.drawImage(bitmap, (input.width - width) / 2, (input.height - height) / 2, width, height);
        bitmap.close();
        const feeds = { [input.name]: toTensor(context.getImageData(0, 0, input.width, input.height)) };
        const outputs = await session.run(feeds, [scoresName]);
        return bestOf(outputs[scoresName].data);
    },
};

/** @param {ImageData} pixels */
function toTensor({ data }) {
    const n = input.width * input.height;
    const values = new Float32Array(3 * n);
    for (let channel = 0; channel < 3; channel++) {
        const [mean, scale] = [input.mean[channel], 1 / input.std[channel]];
        for (let i = 0; i < n; i++) values[channel * n + i] = (data[4 * i + channel] - mean) * scale;
    }
    return new ort.Tensor("float32", values, [1, 3, input.height, input.width]);
}

/** The likeliest class after softmax. @param {Float32Array} logits */
function bestOf(logits) {
    const highest = logits.reduce((a, b) => Math.max(a, b));
    const total = logits.reduce((sum, logit) => sum + Math.exp(logit - highest), 0);
    return { classIdx: logits.indexOf(highest), score: 1 / total };
}

self.onmessage = async ({ data: { seq, name, params } }) => {
    try {
        postMessage({ seq, ok: await answers[name](params) });
    } catch (error) {
        postMessage({ seq, error: { code: "peer_failed", detail: String(error) } });
    }
};
