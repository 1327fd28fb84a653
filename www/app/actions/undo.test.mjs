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
    const history = createUndo({
        write: (name, params) => {
            if (name === "add_step") steps.push(/** @type {any} */ (params).step);
            else moves.push(/** @type {any} */ (params));
        },
        call: async (name, params) => /** @type {any} */ (`${name} ${JSON.stringify(params)}`),
    });
    /** @type {string[]} */
    const log = [];
    history.handle("rules", { undo: (name) => void log.push(`-${name}`), redo: (name) => void log.push(`+${name}`) });
    const add = (/** @type {string} */ name) => {
        log.push(`+${name}`);
        history.rememberStep("did_add", { name, n: 1 }, { kind: "rules", data: name });
    };
    return { ...history, add, log, moves, steps };
}

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

test("a step and its moves are kept, unless whoever handles them does so", () => {
    const { handle, rememberStep, add, undo, redo, steps, moves } = make();
    add("cat");
    undo();
    redo();
    const [{ id } = { id: 0 }] = steps;
    assert.deepEqual(moves, [
        { id, is_undone: true },
        { id, is_undone: false },
    ]);
    /** @type {unknown[]} */
    const told = [];
    handle("files", { undo: (_, move) => void told.push(move), redo: () => {}, keepsItself: true });
    const step = rememberStep("did_add", { name: "dog", n: 1 }, { kind: "files", data: 1 });
    undo();
    assert.deepEqual([steps.length, moves.length, told], [1, 2, [{ id: step.id, is_undone: true }]]);
});

test("steps that make no sense are left out, and one whose data does not stays where it was", async () => {
    const { loadSteps, handle, undo, steps, add } = make();
    add("cat");
    const sound = { .../** @type {import("../history.js").Step} */ (steps[0]), is_undone: false };
    const wrong = [
        { ...sound, kind: "other" },
        { ...sound, params: null },
        { ...sound, key: 7 },
    ];
    loadSteps([sound, .../** @type {any[]} */ (wrong)]);
    assert.equal(state.history.value.undo, added("cat"));
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
    loadSteps([{ .../** @type {import("../history.js").Step} */ (steps[0]), is_undone: false }]);
    loadSteps([{ .../** @type {import("../history.js").Step} */ (steps[0]), data: "dog", is_undone: false }]);
    assert.deepEqual(state.history.value, { undo: added("cat"), redo: null });
    undo();
    assert.deepEqual(log, ["+cat", "-dog"]);
});

test("what is long of a step is read when it is undone", async () => {
    const { add, loadSteps, steps, undo, log } = make();
    add("cat");
    const [step] = steps;
    loadSteps([{ .../** @type {import("../history.js").Step} */ (step), data: null, is_undone: false }]);
    undo();
    await until(() => log.length > 1);
    assert.equal(log.at(-1), `-step_data {"id":${step?.id}}`);
});

function withResolvers() {
    /** @type {(value?: unknown) => void} */
    let resolve = () => {};
    const promise = new Promise((go) => (resolve = go));
    return { promise, resolve };
}
