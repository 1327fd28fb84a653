import assert from "node:assert/strict";
import test from "node:test";
import { inPlaceOf, withOneOf, withRule, withWords, withoutRule, withoutWords } from "./word_list.js";

const TAG = { id: "wolf", name: "wolf" };
const LIST = {
    schema: 1,
    title: "Zoo",
    words: [
        { id: "own:djur", name: "Djur" },
        { id: "own:hundar", name: "Hundar", parents: ["own:djur"], ids: ["q1"] },
        { id: "own:hund", name: "Hund", parents: ["own:djur"], aliases: ["jycke"], names: { en: "dog" } },
        { id: "own:tax", name: "Tax", parents: ["own:hund"] },
    ],
    rules: [{ tag: TAG, into: "own:hund" }],
};

test("of two words one stays, with the names of both, and what lay below the other lies below it", () => {
    const list = withOneOf(LIST, "own:hundar", "own:hund");
    assert.deepEqual(list.words, [
        LIST.words[0],
        { id: "own:hundar", name: "Hundar", aliases: ["Hund", "dog", "jycke"], ids: ["q1"], parents: ["own:djur"] },
        { id: "own:tax", name: "Tax", parents: ["own:hundar"] },
    ]);
    assert.deepEqual(list.rules, [{ tag: TAG, into: "own:hundar" }]);
    const up = withOneOf(LIST, "own:tax", "own:hund");
    assert.deepEqual(up.words.at(-1)?.parents, ["own:djur"], "a word that stays in place of its parent");
    assert.equal(withOneOf(LIST, "own:hund", "own:hund"), LIST);
});

test("a word that goes leaves no parent and no rule behind", () => {
    const list = withoutWords(LIST, ["own:hund"]);
    assert.deepEqual(list.words.at(-1), { id: "own:tax", name: "Tax" });
    assert.ok(!("rules" in list));
});

test("a tag has one rule, and a new list keeps those that still point at a word", () => {
    const list = withRule(LIST, TAG, null);
    assert.deepEqual(list.rules, [{ tag: TAG, into: null }]);
    assert.ok(!("rules" in withoutRule(list, "wolf")));
    const { rules: _, ...other } = withoutWords(LIST, ["own:hund"]);
    assert.ok(!("rules" in inPlaceOf(LIST, other)), "it pointed at a word that the new list has not");
    assert.deepEqual(inPlaceOf(list, other).rules, [{ tag: TAG, into: null }]);
    assert.deepEqual(inPlaceOf(list, LIST).rules, LIST.rules, "the new list's own go before");
});

test("words that are there stay as they are", () => {
    const list = withWords(LIST, [
        { id: "own:djur", name: "DJUR" },
        { id: "own:katt", name: "Katt" },
    ]);
    assert.deepEqual(
        list.words.map(({ name }) => name),
        ["Djur", "Hundar", "Hund", "Tax", "Katt"],
    );
});
