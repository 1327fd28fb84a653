/** Pictures arriving one by one in a session of 10,000: what the session's worker takes for each, with the summary after it. */
import { measure_in_page } from "./lib/browser.mjs";
import { read_golden_pictures } from "./lib/built.mjs";
import { at_most } from "./lib/figures.mjs";
import { median } from "./lib/interleave.js";

const N = 10_000;

/** @param {import("./run.mjs").Wanted} wanted */
export async function measure({ built, is_quick }) {
    const plan = is_quick ? { warm_up: 1, rounds: 3 } : { warm_up: 3, rounds: 20 };
    const golden = (await read_golden_pictures()).map(({ path }) => `/cases/${path}`);
    const { arrived } = await measure_in_page("arrival.js", { names: built.names, golden, n: N, plan }, { page: built.dir });
    return [at_most(`a picture more in ${N}, worker's time, median of rounds of 500`, median(arrived), "ms", 0.2)];
}
