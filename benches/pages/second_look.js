import { interleave } from "../lib/interleave.js";
import { startTagger } from "./engines.js";

/**
 * Both looks of the same picture, decoding included.
 * @param {{names: Record<string, string>, pictures: string[], plan: {warmUp: number, rounds: number}}} wanted
 */
export async function measure({ names, pictures, plan }) {
    const tagger = await startTagger(names);
    await tagger.loadObjects();
    const measured = [];
    for (const name of pictures) {
        const file = await (await fetch(`/cases/${name}`)).blob();
        const first = await tagger.tag(file);
        const times = await interleave(
            {
                first: async () => {
                    const { decode, resize, infer, tags } = (await tagger.tag(file)).timings_ms;
                    return decode + resize + infer + tags;
                },
                second: async () => (await tagger.lookAgain(file, first)).timings_ms.objects ?? Number.NaN,
            },
            plan,
        );
        measured.push({ name, times });
    }
    return measured;
}
