import { interleave } from "../lib/interleave.js";
import { start_peer, start_tagger } from "./engines.js";
import { make_photograph } from "./pictures.js";

/** @param {{names: Record<string, string>, photos: string[], plan: {warm_up: number, rounds: number}}} wanted */
export async function measure({ names, photos, plan }) {
    const peer = await start_peer(names);
    const ours = await start_tagger(names);
    const files = [{ name: "12 MP JPEG", file: await make_photograph("/cases/coffee/picture.jpg") }];
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
        measured.push({ name, bytes: file.size, times, stages: stages.slice(plan.warm_up) });
    }
    return measured;
}

/** @param {() => Promise<unknown>} act */
const timed = (act) => async () => {
    const start = performance.now();
    await act();
    return performance.now() - start;
};
