import { interleave } from "../lib/interleave.js";
import { start_session } from "./engines.js";
import { NOTHING, make_results } from "./session_pictures.js";

/** How many cards are on screen, and so how many pictures' tags come back with every turn. */
const N_SHOWN = 24;

/** @param {{names: Record<string, string>, golden: string[], n: number, plan: {warm_up: number, rounds: number}}} wanted */
export async function measure({ names, golden, n, plan }) {
    const puts = await make_results(names, golden, n);
    const session = await start_session(names);
    await session.call("update", { ...NOTHING, puts });

    let turn = 0;
    let n_tags = 0;
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
        n_tags += counted.summary.tags;
        return ms;
    };
    const { moved } = await interleave({ moved: move }, plan);
    const n_candidates = puts.reduce((sum, { tagging }) => sum + tagging.tags.length, 0);
    return { moved, n_candidates: n_candidates / n, n_tags: n_tags / turn / n };
}
