import assert from "node:assert/strict";
import test from "node:test";
import { CodedError } from "../../core/protocol.js";
import * as state from "../state.js";
import { createEngine } from "./engine.js";
import { createFiles } from "./files.js";
import { createGoingOn } from "./going_on.js";
import { createOutdated } from "./outdated.js";
import { createPictures } from "./pictures.js";
import { createSecondLooks } from "./second_looks.js";
import { createSnapshot } from "./snapshot.js";
import { FACTS, found, standInContext, tagged, until } from "./stand_in.mjs";
import { createTagging } from "./tagging.js";
import { createUndo } from "./undo.js";

/** With one worker that has a first look at once: `asked` holds the second looks that it has not answered. */
async function make() {
    /** @type {{name: string, answer: () => void, fail: (code: string) => void}[]} */
    const asked = [];
    /** How many pictures were tagged. */
    const seen = { nFirst: 0 };
    const standIn = await standInContext(
        {
            tag: () => {
                seen.nFirst++;
                return { ...tagged(), sha256: `first ${seen.nFirst}` };
            },
            start_objects: () => null,
            look_again: ({ file, first }) =>
                new Promise((resolve, reject) => {
                    const name = /** @type {File} */ (file).name;
                    const again = { ...first, format: "both" };
                    asked.push({
                        name,
                        answer: () => resolve(again),
                        fail: (code) => reject(new CodedError(code, "")),
                    });
                }),
        },
        {},
        1,
        { outdated: () => Uint32Array.from(state.orderedIds.value) },
    );
    state.engine.value = { status: "ready", facts: FACTS };
    const { context } = standIn;
    const history = createUndo(context.library);
    const looks = createSecondLooks(context);
    standIn.heard.objectsOff = looks.objectsOff;
    const leave = looks.watchSecondLooks();
    const tagging = createTagging(context, looks);
    const pictures = createPictures(context, tagging, looks, history);
    const files = createFiles(context);
    const goingOn = createGoingOn(context, files, tagging, looks);
    const outdated = createOutdated(context, tagging, files, goingOn, history);
    const engine = createEngine(context, tagging, createSnapshot(context), looks, () => void outdated.tagAfterSwap());
    const next = async () => {
        await until(() => asked.length > 0);
        return /** @type {(typeof asked)[0]} */ (asked.shift());
    };
    const records = () => standIn.storeCalls.flatMap(({ name, params }) => (name === "record" ? params.results : []));
    /** What is kept of each picture: the tags of one look, or of both. */
    const kept = () =>
        state.orderedIds.value.map((id) => {
            const result = records().findLast(({ file }) => file === id);
            return result?.facts ? `${result.sha256} ${result.facts.format}` : "none";
        });
    const set = (/** @type {Partial<import("../settings.js").Settings>} */ news) => {
        state.settings.value = { ...state.settings.value, ...news };
    };
    return {
        ...pictures,
        ...tagging,
        ...history,
        ...standIn,
        looks,
        engine,
        asked,
        next,
        kept,
        records,
        set,
        leave,
        seen,
    };
}

const waiting = () => state.orderedIds.value.map((id) => state.pictureOf(id)?.look ?? "-").join(" ");
const isOver = () => state.nSecondLooks.value === 0;

test("a picture is done with its first tags, and what the second look says comes later, in their place", async () => {
    const { addPictures, next, kept } = await make();
    addPictures(found("a.jpg", "b.jpg"));
    const a = await next();
    assert.deepEqual([state.counts.value.done, waiting(), state.nSecondLooks.value], [2, "looking waiting", 2]);
    assert.deepEqual(kept(), ["first 1 jpeg", "first 2 jpeg"]);
    assert.equal(state.isRunning.value, false);
    a.answer();
    (await next()).answer();
    await until(isOver);
    assert.deepEqual(kept(), ["first 1 both", "first 2 both"]);
    assert.equal(waiting(), "- -");
    assert.deepEqual(
        state.said.value.map(({ text }) => text),
        ["Finished tagging 2 pictures.", "Looked closer at 2 pictures."],
    );
});

test("a model without a second look, or a person who wants none, has none; switched on, it is taken up", async () => {
    const { addPictures, asked, set, next, kept, seen, leave } = await make();
    state.engine.value = { status: "ready", facts: { ...FACTS, has_second_look: false } };
    addPictures(found("a.jpg"));
    await until(() => state.counts.value.done === 1);
    state.engine.value = { status: "ready", facts: FACTS };
    set({ is_finding_objects: false });
    addPictures(found("b.jpg"));
    await until(() => state.counts.value.done === 2);
    assert.deepEqual([asked.length, waiting(), state.nLooksLeft.value], [0, "- -", 0]);
    set({ is_finding_objects: true });
    assert.equal(waiting(), "waiting waiting");
    (await next()).answer();
    const second = await next();
    set({ is_finding_objects: false });
    second.answer();
    await until(isOver);
    assert.deepEqual(kept(), ["first 1 both", "first 2 both"], "what is found stays");
    set({ is_finding_objects: true });
    assert.deepEqual([waiting(), asked.length, seen.nFirst], ["- -", 0, 2], "none is done twice");
    leave();
});

test("switched off in the middle, what waits is dropped, and is taken up when it is switched on", async () => {
    const { addPictures, set, next, leave } = await make();
    addPictures(found("a.jpg", "b.jpg", "c.jpg"));
    const a = await next();
    set({ is_finding_objects: false });
    a.answer();
    await until(isOver);
    assert.equal(state.nLooksLeft.value, 0, "nobody wants them");
    set({ is_finding_objects: true });
    for (const name of ["b.jpg", "c.jpg"]) {
        const look = await next();
        assert.equal(look.name, name);
        look.answer();
    }
    await until(isOver);
    leave();
});

test("paused after the first tags, second looks stay paused, and nothing stays paused when there is nothing left", async () => {
    const { addPictures, removePictures, pause, resume, next, asked, undo } = await make();
    addPictures(found("a.jpg", "b.jpg", "c.jpg"));
    const a = await next();
    pause();
    a.answer();
    await until(() => state.nSecondLooks.value === 2);
    assert.deepEqual([state.isPaused.value, asked.length], [true, 0]);
    resume();
    const b = await next();
    pause();
    removePictures([3]);
    b.answer();
    await until(isOver);
    assert.equal(state.isPaused.value, false);
    undo();
    (await next()).answer();
    await until(isOver);
});

test("a run that is paused at its last picture does not begin with second looks", async () => {
    const { addPictures, pause, asked, next } = await make();
    addPictures(found("a.jpg"));
    pause();
    await until(() => state.counts.value.done === 1);
    assert.deepEqual([state.isPaused.value, state.nSecondLooks.value, asked.length], [true, 1, 0]);
    addPictures(found("b.jpg"));
    assert.equal(state.counts.value.queued, 1);
    assert.equal(asked.length, 0);
    void next;
});

test("cancelled, pictures keep their first tags, and the rest can be taken up again", async () => {
    const { addPictures, cancel, tagStopped, next, kept } = await make();
    addPictures(found("a.jpg", "b.jpg"));
    const a = await next();
    cancel();
    assert.equal(state.notice.value.text, "Stopped looking closer. 1 picture keeps its first tags.");
    a.answer();
    await until(isOver);
    assert.deepEqual([kept(), state.nLooksLeft.value], [["first 1 both", "first 2 jpeg"], 1]);
    tagStopped();
    (await next()).answer();
    await until(isOver);
    assert.deepEqual([kept()[1], state.nLooksLeft.value], ["first 2 both", 0]);
});

test("a picture that is taken off takes its second look with it; put back, it has one", async () => {
    const { addPictures, removePictures, undo, next, asked, kept, records } = await make();
    addPictures(found("a.jpg", "b.jpg"));
    const a = await next();
    removePictures([1, 2]);
    assert.equal(state.nSecondLooks.value, 0);
    a.answer();
    await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual([records().at(-1)?.looks, asked.length], [1, 0], "nobody wants it any more");
    undo();
    assert.equal(waiting(), "looking waiting");
    (await next()).answer();
    (await next()).answer();
    await until(isOver);
    assert.deepEqual(kept(), ["first 1 both", "first 2 both"]);
    removePictures([1]);
    undo();
    assert.equal(waiting(), "- -", "that was done");
});

test("tagged anew in the middle, a picture is looked at again with its new first tags", async () => {
    const { addPictures, requeue, next, kept, seen } = await make();
    addPictures(found("a.jpg", "b.jpg"));
    const a = await next();
    requeue([1, 2]);
    a.answer();
    await until(() => seen.nFirst === 4);
    for (const _ of [1, 2]) (await next()).answer();
    await until(isOver);
    assert.deepEqual(kept().sort(), ["first 3 both", "first 4 both"]);
});

test("tagged anew and cancelled, what was not looked at again is", async () => {
    const { addPictures, requeue, cancel, next, kept } = await make();
    addPictures(found("a.jpg", "b.jpg"));
    const a = await next();
    requeue([2]);
    cancel();
    a.answer();
    (await next()).answer();
    await until(isOver);
    assert.deepEqual(kept(), ["first 1 both", "first 2 both"]);
});

test("a second look that fails is given up quietly, and its picture keeps its first tags", async () => {
    const { addPictures, next, kept, errors } = await make();
    addPictures(found("a.jpg", "b.jpg"));
    (await next()).fail("inference_failed");
    (await next()).answer();
    await until(isOver);
    assert.deepEqual([kept(), state.nLooksLeft.value], [["first 1 jpeg", "first 2 both"], 0]);
    assert.deepEqual([state.problem.value, errors, state.counts.value.failed], [null, [], 0]);
});

test("crashes cost second looks only; after several it is said once, with a way to try again", async () => {
    const { addPictures, next, kept, workers, looks } = await make();
    addPictures(found("a.jpg", "b.jpg", "c.jpg", "d.jpg", "e.jpg"));
    for (let n = 0; n < 4; n++) {
        await next();
        workers.findLast(({ role }) => role === "tagger")?.worker.crash("boom");
    }
    await until(isOver);
    assert.equal(state.problem.value?.code, "objects_off");
    assert.deepEqual([state.counts.value.done, kept().every((one) => one.endsWith("jpeg"))], [5, true]);
    assert.deepEqual([state.nLooksLeft.value, state.engine.value.status], [5, "ready"]);
    addPictures(found("f.jpg"));
    await until(() => state.counts.value.done === 6);
    assert.equal(state.nSecondLooks.value, 0);
    looks.takeUpDropped();
    assert.equal(state.problem.value, null);
    for (let n = 0; n < 6; n++) (await next()).answer();
    await until(isOver);
    assert.ok(kept().every((one) => one.endsWith("both")));
});

test("what another model has looked at is forgotten, and so is what waited for it", async () => {
    const { addPictures, next, engine, asked, kept, seen } = await make();
    addPictures(found("a.jpg", "b.jpg"));
    const a = await next();
    await engine.replaceModel(null);
    a.answer();
    await until(() => seen.nFirst === 4);
    state.engine.value = { status: "ready", facts: FACTS };
    await until(() => state.counts.value.done === 2);
    assert.deepEqual([asked.length, kept()], [0, ["first 3 jpeg", "first 4 jpeg"]]);
});
