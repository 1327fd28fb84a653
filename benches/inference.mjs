/** The network alone: both builds of our engine next to onnxruntime-web, the same model file, the same numbers in, one thread each. */
import { measureInPage } from "./lib/browser.mjs";
import { BenchError } from "./lib/built.mjs";
import { atMost, figure } from "./lib/figures.mjs";
import { median } from "./lib/interleave.js";

/** What the scores may differ by and still be those of the same network. */
const TOLERANCE = 0.005;

/** @param {import("./run.mjs").Wanted} wanted */
export async function measure({ built, isQuick }) {
    const plan = isQuick ? { warmUp: 5, rounds: 11 } : { warmUp: 20, rounds: 80 };
    const { times, scores, peerScore, resolutionMs } = await measureInPage(
        "inference.js",
        { names: built.names, plan },
        { page: built.dir },
    );
    // A tag may gather several classes: then its score is higher than its best class's.
    const isSame = scores.every((/** @type {number} */ score) => score >= peerScore - TOLERANCE);
    if (!isSame)
        throw new BenchError(
            `The two sides disagree: ${scores.join(" and ")} against ${peerScore}. They do not measure the same thing.`,
        );
    const [relaxed, simd128, ort] = [times.relaxed, times.simd128, times.ort].map(median);
    console.log(
        `  the clock ticks every ${(resolutionMs * 1000).toFixed(0)} µs; best class: ours ${scores[0].toFixed(4)}, onnxruntime-web ${peerScore.toFixed(4)}`,
    );
    return [
        figure("engine, relaxed-simd", relaxed, "ms"),
        figure("engine, simd128", simd128, "ms"),
        figure("onnxruntime-web 1.30", ort, "ms"),
        atMost("relaxed-simd / onnxruntime-web", relaxed / ort, "x", 0.85),
        figure("simd128 / onnxruntime-web", simd128 / ort, "x"),
    ];
}
