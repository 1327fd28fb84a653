import assert from "node:assert/strict";
import test from "node:test";
import { DEFAULTS, validated } from "./settings.js";

const CAT = { id: "cat", name: "cat" };
const DOG = { id: "dog", name: "dog" };

test("what is no settings at all counts as nothing set", () => {
    for (const stored of [null, undefined, 3, "threshold", [], { unknown: 1 }])
        assert.deepEqual(validated(stored), DEFAULTS);
});

test("what makes sense is kept as it is", () => {
    const settings = {
        threshold: 0.42,
        max_tags: 5,
        allow: ["cat"],
        deny: ["category:food"],
        rules: [
            { tag: CAT, action: { kind: "rename", name: "Misse" } },
            { tag: DOG, action: { kind: "merge", into: CAT } },
        ],
        tag_language: "sv",
        is_finding_objects: false,
        is_stopping_at_errors: true,
        relaunches: 0,
        relaunch_window_s: 30,
        model: "own-1",
        card_size: "small",
        max_megapixels: 200,
        provider_policies: { everywhere: { google: { threshold: 0.7, max_tags: 12, is_shown: true } } },
        provider_names: { "http-1": "Ollama" },
    };
    assert.deepEqual(validated(structuredClone(settings)), settings);
});

test("what is set for other taggers is checked one by one", () => {
    const good = { threshold: 0.7, max_tags: 12, is_shown: false };
    const all = {
        google: good,
        adobe: { ...good, threshold: 2 },
        microsoft: "all",
        "http-1": { ...good, max_tags: 0 },
    };
    assert.deepEqual(validated({ provider_policies: { everywhere: all } }).provider_policies, {
        everywhere: { google: good },
    });
    assert.deepEqual(validated({ provider_names: { "http-1": "Mine", "http-2": 3 } }).provider_names, {
        "http-1": "Mine",
    });
});

test("rules that make no sense are left out, the others stay", () => {
    const good = { tag: CAT, action: { kind: "rename", name: "Misse" } };
    const bad = [
        null,
        "rename",
        { tag: CAT },
        { tag: { id: "cat" }, action: { kind: "rename", name: "x" } },
        { tag: CAT, action: { kind: "rename", name: "" } },
        { tag: CAT, action: { kind: "merge", into: "dog" } },
        { tag: CAT, action: { kind: "burn" } },
    ];
    assert.deepEqual(validated({ rules: [...bad, { ...good, extra: 1 }] }).rules, [good]);
    assert.deepEqual(validated({ rules: good }).rules, []);
});

test("each value is checked by itself: one that makes no sense does not take the others with it", () => {
    const {
        threshold,
        max_tags: maxTags,
        allow,
        is_finding_objects: isFindingObjects,
        model,
        card_size: cardSize,
    } = validated({
        threshold: 2,
        max_tags: "7",
        allow: "cat",
        is_finding_objects: 0,
        model: "own-1",
        card_size: "huge",
    });
    assert.deepEqual(
        [threshold, maxTags, allow, isFindingObjects, model, cardSize],
        [null, null, [], true, "own-1", "medium"],
    );
});

test("numbers are within their ends, the ends included, and whole where only whole ones count", () => {
    /** @type {[keyof typeof DEFAULTS, unknown, unknown][]} */
    const cases = [
        ["threshold", 0.01, 0.01],
        ["threshold", 0.99, 0.99],
        ["threshold", 0.009, null],
        ["threshold", NaN, null],
        ["max_tags", 1, 1],
        ["max_tags", 50, 50],
        ["max_tags", 0, null],
        ["max_tags", 7.6, 8],
        ["relaunches", 0, 0],
        ["relaunches", -1, DEFAULTS.relaunches],
        ["relaunch_window_s", 3601, DEFAULTS.relaunch_window_s],
    ];
    for (const [name, given, kept] of cases)
        assert.equal(validated({ [name]: given })[name], kept, `${name}: ${given}`);
});

test("lists hold each entry once, and only text that somebody may have typed", () => {
    assert.deepEqual(validated({ allow: ["cat", "", "cat", 3, null, "x".repeat(201), "dog"] }).allow, ["cat", "dog"]);
    assert.equal(validated({ deny: Array.from({ length: 3_000 }, (_, idx) => `tag ${idx}`) }).deny.length, 2_000);
});
