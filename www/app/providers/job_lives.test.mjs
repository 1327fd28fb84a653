/** Whole lives of a job, with everything that can happen to it. @import { Fate } from "./world.mjs" */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { begin, randomFrom, worldWith } from "./world.mjs";

/** @type {Fate[]} */
const FATES = ["lost_before", "lost_after", "half", "throttles", "unavailable", "unreached", "one_fails"];

/** Anything may happen, at any time. @param {number} seed @param {number} most pictures a request */
async function live(seed, most) {
    const random = randomFrom(seed);
    const fate = () => (random() < 0.6 ? "answers" : /** @type {Fate} */ (FATES[Math.floor(random() * FATES.length)]));
    const world = worldWith({ fate, random, most, answerMs: 300 }, 200);
    let job = begin(world);
    for (let n = 0; world.awaited.size > 0; n++) {
        assert.ok(n < 2_000, "it goes on for ever");
        await world.run(world.nowMs + random() * 4_000);
        if (random() < 0.2) {
            world.close();
            job = begin(world);
        }
        if (job.status === "paused") job.resume();
        if (job.status !== "ended" && world.files().length > 0) continue;
        await world.run();
        world.askAgain();
        job = begin(world);
    }
    await world.run();
    return world;
}

describe("200 pictures, with cuts, closed pages and everything else at random", () => {
    for (const most of [1, 16])
        for (let seed = 1; seed <= (process.env["TAGSMITH_LONG"] ? 100 : 10); seed++)
            test(`lose nothing and are not paid twice, ${most} a request, seed ${seed}`, async () => {
                const world = await live(seed, most);
                assert.equal(world.tags.size, 200);
                assert.deepEqual(world.sentTwice, [], "what was answered is not asked for again");
                // Log and service agree to the unit: what was lost is what the log says may have been billed.
                const isLost = (/** @type {import("./world.mjs").Row} */ { outcome }) => outcome === "lost";
                const lost = [...world.rows.values()].filter(isLost);
                const paid = lost.filter(
                    ({ fate }) =>
                        fate !== "lost_before" &&
                        fate !== null &&
                        !["throttles", "unavailable", "unreached"].includes(fate),
                );
                const nPaid = paid.reduce(
                    (sum, { n_units, fate }) => sum + n_units - (fate === "one_fails" ? 1 : 0),
                    0,
                );
                assert.equal(world.nBilled, world.sum("n_billed") + nPaid);
                assert.equal(world.sum("n_maybe"), world.sum("n_units", isLost));
                assert.ok(world.nBilled <= world.sum("n_billed") + world.sum("n_maybe"));
                assert.equal(
                    world.sum("n_billed", (row) => row.outcome === "answered"),
                    200,
                );
            });
});
