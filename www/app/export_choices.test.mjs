import assert from "node:assert/strict";
import test from "node:test";
import { USUAL, choicesFor, isSeparator, validated, wordsIn } from "./export_choices.js";

/** @import { ExportFormatFacts } from "../core/engine_api.d.ts" */

const facts = (/** @type {string} */ name) =>
    /** @type {ExportFormatFacts} */ ({ name, replaces_extension: name === "captions" });

test("what was chosen is found again as it was", () => {
    const chosen = {
        captions: {
            prefix: "sks",
            separator: " | ",
            underscores: true,
            lower_case: true,
            parents: true,
            order: "own_first",
            never: ["castle"],
        },
        caption_names: "full",
        sidecar_names: "stem_or_full",
        with_sidecars: false,
        place: "folder",
    };
    assert.deepEqual(validated(JSON.parse(JSON.stringify(chosen))), chosen);
    assert.deepEqual(validated(USUAL), USUAL);
});

test("what makes no sense counts as not chosen, value by value", () => {
    for (const stored of [null, 1, "x", [], { captions: 3, place: "moon", caption_names: "stem", sidecar_names: {} }])
        assert.deepEqual(validated(stored), USUAL);
    const captions = { prefix: 1, separator: "a", order: "age", never: ["a", 2, " a ", "", "b"], parents: "yes" };
    assert.deepEqual(validated({ captions }).captions, { ...USUAL.captions, never: ["a", "b"] });
    assert.equal(validated({ captions: { prefix: "x".repeat(501) } }).captions.prefix, "");
    assert.equal(
        validated({ captions: { never: Array.from({ length: 300 }, (_, idx) => `${idx}`) } }).captions.never.length,
        200,
    );
});

test("a separator has to separate", () => {
    for (const good of [", ", ",", " ", " | ", "; ", "、"]) assert.ok(isSeparator(good), good);
    for (const bad of ["", "x", ", and ", "_", "\n", "\t", null, ",".repeat(11)])
        assert.ok(!isSeparator(bad), `${bad}`);
});

test("each format gets its own choices, and none is called like another picture's file", () => {
    const chosen = validated({ caption_names: "full", captions: { prefix: "sks" } });
    assert.deepEqual(choicesFor(facts("captions"), chosen, "sv"), { names: "full", captions: chosen.captions });
    assert.equal(choicesFor(facts("captions"), USUAL, "sv").names, "stem_or_full");
    assert.deepEqual(choicesFor(facts("xmp"), chosen, "sv"), { names: "full" });
    assert.deepEqual(choicesFor(facts("csv-excel"), chosen, "sv").table, { decimal_comma: true, problems: {} });
});

test("words are divided by commas", () => {
    assert.deepEqual(wordsIn(" castle, tabby cat,, castle,"), ["castle", "tabby cat"]);
});
