import assert from "node:assert/strict";
import test from "node:test";
import { FILE_STATES } from "../../db/protocol.js";
import * as state from "../state.js";
import { createEngine } from "./engine.js";
import { createFiles } from "./files.js";
import { createGoingOn } from "./going_on.js";
import { createOutdated } from "./outdated.js";
import { createPictures } from "./pictures.js";
import { createRuns } from "./runs.js";
import { createSecondLooks } from "./second_looks.js";
import { createSnapshot } from "./snapshot.js";
import { FACTS, found, standInContext, tagged, until } from "./stand_in.mjs";
import { createTagging } from "./tagging.js";
import { createUndo } from "./undo.js";

const MODEL = "stand-in 1 1";
const KEY = "tag_again 1";

/** Three pictures, tagged; the workers hold what they are asked from then on. `outdated`: what the store says of them. */
async function make() {
    /** @type {{name: string, answer: () => void}[]} */
    const asked = [];
    let isHeld = false;
    /** @type {{ids: readonly number[]}} */
    const outdated = { ids: [] };
    const standIn = await standInContext(
        {
            tag: ({ file }) =>
                new Promise((resolve) => {
                    const answer = () => resolve(tagged());
                    if (isHeld) asked.push({ name: /** @type {File} */ (file).name, answer });
                    else answer();
                }),
        },
        {},
        1,
        { outdated: () => Uint32Array.from(outdated.ids), files: ({ ids = [] }) => filesOf(Array.from(ids)) },
    );
    state.engine.value = { status: "ready", facts: { ...FACTS, name: "Stand-in", has_second_look: false } };
    const { context, storeCalls } = standIn;
    const history = createUndo(context.library);
    const looks = createSecondLooks(context);
    const tagging = createTagging(context, looks);
    const pictures = createPictures(context, tagging, looks, history);
    const files = createFiles(context);
    const goingOn = createGoingOn(context, files, tagging, looks);
    const actions = createOutdated(context, tagging, files, goingOn, history);
    const engine = createEngine(context, tagging, createSnapshot(context), looks, () => void actions.tagAfterSwap());
    const refreshShown = async () => {};
    const runs = createRuns(context, { ...actions, cancel: pictures.cancel, refreshShown }, history);
    pictures.addPictures(found("a.jpg", "b.jpg", "c.jpg"));
    await until(() => state.counts.value.done === 3);
    await settled();
    isHeld = true;
    storeCalls.length = 0;
    /** What was kept of the answer, the last of it. */
    const kept = () =>
        storeCalls.findLast(({ name, params }) => name === "save_settings" && KEY in params.settings)?.params;
    const next = async () => {
        await until(() => asked.length > 0);
        /** @type {(typeof asked)[0]} */ (asked.shift()).answer();
    };
    const ids = [...state.orderedIds.value];
    return { ...actions, ...history, ...engine, ...runs, ...pictures, asked, ids, kept, next, outdated, storeCalls };
}

/** Whatever was begun has come to its end. */
async function settled() {
    for (let n = 0; n < 20; n++) await new Promise(setImmediate);
}

/** @param {readonly number[]} ids */
const filesOf = (ids) => ({
    ids: Uint32Array.from(ids),
    paths: ids.map(String),
    sizes: new Float64Array(ids.length),
    modified_ms: new Float64Array(ids.length),
    states: new Uint8Array(ids.length).fill(FILE_STATES.indexOf("tagged")),
    looks: new Uint8Array(ids.length),
    facts: ids.map(() => null),
    failures: {},
    corrections: {},
});

test("what another model has tagged is offered, and tagged again when somebody wants it: one run, and one step", async () => {
    const { ids, kept, lookForOutdated, next, outdated, storeCalls, tagAgain, undo } = await make();
    outdated.ids = ids.slice(0, 2);
    await lookForOutdated();
    assert.deepEqual(state.outdated.value, { ids: outdated.ids, areLeft: false });
    assert.deepEqual([state.isRunning.value, kept()], [false, undefined], "nothing is done that nobody wants");
    await tagAgain();
    assert.equal(state.counts.value.done, 1);
    assert.deepEqual(kept()?.settings[KEY], { model: MODEL, is_wanted: true });
    assert.deepEqual(kept()?.step.data, { run: 1, undone: false }, "kept with what was wanted");
    assert.match(state.notice.value.text, /Tagging 2 pictures again with Stand-in/);
    outdated.ids = [];
    for (let n = 0; n < 2; n++) await next();
    await until(() => !state.isRunning.value);
    await until(() => kept()?.settings[KEY] === null);
    undo();
    await until(() => storeCalls.some(({ name }) => name === "undo_run"));
    const { params } = /** @type {any} */ (storeCalls.find(({ name }) => name === "undo_run"));
    assert.deepEqual([params.run, params.undone, params.move.is_undone], [1, true, true]);
});

test("who leaves them as they are is not asked again, until another model is in use or a run is undone", async () => {
    const { forgetAnswer, ids, kept, leaveOutdated, lookForOutdated, outdated, takeAnswer } = await make();
    outdated.ids = ids;
    await leaveOutdated();
    const answer = { model: MODEL, is_wanted: false };
    assert.deepEqual(kept()?.settings, { [KEY]: answer });
    takeAnswer(1, { [KEY]: answer });
    await lookForOutdated();
    assert.deepEqual(state.outdated.value, { ids, areLeft: true });
    forgetAnswer();
    assert.deepEqual([state.outdated.value.areLeft, kept()?.settings], [false, { [KEY]: null }]);
    takeAnswer(1, { [KEY]: { model: "another 1 1", is_wanted: false } });
    await lookForOutdated();
    assert.equal(state.outdated.value.areLeft, false);
    for (const foreign of [null, 7, "x", { model: 3, is_wanted: true }, { model: MODEL }]) {
        takeAnswer(1, { [KEY]: foreign });
        await lookForOutdated();
        assert.equal(state.outdated.value.areLeft, false);
    }
});

test("a swap that a closed tab has cut off goes on at the next visit; of files that cannot be opened it is said, and they may be left", async () => {
    const { asked, goOn, ids, kept, leaveOutdated, next, outdated, replaceModel, takeAnswer } = await make();
    outdated.ids = ids;
    await replaceModel(null);
    await until(() => kept()?.settings[KEY]?.is_wanted === true);
    assert.equal(state.counts.value.done, 0);
    assert.equal(kept()?.step.params.n, 3);
    await next();
    await until(() => state.counts.value.done === 1);

    // As after a reload: one is tagged, of another there is no file.
    const { settings } = kept() ?? {};
    outdated.ids = ids.slice(1);
    const last = /** @type {import("../../vendor/signals.js").Signal<any>} */ (state.pictures.get(ids[2] ?? 0));
    for (const id of outdated.ids) {
        const cell = /** @type {typeof last} */ (state.pictures.get(id));
        cell.value = { ...cell.value, state: "done", before: undefined };
    }
    state.counts.value = { queued: 0, decoding: 0, tagging: 0, done: 3, failed: 0, stopped: 0, undone: 0 };
    last.value = { ...last.value, file: null };
    asked.length = 0;
    takeAnswer(1, settings);
    await goOn();
    assert.equal(state.counts.value.done, 2);
    assert.match(state.notice.value.text, /Tagging 1 picture again/);
    assert.deepEqual(state.filesNeeded.value, { locked: [], missing: [ids[2]] });
    await leaveOutdated();
    assert.equal(state.filesNeeded.value, null);
    assert.deepEqual(kept()?.settings[KEY], { model: MODEL, is_wanted: false });
});

test("what is cancelled keeps its tags and does not go on by itself", async () => {
    const { cancel, ids, kept, lookForOutdated, next, outdated, tagAgain } = await make();
    outdated.ids = ids;
    await lookForOutdated();
    await tagAgain();
    cancel();
    assert.equal(state.counts.value.done, 2, "one is under way");
    outdated.ids = ids.slice(1);
    await next();
    await until(() => kept()?.settings[KEY] === null);
    await until(() => state.outdated.value.ids.length === 2);
    assert.deepEqual(state.outdated.value, { ids: ids.slice(1), areLeft: false }, "the others are offered again");
});

test("a run that is undone while it is under way takes nothing more: what waits is cancelled, what is tagged still belongs to it", async () => {
    const { ids, lookForOutdated, next, outdated, storeCalls, tagAgain, toggleRun } = await make();
    outdated.ids = ids;
    await lookForOutdated();
    await tagAgain();
    const run = { ...{ id: 1, kind: "model", tagger: "t", version: "1", pipeline: 1 }, begun_ms: 0, ended_ms: null };
    const undoing = toggleRun({ ...run, undone_ms: null, n_assets: 0, name: "Stand-in", tried: [] });
    await settled();
    assert.equal(state.counts.value.done, 2);
    const isUndone = () => storeCalls.some(({ name }) => name === "undo_run");
    assert.equal(isUndone(), false, "one picture is on its way still");
    await next();
    await undoing;
    const names = storeCalls.map(({ name }) => name);
    assert.ok(names.indexOf("record") < names.indexOf("undo_run"));
    const { params } = /** @type {any} */ (storeCalls.find(({ name }) => name === "undo_run"));
    assert.equal(params.step.key, "did_undo_run", "kept together");
    assert.equal(names.includes("add_step"), false);
});
