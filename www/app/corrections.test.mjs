import assert from "node:assert/strict";
import test from "node:test";
import {
    NO_CORRECTIONS,
    withAccepted,
    isSame,
    withReset,
    withRejected,
    withReviewed,
    withTakenOver,
    readChanges,
} from "./corrections.js";

const CAT = { id: "cat", name: "cat" };
const WORD = { id: "own:holiday", name: "holiday" };

test("a tag is the person's own once, however often it is accepted", () => {
    const once = withAccepted(NO_CORRECTIONS, CAT);
    assert.deepEqual(once, { own: [CAT], rejected: [] });
    assert.deepEqual(withAccepted(once, { ...CAT, name: "katt" }), once);
    assert.deepEqual(NO_CORRECTIONS, { own: [], rejected: [] }, "the state before is left as it was");
});

test("accepting takes a rejection back, and rejecting an acceptance", () => {
    const without = withRejected(withAccepted(NO_CORRECTIONS, CAT), CAT);
    assert.deepEqual(without, { own: [], rejected: ["cat"] });
    assert.deepEqual(withRejected(without, CAT), without);
    assert.deepEqual(withAccepted(without, CAT), { own: [CAT], rejected: [] });
});

test("a word that no model knows is gone when it is rejected: no model would bring it back", () => {
    assert.deepEqual(withRejected(withAccepted(NO_CORRECTIONS, WORD), WORD), NO_CORRECTIONS);
});

test("a word that somebody found stays away once it is rejected, also where the person had said it", () => {
    const found = /** @type {import("../core/engine_api.d.ts").Tag} */ (
        /** @type {unknown} */ ({ ...WORD, source: "cloud", also_from: [] })
    );
    assert.deepEqual(withRejected(NO_CORRECTIONS, found), { own: [], rejected: [WORD.id] });
    const both = { ...found, source: /** @type {const} */ ("manual"), also_from: ["provider:google"] };
    assert.deepEqual(withRejected(withAccepted(NO_CORRECTIONS, WORD), both), { own: [], rejected: [WORD.id] });
});

test("all that is shown is the person's once they are done, whoever found it", () => {
    const shown = /** @type {import("../core/engine_api.d.ts").Tag[]} */ (
        /** @type {unknown} */ ([
            { ...CAT, source: "auto" },
            { ...WORD, source: "cloud" },
        ])
    );
    assert.deepEqual(withReviewed(NO_CORRECTIONS, shown), { own: [CAT, WORD], rejected: [], reviewed: true });
});

test("of a tag that is left open nothing is said any more", () => {
    for (const said of [withAccepted(NO_CORRECTIONS, CAT), withRejected(NO_CORRECTIONS, CAT)])
        assert.deepEqual(withReset(said, "cat"), NO_CORRECTIONS);
});

test("two states are the same only with the same tags, names and rejections", () => {
    assert.ok(isSame(withAccepted(NO_CORRECTIONS, CAT), { own: [{ ...CAT }], rejected: [] }));
    assert.ok(!isSame(withAccepted(NO_CORRECTIONS, CAT), withAccepted(NO_CORRECTIONS, { ...CAT, name: "katt" })));
    assert.ok(!isSame(NO_CORRECTIONS, withRejected(NO_CORRECTIONS, CAT)));
});

test("what a step changed is read as it was kept, and refused where it makes no sense", () => {
    const said = { own: [{ id: "own:sea", name: "sea", in_bulk: true }], rejected: ["cat"], reviewed: true };
    const changes = [{ id: 3, before: { own: [], rejected: [] }, after: said }];
    assert.deepEqual(readChanges(JSON.parse(JSON.stringify(changes))), changes);
    const wrong = [
        null,
        {},
        [null],
        [{ id: "3", before: said, after: said }],
        [{ id: 3, before: said }],
        [{ id: 3, before: said, after: { own: [{ id: 1 }], rejected: [] } }],
        [{ id: 3, before: said, after: { own: [], rejected: [null] } }],
    ];
    for (const data of wrong) assert.throws(() => readChanges(data), TypeError);
});

test("what was said elsewhere is taken over, and what was said here stays", () => {
    const [hat, bag, cap] = ["hat", "bag", "cap"].map((id) => ({ id, name: id }));
    const said = { own: [{ id: "bag", name: "bag" }], rejected: ["hat"] };
    const taken = withTakenOver(said, { given: [hat, bag, cap].flatMap((one) => one ?? []), rejected: [] });
    assert.deepEqual(taken, {
        own: [
            { id: "bag", name: "bag" },
            { id: "cap", name: "cap", in_bulk: true },
        ],
        rejected: ["hat"],
    });
    assert.deepEqual(withTakenOver(said, { given: [], rejected: [bag, cap].flatMap((one) => one ?? []) }).rejected, [
        "hat",
        "cap",
    ]);
});
