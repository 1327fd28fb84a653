import assert from "node:assert/strict";
import { test } from "node:test";
import { countsOf, diffOf, nChangedOf } from "./trial_diff.js";

/** @param {string} id @param {number} confidence @param {Record<string, unknown>} [more] */
const tag = (id, confidence, more = {}) => ({
    id,
    name: id,
    confidence,
    score: confidence,
    source: "cloud",
    from: "provider:one",
    parents: [],
    ...more,
});
/** @param {any[]} tags @param {Record<string, Record<string, number>>} [voices] @param {any[]} [texts] */
const shown = (tags, voices = {}, texts = []) =>
    /** @type {any} */ ({
        tags,
        texts,
        voices: Object.entries(voices).map(([id, by]) => ({
            id,
            by: Object.entries(by).map(([from, confidence]) => ({ from, confidence, score: null, run: null })),
        })),
    });
/** @param {import("./trial_diff.js").PictureDiff} diff */
const told = ({ tags }) => tags.map(({ id, change, before, after, isAgreed }) => [id, change, before, after, isAgreed]);

test("tags come, go, stay and get other numbers, and the new ones are told first", () => {
    const before = shown([tag("kept", 0.5), tag("gone", 0.4), tag("changed", 0.6)]);
    const after = shown([tag("changed", 0.7), tag("kept", 0.5), tag("added", 0.3)]);
    const diff = diffOf(before, after, "provider:one");
    assert.deepEqual(told(diff), [
        ["added", "added", null, 0.3, false],
        ["changed", "changed", 0.6, 0.7, false],
        ["gone", "gone", 0.4, null, false],
        ["kept", "kept", 0.5, 0.5, false],
    ]);
    assert.deepEqual(countsOf([diff, diff]), { added: 2, gone: 2, changed: 2, kept: 2 });
});

test("what nobody can see is no change: less than a hundredth, and a number that a person's tag does not have", () => {
    const manual = { source: "manual", score: null, from: "person" };
    const before = shown([tag("a", 0.501), tag("b", 1, manual)]);
    const after = shown([tag("a", 0.499), tag("b", 1, { ...manual, also_from: ["provider:one"] })], {
        b: { "provider:one": 0.4 },
    });
    assert.deepEqual(told(diffOf(before, after, "provider:one")), [
        ["a", "kept", 0.501, 0.499, false],
        ["b", "kept", null, null, true],
    ]);
});

test("behind the model's number the tried one's own is told, where that is another", () => {
    const model = { source: "auto", from: "classes" };
    const before = shown([tag("a", 0.9, model)], { a: { classes: 0.9, "provider:one": 0.4 } });
    const after = shown([tag("a", 0.9, model)], { a: { classes: 0.9, "provider:one": 0.8 } });
    assert.deepEqual(told(diffOf(before, after, "provider:one")), [["a", "changed", 0.4, 0.8, false]]);
});

test("of each text what shows before and after", () => {
    const text = (/** @type {string} */ field, /** @type {string} */ words) => ({
        field,
        text: words,
        source: "provider",
    });
    const before = shown([], {}, [text("title", "One"), text("alt_text", "Gone")]);
    const after = shown([], {}, [text("title", "Two"), text("description", "New")]);
    assert.deepEqual(
        diffOf(before, after, "x").texts.map(({ field, change }) => [field, change]),
        [
            ["title", "changed"],
            ["description", "added"],
            ["alt_text", "gone"],
        ],
    );
});

test("a picture that stays as it is is none that would change; one of which it is said by one more, or that has another text, is", () => {
    const same = shown([tag("a", 0.5)]);
    const agreed = shown([tag("a", 0.5)], { a: { "provider:one": 0.5 } });
    const titled = shown([tag("a", 0.5)], {}, [{ field: "title", text: "One", source: "provider" }]);
    const diffs = [same, agreed, titled].map((after) => diffOf(same, after, "provider:one"));
    assert.equal(nChangedOf(diffs), 2);
    assert.equal(nChangedOf(diffs.slice(0, 1)), 0);
});
