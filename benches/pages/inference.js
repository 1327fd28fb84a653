import { interleave } from "../lib/interleave.js";
import { startPeer, startTagger } from "./engines.js";
import { makeExactInput } from "./pictures.js";

/** @param {{names: Record<string, string>, plan: {warmUp: number, rounds: number}}} wanted */
export async function measure({ names, plan }) {
    const peer = await startPeer(names);
    const relaxed = await startTagger(names, "relaxed", { isBare: true });
    const simd128 = await startTagger(names, "simd128", { isBare: true });
    const { input } = await (await fetch(`/page/${names["model.json"]}`)).json();
    const { file, pixels } = await makeExactInput("/cases/coffee/picture.jpg", input.fit.shorter_side, input.width);

    const times = await interleave(
        {
            relaxed: async () => (await relaxed.tag(file)).timings_ms.infer,
            ort: async () => (await peer.infer(pixels)).ms,
            simd128: async () => (await simd128.tag(file)).timings_ms.infer,
        },
        plan,
    );
    const best = await peer.infer(pixels);
    const ours = [await relaxed.tag(file), await simd128.tag(file)].map(({ tags, scores }) => {
        const tagId = relaxed.vocabulary.classes[best.classIdx];
        const place = tags.findIndex((/** @type {number} */ tag) => relaxed.vocabulary.tags[tag].id === tagId);
        return place < 0 ? 0 : scores[place];
    });
    return { times, peerScore: best.score, scores: ours, resolutionMs: clockResolution() };
}

/** The smallest step the clock makes. */
function clockResolution() {
    let smallest = Infinity;
    for (let i = 0; i < 1000; i++) {
        const start = performance.now();
        let now = start;
        while (now === start) now = performance.now();
        smallest = Math.min(smallest, now - start);
    }
    return smallest;
}
