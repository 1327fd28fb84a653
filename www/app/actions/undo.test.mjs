import assert from "node:assert/strict";
import test from "node:test";
import { message } from "../../i18n/messages.js";
import * as state from "../state.js";
import { resetState } from "./stand_in.mjs";
import { createUndo } from "./undo.js";

/** @param {string} name */
const added = (name) => message("en", "did_add", { name, n: 1 });

function make() {
    resetState();
    const history = createUndo();
    /** @type {string[]} */
    const log = [];
    const add = (/** @type {string} */ name) => {
        log.push(`+${name}`);
        history.rememberStep(
            "did_add",
            { name, n: 1 },
            { undo: () => log.push(`-${name}`), redo: () => log.push(`+${name}`) },
        );
    };
    return { ...history, add, log };
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

function withResolvers() {
    /** @type {(value?: unknown) => void} */
    let resolve = () => {};
    const promise = new Promise((go) => (resolve = go));
    return { promise, resolve };
}
