import assert from "node:assert/strict";
import test from "node:test";
import { History } from "./history.js";

/** A history of numbers added to `sum`. */
function make() {
    const history = new History();
    const sum = { value: 0 };
    const add = (/** @type {number} */ n) => {
        sum.value += n;
        history.add({ name: `add ${n}`, undo: () => void (sum.value -= n), redo: () => void (sum.value += n) });
    };
    return { history, sum, add };
}

test("steps are taken back from the last to the first, and done again in their order", () => {
    const { history, sum, add } = make();
    for (const n of [1, 10, 100]) add(n);
    const values = [];
    while (history.undo()) values.push(sum.value);
    while (history.redo()) values.push(sum.value);
    assert.deepEqual(values, [11, 1, 0, 1, 11, 111]);
});

test("what comes next either way is told by its name", () => {
    const { history, add } = make();
    assert.deepEqual(history.next, { undo: null, redo: null });
    add(1);
    add(2);
    history.undo();
    assert.deepEqual(history.next, { undo: "add 1", redo: "add 2" });
});

test("what was undone is gone for good once something else is done", () => {
    const { history, sum, add } = make();
    add(1);
    history.undo();
    add(5);
    assert.equal(history.redo(), undefined);
    assert.equal(sum.value, 5);
});

test("the oldest step is forgotten after a thousand", () => {
    const { history, sum, add } = make();
    for (let i = 0; i < 1_001; i++) add(1);
    let n = 0;
    while (history.undo()) n++;
    assert.deepEqual([n, sum.value], [1_000, 1]);
});
