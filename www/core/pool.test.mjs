import assert from "node:assert/strict";
import test from "node:test";
import { poolSize } from "./pool.js";
import { makePool, tick } from "./pool_stand_in.mjs";

test("tagging gives way to somebody who types, but no picture they look at does", async (context) => {
    const { pool, tag, explain, next, calls } = makePool();
    const all = ["a", "b"].map(tag);
    const first = await next();
    context.mock.timers.enable({ apis: ["setTimeout"] });
    const turn = () => new Promise((resolve) => setImmediate(resolve));
    pool.giveWay();
    context.mock.timers.tick(900);
    pool.giveWay();
    first.answer();
    await turn();
    context.mock.timers.tick(900);
    await turn();
    assert.equal(calls.length, 0, "the second key counts from itself");
    const why = explain("c", "cat");
    await turn();
    assert.equal(calls[0]?.name, "cat in c");
    calls.shift()?.answer();
    await why;
    assert.equal(calls.length, 0);
    context.mock.timers.tick(100);
    await turn();
    assert.equal(calls[0]?.name, "b");
    calls.shift()?.answer();
    assert.deepEqual(await Promise.all(all), ["a", "b"]);
});

test("pictures are tagged in the order they came", async () => {
    const { tag, answer } = makePool();
    const all = ["a", "b", "c"].map(tag);
    assert.deepEqual(await answer(3), ["a", "b", "c"]);
    assert.deepEqual(await Promise.all(all), ["a", "b", "c"]);
});

test("a pool starts no more workers than there are pictures, nor more than its size", async () => {
    const { tag, calls, nStarted } = makePool({ size: 3 });
    void tag("a");
    while (calls.length < 1) await tick();
    assert.equal(nStarted(), 1);
    for (const name of ["b", "c", "d", "e", "f"]) void tag(name);
    for (let n = 1; n <= 3; n++) {
        while (calls.length < n) await tick();
        assert.equal(nStarted(), n, "the next starts when the last has answered");
        calls.pop()?.answer();
        await tick();
    }
    await tick();
    assert.equal(nStarted(), 3);
});

test("workers start one after the other, at first and in place of those that crashed", async () => {
    const { tag, calls, nStarted, nStartingAtOnce } = makePool({ size: 3 });
    const names = ["a", "b", "c", "d", "e", "f", "g", "h"];
    const all = names.map(tag);
    let nAnswered = 0;
    /** One call after the other, and a crash of three in between. */
    while (nAnswered < names.length) {
        await tick();
        if (nStarted() === 3 && calls.length === 3) for (const call of calls.splice(0)) call.crash();
        else if (calls.length > 0) {
            calls.pop()?.answer();
            nAnswered++;
        }
    }
    assert.equal(nStarted(), 6);
    assert.equal(nStartingAtOnce(), 1);
    assert.deepEqual(await Promise.all(all), names);
});

test("the picture in a crashed worker is tried once more, after the others", async () => {
    const { tag, next, answer } = makePool();
    const all = ["a", "b", "c"].map(tag);
    (await next()).crash();
    assert.deepEqual(await answer(3), ["b", "c", "a"]);
    assert.deepEqual(await Promise.all(all), ["a", "b", "c"]);
});

test("a picture that crashes two workers fails and the rest goes on", async () => {
    const { tag, next } = makePool();
    const all = ["bad", "good"].map(tag);
    (await next()).crash();
    (await next()).answer();
    (await next()).crash();
    assert.deepEqual(await Promise.all(all), ["worker_crashed", "good"]);
});

test("a picture that takes too long is not tried again", async () => {
    const { tag, next } = makePool();
    const all = ["slow", "good"].map(tag);
    (await next()).timeOut();
    const good = await next();
    assert.equal(good.name, "good");
    good.answer();
    assert.deepEqual(await Promise.all(all), ["picture_too_slow", "good"]);
});

for (const size of [1, 6]) {
    test(`nine pictures that crash every worker cost ten good ones behind them nothing, with ${size} workers`, async () => {
        const { tag, calls, events } = makePool({ size });
        const bad = Array.from({ length: 9 }, (_, idx) => tag(`bad ${idx}`));
        const good = Array.from({ length: 10 }, (_, idx) => tag(`good ${idx}`));
        let isSettled = false;
        const all = Promise.all([...bad, ...good]).finally(() => {
            isSettled = true;
        });
        while (!isSettled && events.length === 0) {
            await tick();
            const call = calls.shift();
            if (call?.name.startsWith("bad")) call.crash();
            else call?.answer();
        }
        assert.deepEqual(events, []);
        assert.deepEqual((await all).slice(0, 9), Array(9).fill("worker_crashed"));
        assert.deepEqual(
            (await all).slice(9),
            Array.from({ length: 10 }, (_, idx) => `good ${idx}`),
        );
    });
}

test("an engine that cannot live is off after as many relaunches as the limit allows, and one for the first picture", async () => {
    const { tag, next, events, nStarted } = makePool({ max: 2 });
    for (const name of ["a", "b", "c", "d", "e"]) void tag(name);
    for (let n = 1; n <= 4; n++) {
        assert.deepEqual(events, []);
        (await next()).crash();
        await tick();
    }
    assert.deepEqual([events, nStarted()], [["local_model_off"], 4]);
});

test("a worker whose engine has grown is replaced once it is idle, which is no crash", async () => {
    const { tag, next, nStarted, events } = makePool({ max: 0 });
    const all = ["large", "small"].map(tag);
    const large = await next();
    large.setMemory(301e6);
    large.answer();
    const small = await next();
    assert.equal(nStarted(), 2);
    small.setMemory(300e6);
    small.answer();
    assert.deepEqual(await Promise.all(all), ["large", "small"]);
    assert.deepEqual([nStarted(), events], [2, []]);
});

test("past the relaunch limit the pool is off and keeps its queue until it is resumed", async () => {
    const { pool, tag, next, calls, events } = makePool({ max: 0 });
    const picture = tag("a");
    (await next()).crash();
    await tick();
    assert.deepEqual(events, ["local_model_off"]);
    assert.equal(calls.length, 0);
    pool.restart();
    (await next()).answer();
    assert.equal(await picture, "a");
});

test("a picture the engine refuses fails alone and its worker goes on", async () => {
    const { tag, next, nStarted } = makePool();
    const all = ["bad", "good"].map(tag);
    (await next()).refuse("picture_damaged");
    (await next()).answer();
    assert.deepEqual(await Promise.all(all), ["picture_damaged", "good"]);
    assert.equal(nStarted(), 1);
});

test("cancelling drops what has not been started and lets the rest finish", async () => {
    const { pool, tag, next } = makePool();
    const all = ["a", "b", "c"].map(tag);
    const running = await next();
    assert.deepEqual(pool.cancel(), [2, 3]);
    running.answer();
    assert.deepEqual(await Promise.all(all), ["a", "AbortError", "AbortError"]);
});

test("an explanation goes before all pictures that wait, and needs no picture to start a worker", async () => {
    const { tag, explain, next, answer, nStarted } = makePool();
    const first = explain("a", "cat");
    (await next()).answer();
    assert.equal(await first, "cat in a");
    const all = [tag("b"), tag("c"), explain("a", "dog")];
    assert.deepEqual(await answer(3), ["b", "dog in a", "c"]);
    assert.deepEqual(await Promise.all(all), ["b", "c", "dog in a"]);
    assert.equal(nStarted(), 1);
});

test("an explanation that crashes two workers fails, one that is refused fails alone, and the pictures go on", async () => {
    const { tag, explain, next, nStarted } = makePool();
    const first = tag("a");
    const running = await next();
    const all = [first, tag("b"), explain("bad", "cat"), explain("a", "own word")];
    running.answer();
    (await next()).refuse("explanation_unavailable");
    for (let i = 0; i < 2; i++) {
        const call = await next();
        assert.equal(call.name, "cat in bad");
        call.crash();
    }
    (await next()).answer();
    assert.deepEqual(await Promise.all(all), ["a", "b", "worker_crashed", "explanation_unavailable"]);
    assert.equal(nStarted(), 3);
});

test("cancelling leaves explanations in the queue", async () => {
    const { pool, tag, explain, next } = makePool();
    const first = tag("a");
    const running = await next();
    const all = [first, tag("b"), explain("a", "cat")];
    assert.deepEqual(pool.cancel(), [2]);
    running.answer();
    (await next()).answer();
    assert.deepEqual(await Promise.all(all), ["a", "AbortError", "cat in a"]);
});

test("what somebody looks at is tagged before the rest, in the order it came", async () => {
    const { pool, tag, answer } = makePool();
    const all = ["a", "b", "c", "d", "e"].map(tag);
    pool.prefer([5, 4]);
    assert.deepEqual(await answer(2), ["d", "e"]);
    pool.prefer([]);
    assert.deepEqual(await answer(3), ["a", "b", "c"]);
    assert.equal((await Promise.all(all)).length, 5);
});

test("previews go before all tagging and after explanations, and go on while the tagging is paused", async () => {
    const { pool, tag, explain, preview, next, answer } = makePool();
    const first = tag("a");
    const running = await next();
    const all = [first, tag("b"), preview(7, "c"), preview(8, "d"), explain("a", "cat")];
    pool.pause();
    running.answer();
    assert.deepEqual(await answer(3), ["cat in a", "look at c", "look at d"]);
    pool.resume();
    assert.deepEqual(await answer(1), ["b"]);
    assert.deepEqual(await Promise.all(all), ["a", "b", "look at c", "look at d", "cat in a"]);
});

test("previews are dropped by themselves, and with the tagging of their pictures", async () => {
    const { pool, tag, preview, next, answer } = makePool();
    const first = tag("a");
    const running = await next();
    const all = [first, tag("b"), preview(2, "b"), preview(7, "c"), preview(8, "d")];
    pool.cancelPreviews((id) => id === 7);
    assert.deepEqual(
        pool.cancel((id) => id === 2),
        [2],
    );
    running.answer();
    assert.deepEqual(await answer(1), ["look at d"]);
    assert.deepEqual(await Promise.all(all), ["a", "AbortError", "AbortError", "AbortError", "look at d"]);
});

test("a preview that crashes its worker is the first of the two times that its picture may", async () => {
    const { tag, preview, next, answer, nStarted } = makePool();
    const first = tag("a");
    const running = await next();
    const all = [first, tag("bad"), tag("c"), preview(2, "bad")];
    running.answer();
    (await next()).crash();
    const again = await next();
    assert.equal(again.name, "bad", "tagged, and not looked at again");
    again.crash();
    assert.deepEqual(await answer(1), ["c"]);
    assert.deepEqual(await Promise.all(all), ["a", "worker_crashed", "c", "CodedError"]);
    assert.equal(nStarted(), 3);
});

test("the pool leaves one core free, keeps to the memory and never has more than six", () => {
    assert.equal(poolSize({ cores: 1, memoryGb: 8 }), 1);
    assert.equal(poolSize({ cores: 4, memoryGb: 8 }), 3);
    assert.equal(poolSize({ cores: 16, memoryGb: 8 }), 6);
    assert.equal(poolSize({ cores: 16, memoryGb: 0.5 }), 2);
    assert.equal(poolSize({}), 1, "what the browser does not say is taken as small");
});
