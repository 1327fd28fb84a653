import assert from "node:assert/strict";
import { test } from "node:test";
import { Cap, monthStart, unitsUsed } from "./cap.js";

test("what may have been billed counts as if it were", () => {
    const totals = [
        { provider: "google", n_billed: 20, n_maybe: 4 },
        { provider: "microsoft", n_billed: 100, n_maybe: 0 },
        { provider: "google", n_billed: 1, n_maybe: 0 },
    ];
    assert.equal(unitsUsed(totals, "google"), 25);
    assert.equal(unitsUsed(totals, "adobe"), 0);
});

test("a month begins at its first midnight here", () => {
    const start = new Date(monthStart(new Date(2026, 10, 29, 17, 5).getTime()));
    assert.deepEqual(
        [start.getFullYear(), start.getMonth(), start.getDate(), start.getHours(), start.getMinutes()],
        [2026, 10, 1, 0, 0],
    );
});

test("no two requests get the last unit, however they are asked at once", async () => {
    let used = 6;
    const cap = new Cap(
        () => 10,
        async () => used,
        () => 0,
    );
    const reserved = await Promise.all([cap.reserve(2), cap.reserve(2), cap.reserve(1)]);
    assert.deepEqual(
        reserved.map((one) => one !== null),
        [true, true, false],
    );
    used += 2; // the first one was answered
    reserved[0]?.();
    reserved[0]?.(); // said twice, it counts once
    assert.equal(await cap.left(), 0);
    used += 0; // the second one was refused
    reserved[1]?.();
    assert.equal(await cap.left(), 2);
});

test("without a limit there is always enough, and one that is lowered holds at once", async () => {
    /** @type {number | null} */
    let most = null;
    const cap = new Cap(
        () => most,
        async () => 5,
        () => 0,
    );
    assert.ok(await cap.reserve(1_000_000));
    most = 5;
    assert.equal(await cap.reserve(1), null);
});

test("a log that cannot be read lets nothing through, and the next one is asked for again", async () => {
    let isBroken = true;
    const cap = new Cap(
        () => 10,
        async () => (isBroken ? Promise.reject(new Error("gone")) : 0),
        () => 0,
    );
    await assert.rejects(cap.reserve(1), /gone/);
    isBroken = false;
    assert.ok(await cap.reserve(1));
});
