import { interleave } from "../lib/interleave.js";
import { start_peer, start_tagger } from "./engines.js";
import { make_exact_input } from "./pictures.js";

/** @param {{names: Record<string, string>, plan: {warm_up: number, rounds: number}}} wanted */
export async function measure({ names, plan }) {
    const peer = await start_peer(names);
    const relaxed = await start_tagger(names, "relaxed", { is_bare: true });
    const simd128 = await start_tagger(names, "simd128", { is_bare: true });
    const { input } = await (await fetch(`/page/${names["model.json"]}`)).json();
    const { file, pixels } = await make_exact_input("/cases/coffee/picture.jpg", input.fit.shorter_side, input.width);

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
        const tag_id = relaxed.vocabulary.classes[best.class_idx];
        const place = tags.findIndex((/** @type {number} */ tag) => relaxed.vocabulary.tags[tag].id === tag_id);
        return place < 0 ? 0 : scores[place];
    });
    return { times, peer_score: best.score, scores: ours, resolution_ms: clock_resolution() };
}

/** The smallest step the clock makes. */
function clock_resolution() {
    let smallest = Infinity;
    for (let i = 0; i < 1000; i++) {
        const start = performance.now();
        let now = start;
        while (now === start) now = performance.now();
        smallest = Math.min(smallest, now - start);
    }
    return smallest;
}
