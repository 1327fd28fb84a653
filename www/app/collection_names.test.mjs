import assert from "node:assert/strict";
import test from "node:test";
import { MAX_NAME, asName, nameOf } from "./collection_names.js";

test("a name is one line that turns no text around, whatever it was typed or read from", () => {
    assert.equal(asName("  Summer\n2026\t \u2028(best)  "), "Summer 2026 (best)");
    assert.equal(asName("holiday \u202Egpj.exe"), "holiday gpj.exe");
    assert.equal(asName("أفضل الصور"), "أفضل الصور", "what is read from the right stays as it is");
    assert.equal(asName("👩‍👩‍👧 zoo"), "👩‍👩‍👧 zoo");
});

test("a long name ends between two signs, never within one", () => {
    const name = asName("𝒜".repeat(MAX_NAME + 5));
    assert.equal(name, "𝒜".repeat(MAX_NAME));
});

test("a collection without a name is called as the page calls it", () => {
    assert.equal(nameOf({ name: "Zoo" }), "Zoo");
    assert.equal(nameOf({ name: "" }), "My pictures");
    assert.equal(nameOf({ name: "\u202E\u0000 " }), "My pictures");
});
