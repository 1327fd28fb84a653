import { interleave } from "../lib/interleave.js";
import { startPeer, startTagger } from "./engines.js";
import { makePhotograph } from "./pictures.js";

/** @param {{names: Record<string, string>, photos: string[], plan: {warmUp: number, rounds: number}}} wanted */
export async function measure({ names, photos, plan }) {
    const peer = await startPeer(names);
    const ours = await startTagger(names);
    const files = [{ name: "12 MP JPEG", file: await makePhotograph("/cases/coffee/picture.jpg") }];
    for (const name of photos) files.push({ name, file: await (await fetch(`/photos/${name}`)).blob() });

    const measured = [];
    for (const { name, file } of files) {
        /** @type {import("../../www/core/engine_api.d.ts").Timings[]} */
        const stages = [];
        const times = await interleave(
            {
                ours: timed(async () => stages.push((await ours.tag(file)).timings_ms)),
                reduced: timed(() => peer.tag(file, "reduced")),
                full: timed(() => peer.tag(file, "full")),
            },
            plan,
        );
        measured.push({ name, bytes: file.size, times, stages: stages.slice(plan.warmUp) });
    }
    return measured;
}

/** @param {() => Promise<unknown>} act */
const timed = (act) => async () => {
    const start = performance.now();
    await act();
    return performance.now() - start;
};
