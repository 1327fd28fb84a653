import { interleave } from "../lib/interleave.js";
import { startSession } from "./engines.js";
import { NOTHING, makeResults } from "./session_pictures.js";

/** How many cards are on screen, and so how many pictures' tags come back with every turn. */
const N_SHOWN = 24;

/** @param {{names: Record<string, string>, golden: string[], n: number, plan: {warmUp: number, rounds: number}}} wanted */
export async function measure({ names, golden, n, plan }) {
    const { adds, puts } = await makeResults(names, golden, n);
    const session = await startSession(names);
    await session.call("update", { ...NOTHING, adds, puts });

    let turn = 0;
    let nTags = 0;
    const before = { threshold: 0.3, max_tags: 8, allow: [], deny: [], language: "en" };
    const move = async () => {
        const threshold = ((turn++ * 37) % 99) / 100 + 0.01; // all over the slider
        const first = (turn * 911) % (n - N_SHOWN);
        const ids = Array.from({ length: N_SHOWN }, (_, idx) => first + idx);
        const policy = { threshold, max_tags: 8, allow: [], deny: [], language: "en" };
        const start = performance.now();
        // As under a hand: compared with where it was.
        const { counted } = await session.call("update", { ...NOTHING, policy, ids, before });
        const ms = performance.now() - start;
        nTags += counted.summary.tags;
        return ms;
    };
    const { moved } = await interleave({ moved: move }, plan);
    const nCandidates = puts.reduce((sum, { tagging }) => sum + tagging.tags.length, 0);
    return { moved, nCandidates: nCandidates / n, n_tags: nTags / turn / n };
}
