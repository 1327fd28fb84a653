import { interleave } from "../lib/interleave.js";
import { startTagger } from "./engines.js";

/** @param {{names: Record<string, string>, plan: {warmUp: number, rounds: number}}} wanted */
export async function measure({ names, plan }) {
    const file = await (await fetch("/cases/coffee/picture.jpg")).blob();
    /** @type {import("../lib/interleave.js").Sides} */
    const sides = {};
    for (const variant of /** @type {const} */ (["relaxed", "simd128"])) {
        const tagger = await startTagger(names, variant, { findsObjects: true });
        const first = await tagger.tag(file);
        sides[`first, ${variant}`] = async () => (await tagger.tag(file)).timings_ms.infer;
        sides[`second, ${variant}`] = async () => (await tagger.lookAgain(file, first)).timings_ms.objects;
    }
    return interleave(sides, plan);
}
