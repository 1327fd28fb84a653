import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";
import { KeyRing } from "./keys.js";

/** @import { Locked } from "./kept_keys.js" */

const SECRETS = { key: "AIza-very-secret", secret: "another-secret" };
const QUICK = { rounds: 10 };

/** A place like IndexedDB's: what is put there is a copy. */
function place() {
    /** @type {Map<string, Locked>} */
    const rows = new Map();
    return {
        rows,
        all: async () => [...rows.values()].map((row) => structuredClone(row)),
        put: async (/** @type {Locked} */ row) => void rows.set(row.id, structuredClone(row)),
        delete: async (/** @type {string} */ id) => void rows.delete(id),
    };
}

/** @param {Promise<unknown>} opening */
const isWrong = (opening) => assert.rejects(opening, { code: "passphrase_wrong" });

test("a key is in memory and nowhere else, until somebody wants it kept", async () => {
    const kept = place();
    const ring = new KeyRing(kept);
    ring.set("google", SECRETS);
    assert.deepEqual(ring.get("google"), SECRETS);
    assert.equal(kept.rows.size, 0);
    ring.set("google", null);
    assert.equal(ring.get("google"), null);
});

test("what is kept is opened by its passphrase in another visit, and by no other", async () => {
    const kept = place();
    const ring = new KeyRing(kept, QUICK);
    ring.set("google", SECRETS);
    await ring.keep("google", "correct horse");
    const later = new KeyRing(kept, QUICK);
    assert.deepEqual([await later.kept(), later.get("google")], [["google"], null]);
    await isWrong(later.unlock("google", "correct hors"));
    assert.equal(later.get("google"), null);
    assert.deepEqual(await later.unlock("google", "correct horse"), SECRETS);
    assert.deepEqual(later.get("google"), SECRETS);
});

test("at least 600,000 rounds are made, and what is kept tells nothing", async () => {
    const kept = place();
    const ring = new KeyRing(kept);
    ring.set("google", SECRETS);
    await ring.keep("google", "correct horse");
    const [row] = await kept.all();
    assert.ok(row && row.rounds >= 600_000);
    const bytes = Buffer.concat([Buffer.from(row.sealed), row.salt, row.iv, Buffer.from(inspect(row, { depth: 9 }))]);
    for (const secret of [...Object.values(SECRETS), "correct horse"]) assert.equal(bytes.indexOf(secret), -1);
});

test("the same is never sealed twice alike, and a nonce never used twice", async () => {
    const kept = place();
    const ring = new KeyRing(kept, QUICK);
    ring.set("google", SECRETS);
    const seen = new Set();
    for (let n = 0; n < 4; n++) {
        await ring.keep("google", "correct horse");
        const [row] = await kept.all();
        seen.add(Buffer.from(row?.iv ?? []).toString("hex")).add(
            Buffer.from(row?.sealed ?? new ArrayBuffer(0)).toString("hex"),
        );
    }
    assert.equal(seen.size, 8);
});

test("another passphrase replaces the one before", async () => {
    const kept = place();
    const ring = new KeyRing(kept, QUICK);
    ring.set("google", SECRETS);
    await ring.keep("google", "before");
    await isWrong(ring.change("google", "guessed", "after"));
    await ring.change("google", "before", "after");
    const later = new KeyRing(kept, QUICK);
    await isWrong(later.unlock("google", "before"));
    assert.deepEqual(await later.unlock("google", "after"), SECRETS);
});

test("what is forgotten is gone, here and there", async () => {
    const kept = place();
    const ring = new KeyRing(kept, QUICK);
    ring.set("google", SECRETS);
    await ring.keep("google", "correct horse");
    await ring.forget("google");
    assert.deepEqual([ring.get("google"), kept.rows.size], [null, 0]);
});

test("a record is not another provider's, and damage opens nothing", async () => {
    const kept = place();
    const ring = new KeyRing(kept, QUICK);
    ring.set("google", SECRETS);
    await ring.keep("google", "correct horse");
    const [row] = await kept.all();
    assert.ok(row);
    await kept.put({ ...row, id: "http-1" });
    await isWrong(ring.unlock("http-1", "correct horse"));
    await kept.put({ ...row, sealed: row.sealed.slice(1) });
    await isWrong(ring.unlock("google", "correct horse"));
    await kept.put({ ...row, rounds: 1e12 });
    await isWrong(ring.unlock("google", "correct horse"));
});

test("an error tells no secret", async () => {
    const kept = place();
    const ring = new KeyRing(kept, QUICK);
    ring.set("google", SECRETS);
    await ring.keep("google", "correct horse");
    const error = await ring.unlock("google", SECRETS.key).catch((thrown) => thrown);
    assert.ok(!inspect(error, { depth: 9, showHidden: true }).includes(SECRETS.key));
    assert.ok(!inspect(ring, { depth: 9, showHidden: true }).includes(SECRETS.key));
});

test("a browser that keeps nothing is told of, and keys in memory still hold", async () => {
    const ring = new KeyRing(null);
    ring.set("google", SECRETS);
    assert.equal(ring.canKeep, false);
    await assert.rejects(ring.keep("google", "correct horse"), { code: "keys_not_kept" });
    assert.deepEqual([ring.get("google"), await ring.kept()], [SECRETS, []]);
});
