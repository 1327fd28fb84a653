import assert from "node:assert/strict";
import test from "node:test";
import { CodedError } from "../../core/protocol.js";
import { signal } from "../../vendor/signals.js";
import { NO_CORRECTIONS } from "../corrections.js";
import * as state from "../state.js";
import { createCorrections, targetIds } from "./corrections.js";
import { file, standInContext, tag, until } from "./stand_in.mjs";
import { createUndo } from "./undo.js";

const CAT = { id: "cat", name: "cat" };

/** Three pictures that are done, and a fourth that waits. @param {Record<number, ReturnType<typeof tag>[]>} [tags] what the model says of them */
async function make(tags = {}) {
    const { context, sent } = await standInContext({
        tag_ref: ({ text }) => {
            if (text === "…") throw new CodedError("tag_invalid", "No tag.");
            return text === "cat" ? CAT : { id: `own:${text}`, name: text };
        },
        complete: ({ typed }) => [{ id: typed, name: typed }],
        tags: ({ ids }) => ids.map((id) => tags[id] ?? []),
    });
    for (const id of [1, 2, 3, 4]) {
        state.pictures.set(
            id,
            signal({
                id,
                path: `${id}.jpg`,
                name: `${id}.jpg`,
                file: file(`${id}.jpg`),
                size: 0,
                modified_ms: 0,
                state: id < 4 ? "done" : "queued",
            }),
        );
    }
    state.orderedIds.value = [1, 2, 3, 4];
    const history = createUndo(context.library);
    /** What the session was told last of a picture. @param {number} id */
    const told = (id) =>
        sent.flatMap(({ corrections }) => corrections).findLast((one) => one.id === id)?.corrections ?? null;
    return { ...createCorrections(context, history), ...history, told };
}

test("what is done next is done to the selection, else to the open picture, else to the one with the keyboard", async () => {
    await make();
    state.current.value = 2;
    assert.deepEqual(targetIds(), [3]);
    state.opened.value = 2;
    assert.deepEqual(targetIds(), [2]);
    state.selection.value = new Set([4, 1]);
    assert.deepEqual(targetIds(), [1, 4], "in the order of the grid");
});

test("a correction reaches the session, and so does its undo", async () => {
    const { rejectTag, undo, redo, told } = await make();
    rejectTag(CAT, [1]);
    await until(() => told(1)?.rejected[0] === "cat");
    undo();
    await until(() => told(1)?.rejected.length === 0);
    redo();
    await until(() => told(1)?.rejected[0] === "cat");
});

test("what changes nothing is no step", async () => {
    const { acceptTag, resetTag, told } = await make();
    acceptTag(CAT, [3]);
    await until(() => told(3) !== null);
    const before = state.history.value;
    acceptTag(CAT, [3]);
    resetTag(CAT, [1]);
    assert.equal(state.history.value, before);
});

test("a tag for many is one step, holds for pictures that wait, and says that it was given to many", async () => {
    const { addTags, undo, told } = await make();
    assert.equal(await addTags(["cat", "Anna"], [3, 4]), null);
    await until(() => told(4) !== null);
    const both = [
        { ...CAT, in_bulk: true },
        { id: "own:Anna", name: "Anna", in_bulk: true },
    ];
    assert.deepEqual([told(3)?.own, told(4)?.own], [both, both]);
    undo();
    await until(() => told(4)?.own.length === 0);
    assert.equal(state.history.value.undo, null, "the list was one step");
});

test("accepting and removing on many pictures touches only those that show the tag", async () => {
    const { acceptTag, rejectTag, undo, told } = await make({ 1: [tag("cat")], 2: [tag("dog")], 3: [tag("cat")] });
    await acceptTag(CAT, [1, 2, 3, 4]);
    await until(() => told(3) !== null);
    assert.deepEqual([told(1)?.own, told(2), told(3)?.own, told(4)], [[CAT], null, [CAT], null]);
    undo();
    await rejectTag(CAT, [1, 2, 3, 4]);
    await until(() => told(3)?.rejected.length === 1);
    assert.deepEqual([told(1)?.rejected, told(2), told(4)], [["cat"], null, null]);
    undo();
    await until(() => told(3)?.rejected.length === 0);
    assert.deepEqual([told(1), told(3)], [NO_CORRECTIONS, NO_CORRECTIONS]);
});

test("none of this takes a tag away with all above it", async () => {
    const { rejectBranch, told } = await make();
    const above = [CAT, { id: "animal", name: "animal" }].map((parent) => ({ ...parent, count: null, boxes: [] }));
    const terrier = { ...tag("terrier"), parents: above };
    rejectBranch(terrier, 1);
    await until(() => told(1) !== null);
    assert.deepEqual(told(1)?.rejected, ["terrier", "cat", "animal"]);
});

test("a review accepts what is shown, goes on to the next picture, and is taken back whole", async () => {
    const { review, undo, told } = await make({ 1: [tag("sun", "manual"), tag("cat")], 2: [tag("dog")] });
    await review([1]);
    await until(() => told(1) !== null);
    assert.deepEqual(told(1), { own: [{ id: "cat", name: "the cat" }], rejected: [], reviewed: true });
    assert.deepEqual([state.current.value, [...state.reviewed.value]], [1, [1]]);
    await review([2]);
    assert.equal(state.current.value, 2);
    undo();
    await until(() => told(2)?.own.length === 0);
    assert.deepEqual([...state.reviewed.value], [1]);
});

test("the surest tag is accepted and the last rejected, on each picture its own", async () => {
    const { acceptBest, rejectLast, told } = await make({
        1: [tag("sun", "manual"), tag("cat"), tag("dog")],
        2: [tag("fox")],
        3: [],
    });
    await acceptBest([1, 2, 3]);
    await until(() => told(2) !== null);
    assert.deepEqual(
        [told(1)?.own, told(2)?.own, told(3)],
        [[{ id: "cat", name: "the cat" }], [{ id: "fox", name: "the fox" }], null],
    );
    await rejectLast([1]);
    await until(() => told(1)?.rejected[0] === "dog");
});

test("undo right behind it takes back what still has to ask the engine", async () => {
    const { acceptBest, undo, told } = await make({ 1: [tag("cat")] });
    const accepting = acceptBest([1]);
    undo();
    await accepting;
    await until(() => state.history.value.redo !== null);
    await until(() => told(1) !== null && told(1)?.own.length === 0);
});

test("what was typed becomes a tag, and what cannot be one says why", async () => {
    const { addTags, told } = await make();
    assert.equal(await addTags(["holiday"], [1]), null);
    await until(() => told(1)?.own[0]?.id === "own:holiday");
    const failed = await addTags(["sun", "…", "sea"], [1]);
    assert.deepEqual([failed?.failure.code, failed?.rest], ["tag_invalid", ["…", "sea"]]);
    await until(() => told(1)?.own.length === 2);
});

test("only the newest completions count", async () => {
    const { complete } = await make();
    await Promise.all([complete("c"), complete("ca"), complete("")]);
    assert.deepEqual(state.completions.value, []);
    await complete("cat");
    assert.deepEqual(state.completions.value, [CAT]);
});

test("the tags of the chosen pictures come with the one that most of them have first", async () => {
    const { refreshSelectedTags } = await make({ 1: [tag("cat"), tag("sun")], 2: [tag("sun")] });
    state.selection.value = new Set([1, 2]);
    await refreshSelectedTags();
    assert.deepEqual(
        state.selectedTags.value?.map(({ id, ids }) => [id, ids]),
        [
            ["sun", [1, 2]],
            ["cat", [1]],
        ],
    );
    assert.deepEqual(
        state.selectedTags.value?.map(({ autoIds }) => autoIds),
        [[1, 2], [1]],
    );
});
