import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { signal } from "../../vendor/signals.js";
import { drafts, ownTaggers } from "../own_state.js";
import * as state from "../state.js";
import { createOwnDrafts } from "./own_drafts.js";
import { createOwnTagging } from "./own_tagging.js";
import { embeddingsOf, forget, ownWorld, stored } from "./own_world.mjs";

const TAGS = [{ id: "own:boot", name: "boot", threshold: 0.5 }];
const HEAD = {
    id: 4,
    own_tagger: "mine",
    number: 2,
    backbone: "stand-in 1",
    tags: TAGS,
    is_in_use: true,
    made_ms: 100,
};

/** Pictures 11 and 12 are examples, 20 is one that somebody says something of. */
async function begin() {
    const files = [
        { id: 11, given: ["own:boot"] },
        { id: 12, given: ["own:boot"] },
        { id: 20, given: /** @type {string[]} */ ([]), rejected: /** @type {string[]} */ ([]) },
    ];
    /** @type {any[]} */
    const changes = [];
    /** @type {number[]} */
    const untagged = [];
    let nTaught = 1;
    let nHeld = 0;
    const world = ownWorld({
        heads: [HEAD],
        trainer: {
            hold: () => void nHeld++,
            change({ changed, last }) {
                changes.push(
                    changed && [...changed.ids].map((id, idx) => [id, changed.n_given[idx], changed.n_rejected[idx]]),
                );
                return { head: `draft of ${last}`, ms: 1 };
            },
            tag: ({ head, embeddings }) => ({
                lengths: Uint32Array.from(embeddings.scales, () => 1),
                tags: Uint16Array.from(embeddings.scales, () => 0),
                confidences: Float32Array.from(embeddings.scales, () => (head === "draft of {}" ? 0.9 : 0.1)),
            }),
        },
        store: {
            taught_since: () => nTaught,
            head_file: () => "{}",
            not_found_by: ({ files: ids }) => ({
                ready: Uint32Array.from(ids.filter((/** @type {number} */ id) => untagged.includes(id))),
                without: new Uint32Array(),
            }),
            training_files: ({ files: ids, of }) =>
                stored(
                    files.filter(
                        ({ id, given = [], rejected = [] }) =>
                            (!ids || ids.includes(id)) && (of === "all" || given.length + rejected.length > 0),
                    ),
                ),
            embeddings: ({ files: ids }) => embeddingsOf([...ids]),
        },
    });
    ownTaggers.value = await world.context.library.call("own_taggers", {});
    const tagging = createOwnTagging(world.context, world.teaching, /** @type {any} */ ({}), () => true);
    const actions = createOwnDrafts(world.context, world.teaching, tagging);
    const [, , picture] = files;
    return {
        ...world,
        actions,
        changes,
        picture,
        untagged,
        held: () => nHeld,
        teach: (/** @type {number} */ n) => (nTaught = n),
    };
}

beforeEach(() => {
    forget();
    for (const id of [11, 12, 20]) state.pictures.set(id, /** @type {any} */ (signal({ id })));
});
afterEach(() => state.pictures.clear());

test("the first correction reads the set, the next ones tell the trainer what is new, also of a picture that was no example", async () => {
    const { actions, changes, picture, held } = await begin();
    picture?.rejected?.push("own:boot");
    await actions.noteCorrected([20]);
    assert.deepEqual([held(), changes], [1, [null]], "the set has it already");
    if (picture) Object.assign(picture, { given: ["own:boot"], rejected: [] });
    await actions.noteCorrected([20]);
    assert.deepEqual([held(), changes.at(-1)], [1, [[20, 1, 0]]]);
    assert.equal(drafts.value.get("mine")?.n, 1);
});

test("a draft says of the pictures on the page what it would say, and nothing of that is kept", async () => {
    const { actions, asked, session } = await begin();
    await actions.noteCorrected([20]);
    const put = /** @type {any} */ (session.putHead.mock.calls.at(-1))?.arguments[0];
    assert.deepEqual(
        [put.run, put.head, [...put.ids], Math.round(put.confidences[0] * 10)],
        [0, "mine", [11, 12, 20], 9],
    );
    assert.equal(
        asked.some(([name]) => name === "record_found"),
        false,
    );
});

test("taken back, there is no draft any more, and what the version had found shows again", async () => {
    const { actions, session, teach } = await begin();
    await actions.noteCorrected([20]);
    teach(0);
    await actions.noteCorrected([20]);
    assert.equal(drafts.value.size, 0);
    assert.deepEqual(/** @type {any} */ (session.refill.mock.calls[0])?.arguments[0], [11, 12, 20]);
});

test("a draft says nothing of pictures that its version has not tagged, but for those that were corrected", async () => {
    const { actions, session, untagged } = await begin();
    untagged.push(11, 20);
    await actions.noteCorrected([20]);
    const put = /** @type {any} */ (session.putHead.mock.calls.at(-1))?.arguments[0];
    assert.deepEqual([...put.ids], [12, 20]);
});

test("what was taken back is not in the next draft", async () => {
    const { actions, changes, held, teach } = await begin();
    await actions.noteCorrected([20]);
    teach(0);
    await actions.noteCorrected([20]);
    teach(1);
    await actions.noteCorrected([11]);
    assert.deepEqual([held(), changes], [2, [null, null]], "the set is read anew");
});

test("what is restored is read anew, and of a tagger that is in use no more there is no draft", async () => {
    const { actions, changes, held, tagger, context } = await begin();
    await actions.noteCorrected([20]);
    await actions.restoreDrafts();
    assert.deepEqual([held(), changes, drafts.value.size], [2, [null, null], 1]);
    tagger.is_used = false;
    ownTaggers.value = await context.library.call("own_taggers", {});
    await actions.restoreDrafts();
    assert.equal(drafts.value.size, 0);
});

test("a new tag makes it another set", async () => {
    const { actions, picture, held } = await begin();
    await actions.noteCorrected([20]);
    picture?.given?.push("own:clog");
    await actions.noteCorrected([20]);
    assert.equal(held(), 2);
});

test("what is said of pictures that nobody learns from teaches nothing", async () => {
    const { actions, context, held } = await begin();
    context.library.collection = 2;
    await actions.noteCorrected([20]);
    assert.deepEqual([held(), drafts.value.size], [0, 0]);
});
