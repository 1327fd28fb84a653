import assert from "node:assert/strict";
import test, { mock } from "node:test";
import { CodedError } from "../../core/protocol.js";
import * as state from "../state.js";
import { createPictures } from "./pictures.js";
import { found, standInContext, tagged, until } from "./stand_in.mjs";
import { createSecondLooks } from "./second_looks.js";
import { createTagging } from "./tagging.js";
import { createUndo } from "./undo.js";

/** With one worker: `asked` holds the pictures it was given and has not answered. */
async function make(/** @type {import("./stand_in.mjs").StoreAnswers} */ storeAnswers = {}) {
    /** @type {{name: string, answer: () => void, fail: (code: string) => void}[]} */
    const asked = [];
    const answers = {
        tag: (/** @type {{file: Blob}} */ { file }) =>
            new Promise((resolve, reject) => {
                const name = /** @type {File} */ (file).name;
                asked.push({ name, answer: () => resolve(tagged()), fail: (code) => reject(new CodedError(code, "")) });
            }),
    };
    const standIn = await standInContext(answers, {}, 1, storeAnswers);
    const history = createUndo(standIn.context.library);
    const looks = createSecondLooks(standIn.context);
    const tagging = createTagging(standIn.context, looks);
    const pictures = createPictures(standIn.context, tagging, looks, history);
    const next = async () => {
        await until(() => asked.length > 0);
        return /** @type {(typeof asked)[0]} */ (asked.shift());
    };
    return { ...pictures, ...tagging, ...history, ...standIn, asked, next };
}

const names = () => state.orderedIds.value.map((id) => state.pictureOf(id)?.name);
const states = () => state.orderedIds.value.map((id) => state.pictureOf(id)?.state);

test("pictures are tagged in the order they came, and counted", async () => {
    const { addPictures, next, sent } = await make();
    addPictures(found("a.jpg", "b.jpg"));
    assert.deepEqual(
        [names(), states()],
        [
            ["a.jpg", "b.jpg"],
            ["decoding", "queued"],
        ],
    );
    for (const name of ["a.jpg", "b.jpg"]) {
        const one = await next();
        assert.equal(one.name, name);
        one.answer();
    }
    await until(() => !state.isRunning.value);
    assert.deepEqual(state.counts.value, {
        queued: 0,
        decoding: 0,
        tagging: 0,
        done: 2,
        failed: 0,
        stopped: 0,
        undone: 0,
    });
    await until(() => sent.flatMap(({ puts }) => puts).length === 2);
    assert.equal(state.finishedBeforeRun.value, null, "the run is over");
});

test("a picture that fails says why and holds up no other", async () => {
    const { addPictures, next, sent } = await make();
    addPictures(found("a.jpg", "b.jpg"));
    (await next()).fail("picture_broken");
    (await next()).answer();
    await until(() => !state.isRunning.value);
    assert.deepEqual(states(), ["failed", "done"]);
    assert.equal(state.pictureOf(state.orderedIds.value[0] ?? 0)?.error?.code, "picture_broken");
    await until(() => sent.flatMap(({ fails }) => fails).length === 1);
});

test("who wants to stop at errors is stopped there", async () => {
    const { addPictures, resume, next, asked } = await make();
    state.settings.value = { ...state.settings.value, is_stopping_at_errors: true };
    addPictures(found("a.jpg", "b.jpg"));
    (await next()).fail("picture_broken");
    await until(() => state.isPaused.value || asked.length > 0);
    assert.ok(state.isPaused.value);
    resume();
    (await next()).answer();
    await until(() => !state.isRunning.value);
});

test("more than a chunk goes in the grid in parts; cancelled, the rest stays there, not tagged, until it is wanted", async () => {
    const { addPictures, cancel, tagStopped, next, sent } = await make();
    addPictures(found(...Array.from({ length: 1_200 }, (_, idx) => `${idx}.jpg`)));
    assert.equal(state.total.value, 500);
    mock.timers.tick(1);
    await until(() => state.total.value === 1_000);
    const first = await next();
    cancel();
    mock.timers.tick(1);
    assert.deepEqual([state.total.value, state.counts.value.stopped, state.nWanted.value], [1_200, 1_199, 1]);
    first.answer();
    await until(() => !state.isRunning.value);
    assert.deepEqual(states().slice(0, 2), ["done", "stopped"]);
    await until(() => sent.flatMap(({ adds }) => adds).length === 1_200);
    tagStopped();
    assert.equal(state.counts.value.stopped, 0);
    const second = await next();
    assert.equal(second.name, "1.jpg");
    cancel();
    second.answer();
    await until(() => !state.isRunning.value);
    assert.deepEqual([state.counts.value.done, state.counts.value.stopped], [2, 1_198]);
});

test("what still comes in when it is cancelled is not tagged either; what is added later is", async () => {
    const { addPictures, cancel, cancelCount, next } = await make();
    const begun = cancelCount();
    addPictures(found("trip/a.jpg", "trip/b.jpg"), begun);
    cancel();
    addPictures(found("trip/c.jpg"), begun);
    assert.deepEqual(states(), ["decoding", "stopped", "stopped"]);
    addPictures(found("d.jpg"), cancelCount());
    for (const name of ["a.jpg", "d.jpg"]) {
        const one = await next();
        assert.equal(one.name, name);
        one.answer();
    }
    await until(() => !state.isRunning.value);
    assert.deepEqual(states(), ["done", "stopped", "stopped", "done"]);
});

test("a file is here from when it comes in until it is removed, and again when that is undone", async () => {
    const { addPictures, idOf, isHere, next, noteSame, removePictures, undo } = await make();
    const [one] = found("a.jpg");
    if (!one) return assert.fail();
    assert.ok(isHere(one.file), "on its way");
    addPictures([one]);
    (await next()).answer();
    await until(() => !state.isRunning.value);
    assert.ok(isHere(one.file));
    const [same] = found("copy.jpg");
    assert.equal(same && idOf(same.file), 0);
    if (same) noteSame(same.file, one.file);
    assert.deepEqual([idOf(one.file), same && idOf(same.file)], [state.orderedIds.value[0], state.orderedIds.value[0]]);
    removePictures(state.orderedIds.value);
    assert.equal(isHere(one.file), false);
    undo();
    assert.ok(isHere(one.file));
});

test("how a run ended is known until somebody looks or the next one begins, with the failures of that run alone", async () => {
    const { addPictures, next, noteLook, requeue } = await make();
    addPictures(found("a.jpg", "b.jpg"));
    (await next()).fail("picture_broken");
    assert.equal(state.runOver.value, null);
    (await next()).answer();
    await until(() => !state.isRunning.value);
    assert.deepEqual(state.runOver.value, { n: 2, failed: 1 });
    addPictures(found("c.jpg"));
    assert.equal(state.runOver.value, null);
    (await next()).answer();
    await until(() => !state.isRunning.value);
    assert.deepEqual(state.runOver.value, { n: 1, failed: 0 });
    noteLook();
    assert.equal(state.runOver.value, null);
    requeue([state.orderedIds.value[0] ?? 0]);
    (await next()).fail("picture_broken");
    await until(() => !state.isRunning.value);
    assert.deepEqual(state.runOver.value, { n: 1, failed: 1 });
});

test("cancelled while it is tagged again, a picture keeps what was found", async () => {
    const { addPictures, cancel, next, pause, requeue } = await make();
    addPictures(found("a.jpg"));
    (await next()).answer();
    await until(() => !state.isRunning.value);
    pause();
    requeue([state.orderedIds.value[0] ?? 0]);
    assert.deepEqual(states(), ["queued"]);
    cancel();
    assert.deepEqual([states(), state.isPaused.value], [["done"], false]);
});

test("pictures are taken off and put back in their places, with what was found", async () => {
    const { addPictures, removePictures, next, sent, filled, storeCalls, undo, redo } = await make();
    addPictures(found("a.jpg", "b.jpg", "c.jpg"));
    for (let i = 0; i < 3; i++) (await next()).answer();
    await until(() => !state.isRunning.value);
    const [, middle = 0] = state.orderedIds.value;
    removePictures([middle]);
    assert.deepEqual([names(), state.counts.value.done], [["a.jpg", "c.jpg"], 2]);
    await until(() => sent.at(-1)?.removes[0] === middle);
    undo();
    assert.deepEqual(
        [names(), states(), state.counts.value.done],
        [["a.jpg", "b.jpg", "c.jpg"], ["done", "done", "done"], 3],
    );
    await until(() => filled.at(-1)?.adds[0]?.id === middle);
    const asked = storeCalls.findLast(({ name }) => name === "taggings");
    assert.deepEqual(asked?.params.ids, [middle], "what was found comes from where it is kept");
    redo();
    assert.deepEqual(names(), ["a.jpg", "c.jpg"]);
});

test("a picture that waited is tagged when it is put back; one that is being tagged cannot be taken off", async () => {
    const { addPictures, removePictures, next, asked, undo } = await make();
    addPictures(found("a.jpg", "b.jpg"));
    const first = await next();
    removePictures(state.orderedIds.value);
    assert.deepEqual(names(), ["a.jpg"]);
    first.answer();
    await until(() => !state.isRunning.value);
    assert.equal(asked.length, 0);
    undo();
    const second = await next();
    assert.equal(second.name, "b.jpg");
    second.answer();
    await until(() => !state.isRunning.value);
});

test("put back after another model came, a picture is tagged by that one", async () => {
    const { addPictures, removePictures, next, context, undo } = await make();
    addPictures(found("a.jpg"));
    (await next()).answer();
    await until(() => !state.isRunning.value);
    removePictures(state.orderedIds.value);
    context.engine = context.engine.then((engine) => ({ ...engine }));
    undo();
    assert.deepEqual(states(), ["decoding"]);
    assert.equal((await next()).name, "a.jpg");
});

test("without room what is in work waits to be kept and nothing more is begun; with room it goes on, unless somebody has paused it", async () => {
    /** @type {(value: null) => void} */
    let makeRoom = () => {};
    const room = /** @type {Promise<null>} */ (new Promise((resolve) => (makeRoom = resolve)));
    const { addPictures, asked, next, pause, waitForRoom } = await make({ record: () => room });
    addPictures(found("a.jpg", "b.jpg", "c.jpg"));
    const one = await next();
    waitForRoom(true);
    one.answer();
    await new Promise(setImmediate);
    assert.deepEqual([state.isPaused.value, asked.length, state.counts.value.done], [true, 0, 0]);
    makeRoom(null);
    waitForRoom(false);
    assert.equal(state.isPaused.value, false);
    (await next()).answer();
    await until(() => state.counts.value.done === 2);
    pause();
    waitForRoom(true);
    waitForRoom(false);
    assert.equal(state.isPaused.value, true);
});

test("where pictures wait untagged, a batch is tagged that somebody wants tagged regardless", async () => {
    const { addPictures, isTaggedRegardless, next } = await make();
    state.asAdded.value = { when: "never", smart: new Set() };
    addPictures(found("a.jpg"));
    addPictures(found("b.jpg"), undefined, true);
    const one = await next();
    state.asAdded.value = { when: "always", smart: new Set() };
    assert.deepEqual([one.name, states()], ["b.jpg", ["stopped", "decoding"]]);
    assert.deepEqual(state.orderedIds.value.map(isTaggedRegardless), [false, true]);
    one.answer();
    await until(() => !state.isRunning.value);
});
