import assert from "node:assert/strict";
import test from "node:test";
import { RateMeter } from "./rate_meter.js";

test("the rate is that of the last seconds", () => {
    const rateMeter = new RateMeter({ windowMs: 1000 });
    assert.equal(rateMeter.tick(0), 0, "one picture says nothing");
    assert.equal(rateMeter.tick(500), 2);
    for (let now = 600; now <= 3000; now += 100) rateMeter.tick(now);
    assert.ok(Math.abs(rateMeter.tick(3100) - 10) < 0.01);
});
