import assert from "node:assert/strict";
import test from "node:test";
import { RelaunchLimit } from "./relaunch.js";

test("five crashes in a minute are started again and the sixth is not", () => {
    const limit = new RelaunchLimit({ now: () => 0 });
    assert.deepEqual(
        Array.from({ length: 7 }, () => limit.take()),
        [true, true, true, true, true, false, false],
    );
});

test("a crash older than the window no longer counts", () => {
    let now = 0;
    const limit = new RelaunchLimit({ max: 2, windowMs: 1000, now: () => now });
    assert.equal(limit.take(), true);
    now = 600;
    assert.equal(limit.take(), true);
    now = 999;
    assert.equal(limit.take(), false);
    now = 1000;
    assert.equal(limit.take(), true, "the first has left the window");
    assert.equal(limit.take(), false, "the second has not");
});

test("trying again by hand starts the count anew", () => {
    const limit = new RelaunchLimit({ max: 1, now: () => 0 });
    limit.take();
    assert.equal(limit.take(), false);
    limit.reset();
    assert.equal(limit.take(), true);
});

test("a limit of none never starts anything again", () => {
    assert.equal(new RelaunchLimit({ max: 0 }).take(), false);
});
