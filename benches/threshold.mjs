/** The threshold moved under 10,000 tagged pictures: from the page to the batch worker and back, with the tags of the cards on screen. */
import { measure_in_page } from "./lib/browser.mjs";
import { read_golden_pictures } from "./lib/built.mjs";
import { at_most } from "./lib/figures.mjs";
import { median, quantile } from "./lib/interleave.js";

const N = 10_000;

/** @param {import("./run.mjs").Wanted} wanted */
export async function measure({ built, is_quick }) {
    const plan = is_quick ? { warm_up: 10, rounds: 30 } : { warm_up: 20, rounds: 200 };
    const golden = (await read_golden_pictures()).map(({ path }) => `/cases/${path}`);
    const measured = await measure_in_page("threshold.js", { names: built.names, golden, n: N, plan }, { page: built.dir });
    console.log(`  ${N} pictures with ${measured.n_candidates.toFixed(0)} candidates each, ${measured.n_tags.toFixed(1)} tags shown of each on average`);
    return [
        at_most(`${N} pictures, median`, median(measured.moved), "ms", 50),
        at_most(`${N} pictures, 95th percentile`, quantile(measured.moved, 0.95), "ms", 50),
    ];
}
