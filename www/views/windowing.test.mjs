import assert from "node:assert/strict";
import test from "node:test";
import { grid_of, is_on_screen, place_to_hold, position_of, scroll_to_show, step } from "./windowing.js";

const wide = { width: 1088, height: 800 };

test("ten thousand cells cost no more than a screenful", () => {
    const grid = grid_of({ n: 10_000, ...wide, top: 100_000 });
    assert.equal(grid.columns, 4);
    assert.ok(grid.last - grid.first <= 8 * grid.columns, `${grid.last - grid.first} cells`);
    assert.ok(grid.first % grid.columns === 0, "rows are drawn whole");
});

test("every cell on screen is among those drawn, wherever the sheet is scrolled", () => {
    for (const width of [320, 360, 768, 1088, 1440]) {
        const n = 237;
        const { height: total } = grid_of({ n, width, height: 700, top: 0 });
        for (let top = 0; top < total; top += 97) {
            const grid = grid_of({ n, width, height: 700, top });
            for (let idx = 0; idx < n; idx++) {
                const { y } = position_of(grid, idx);
                const is_on_screen = y < top + 700 && y + grid.cell_height > top;
                if (is_on_screen) assert.ok(idx >= grid.first && idx < grid.last, `cell ${idx} at ${top} of width ${width}`);
            }
        }
    }
});

test("cells do not overlap and stay within the sheet", () => {
    const grid = grid_of({ n: 10, ...wide, top: 0 });
    const last = position_of(grid, 9);
    assert.ok(position_of(grid, 1).x >= position_of(grid, 0).x + grid.cell_width);
    assert.ok(last.y + grid.cell_height <= grid.height);
    assert.ok(position_of(grid, 3).x + grid.cell_width <= wide.width);
});

test("a phone has two columns", () => {
    assert.equal(grid_of({ n: 4, width: 360, height: 600, top: 0 }).columns, 2);
});

test("no pictures, or no room yet, draw nothing", () => {
    assert.deepEqual([grid_of({ n: 0, ...wide, top: 0 }).last, grid_of({ n: 0, ...wide, top: 0 }).height], [0, 0]);
    assert.ok(grid_of({ n: 10_000, width: 0, height: 0, top: 0 }).last < 20);
});

test("showing a cell scrolls no further than needed", () => {
    const grid = grid_of({ n: 100, ...wide, top: 0 });
    assert.equal(scroll_to_show(grid, 0, { top: 0, height: 800 }), 0);
    const down = scroll_to_show(grid, 40, { top: 0, height: 800 });
    assert.equal(down + 800, position_of(grid, 40).y + grid.cell_height + grid.gap);
    assert.equal(scroll_to_show(grid, 40, { top: down, height: 800 }), down, "already seen");
});

test("where cells are wrapped anew, the one with the keyboard keeps its place, or the first that is seen", () => {
    const view = { top: 2_000, height: 800 };
    const grid = grid_of({ n: 100, width: 1088, ...view });
    const [first = -1] = Array.from({ length: 100 }, (_, idx) => idx).filter((idx) => position_of(grid, idx).y >= view.top);
    assert.deepEqual(place_to_hold(grid, 0, view), { idx: first, offset: position_of(grid, first).y - view.top });
    assert.equal(is_on_screen(grid, first + 5, view), true);
    assert.deepEqual(place_to_hold(grid, first + 5, view), { idx: first + 5, offset: position_of(grid, first + 5).y - view.top });
    assert.equal(is_on_screen(grid, 99, view), false);
});

test("keys lead where people expect", () => {
    const grid = { columns: 4, rows_a_page: 2, n: 10 };
    const path = /** @type {[string, number, number | null][]} */ ([
        ["ArrowRight", 3, 4], ["ArrowLeft", 0, 0], ["ArrowDown", 1, 5], ["ArrowDown", 7, 9], ["ArrowUp", 2, 2], ["ArrowUp", 6, 2],
        ["PageUp", 9, 1], ["PageUp", 5, 1], ["PageDown", 1, 9], ["Home", 7, 0], ["End", 2, 9], ["a", 2, null],
    ]);
    for (const [key, from, to] of path) assert.equal(step(key, from, grid), to, `${key} from ${from}`);
});
