import assert from "node:assert/strict";
import { test } from "node:test";
import { columnsOf } from "./examples.js";
import { embeddingsWith, isMoved, movedIn, packBeside, packMoved, unpackMoved, withMoved } from "./moved.js";

const HASHES = [1, 2, 3].map((byte) => new Uint8Array(32).fill(byte));
const [HAT, BAG, CAP] = ["hat", "bag", "cap"].map((name) => ({ id: `own:${name}`, name }));
const N_FEATURES = 4;
/** Three examples: a hat with its mirror image; a bag that is no hat; a cap. */
const SET = /** @type {any} */ ({
    ...{ backbone: { id: "net", version: "1" }, n_features: N_FEATURES, tags: [HAT, BAG, CAP] },
    ...{ ids: Uint32Array.of(0, 1, 2), sha256s: Uint8Array.from(HASHES.flatMap((hash) => [...hash])) },
    ...{ sides: Uint32Array.of(800, 0, 500), n_views: Uint8Array.of(2, 1, 1) },
    views: {
        scales: Float32Array.of(0.5, 0.25, 1, 2),
        vectors: Int8Array.from({ length: 4 * N_FEATURES }, (_, at) => at - 8),
    },
    ...{ n_given: Uint16Array.of(1, 1, 1), given: Uint16Array.of(0, 1, 2) },
    ...{ n_rejected: Uint16Array.of(0, 1, 0), rejected: Uint16Array.of(0) },
});
/** As the store gives it back. */
const kept = () => JSON.parse(JSON.stringify(packMoved(SET)));
const unpacked = (/** @type {string[] | null} */ wanted = null) => {
    const found = unpackMoved(kept(), wanted);
    if (!found) throw new Error("It was not understood.");
    return found;
};
const NOTHING = { tags: [], examples: [], toEmbed: [], unlearnt: [], unseen: [] };

test("what came with a file is kept as text, and is the same set again", () => {
    assert.deepEqual(movedIn({ moved: kept() })?.n, 3);
    assert.equal(movedIn({}), null);
    assert.equal(movedIn({ moved: kept(), without_moved: true }), null, "left out until that is undone");
    const { examples, embeddings } = unpacked();
    const set = withMoved(NOTHING, examples);
    const none = { files: new Uint32Array(), names: [], scales: new Float32Array(), vectors: new Int8Array() };
    const columns = columnsOf(set, embeddingsWith(none, embeddings, set.examples), none, {
        backbone: { id: "net", version: "1", nFeatures: N_FEATURES },
    });
    const { ids, other_ids: _, others: __, ...same } = columns;
    const { ids: ___, ...sent } = SET;
    assert.deepEqual(same, sent);
    assert.ok(new Set(ids).size === 3 && ids.every(isMoved), "ids that no file of a library has");
});

test("what comes with a second file joins what came with the first: of a picture in both, what the second says", () => {
    const second = {
        ...{ backbone: SET.backbone, n_features: N_FEATURES, tags: [CAP] },
        ...{ ids: Uint32Array.of(0, 1), sha256s: Uint8Array.from([...Array(32).fill(9), ...(HASHES[1] ?? [])]) },
        ...{ sides: Uint32Array.of(1, 2), n_views: Uint8Array.of(1, 1) },
        views: { scales: Float32Array.of(3, 4), vectors: Int8Array.of(1, 1, 1, 1, 2, 2, 2, 2) },
        ...{ n_given: Uint16Array.of(1, 1), given: Uint16Array.of(0, 0) },
        ...{ n_rejected: Uint16Array.of(0, 0), rejected: new Uint16Array() },
    };
    const both = packBeside(/** @type {any} */ (second), kept());
    assert.equal(both.n, 4);
    const { examples } = unpackMoved(JSON.parse(JSON.stringify(both)), null) ?? assert.fail();
    const names = examples.examples.map(({ sha256, tags }) => [
        sha256[0],
        tags.map((place) => examples.tags[place]?.tag.id),
    ]);
    assert.deepEqual(names, [
        [9, ["own:cap"]],
        [2, ["own:cap"]], // it was a bag
        [1, ["own:hat"]],
        [3, ["own:cap"]],
    ]);
    const other = { ...second, backbone: { id: "net", version: "2" } };
    assert.equal(packBeside(/** @type {any} */ (other), kept()).n, 2, "of another network they are of no use together");
});

test("it joins what is here: the same tags are one, and what is said here of the same content counts", () => {
    const here = {
        tags: [{ tag: BAG ?? HAT, n: 7, nRejected: 0 }],
        examples: [{ file: 5, tags: [0], rejected: [], side: 9, sha256: /** @type {Uint8Array} */ (HASHES[0]) }],
        toEmbed: [5],
    };
    const set = withMoved(/** @type {any} */ (here), unpacked().examples);
    // The hat is here already, as a bag; nobody gives a hat any more.
    assert.deepEqual(
        set.tags.map(({ tag, n, nRejected }) => [tag?.id, n, nRejected]),
        [
            ["own:bag", 8, 0],
            ["own:cap", 1, 0],
        ],
    );
    assert.deepEqual(
        set.examples.map(({ tags, rejected }) => [tags, rejected]),
        [
            [[0], []],
            [[0], []],
            [[1], []],
        ],
    );
    assert.deepEqual([set.toEmbed, here.tags[0]?.n], [[5], 7]);
    const { embeddings } = unpacked();
    const store = { files: Uint32Array.of(5), names: [""], scales: Float32Array.of(3), vectors: new Int8Array(4) };
    const all = embeddingsWith(store, embeddings, set.examples);
    assert.deepEqual([[...all.scales], all.vectors.length], [[3, 1, 2], 3 * N_FEATURES]);
});

test("only the tags that are learnt come", () => {
    const { examples } = unpacked(["own:cap"]);
    const { tags, examples: came } = withMoved(NOTHING, examples);
    assert.deepEqual([tags.map(({ tag }) => tag.id), came.length], [["own:cap"], 1]);
});

test("what makes no sense is not learnt from", () => {
    const broken = (/** @type {(moved: any) => void} */ change) => {
        const moved = kept();
        change(moved);
        return unpackMoved(moved, null);
    };
    /** @param {string} name @param {number[]} values @param {any} Column */
    const column = (name, values, Column) => (/** @type {any} */ moved) => {
        moved.columns[name] = Buffer.from(Column.from(values).buffer).toString("base64");
    };
    assert.notEqual(
        broken(() => {}),
        null,
    );
    for (const change of /** @type {((moved: any) => void)[]} */ ([
        (moved) => (moved.n = 4),
        (moved) => (moved.n_features = 5),
        (moved) => (moved.tags = [HAT]),
        (moved) => (moved.tags = [HAT, HAT, BAG]),
        (moved) => (moved.tags = "own:hat"),
        (moved) => (moved.columns = null),
        (moved) => (moved.columns.vectors = "§"),
        (moved) => (moved.columns.given = "AAA="),
        column("scales", [1, Number.NaN, 1, 1], Float32Array),
        column("scales", [1, -1, 1, 1], Float32Array),
        column("n_views", [2, 0, 2], Uint8Array),
        column("n_given", [1, 1, 2], Uint16Array),
        column("given", [0, 1, 3], Uint16Array),
    ]))
        assert.equal(broken(change), null, String(change));
    for (const moved of [null, 5, "x", [], {}]) assert.equal(unpackMoved(moved, null), null);
});
