import assert from "node:assert/strict";
import test from "node:test";
import { toText, parseExpectations, compareRow, verdict } from "./self_test.js";

const EXPECTED = {
    name: "cat",
    model: "tiny",
    tolerance: 0.03,
    tags: [
        { id: "cat", confidence: 0.6 },
        { id: "lynx", confidence: 0.1 },
    ],
};
const TIMES = { decode: 1, resize: 2, infer: 3, tags: 0 };
/** @param {[string, number][]} found */
const tags = (...found) => found.map(([id, confidence]) => ({ id, name: id.toUpperCase(), confidence }));
/** @param {[string, number][]} found */
const row = (...found) => compareRow(EXPECTED, "relaxed", tags(...found), TIMES);

test("a picture holds while every expected tag is within the tolerance, and its first tag is told", () => {
    const { holds, tag, name, expected, found, difference } = row(["cat", 0.61], ["lynx", 0.12], ["dog", 0.02]);
    assert.deepEqual([holds, tag, name, expected, found], [true, "cat", "CAT", 0.6, 0.61]);
    assert.ok(Math.abs(difference - 0.02) < 1e-9, "the largest of all");
});

test("a confidence that is off and a tag that is missing are each told", () => {
    assert.deepEqual([row(["cat", 0.6], ["lynx", 0.14]).holds, row(["cat", 0.6], ["lynx", 0.14]).tag], [false, "lynx"]);
    assert.deepEqual([row(["cat", 0.6]).holds, row(["cat", 0.6]).found], [false, 0]);
    assert.equal(row().holds, false);
});

test("the verdict is good only if the engine in use was tried and nothing differs", () => {
    const good = row(["cat", 0.6], ["lynx", 0.1]);
    const unreachable = {
        variant: /** @type {const} */ ("simd128"),
        failure: { code: "engine_unreachable", detail: "no network" },
    };
    const broken = { ...unreachable, failure: { code: "worker_crashed", detail: "unreachable" } };
    const inUse = /** @type {const} */ ("relaxed");
    assert.equal(verdict({ rows: [good], skipped: [], inUse }), "same");
    assert.equal(verdict({ rows: [good], skipped: [unreachable], inUse }), "same_in_use");
    assert.equal(verdict({ rows: [good], skipped: [broken], inUse }), "other");
    assert.equal(verdict({ rows: [good, row(["cat", 0.1])], skipped: [], inUse }), "other");
    assert.equal(
        verdict({ rows: [{ ...good, variant: "simd128" }], skipped: [{ ...unreachable, variant: inUse }], inUse }),
        "other",
    );
    assert.equal(verdict({ rows: [], skipped: [], inUse }), "other");
});

test("expectations without pictures, or that are something else, are refused", () => {
    for (const json of [
        null,
        7,
        {},
        { pipeline: 1, pictures: [] },
        { pipeline: 1, pictures: [{ name: "x", tolerance: 1, tags: [] }] },
        { pictures: [EXPECTED] },
    ]) {
        assert.throws(() => parseExpectations(json), { code: "self_test_missing" });
    }
    assert.equal(parseExpectations({ pipeline: 1, pictures: [EXPECTED] }).pictures.length, 1);
});

test("the text says which picture differs, in which engine", () => {
    const text = toText({ rows: [row(["cat", 0.1])], skipped: [], inUse: "relaxed" }, ["version 1"]);
    assert.match(text, /^Tagsmith self-test: other\nversion 1\n/);
    assert.match(text, /cat\trelaxed\tDIFFERS\tcat\t0\.60000\t0\.10000\t0\.50000/);
});
