import assert from "node:assert/strict";
import { test } from "node:test";
import { makePool, tick } from "./pool_stand_in.mjs";

const file = (/** @type {string} */ name) => new File([name], name);

test("what is embedded for training comes after pictures that wait for their tags, and before second looks", async () => {
    const { pool, tag, next } = makePool();
    const first = tag("a");
    const embedded = ["m", "n"].map((name, id) => pool.embed(id, file(name)));
    const second = tag("b");
    for (const name of ["a", "b", "embed m", "embed n"]) {
        const call = await next();
        assert.equal(call.name, name);
        call.answer();
    }
    await Promise.all([first, second, ...embedded]);
});

test("cancelled, what nobody has started on is dropped, and tagging goes on", async () => {
    const { pool, tag, next } = makePool();
    const [owner, other] = [Symbol(), Symbol()];
    const begun = pool.embed(1, file("m"), { owner });
    const call = await next();
    const waiting = pool.embed(2, file("n"), { owner });
    const others = pool.embed(3, file("o"), { owner: other });
    pool.cancelEmbeds(owner);
    await assert.rejects(waiting, { name: "AbortError" });
    call.answer();
    assert.equal(await begun, "embed m");
    (await next()).answer();
    assert.equal(await others, "embed o", "nobody else's is dropped");
    const tagged = tag("a");
    (await next()).answer();
    assert.equal(await tagged, "a");
});

test("a picture that ends its worker is tried once more, after the others, and then given up", async () => {
    const { pool, next } = makePool();
    const bad = pool.embed(1, file("bad"));
    const good = pool.embed(2, file("good"));
    (await next()).crash();
    const call = await next();
    assert.equal(call.name, "embed good");
    call.answer();
    assert.equal(await good, "embed good");
    const refused = assert.rejects(bad, { code: "worker_crashed" });
    (await next()).crash();
    await refused;
    await tick();
});

test("workers that are stopped leave what they had in hand to those that come", async () => {
    const { pool, next } = makePool();
    const embedded = pool.embed(1, file("m"));
    await next();
    pool.stop();
    pool.restart();
    const call = await next();
    assert.equal(call.name, "embed m");
    call.answer();
    assert.equal(await embedded, "embed m");
});
