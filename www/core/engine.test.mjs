import assert from "node:assert/strict";
import test from "node:test";
import { probe } from "./engine.js";

test("the fastest build that the browser can run is chosen", () => {
    assert.equal(
        probe(() => true),
        "relaxed",
    );
    let n = 0;
    assert.equal(
        probe(() => n++ === 0),
        "simd128",
        "the first question is simd128, the second relaxed-simd",
    );
});

test("a browser without simd128 is told so", () => {
    assert.throws(() => probe(() => false), { code: "engine_unsupported" });
});

test("the probe module of simd128 is well formed", () => {
    assert.match(
        probe((bytes) => WebAssembly.validate(bytes)),
        /^(simd128|relaxed)$/,
    );
});
