import assert from "node:assert/strict";
import test from "node:test";
import { Pace } from "./rate_meter.js";

test("the pace is that of the last seconds", () => {
    const pace = new Pace({ windowMs: 1000 });
    assert.equal(pace.tick(0), 0, "one picture says nothing");
    assert.equal(pace.tick(500), 2);
    for (let now = 600; now <= 3000; now += 100) pace.tick(now);
    assert.ok(Math.abs(pace.tick(3100) - 10) < 0.01);
});
