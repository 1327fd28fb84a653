import assert from "node:assert/strict";
import test from "node:test";
import { message } from "../../i18n/messages.js";
import * as state from "../state.js";
import { resetState, until } from "./stand_in.mjs";
import { createUndo } from "./undo.js";

/** @param {string} name */
const added = (name) => message("en", "did_add", { name, n: 1 });

function make() {
    resetState();
    /** @type {import("./undo.js").StepMove[]} */
    const moves = [];
    /** @type {import("../history.js").Step[]} */
    const steps = [];
    /** What the store answers. @type {Record<string, (params: any) => any>} */
    const answers = { step_data: ({ id }) => `data of ${id}` };
    const history = createUndo({ call: async (name, params) => answers[name]?.(params) });
    /** @type {string[]} */
    const log = [];
    const moved = (/** @type {string} */ done) => (/** @type {string} */ name, /** @type {typeof moves[0]} */ move) => {
        log.push(`${done}${name}`);
        moves.push(move);
    };
    history.handle("rules", { undo: moved("-"), redo: moved("+") });
    const add = (/** @type {string} */ name) => {
        log.push(`+${name}`);
        steps.push(history.rememberStep("did_add", { name, n: 1 }, { kind: "rules", data: name }));
    };
    return { ...history, add, answers, log, moves, steps };
}

/** As the store has it. @param {import("../history.js").Step | undefined} step */
const kept = (step, isUndone = false) => ({
    .../** @type {import("../history.js").Step} */ (step),
    is_undone: isUndone,
});

test("a step is told of in words, before it is undone and after", () => {
    const { add, undo } = make();
    add("cat");
    assert.deepEqual(state.history.value, { undo: added("cat"), redo: null });
    undo();
    assert.deepEqual(state.history.value, { undo: null, redo: added("cat") });
    assert.equal(state.notice.value.text, message("en", "said_undone", { what: added("cat") }));
});

test("with nothing to undo nothing is said", () => {
    const { undo, redo } = make();
    undo();
    redo();
    assert.equal(state.notice.value.text, "");
});

test("undo waits for what was done before it, however long that takes", async () => {
    const { add, inOrder, undo, log } = make();
    add("cat");
    const { promise, resolve } = withResolvers();
    const slow = inOrder(async () => {
        await promise;
        add("dog");
    });
    undo();
    assert.deepEqual(log, ["+cat"], "it overtook what was asked for before");
    resolve();
    await slow;
    await new Promise(setImmediate);
    assert.deepEqual(log, ["+cat", "+dog", "-dog"]);
});

test("a action that fails does not hold up the next", async () => {
    const { inOrder, add, undo, log } = make();
    add("cat");
    const failed = inOrder(() => Promise.reject(new Error("no")));
    undo();
    await assert.rejects(async () => failed);
    await new Promise(setImmediate);
    assert.deepEqual(log, ["+cat", "-cat"]);
});

test("a step that cannot be undone stays where it was, and the reason is said", async () => {
    const { handle, rememberStep, undo, moves } = make();
    handle("files", { undo: () => Promise.reject(new Error("no")), redo: () => {} });
    rememberStep("did_add", { name: "cat", n: 1 }, { kind: "files", data: 1 });
    undo();
    await until(() => state.problem.value !== null);
    assert.deepEqual([state.history.value, moves], [{ undo: added("cat"), redo: null }, []]);
});

test("whoever handles a step is told how it is moved, and keeps that", () => {
    const { add, undo, redo, steps, moves } = make();
    add("cat");
    undo();
    redo();
    const [{ id } = { id: 0 }] = steps;
    assert.deepEqual(moves, [
        { id, is_undone: true },
        { id, is_undone: false },
    ]);
});

test("steps that make no sense end what can be undone, and one whose data does not stays where it was", async () => {
    const { loadSteps, handle, undo, steps, add } = make();
    add("cat");
    const sound = kept(steps[0]);
    const again = kept(steps[0], true);
    for (const wrong of /** @type {any[]} */ ([{ kind: "other" }, { params: null }, { key: 7 }])) {
        loadSteps([sound, { ...sound, ...wrong }, again]);
        assert.deepEqual(state.history.value, { undo: null, redo: added("cat") });
        loadSteps([{ ...sound, ...wrong }, sound, { ...again, ...wrong }, again]);
        assert.deepEqual(state.history.value, { undo: added("cat"), redo: null });
    }
    handle("rules", {
        undo: () => {
            throw new TypeError("no");
        },
        redo: () => {},
    });
    undo();
    assert.deepEqual(state.history.value, { undo: added("cat"), redo: null });
    assert.notEqual(state.problem.value, null);
});

test("steps of an earlier visit are told of in words once those are there, and go on", () => {
    const { add, loadSteps, steps, undo, log } = make();
    add("cat");
    loadSteps([kept(steps[0])]);
    loadSteps([{ ...kept(steps[0]), data: "dog" }]);
    assert.deepEqual(state.history.value, { undo: added("cat"), redo: null });
    undo();
    assert.deepEqual(log, ["+cat", "-dog"]);
});

test("what is long of a step is read when it is undone", async () => {
    const { add, loadSteps, steps, undo, log } = make();
    add("cat");
    const [step] = steps;
    loadSteps([{ ...kept(step), data: null }]);
    undo();
    await until(() => log.length > 1);
    assert.equal(log.at(-1), `-data of ${step?.id}`);
});

test("what another tab did meanwhile is undone first; what it has undone itself is not undone again", async () => {
    const { add, answers, loadSteps, retake, undo, steps, log } = make();
    add("mine");
    const [mine] = steps;
    const theirs = { ...kept(mine), id: (mine?.id ?? 0) + 1, data: null };
    const move = { id: mine?.id ?? 0, is_undone: true };
    undo();
    answers["steps"] = () => [kept(mine), theirs];
    await retake(move); // the store has refused it
    await until(() => log.length > 2);
    assert.deepEqual(log, ["+mine", "-mine", `-data of ${theirs.id}`]);
    assert.deepEqual(state.history.value, { undo: added("mine"), redo: added("mine") });
    answers["steps"] = () => [kept(mine, true), { ...theirs, is_undone: true }];
    await retake(move);
    assert.equal(log.length, 3);
    loadSteps([{ ...kept(mine), data: null }]);
    Object.assign(answers, { step_data: () => null, steps: () => [] }); // it is gone
    undo();
    await until(() => state.history.value.undo === null);
    assert.deepEqual([log.length, state.problem.value], [3, null]);
});

test("what this tab does while it reads the history is not lost", async () => {
    const { add, answers, takeSteps, steps } = make();
    add("cat");
    const read = withResolvers();
    let nRead = 0;
    answers["steps"] = () => (nRead++ === 0 ? read.promise : steps.map((step) => kept(step)));
    const taken = takeSteps();
    add("dog");
    read.resolve(/** @type {any} */ ([kept(steps[0])]));
    await taken;
    assert.deepEqual([nRead, state.history.value.undo], [2, added("dog")]);
});

function withResolvers() {
    /** @type {(value?: unknown) => void} */
    let resolve = () => {};
    const promise = new Promise((go) => (resolve = go));
    return { promise, resolve };
}
