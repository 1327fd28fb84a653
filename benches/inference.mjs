/** The network alone: both builds of our engine next to onnxruntime-web, the same model file, the same numbers in, one thread each. */
import { measure_in_page } from "./lib/browser.mjs";
import { BenchError } from "./lib/built.mjs";
import { at_most, figure } from "./lib/figures.mjs";
import { median } from "./lib/interleave.js";

/** What the scores may differ by and still be those of the same network. */
const TOLERANCE = 0.005;

/** @param {import("./run.mjs").Wanted} wanted */
export async function measure({ built, is_quick }) {
    const plan = is_quick ? { warm_up: 5, rounds: 11 } : { warm_up: 20, rounds: 80 };
    const { times, scores, peer_score, resolution_ms } = await measure_in_page("inference.js", { names: built.names, plan }, { page: built.dir });
    // A tag may gather several classes: then its score is higher than its best class's.
    const is_same = scores.every((/** @type {number} */ score) => score >= peer_score - TOLERANCE);
    if (!is_same) throw new BenchError(`The two sides disagree: ${scores.join(" and ")} against ${peer_score}. They do not measure the same thing.`);
    const [relaxed, simd128, ort] = [times.relaxed, times.simd128, times.ort].map(median);
    console.log(`  the clock ticks every ${(resolution_ms * 1000).toFixed(0)} µs; best class: ours ${scores[0].toFixed(4)}, onnxruntime-web ${peer_score.toFixed(4)}`);
    return [
        figure("engine, relaxed-simd", relaxed, "ms"),
        figure("engine, simd128", simd128, "ms"),
        figure("onnxruntime-web 1.30", ort, "ms"),
        at_most("relaxed-simd / onnxruntime-web", relaxed / ort, "x", 0.85),
        figure("simd128 / onnxruntime-web", simd128 / ort, "x"),
    ];
}
