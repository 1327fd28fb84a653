import assert from "node:assert/strict";
import { test } from "node:test";
import { embeddingsOf, stored } from "../actions/own_world.mjs";
import { NONE, columnsOf, examplesOf, saidSince } from "./examples.js";

const FILES = [
    { id: 11, given: ["own:boot", "own:red"] },
    { id: 12, given: ["own:sandal"], rejected: ["own:boot", "cat"] },
    { id: 13, rejected: ["cat"] },
    { id: 14, given: ["own:boot"], side: 300 },
];
const BACKBONE = { id: "stand-in", version: "1", nFeatures: 4 };

test("what somebody gave is learnt, and what they rejected of it", () => {
    const { tags, examples } = examplesOf(stored(FILES), null);
    assert.deepEqual(
        tags.map(({ tag, n, nRejected }) => [tag.id, n, nRejected]),
        [
            ["own:boot", 2, 1],
            ["own:red", 1, 0],
            ["own:sandal", 1, 0],
        ],
    );
    assert.deepEqual(
        examples.map(({ file, tags, rejected }) => [file, tags, rejected]),
        [
            [11, [0, 1], []],
            [12, [2], [0]],
            [14, [0], []],
        ],
        "a picture that only lacks what nobody gave says nothing",
    );
});

test("a tagger may learn some of the tags only", () => {
    const { tags, unlearnt, examples } = examplesOf(stored(FILES), ["own:sandal"]);
    const idsOf = (/** @type {typeof tags} */ some) => some.map(({ tag, n }) => [tag.id, n]);
    assert.deepEqual(idsOf(tags), [["own:sandal", 1]]);
    assert.deepEqual(
        idsOf(unlearnt),
        [
            ["own:boot", 2],
            ["own:red", 1],
        ],
        "the others can still be chosen",
    );
    assert.deepEqual(
        examples.map(({ file, tags }) => [file, tags]),
        [[12, [0]]],
    );
});

test("what lacks its embedding, or a view, is to be embedded; without the first there is nothing to learn from", () => {
    const views = new Map([
        [11, 0],
        [12, 1],
        [14, 7],
    ]);
    const { toEmbed, unseen } = examplesOf(stored(FILES, views), null);
    assert.deepEqual([toEmbed, unseen], [[11, 12], [11]]);
});

test("by columns each example has its own views, tags and hash; one without an embedding is left out", () => {
    const set = examplesOf(stored(FILES), null);
    const columns = columnsOf(set, embeddingsOf([11, 11, 14]), embeddingsOf([90]), { backbone: BACKBONE });
    assert.deepEqual([...columns.ids], [11, 14]);
    assert.deepEqual([...columns.n_views], [2, 1]);
    assert.deepEqual(
        [[...columns.n_given], [...columns.given]],
        [
            [2, 1],
            [0, 1, 0],
        ],
    );
    assert.deepEqual([...columns.sides], [800, 300]);
    assert.equal(columns.sha256s.length, 64);
    assert.equal(columns.views.vectors.length, 3 * columns.n_features);
    assert.deepEqual([[...columns.other_ids], columns.others.scales.length], [[90], 1]);
    assert.deepEqual(columns.backbone, { id: "stand-in", version: "1" });
});

test("what was said since is in the tags of the set, and a new tag makes it another set", () => {
    const set = examplesOf(stored(FILES), null);
    const said = saidSince(stored([{ id: 13, rejected: ["own:sandal", "own:boot"] }, { id: 11 }]), set, null);
    assert.ok(said);
    assert.deepEqual(
        said.examples.map(({ file, tags, rejected }) => [file, tags, rejected]),
        [
            [13, [], [0, 2]],
            [11, [], []],
        ],
    );
    const columns = columnsOf(said, embeddingsOf([13, 11]), NONE, { backbone: BACKBONE });
    assert.deepEqual(
        columns.tags,
        set.tags.map(({ tag }) => tag),
    );
    assert.equal(saidSince(stored([{ id: 13, given: ["own:clog"] }]), set, null), null);
    assert.equal(saidSince(stored([{ id: 13, given: ["own:clog"] }]), set, ["own:boot", "own:clog"]), null);
    assert.ok(saidSince(stored([{ id: 13, given: ["own:clog"] }]), set, ["own:boot"]), "it is not to be learnt");
    assert.ok(
        saidSince(stored([{ id: 13, rejected: ["own:clog"] }]), set, null),
        "what nobody has given is not learnt",
    );
});
