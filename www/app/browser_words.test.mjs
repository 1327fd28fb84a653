import assert from "node:assert/strict";
import test from "node:test";
import { modelWords } from "./browser_words.js";

const vocabulary = JSON.stringify({
    tags: [
        { id: "animal", names: { en: "animal", sv: "djur" }, category: "animal" },
        { id: "other", names: { en: "other" }, heading: true },
        { id: "cat", names: { en: "cat", sv: "katt" }, category: "animal" },
        { id: "cake", names: { en: "cake" }, category: "food" },
    ],
});
const ALL = { language: "en", allow: [], deny: [], frequent: [] };

test("the words are the vocabulary's names in the person's language, without headings", () => {
    assert.deepEqual(modelWords(vocabulary, ALL), ["animal", "cat", "cake"]);
    assert.deepEqual(modelWords(vocabulary, { ...ALL, language: "sv" }), ["djur", "katt", "cake"]);
});

test("what is on most pictures comes first, and what is never shown is not asked for", () => {
    assert.deepEqual(modelWords(vocabulary, { ...ALL, frequent: [{ id: "cake" }] }), ["cake", "animal", "cat"]);
    assert.deepEqual(modelWords(vocabulary, { ...ALL, deny: ["category:animal"] }), ["cake"]);
    assert.deepEqual(modelWords(vocabulary, { ...ALL, allow: ["cat"] }), ["cat"]);
});

test("a large vocabulary is cut to what a small model can be asked", () => {
    const tags = Array.from({ length: 1000 }, (_, idx) => ({ id: `t${idx}`, names: { en: `word ${idx}` } }));
    assert.equal(modelWords(JSON.stringify({ tags }), ALL).length, 300);
});
