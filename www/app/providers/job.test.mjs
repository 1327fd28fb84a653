import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Cap } from "./cap.js";
import { begin, failure, inTurn, worldWith } from "./world.mjs";

describe("a job", () => {
    test("asks for each picture once, four at a time, in about the time that takes", async () => {
        const world = worldWith({ fate: () => "answers" }, 200);
        const job = begin(world);
        await world.run();
        assert.deepEqual([job.status, world.tags.size, world.nBilled, world.awaited.size], ["ended", 200, 200, 0]);
        assert.equal(world.mostAtOnce, 4);
        assert.ok(world.nowMs <= 1.25 * 15_000, `${world.nowMs} ms`);
    });

    test("fills its requests, and what is left over goes at the end", async () => {
        const world = worldWith({ fate: () => "answers", most: 16 }, 50);
        begin(world);
        await world.run();
        assert.deepEqual(
            [...world.rows.values()].map(({ files }) => files.length),
            [16, 16, 16, 2],
        );
        assert.equal(world.tags.size, 50);
    });

    test("waits as long as it is told, with all of its requests", async () => {
        const world = worldWith({ fate: inTurn("throttles") }, 12);
        const job = begin(world);
        await world.run(1_000);
        assert.equal(world.tags.size, 3, "what was under way was answered");
        await world.run(2_000);
        assert.equal(world.tags.size, 3);
        await world.run();
        assert.deepEqual([job.status, world.tags.size, world.nBilled], ["ended", 12, 12]);
    });

    test("gives up what goes on too long, and keeps the pictures waiting", async () => {
        const world = worldWith({ fate: () => "unavailable" }, 10);
        const job = begin(world);
        await world.run();
        assert.deepEqual([job.status, job.problem?.code, world.files().length], ["paused", "provider_unavailable", 10]);
        world.fate = () => "answers";
        job.resume();
        await world.run();
        assert.deepEqual([job.status, job.problem, world.tags.size], ["ended", null, 10]);
    });

    test("stops at once where every request would be answered so, and not a picture fails", async () => {
        const world = worldWith({ fate: () => "wrong_key" }, 100);
        const job = begin(world);
        await world.run();
        assert.deepEqual([job.status, job.problem?.code, world.files().length], ["paused", "provider_key_wrong", 100]);
        assert.ok(world.rows.size <= 4, `${world.rows.size} requests`);
    });

    test("does not ask again for what may be paid, until a person does", async () => {
        const world = worldWith({ fate: inTurn("answers", "lost_after", "lost_before", "half") }, 6);
        const job = begin(world);
        await world.run();
        assert.deepEqual([job.status, world.tags.size, world.files(() => true).length], ["ended", 3, 3]);
        assert.deepEqual([world.sum("n_billed"), world.sum("n_maybe"), world.nBilled], [3, 3, 5]);
        world.askAgain();
        job.add(world.files());
        await world.run();
        assert.deepEqual([job.status, world.tags.size, world.sum("n_billed"), world.nBilled], ["ended", 6, 6, 8]);
    });

    test("asks by itself for what was lost where nobody bills", async () => {
        const world = worldWith({ fate: inTurn("lost_before", "lost_after", "half") }, 6);
        const job = begin(world, {}, { isBilled: false });
        await world.run();
        assert.deepEqual([job.status, world.tags.size, world.awaited.size], ["ended", 6, 0]);
    });

    test("counts no units where nobody bills, also of a request of which nobody knows what became of it", async () => {
        for (const isBilled of [true, false]) {
            const world = worldWith({ fate: () => "answers" }, 1);
            const { send } = world.ports();
            let nSent = 0;
            /** @type {number[]} */
            const maybe = [];
            const { end } = world.ports();
            const job = begin(
                world,
                {
                    send: (pictures, how) =>
                        nSent++ ? send(pictures, how) : Promise.reject(new Error("the worker is gone")),
                    end: (id, ended) => {
                        maybe.push(ended.n_maybe);
                        return end(id, ended);
                    },
                },
                { isBilled },
            );
            await world.run();
            assert.deepEqual(
                [job.status, maybe[0], world.sum("n_units")],
                ["ended", isBilled ? 1 : 0, isBilled ? 1 : 0],
            );
        }
    });

    test("goes on with another token where one was refused, each request a row of its own", async () => {
        const world = worldWith({ fate: () => "answers" }, 3);
        const { send } = world.ports();
        const wornOut = failure("provider_key_expired", { retry: { after_ms: 0 } });
        const refused = { ...{ status: 401, n_bytes: 5, outcome: /** @type {const} */ ("refused"), n_billed: 0 } };
        let nSent = 0;
        const job = begin(world, {
            send: async (pictures, how) =>
                nSent++ < 3 ? { ...refused, n_maybe: 0, results: null, failure: wornOut } : send(pictures, how),
        });
        await world.run();
        assert.deepEqual([job.status, world.tags.size, world.nBilled, world.rows.size], ["ended", 3, 3, 6]);
        assert.equal(world.sum("n_maybe"), 0);
    });

    test("stops where answer after answer is lost", async () => {
        const world = worldWith({ fate: () => "lost_after" }, 100);
        const job = begin(world);
        await world.run();
        assert.deepEqual([job.status, job.problem?.code], ["paused", "provider_answer_lost"]);
        assert.ok(world.nBilled <= 12, `${world.nBilled} units`);
    });

    test("stops at once where no answer can be read, though the first may be paid", async () => {
        const world = worldWith({ fate: () => "blocked" }, 100);
        const job = begin(world);
        await world.run();
        assert.deepEqual([job.status, job.problem?.code], ["paused", "provider_blocked"]);
        assert.ok(world.rows.size <= 4 && world.sum("n_maybe") === world.rows.size, `${world.rows.size} requests`);
    });

    test("keeps the part of an answer that is one, and asks for the rest later", async () => {
        const world = worldWith({ fate: inTurn("one_fails"), most: 16 }, 16);
        const job = begin(world);
        await world.run(400);
        assert.deepEqual([world.tags.size, world.files()], [15, [1]]);
        await world.run();
        assert.deepEqual([job.status, world.tags.size, world.nBilled, world.sum("n_billed")], ["ended", 16, 16, 16]);
    });

    test("finds the picture that a request was refused for by asking for each alone", async () => {
        const world = worldWith({ fate: (files) => (files.includes(5) ? "refuses" : "answers"), most: 16 }, 16);
        const job = begin(world);
        await world.run();
        assert.deepEqual([job.status, world.tags.size, world.files(() => true)], ["ended", 15, [5]]);
        assert.equal(world.rows.size, 17);
    });

    test("fails a picture that cannot be made ready, without asking for it", async () => {
        const world = worldWith({ fate: () => "answers" }, 5);
        const { prepare } = world.ports();
        const bad = Object.assign(new Error("bad"), { code: "image_undecodable", detail: "bad" });
        const job = begin(world, { prepare: (file) => (file === 3 ? Promise.reject(bad) : prepare(file)) });
        await world.run();
        assert.deepEqual([job.status, world.tags.size, world.awaited.get(3)], ["ended", 4, "image_undecodable"]);
        assert.equal(world.rows.size, 4);
    });

    test("waits for a file that is needed, after all others", async () => {
        const world = worldWith({ fate: () => "answers" }, 5);
        const { prepare } = world.ports();
        const gone = Object.assign(new Error("gone"), { code: "file_needed", detail: "gone" });
        let isGone = true;
        const job = begin(world, { prepare: (file) => (file === 3 && isGone ? Promise.reject(gone) : prepare(file)) });
        await world.run();
        assert.deepEqual([job.status, job.problem?.code, world.files()], ["paused", "file_needed", [3]]);
        isGone = false;
        job.resume();
        await world.run();
        assert.deepEqual([job.status, world.tags.size, world.nBilled], ["ended", 5, 5]);
    });

    test("pauses after what was sent is answered, and goes on where it was", async () => {
        const world = worldWith({ fate: () => "answers" }, 40);
        const job = begin(world);
        await world.run(700);
        job.pause();
        await world.run();
        const n = world.tags.size;
        assert.ok(n > 0 && n < 40 && world.nBilled === n, `${n} answered, ${world.nBilled} billed`);
        job.resume();
        await world.run();
        assert.deepEqual([world.tags.size, world.nBilled], [40, 40]);
    });

    test("is cancelled with what is under way in the log", async () => {
        const world = worldWith({ fate: () => "answers" }, 40);
        const { send } = world.ports();
        const aborted = /** @type {const} */ ({
            status: null,
            n_bytes: 1,
            outcome: "lost",
            n_billed: 0,
            n_maybe: 1,
            results: null,
        });
        const job = begin(world, {
            send: (pictures, { signal }) =>
                Promise.race([
                    send(pictures, { signal }),
                    /** @type {Promise<import("./outcomes.js").Reply>} */ (
                        new Promise((resolve) =>
                            signal.addEventListener("abort", () =>
                                resolve({
                                    ...aborted,
                                    failure: {
                                        code: "provider_answer_lost",
                                        detail: "",
                                        retry: "never",
                                        billed: "maybe",
                                    },
                                }),
                            ),
                        )
                    ),
                ]),
        });
        await world.run(750);
        let isOver = false;
        void job.cancel().then((isWritten) => (isOver = isWritten));
        await world.run();
        assert.deepEqual([isOver, job.status], [true, "ended"]);
        assert.equal(world.sum("n_maybe"), 4);
        assert.equal(world.nBilled, world.sum("n_billed") + world.sum("n_maybe"));
    });

    test("sends nothing beyond what is left of the month", async () => {
        const world = worldWith({ fate: inTurn("lost_after", "throttles") }, 20);
        const cap = new Cap(
            () => 10,
            async () =>
                world.sum("n_billed") + world.sum("n_maybe") + world.sum("n_units", ({ outcome }) => outcome === null),
            () => world.nowMs,
        );
        const job = begin(world, { reserve: (n) => cap.reserve(n) });
        await world.run();
        assert.deepEqual([job.status, job.problem?.code, world.nBilled], ["paused", "provider_cap_reached", 10]);
        assert.equal(world.files().length, 10);
    });

    test("sends no picture of which somebody has said meanwhile that it never leaves", async () => {
        const world = worldWith({ fate: () => "answers" }, 8);
        let never = 0;
        const sent = new Set();
        const { send } = world.ports();
        const job = begin(
            world,
            {
                mayLeave: (file) => file !== never,
                send: (pictures, how) => {
                    for (const { width } of pictures) sent.add(width);
                    return send(pictures, how);
                },
            },
            { nAtOnce: 1 },
        );
        await world.run(400);
        never = 6;
        await world.run();
        assert.deepEqual(
            [job.status, job.problem?.code, sent.has(6), world.files()],
            ["paused", "provider_never_leaves", false, [6]],
        );
        never = 0;
        job.resume();
        await world.run();
        assert.deepEqual([job.status, world.tags.size], ["ended", 8]);
    });

    test("puts no request into the log of which somebody says in the last moment that it never leaves", async () => {
        const world = worldWith({ fate: () => "answers" }, 2);
        let mayLeave = true;
        let nBegun = 0;
        const { begin: log, reserve } = world.ports();
        const job = begin(world, {
            mayLeave: () => mayLeave,
            reserve(nUnits) {
                mayLeave = false;
                return reserve(nUnits);
            },
            begin(counts) {
                nBegun++;
                return log(counts);
            },
        });
        await world.run();
        assert.deepEqual([nBegun, world.nBilled, job.status], [0, 0, "paused"]);
    });

    test("keeps an answer that could not be written until it can be, and asks for it no more", async () => {
        const world = worldWith({ fate: () => "answers" }, 8);
        let isFull = true;
        const { end } = world.ports();
        const job = begin(world, { end: (id, ended) => (isFull ? Promise.reject(new Error("full")) : end(id, ended)) });
        await world.run();
        assert.deepEqual([job.status, job.problem?.code, world.tags.size], ["paused", "library_unwritten", 0]);
        isFull = false;
        job.resume();
        await world.run();
        assert.deepEqual([job.status, world.tags.size, world.nBilled], ["ended", 8, 8]);
    });
});

describe("a job that is cancelled while there is no room", () => {
    test("keeps its answers, and is over once they are written", async () => {
        const world = worldWith({ fate: () => "answers" }, 8);
        let isFull = true;
        const { end } = world.ports();
        const job = begin(world, { end: (id, ended) => (isFull ? Promise.reject(new Error("full")) : end(id, ended)) });
        await world.run();
        /** @type {boolean[]} */
        const said = [];
        void job.cancel().then((isWritten) => said.push(isWritten));
        await world.run();
        assert.deepEqual([said, job.status, job.problem?.code], [[false], "paused", "library_unwritten"]);
        isFull = false;
        void job.cancel().then((isWritten) => said.push(isWritten));
        await world.run();
        assert.deepEqual([said, job.status, world.tags.size, world.nBilled], [[false, true], "ended", 4, 4]);
    });
});

test("a picture whose content another one of the job has is not asked about", async () => {
    const world = worldWith({ fate: () => "answers" }, 6);
    const { prepare } = world.ports();
    const job = begin(world, {
        async prepare(file) {
            if (file % 2 === 1) return prepare(file);
            world.awaited.delete(file); // as the library does
            return null;
        },
    });
    await world.run();
    assert.deepEqual([job.status, world.tags.size, world.nBilled, job.nWaiting], ["ended", 3, 3, 0]);
});

test("what failed says whether it may have been paid, whatever its code, and its request how many bytes it had", async () => {
    for (const billed of /** @type {const} */ (["no", "maybe", "yes"])) {
        const world = worldWith({ fate: () => "answers" }, 1);
        /** @type {import("./job.js").Ended[]} */
        const ends = [];
        const { end } = world.ports();
        const refused = { ...failure("provider_request_refused", { billed }) };
        begin(world, {
            send: async () => ({
                ...{ status: 400, n_bytes: 77, outcome: "refused", n_billed: 0, n_maybe: 0, results: null },
                failure: refused,
            }),
            end: (id, ended) => {
                ends.push(ended);
                return end(id, ended);
            },
        });
        await world.run();
        const [{ n_bytes: nBytes, results: [result] = [] } = assert.fail()] = ends;
        assert.equal(nBytes, 77);
        assert.ok(result && "failure" in result);
        assert.equal(result.failure.is_maybe_paid, billed !== "no", billed);
    }
});
