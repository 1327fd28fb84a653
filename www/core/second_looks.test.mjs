import assert from "node:assert/strict";
import test from "node:test";
import { makePool, tick } from "./pool_stand_in.mjs";
import { CodedError } from "./protocol.js";

test("the detector is fetched for the first second look once nothing else waits, and each worker loads it once", async () => {
    const { tag, lookAgain, next, answer, calls, loads, nLoaded } = makePool();
    const first = tag("a");
    const running = await next();
    const all = [lookAgain(1, "a"), tag("b"), lookAgain(2, "b")];
    assert.deepEqual(loads, []);
    running.answer();
    await first;
    const second = await next();
    assert.deepEqual([second.name, loads], ["b", []], "what waits for its first tags comes before");
    second.answer();
    assert.deepEqual(await answer(2), ["again a", "again b"]);
    assert.deepEqual(await Promise.all(all), ["again a", "b", "again b"]);
    assert.deepEqual([loads, nLoaded(), calls.length], [[false], 1, 0]);
});

test("no first look waits while a second one begins, in 2,000 pictures that come in bursts", async () => {
    const { pool, calls } = makePool({ size: 2 });
    const turn = () => new Promise((resolve) => setImmediate(resolve));
    let seed = 19;
    const random = (/** @type {number} */ n) => {
        seed = (seed * 1103515245 + 12345) % 2 ** 31;
        return Math.floor(seed / 65536) % n;
    };
    const N = 2_000;
    let nCome = 0;
    let nFirst = 0;
    let nSecond = 0;
    let nOvertaken = 0;
    /** What has come and has not begun yet. */
    let nWaiting = 0;
    let nAtOnce = 0;
    const come = () => {
        const id = ++nCome;
        nWaiting++;
        const file = new File([], String(id));
        const begun = (/** @type {number} */ share) => void (share === 0 && nWaiting--);
        void pool.tag(id, file, begun).then((first) => {
            nFirst++;
            const beginAgain = () => {
                if (nWaiting > 0) nOvertaken++;
            };
            void pool.lookAgain(id, file, first, beginAgain).then(() => nSecond++);
        });
    };
    while (nSecond < N) {
        if (nCome < N && random(4) === 0) for (let n = random(9); n >= 0 && nCome < N; n--) come();
        await turn();
        nAtOnce = Math.max(nAtOnce, calls.length);
        calls.splice(random(Math.max(1, calls.length)), 1)[0]?.answer();
    }
    assert.deepEqual([nFirst, nSecond, nAtOnce], [N, N, 2]);
    assert.equal(nOvertaken, 0, "a worker that is free takes a first look, so each waits for what is in hand only");
});

test("what somebody looks at has its second look first", async () => {
    const { pool, tag, lookAgain, answer } = makePool();
    const first = tag("0");
    const all = ["a", "b", "c"].map((name, idx) => lookAgain(idx + 1, name));
    pool.prefer([3]);
    assert.deepEqual(await answer(4), ["0", "again c", "again a", "again b"]);
    assert.equal((await Promise.all([first, ...all])).length, 4);
});

test("paused, no second look begins; the one in hand is finished", async () => {
    const { pool, tag, lookAgain, next, calls, answer } = makePool();
    void tag("0");
    const all = ["a", "b"].map((name, idx) => lookAgain(idx + 1, name));
    await answer(1);
    const running = await next();
    pool.pause();
    running.answer();
    assert.equal(await all[0], "again a");
    await tick();
    assert.equal(calls.length, 0);
    pool.resume();
    assert.deepEqual(await answer(1), ["again b"]);
});

test("those that wait can be dropped; what is in hand is finished", async () => {
    const { pool, tag, lookAgain, next, answer } = makePool();
    void tag("0");
    const all = ["a", "b", "c"].map((name, idx) => lookAgain(idx + 1, name));
    await answer(1);
    const running = await next();
    pool.cancelSecondLooks((id) => id !== 3);
    running.answer();
    assert.deepEqual(await answer(1), ["again c"]);
    assert.deepEqual(await Promise.all(all), ["again a", "AbortError", "again c"]);
});

test("a crash costs one second look, which is tried once more after the others, and no relaunch of the engine's", async () => {
    const { tag, lookAgain, next, answer, events, nStarted } = makePool({ max: 0 });
    void tag("0");
    const all = ["bad", "b"].map((name, idx) => lookAgain(idx + 1, name));
    await answer(1);
    (await next()).crash();
    assert.deepEqual(await answer(1), ["again b"]);
    const again = await next();
    assert.equal(again.name, "again bad");
    again.crash();
    assert.deepEqual(await Promise.all(all), ["worker_crashed", "again b"]);
    const later = tag("c");
    assert.deepEqual(await answer(1), ["c"]);
    assert.equal(await later, "c");
    assert.deepEqual([events, nStarted()], [[], 3]);
});

test("a second look that takes too long is not tried again", async () => {
    const { tag, lookAgain, next, answer } = makePool();
    void tag("0");
    const slow = lookAgain(1, "slow");
    await answer(1);
    (await next()).timeOut();
    assert.equal(await slow, "worker_crashed");
});

test("after several crashes in a row nothing is looked at again until somebody asks, and first looks go on", async () => {
    const { pool, tag, lookAgain, next, answer, calls, events, loads } = makePool();
    void tag("0");
    for (const [idx, name] of ["a", "b", "c", "d", "e"].entries()) void lookAgain(idx + 1, name);
    await answer(1);
    for (let n = 0; n < 4; n++) {
        assert.deepEqual(events, []);
        (await next()).crash();
    }
    assert.deepEqual(events, ["objects_off"]);
    const first = tag("f");
    assert.deepEqual(await answer(1), ["f"]);
    assert.equal(await first, "f");
    await tick();
    assert.equal(calls.length, 0);
    pool.retryObjects();
    assert.deepEqual(await answer(1), ["again e"], "those that ended a worker come last");
    assert.deepEqual(loads, [false, true]);
});

test("a detector that cannot be fetched, or loaded, is said once, and fetched anew when somebody asks", async () => {
    let isThere = false;
    let isWhole = false;
    const detector = {
        fetched: async () => {
            if (!isThere) throw new CodedError("engine_unreachable", "404");
        },
        loaded: async () => {
            if (!isWhole) throw new CodedError("model_hash_mismatch", "");
        },
    };
    const { pool, tag, lookAgain, answer, calls, events, loads } = makePool({ size: 2, detector });
    const first = [tag("0"), tag("1")];
    const all = ["a", "b"].map((name, idx) => lookAgain(idx + 1, name));
    await answer(2);
    await Promise.all(first);
    await tick();
    assert.deepEqual([events, calls.length], [["engine_unreachable"], 0]);
    isThere = true;
    pool.retryObjects();
    await tick();
    assert.deepEqual(events, ["engine_unreachable", "model_hash_mismatch"], "once, by whichever worker");
    isWhole = true;
    pool.retryObjects();
    assert.deepEqual((await answer(2)).sort(), ["again a", "again b"]);
    assert.deepEqual(await Promise.all(all), ["again a", "again b"]);
    assert.deepEqual(loads, [false, true, true]);
});

test("what a worker had in hand when all were stopped is looked at again by the next", async () => {
    const { pool, tag, lookAgain, next, answer, nLoaded } = makePool();
    void tag("0");
    const look = lookAgain(1, "a");
    await answer(1);
    await next();
    pool.stop();
    pool.restart();
    assert.deepEqual(await answer(1), ["again a"]);
    assert.equal(await look, "again a");
    assert.equal(nLoaded(), 2);
});
