/**
 * The training module as the page has it: the same bits as natively (tests/same_own_tags.rs), from the same made-up examples; what it finds, and what it
 * refuses.
 */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
const TRAIN = resolve(ROOT, process.env["TAGSMITH_ENGINE"] ?? "target/engine/simd128", "../train");
const { OwnTagger, Teaching, due, errorCodes, initSync, reportCsv, reportXlsx } = await import(
    pathToFileURL(join(TRAIN, "train.js")).href
);
initSync({ module: readFileSync(join(TRAIN, "train_bg.wasm")) });
const same = JSON.parse(readFileSync(join(ROOT, "tests/fixtures/own_tags/same.json"), "utf8"));

const N_FEATURES = 24;
const N_TAGS = 3;
const N_EXAMPLES = 36;
const N_OTHERS = 20;
const OPTIONS = {
    seed: 1,
    title: "Same",
    comment: "",
    name: "Mine",
    id: "mine",
    version: 2,
    made_ms: 1_785_587_459_000,
};

/** As in tests/same_own_tags.rs. @param {number} seed */
function numbers(seed) {
    let at = seed;
    return (/** @type {number} */ tag) =>
        Array.from({ length: N_FEATURES }, (_, feature) => {
            at = (Math.imul(at, 1_664_525) + 1_013_904_223) >>> 0;
            return Math.floor((at >>> 24) / 2) - 64 + (feature % N_TAGS === tag ? 40 : 0);
        });
}

function makeSet() {
    const embedding = numbers(7);
    const ids = Array.from({ length: N_EXAMPLES }, (_, id) => id);
    const views = ids.flatMap((id) => [...embedding(id % N_TAGS), ...embedding(id % N_TAGS)]);
    const others = Array.from({ length: N_OTHERS }, (_, at) => embedding(N_TAGS + at)).flat();
    return {
        backbone: { id: "small", version: "1" },
        n_features: N_FEATURES,
        tags: Array.from({ length: N_TAGS }, (_, tag) => ({ id: `own:tag ${tag}`, name: `tag ${tag}` })),
        ids: Uint32Array.from(ids),
        sha256s: Uint8Array.from(ids.flatMap((id) => Array(32).fill(id))),
        sides: new Uint32Array(N_EXAMPLES).fill(800),
        n_views: new Uint8Array(N_EXAMPLES).fill(2),
        views: { scales: new Float32Array(2 * N_EXAMPLES).fill(0.02), vectors: Int8Array.from(views) },
        n_given: new Uint16Array(N_EXAMPLES).fill(1),
        given: Uint16Array.from(ids, (id) => id % N_TAGS),
        n_rejected: new Uint16Array(N_EXAMPLES),
        rejected: new Uint16Array(0),
        other_ids: Uint32Array.from({ length: N_OTHERS }, (_, at) => 100 + at),
        others: { scales: new Float32Array(N_OTHERS).fill(0.02), vectors: Int8Array.from(others) },
    };
}

/** The first example, of which somebody said that it is none of the first tag. @param {ReturnType<typeof makeSet>} set */
const corrected = (set) => ({
    ...set,
    ids: set.ids.slice(0, 1),
    sha256s: set.sha256s.slice(0, 32),
    sides: set.sides.slice(0, 1),
    n_views: set.n_views.slice(0, 1),
    views: { scales: set.views.scales.slice(0, 2), vectors: set.views.vectors.slice(0, 2 * N_FEATURES) },
    n_given: Uint16Array.of(0),
    given: new Uint16Array(0),
    n_rejected: Uint16Array.of(1),
    rejected: Uint16Array.of(0),
    other_ids: new Uint32Array(0),
    others: { scales: new Float32Array(0), vectors: new Int8Array(0) },
});

const sha256 = (/** @type {string} */ text) => createHash("sha256").update(text).digest("hex");

test("a head and its draft are the same bits as natively, and progress comes to its end", () => {
    const teaching = new Teaching(makeSet());
    /** @type {number[]} */
    const shares = [];
    const { head, report } = teaching.train(OPTIONS, (/** @type {number} */ share) => shares.push(share));
    assert.equal(sha256(head), same.head_sha256, head);
    assert.ok(
        shares.length > 1 && shares.every((share, idx) => share >= (shares[idx - 1] ?? 0) && share <= 1),
        String(shares),
    );
    teaching.change(corrected(makeSet()));
    assert.equal(sha256(teaching.draft(head)), same.draft_sha256);
    const said = JSON.parse(report);
    assert.deepEqual([said.tagger, said.tags.length], [{ id: "mine", name: "Mine", version: 2 }, N_TAGS]);
    const { tags } = JSON.parse(teaching.guidelines());
    assert.equal(tags.length, N_TAGS);
    const words = { language: "sv", pictures: { 0: "a.jpg" }, utc_offset_min: 60 };
    assert.equal(Buffer.from(reportXlsx(report, JSON.stringify(words)).slice(0, 2)).toString(), "PK");
    assert.match(reportCsv(report), /tag 1/);
});

test("a head finds what it has learnt, by columns, and says in which direction it looks", () => {
    const { head } = new Teaching(makeSet()).train(OPTIONS, () => {});
    const tagger = new OwnTagger(head);
    const facts = tagger.facts();
    assert.deepEqual(
        facts.tags.map((/** @type {any} */ one) => one.tag.id),
        ["own:tag 0", "own:tag 1", "own:tag 2"],
    );
    assert.deepEqual([facts.id, facts.version, facts.n_features], ["mine", 2, N_FEATURES]);
    const set = makeSet();
    const { lengths, tags, confidences } = tagger.tag(set.views);
    assert.equal(lengths.length, 2 * N_EXAMPLES);
    let at = 0;
    let nRight = 0;
    for (const [view, length] of lengths.entries()) {
        if (length > 0 && tags[at] === (view >> 1) % N_TAGS) nRight++;
        at += length;
    }
    assert.equal(at, confidences.length);
    assert.ok(nRight > 1.9 * N_EXAMPLES, `${nRight} of ${lengths.length}`);
    assert.equal(tagger.direction("own:tag 1").length, N_FEATURES);
    assert.equal(tagger.direction("own:tag 9"), undefined);
});

test("what does not belong together is refused with a code or as a mistake of the caller, and nothing traps", () => {
    const set = makeSet();
    for (const [change, expected] of /** @type {[object, RegExp | {code: string}][]} */ ([
        [{ sides: new Uint32Array(1) }, /differ in their lengths/],
        [{ given: new Uint16Array(0) }, /shorter than it says/],
        [{ views: { scales: set.views.scales, vectors: new Int8Array(5) } }, /as long as/],
        [{ ids: [1, 2] }, /no column/],
        [{ n_features: 0 }, /as long as/],
    ]))
        assert.throws(() => new Teaching({ ...set, ...change }), expected);
    const unknown = new Teaching({ ...set, given: set.given.map(() => 7) });
    assert.throws(() => unknown.train(OPTIONS, () => {}), { code: "training_set_invalid" });
    assert.throws(() => unknown.guidelines(), { code: "training_set_invalid" });
    for (const told of [{ title: "x".repeat(201) }, { seed: 2 ** 53 }, { name: "" }])
        assert.throws(() => new Teaching(set).train({ ...OPTIONS, ...told }, () => {}), { code: "training_set_invalid" });
    const few = { ...set, given: set.given.map((tag) => Math.min(tag, 0)), tags: set.tags.slice(0, 1) };
    assert.doesNotThrow(() => new Teaching(few).train(OPTIONS, () => {}));
    const { head } = new Teaching(set).train(OPTIONS, () => {});
    for (const hostile of ["", "{}", head.replace(/"schema":\d+/, '"schema":99'), head.slice(0, -2)])
        assert.throws(() => new OwnTagger(hostile), { code: "own_head_invalid" });
    const tagger = new OwnTagger(head);
    assert.throws(() => tagger.checkBackbone({ id: "large", version: "1" }), { code: "own_head_other_backbone" });
    assert.throws(() => new Teaching(set, new Uint8Array(9)), { code: "training_set_invalid" });
    assert.ok(errorCodes().includes("training_set_invalid"));
});

test("it is due by the local time that the page tells", () => {
    const schedule = { weekly: { day: 6, minute: 30 }, after_n: null };
    const saturday = Date.UTC(2026, 0, 2, 23, 30); // 00:30 an hour ahead of UTC
    const ask = (/** @type {number} */ now, /** @type {number[]} */ trained) =>
        due(schedule, { trained_ms: trained, set_ms: 0, n_new: 0 }, now, () => 60);
    assert.equal(ask(saturday, [saturday - 1]).why, "weekly");
    assert.equal(ask(saturday - 1, [saturday - 1]).why, null);
    assert.equal(ask(saturday - 1, [saturday - 1]).next_ms, saturday);
    const { why } = due({ weekly: null, after_n: 3 }, { trained_ms: [], set_ms: 0, n_new: 3 }, saturday, () => 0);
    assert.equal(why, "after_n");
});
