import assert from "node:assert/strict";
import { test } from "node:test";
import { HeldOrigins } from "./reach.js";

test("what two hold is held until both have let go, and not where the provider is off", () => {
    const held = new HeldOrigins();
    let isOn = true;
    const [first, second] = [held.hold(["https://a.test"], () => isOn), held.hold(["https://a.test"], () => true)];
    second();
    assert.deepEqual(held.origins, ["https://a.test"]);
    isOn = false;
    assert.deepEqual(held.origins, []);
    isOn = true;
    first();
    first();
    assert.deepEqual(held.origins, []);
});
