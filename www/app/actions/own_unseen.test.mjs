import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { ownTagging, untagged } from "../own_state.js";
import * as state from "../state.js";
import { createOwnUnseen, nUnseenBy } from "./own_unseen.js";
import { forget } from "./own_world.mjs";

const TAGGER = /** @type {any} */ ({ id: "mine", heads: [{ id: 8, is_in_use: true }] });

/** The browser keeps what is saved. @param {Record<string, unknown>} [kept] */
function begin(kept = {}) {
    const platform = {
        loadSetting: (/** @type {string} */ name) => kept[name] ?? null,
        saveSetting: (/** @type {string} */ name, /** @type {unknown} */ value) =>
            void (kept[name] = JSON.parse(JSON.stringify(value))),
    };
    return createOwnUnseen(/** @type {any} */ ({ platform }));
}

/** @param {number} ready @param {number} without */
const count = (ready, without) => (untagged.value = new Map([["mine", { ready, without }]]));

beforeEach(() => {
    forget();
    state.collection.value = /** @type {any} */ ({ id: 3 });
});

test("what could not be read is not offered again", () => {
    begin();
    count(0, 4);
    assert.equal(nUnseenBy(TAGGER), 4);
    ownTagging.value = /** @type {any} */ ({ head: 8, nFailed: 4 });
    assert.equal(nUnseenBy(TAGGER), 0);
    count(2, 5);
    assert.equal(nUnseenBy(TAGGER), 3);
    ownTagging.value = /** @type {any} */ ({ head: 9, nFailed: 4 });
    assert.equal(nUnseenBy(TAGGER), 7, "that was another version");
});

test("not now holds after a reload, until there are more, and elsewhere not at all", () => {
    const kept = {};
    const { leaveUntagged } = begin(kept);
    count(1, 4);
    leaveUntagged(TAGGER);
    for (const again of [() => {}, () => begin(kept)]) {
        again();
        assert.equal(nUnseenBy(TAGGER), 0);
    }
    count(2, 4);
    assert.equal(nUnseenBy(TAGGER), 6);
    count(1, 4);
    state.collection.value = /** @type {any} */ ({ id: 4 });
    assert.equal(nUnseenBy(TAGGER), 5);
    for (const odd of [7, "x", [1], { "8 3": "many" }]) begin({ own_untagged_left: odd });
    state.collection.value = /** @type {any} */ ({ id: 3 });
    assert.equal(nUnseenBy(TAGGER), 5);
});
