import assert from "node:assert/strict";
import test from "node:test";
import { NOTHING_SAID, accepted, isSame, leftOpen, refused } from "./corrections.js";

const CAT = { id: "cat", name: "cat" };
const WORD = { id: "own:holiday", name: "holiday" };

test("a tag is the person's own once, however often it is accepted", () => {
    const once = accepted(NOTHING_SAID, CAT);
    assert.deepEqual(once, { own: [CAT], rejected: [] });
    assert.deepEqual(accepted(once, { ...CAT, name: "katt" }), once);
    assert.deepEqual(NOTHING_SAID, { own: [], rejected: [] }, "the state before is left as it was");
});

test("accepting takes a rejection back, and rejecting an acceptance", () => {
    const without = refused(accepted(NOTHING_SAID, CAT), "cat");
    assert.deepEqual(without, { own: [], rejected: ["cat"] });
    assert.deepEqual(refused(without, "cat"), without);
    assert.deepEqual(accepted(without, CAT), { own: [CAT], rejected: [] });
});

test("a word that no model knows is gone when it is rejected: no model would bring it back", () => {
    assert.deepEqual(refused(accepted(NOTHING_SAID, WORD), WORD.id), NOTHING_SAID);
});

test("of a tag that is left open nothing is said any more", () => {
    for (const said of [accepted(NOTHING_SAID, CAT), refused(NOTHING_SAID, "cat")])
        assert.deepEqual(leftOpen(said, "cat"), NOTHING_SAID);
});

test("two states are the same only with the same tags, names and rejections", () => {
    assert.ok(isSame(accepted(NOTHING_SAID, CAT), { own: [{ ...CAT }], rejected: [] }));
    assert.ok(!isSame(accepted(NOTHING_SAID, CAT), accepted(NOTHING_SAID, { ...CAT, name: "katt" })));
    assert.ok(!isSame(NOTHING_SAID, refused(NOTHING_SAID, "cat")));
});
