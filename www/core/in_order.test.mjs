import assert from "node:assert/strict";
import test from "node:test";
import { inOrder } from "./in_order.js";

const wait = (/** @type {number} */ ms) => new Promise((resolve) => setTimeout(resolve, ms));

test("results come in the order of the inputs, however long each takes, and never more than so many are under way", async () => {
    let nUnderWay = 0;
    let most = 0;
    let nTaken = 0;
    function* inputs() {
        for (const ms of [30, 1, 20, 2, 1, 10]) {
            nTaken++;
            yield ms;
        }
    }
    const found = [];
    for await (const ms of inOrder(inputs(), 3, async (ms) => {
        most = Math.max(most, ++nUnderWay);
        await wait(ms);
        nUnderWay--;
        return ms;
    })) {
        found.push(ms);
        assert.ok(nTaken <= found.length + 3, `${nTaken} were taken when ${found.length} results had come`);
    }
    assert.deepEqual(found, [30, 1, 20, 2, 1, 10]);
    assert.equal(most, 3);
});

test("a result does not wait for a source that says nothing", async () => {
    async function* camera() {
        yield "one";
        await new Promise(() => {});
    }
    for await (const result of inOrder(camera(), 4, async (input) => `${input}!`)) {
        assert.equal(result, "one!");
        break;
    }
});

test("whoever leaves stops what is under way, and the source", async () => {
    let isReturned = false;
    /** @type {AbortSignal[]} */
    const signals = [];
    async function* inputs() {
        try {
            for (let n = 0; ; n++) yield n;
        } finally {
            isReturned = true;
        }
    }
    for await (const _ of inOrder(inputs(), 2, async (input, signal) => {
        signals.push(signal);
        return input;
    }))
        break;
    await wait(0);
    assert.ok(isReturned);
    assert.ok(signals.every(({ aborted }) => aborted));
});

test("an aborted signal ends it with its reason, also before anything has come", async () => {
    const reason = new Error("enough");
    const controller = new AbortController();
    const never = inOrder([1], 1, () => new Promise(() => {}), controller.signal);
    setTimeout(() => controller.abort(reason), 1);
    await assert.rejects(never.next(), (error) => error === reason);
    await assert.rejects(inOrder([1], 1, async (one) => one, controller.signal).next(), (error) => error === reason);
});

test("what fails is thrown in its turn", async () => {
    /** @type {number[]} */
    const found = [];
    await assert.rejects(async () => {
        for await (const one of inOrder([1, 2, 3], 3, async (n) => {
            if (n === 2) throw new Error("two");
            await wait(5);
            return n;
        }))
            found.push(one);
    }, /two/);
    assert.deepEqual(found, [1]);
});
