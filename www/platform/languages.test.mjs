import assert from "node:assert/strict";
import test from "node:test";
import { knownLanguages } from "./languages.js";

test("what a desktop without a language calls its language is none, and the others stay in their order", () => {
    assert.deepEqual(knownLanguages(["C", "sv-SE", "POSIX-", "en_US.UTF-8", "", "en"]), ["sv-SE", "en"]);
    assert.deepEqual(knownLanguages([]), []);
});
