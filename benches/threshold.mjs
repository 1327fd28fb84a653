/** The threshold moved under 10,000 tagged pictures: from the page to the session worker and back, with the tags of the cards on screen. */
import { measureInPage } from "./lib/browser.mjs";
import { readGoldenPictures } from "./lib/built.mjs";
import { atMost } from "./lib/figures.mjs";
import { median, quantile } from "./lib/interleave.js";

const N = 10_000;

/** @param {import("./run.mjs").Wanted} wanted */
export async function measure({ built, isQuick }) {
    const plan = isQuick ? { warmUp: 10, rounds: 30 } : { warmUp: 20, rounds: 200 };
    const golden = (await readGoldenPictures()).map(({ path }) => `/cases/${path}`);
    const measured = await measureInPage(
        "threshold.js",
        { names: built.names, golden, n: N, plan },
        { page: built.dir },
    );
    console.log(
        `  ${N} pictures with ${measured.nCandidates.toFixed(0)} candidates each, ${measured.n_tags.toFixed(1)} tags shown of each on average`,
    );
    return [
        atMost(`${N} pictures, median`, median(measured.moved), "ms", 50),
        atMost(`${N} pictures, 95th percentile`, quantile(measured.moved, 0.95), "ms", 50),
    ];
}
