import assert from "node:assert/strict";
import { test } from "node:test";
import { AskedOnce } from "./asked_once.js";

/** Whatever is asked for; each answer is given by hand. */
function asking() {
    /** @type {{signal: AbortSignal, answer: (text: string) => void}[]} */
    const asked = [];
    const find = (/** @type {AbortSignal} */ signal) =>
        /** @type {Promise<string>} */ (new Promise((answer) => asked.push({ signal, answer })));
    return { asked, find };
}

test("what is under way or known is asked for once, and what failed again", async () => {
    const { asked, find } = asking();
    const once = new AskedOnce((answer) => answer !== "failed");
    const both = [once.begin()("a", find), once.begin()("a", find)];
    asked[0]?.answer("tags");
    assert.deepEqual(await Promise.all([...both, once.begin()("a", find)]), ["tags", "tags", "tags"]);
    const failed = once.begin()("b", find);
    asked[1]?.answer("failed");
    assert.equal(await failed, "failed");
    const again = once.begin()("b", find);
    asked[2]?.answer("tags");
    assert.equal(await again, "tags");
    const nameless = [once.begin()(null, find), once.begin()(null, find)];
    for (const { answer } of asked) answer("each");
    assert.deepEqual(await Promise.all(nameless), ["each", "each"]);
    assert.equal(asked.length, 5);
});

test("what is asked after a cancel is asked anew, although the cancelled one has not ended, and keeps its place when that does", async () => {
    const { asked, find } = asking();
    const once = new AskedOnce((answer) => answer !== "cancelled");
    const late = once.begin();
    const cancelled = once.begin()("a", find);
    once.cancel();
    assert.equal(asked[0]?.signal.aborted, true);
    const anew = once.begin()("a", find);
    assert.equal(asked[1]?.signal.aborted, false);
    asked[0]?.answer("cancelled");
    assert.equal(await cancelled, "cancelled");
    const meanwhile = once.begin()("a", find);
    asked[1]?.answer("tags");
    assert.deepEqual(await Promise.all([anew, meanwhile]), ["tags", "tags"]);
    assert.equal(asked.length, 2);
    void late("b", find);
    assert.equal(asked[2]?.signal.aborted, true, "it was begun before the cancel");
});
