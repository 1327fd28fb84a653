import assert from "node:assert/strict";
import test from "node:test";
import { edgeSpeed, idxAt, idxsIn } from "./grid_geometry.js";
import { gridLayout, positionOf } from "./grid_layout.js";

const N = 23;
const layout = gridLayout({ n: N, size: "small", width: 600, height: 400, top: 0 });
const { cellWidth, cellHeight, columns, gap, pad } = layout;

/** The middle of a cell. @param {number} idx */
function middle(idx) {
    const { x, y } = positionOf(layout, idx);
    return { x: x + cellWidth / 2, y: y + cellHeight / 2 };
}

test("a finger on a cell touches that cell, and beside all of them the nearest", () => {
    for (let idx = 0; idx < N; idx++) {
        const { x, y } = positionOf(layout, idx);
        for (const [dx, dy] of /** @type {const} */ ([
            [0, 0],
            [cellWidth / 2, cellHeight / 2],
            [cellWidth - 1, cellHeight - 1],
            [0, cellHeight + gap / 2 - 1],
        ]))
            assert.equal(idxAt(layout, N, { x: x + dx, y: y + dy }), idx);
    }
    assert.equal(idxAt(layout, N, { x: -50, y: -50 }), 0);
    assert.equal(idxAt(layout, N, { x: 9_999, y: -50 }), columns - 1);
    assert.equal(idxAt(layout, N, { x: 9_999, y: 9_999 }), N - 1);
    assert.equal(idxAt(layout, 0, { x: 10, y: 10 }), null);
});

test("a box touches what it covers in part, and nothing in the gaps", () => {
    const from = middle(0);
    const to = middle(columns + 1);
    assert.deepEqual(idxsIn(layout, N, { left: from.x, top: from.y, right: to.x, bottom: to.y }), [
        0,
        1,
        columns,
        columns + 1,
    ]);
    const beside = pad + cellWidth + gap / 2;
    assert.deepEqual(idxsIn(layout, N, { left: beside - 1, top: 0, right: beside + 1, bottom: layout.height }), []);
    assert.deepEqual(idxsIn(layout, N, { left: 0, top: 0, right: pad - 1, bottom: layout.height }), []);
    assert.deepEqual(idxsIn(layout, N, { left: 0, top: 0, right: pad, bottom: pad }), [0]);
    assert.deepEqual(
        idxsIn(layout, N, { left: 0, top: 0, right: 9_999, bottom: 9_999 }),
        Array.from({ length: N }, (_, idx) => idx),
    );
    assert.deepEqual(idxsIn(layout, 0, { left: 0, top: 0, right: 9_999, bottom: 9_999 }), []);
});

test("every cell of a box is where the layout says it is, and no other is", () => {
    for (const [left, top] of /** @type {const} */ ([
        [0, 0],
        [33, 77],
        [200, 150],
    ])) {
        for (const side of [1, 60, 230]) {
            const box = { left, top, right: left + side, bottom: top + side };
            const all = Array.from({ length: N }, (_, idx) => idx).filter((idx) => {
                const { x, y } = positionOf(layout, idx);
                return x <= box.right && x + cellWidth >= left && y <= box.bottom && y + cellHeight >= top;
            });
            assert.deepEqual(idxsIn(layout, N, box), all);
        }
    }
});

test("the grid scrolls at its edges only, and faster the nearer to them", () => {
    const view = { top: 100, bottom: 700 };
    assert.equal(edgeSpeed(400, view), 0);
    assert.ok(edgeSpeed(110, view) < edgeSpeed(140, view) && edgeSpeed(140, view) < 0);
    assert.ok(edgeSpeed(690, view) > edgeSpeed(660, view) && edgeSpeed(660, view) > 0);
    assert.equal(edgeSpeed(-500, view), edgeSpeed(100, view), "no faster beyond");
    const low = { top: 0, bottom: 100 };
    assert.equal(edgeSpeed(50, low), 0, "in a low window there is room between its edges");
});
