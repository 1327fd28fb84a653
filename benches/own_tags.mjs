/**
 * Own tags: what training, a draft, guidelines and tagging by a head take in the trainer that the page ships, and the memory of a session with 5,000
 * examples, tagger and session workers included.
 */
import { measureInPage } from "./lib/browser.mjs";
import { atLeast, atMost, figure } from "./lib/figures.mjs";
import { median, quantile } from "./lib/interleave.js";

/** @param {import("./run.mjs").Wanted} wanted */
export async function measure({ built, isQuick }) {
    const plan = isQuick ? { rounds: 3, nDrafts: 10 } : { rounds: 9, nDrafts: 60 };
    const wanted = { names: built.names, nTags: 50, perTag: 50, nMany: 5_000, plan };
    const { trained, held, drafts, first, guidelines, tagged, many } = await measureInPage("own_tags.js", wanted, {
        page: built.dir,
    });
    console.log(`  50 tags x 50 pictures, 2 views each, ${many.n} examples for the memory`);
    return [
        atMost("50 x 50, training after embedding, median", median(trained) / 1000, "s", 2),
        figure("50 x 50, handing the set over, median", median(held), "ms"),
        atMost("draft after a correction, median", median(drafts), "ms", 300),
        atMost("draft after a correction, 95th percentile", quantile(drafts, 0.95), "ms", 300),
        figure("the first draft of a visit", first, "ms"),
        atMost("guidelines, median", median(guidelines), "ms", 100),
        atLeast("pictures tagged a second by a head of 50 tags", 1000 / median(tagged), "", 2_000),
        figure(`${many.n} examples: training`, many.ms / 1000, "s"),
        figure(`${many.n} examples: memory of the training module`, many.module / 1e6, "MB"),
        atMost(`${many.n} examples: page and workers`, many.all / 1e6, "MB", 500),
    ];
}
