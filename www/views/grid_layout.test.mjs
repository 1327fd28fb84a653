import assert from "node:assert/strict";
import test from "node:test";
import { gridLayout, isOnScreen, anchorRow, positionOf, scrollToShow, nextIdx } from "./grid_layout.js";

const wide = { width: 1088, height: 800 };

test("ten thousand cells cost no more than a screenful", () => {
    const grid = gridLayout({ n: 10_000, ...wide, top: 100_000 });
    assert.equal(grid.columns, 4);
    assert.ok(grid.last - grid.first <= 8 * grid.columns, `${grid.last - grid.first} cells`);
    assert.ok(grid.first % grid.columns === 0, "rows are drawn whole");
});

test("every cell on screen is among those drawn, wherever the grid is scrolled", () => {
    for (const width of [320, 360, 768, 1088, 1440]) {
        const n = 237;
        const { height: total } = gridLayout({ n, width, height: 700, top: 0 });
        for (let top = 0; top < total; top += 97) {
            const grid = gridLayout({ n, width, height: 700, top });
            for (let idx = 0; idx < n; idx++) {
                const { y } = positionOf(grid, idx);
                const isOnScreen = y < top + 700 && y + grid.cellHeight > top;
                if (isOnScreen)
                    assert.ok(idx >= grid.first && idx < grid.last, `cell ${idx} at ${top} of width ${width}`);
            }
        }
    }
});

test("cells do not overlap and stay within the grid", () => {
    const grid = gridLayout({ n: 10, ...wide, top: 0 });
    const last = positionOf(grid, 9);
    assert.ok(positionOf(grid, 1).x >= positionOf(grid, 0).x + grid.cellWidth);
    assert.ok(last.y + grid.cellHeight <= grid.height);
    assert.ok(positionOf(grid, 3).x + grid.cellWidth <= wide.width);
});

test("a phone has two columns", () => {
    assert.equal(gridLayout({ n: 4, width: 360, height: 600, top: 0 }).columns, 2);
});

test("no pictures, or no room yet, draw nothing", () => {
    assert.deepEqual(
        [gridLayout({ n: 0, ...wide, top: 0 }).last, gridLayout({ n: 0, ...wide, top: 0 }).height],
        [0, 0],
    );
    assert.ok(gridLayout({ n: 10_000, width: 0, height: 0, top: 0 }).last < 20);
});

test("showing a cell scrolls no further than needed", () => {
    const grid = gridLayout({ n: 100, ...wide, top: 0 });
    assert.equal(scrollToShow(grid, 0, { top: 0, height: 800 }), 0);
    const down = scrollToShow(grid, 40, { top: 0, height: 800 });
    assert.equal(down + 800, positionOf(grid, 40).y + grid.cellHeight + grid.gap);
    assert.equal(scrollToShow(grid, 40, { top: down, height: 800 }), down, "already seen");
});

test("where cells are wrapped anew, the one with the keyboard keeps its place, or the first that is seen", () => {
    const view = { top: 2_000, height: 800 };
    const grid = gridLayout({ n: 100, width: 1088, ...view });
    const [first = -1] = Array.from({ length: 100 }, (_, idx) => idx).filter(
        (idx) => positionOf(grid, idx).y >= view.top,
    );
    assert.deepEqual(anchorRow(grid, 0, view), { idx: first, offset: positionOf(grid, first).y - view.top });
    assert.equal(isOnScreen(grid, first + 5, view), true);
    assert.deepEqual(anchorRow(grid, first + 5, view), {
        idx: first + 5,
        offset: positionOf(grid, first + 5).y - view.top,
    });
    assert.equal(isOnScreen(grid, 99, view), false);
});

test("keys lead where people expect", () => {
    const grid = { columns: 4, rowsAPage: 2, n: 10 };
    const path = /** @type {[string, number, number | null][]} */ ([
        ["ArrowRight", 3, 4],
        ["ArrowLeft", 0, 0],
        ["ArrowDown", 1, 5],
        ["ArrowDown", 7, 9],
        ["ArrowUp", 2, 2],
        ["ArrowUp", 6, 2],
        ["PageUp", 9, 1],
        ["PageUp", 5, 1],
        ["PageDown", 1, 9],
        ["Home", 7, 0],
        ["End", 2, 9],
        ["a", 2, null],
    ]);
    for (const [key, from, to] of path) assert.equal(nextIdx(key, from, grid), to, `${key} from ${from}`);
});
