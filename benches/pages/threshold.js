import { interleave } from "../lib/interleave.js";
import { start_batch, start_tagger } from "./engines.js";

/** How many cards are on screen, and so how many pictures' tags come back with every turn. */
const N_SHOWN = 24;

/** @param {{names: Record<string, string>, golden: string[], n: number, plan: {warm_up: number, rounds: number}}} wanted */
export async function measure({ names, golden, n, plan }) {
    const tagger = await start_tagger(names);
    const real = [];
    for (const url of golden) {
        const { thumbnail, ...tagging } = await tagger.tag(await (await fetch(url)).blob());
        real.push(tagging);
    }
    tagger.stop();

    const batch = await start_batch(names);
    const puts = Array.from({ length: n }, (_, id) => ({ id, path: `holidays/picture ${id}.jpg`, tagging: vary(real[id % real.length], id) }));
    const nothing = { removes: [], puts: [], fails: [], corrections: [], policy: null, ids: [], opened: null, filter: null, before: null, is_changed: true };
    await batch.call("update", { ...nothing, puts });

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
        const { counted } = await batch.call("update", { ...nothing, policy, ids, before });
        const ms = performance.now() - start;
        n_tags += counted.summary.tags;
        return ms;
    };
    const { moved } = await interleave({ moved: move }, plan);
    const n_candidates = puts.reduce((sum, { tagging }) => sum + tagging.tags.length, 0);
    return { moved, n_candidates: n_candidates / n, n_tags: n_tags / turn / n };
}

/**
 * Another picture much like this one: the confidences moved a little, their order kept as the engine gives it, highest first.
 * @param {any} tagging @param {number} seed
 */
function vary(tagging, seed) {
    const share = 0.8 + (0.2 * ((seed * 7919) % 1000)) / 1000;
    const confidences = tagging.confidences.map((/** @type {number} */ score, /** @type {number} */ idx) =>
        Math.min(1, score * share * (1 + 0.0001 * (((seed + idx) * 31) % 10))),
    );
    return { ...tagging, sha256: seed.toString(16).padStart(64, "0"), confidences: confidences.sort().reverse() };
}
