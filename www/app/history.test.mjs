import assert from "node:assert/strict";
import test from "node:test";
import { History } from "./history.js";

/** A history of numbers added to `sum`. */
function make() {
    const history = new History();
    const sum = { value: 0 };
    let id = 0;
    const add = (/** @type {number} */ n) => {
        sum.value += n;
        history.add({ id: ++id, key: "did_add", params: { name: String(n) }, kind: "corrections", data: n });
    };
    const undo = () => {
        const step = history.undo();
        sum.value -= step?.data ?? 0;
        return step;
    };
    const redo = () => {
        const step = history.redo();
        sum.value += step?.data ?? 0;
        return step;
    };
    return { history, sum, add, undo, redo };
}

test("steps are taken back from the last to the first, and done again in their order", () => {
    const { sum, add, undo, redo } = make();
    for (const n of [1, 10, 100]) add(n);
    const values = [];
    while (undo()) values.push(sum.value);
    while (redo()) values.push(sum.value);
    assert.deepEqual(values, [11, 1, 0, 1, 11, 111]);
});

test("what comes next either way is told", () => {
    const { history, add } = make();
    const told = () => [history.next.undo?.data, history.next.redo?.data];
    assert.deepEqual(told(), [undefined, undefined]);
    add(1);
    add(2);
    history.undo();
    assert.deepEqual(told(), [1, 2]);
});

test("what was undone is gone for good once something else is done", () => {
    const { history, sum, add, undo } = make();
    add(1);
    undo();
    add(5);
    assert.equal(history.redo(), undefined);
    assert.equal(sum.value, 5);
});

test("the oldest step is forgotten after a thousand", () => {
    const { sum, add, undo } = make();
    for (let i = 0; i < 1_001; i++) add(1);
    let n = 0;
    while (undo()) n++;
    assert.deepEqual([n, sum.value], [1_000, 1]);
});

test("steps of an earlier visit go on where they were: those that were undone can be done again, the last undone first", () => {
    const { history, add, undo } = make();
    for (const n of [1, 2, 3, 4]) add(n);
    undo();
    undo();
    const kept = [1, 2, 3, 4].map((id) => {
        return /** @type {const} */ ({
            id,
            key: "did_add",
            params: {},
            kind: "corrections",
            data: id,
            is_undone: id > 2,
        });
    });
    const later = make();
    later.history.load(kept);
    const told = (/** @type {History} */ { next }) => [next.undo?.data, next.redo?.data];
    assert.deepEqual(told(later.history), told(history));
    later.redo();
    assert.deepEqual(told(later.history), [3, 4]);
});
