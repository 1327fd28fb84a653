/** Pictures arriving one by one in a session of 10,000: what the session's worker takes for each, with the summary after it. */
import { measureInPage } from "./lib/browser.mjs";
import { readGoldenPictures } from "./lib/built.mjs";
import { atMost } from "./lib/figures.mjs";
import { median } from "./lib/interleave.js";

const N = 10_000;

/** @param {import("./run.mjs").Wanted} wanted */
export async function measure({ built, isQuick }) {
    const plan = isQuick ? { warmUp: 1, rounds: 3 } : { warmUp: 3, rounds: 20 };
    const golden = (await readGoldenPictures()).map(({ path }) => `/cases/${path}`);
    const { arrived } = await measureInPage(
        "arrival.js",
        { names: built.names, golden, n: N, plan },
        { page: built.dir },
    );
    return [atMost(`a picture more in ${N}, worker's time, median of rounds of 500`, median(arrived), "ms", 0.2)];
}
