import assert from "node:assert/strict";
import test from "node:test";
import { anchorRow, anchoredTop, gridLayout, isOnScreen, nextIdx, positionOf, scrollToShow } from "./grid_layout.js";

const wide = { width: 1088, height: 800, size: /** @type {const} */ ("large") };
const SIZES = /** @type {const} */ (["small", "medium", "large"]);

test("ten thousand cells cost no more than a screenful", () => {
    const grid = gridLayout({ n: 10_000, ...wide, top: 100_000 });
    assert.equal(grid.columns, 4);
    assert.ok(grid.last - grid.first <= 8 * grid.columns, `${grid.last - grid.first} cells`);
    assert.ok(grid.first % grid.columns === 0, "rows are drawn whole");
});

test("every cell on screen is among those drawn, wherever the grid is scrolled", () => {
    const views = SIZES.flatMap((size) => [320, 360, 768, 1088, 1440].map((width) => ({ size, width })));
    for (const { size, width } of views) {
        const n = 237;
        const { height: total } = gridLayout({ n, size, width, height: 700, top: 0 });
        for (let top = 0; top < total; top += 97) {
            const grid = gridLayout({ n, size, width, height: 700, top });
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

test("a phone has four columns of small pictures, two, or one of large ones", () => {
    const columns = SIZES.map((size) => gridLayout({ n: 4, size, width: 360, height: 600, top: 0 }).columns);
    assert.deepEqual(columns, [4, 2, 1]);
});

test("a usual window shows 30 to 60 small pictures, far more than eight, or eight large ones", () => {
    // What sidebar, threshold bar and lines leave of 1440 by 900, and half a row counts as seen.
    const [small = 0, medium = 0, large = 0] = SIZES.map((size) => {
        const { columns, cellHeight, gap, pad } = gridLayout({ n: 99, size, width: 1_190, height: 690, top: 0 });
        return columns * Math.round((690 - pad) / (cellHeight + gap));
    });
    assert.ok(small >= 30 && small <= 60, `${small} small ones`);
    assert.ok(medium >= 18 && medium <= 28, `${medium} of medium size`);
    assert.ok(large <= 8, `${large} large ones`);
});

test("larger cards have room for more tags, and small ones are nothing but their picture", () => {
    const [small, medium, large] = SIZES.map((size) => gridLayout({ n: 9, size, width: 1_200, height: 600, top: 0 }));
    assert.equal(small?.nTags, 0);
    assert.equal(small?.cellHeight, Math.round((small?.cellWidth ?? 0) * 0.75));
    assert.ok((medium?.nTags ?? 0) > 0 && (large?.nTags ?? 0) > (medium?.nTags ?? 0));
});

test("where cells get another size, the one that people look at stays where it is, and is seen whole", () => {
    const view = { top: 2_000, height: 800 };
    for (const [before, after] of /** @type {const} */ ([
        ["small", "large"],
        ["large", "small"],
        ["medium", "small"],
    ])) {
        const former = gridLayout({ n: 2_000, size: before, width: 1_088, ...view });
        const held = anchorRow(former, 0, view);
        const grid = gridLayout({ n: 2_000, size: after, width: 1_088, ...view });
        const top = anchoredTop(grid, held, view);
        const offset = positionOf(grid, held.idx).y - top;
        assert.ok(Math.abs(offset - held.offset) < 1 && offset >= 0, `${before} to ${after}: ${offset}`);
    }
    const grid = gridLayout({ n: 2_000, size: "large", width: 1_088, ...view });
    const low = anchoredTop(grid, { idx: 900, offset: 780 }, view);
    assert.ok(positionOf(grid, 900).y + grid.cellHeight <= low + view.height, "one at the lower edge comes into view");
    assert.equal(
        anchoredTop(grid, { idx: 2, offset: 20 }, { top: 0, height: 800 }),
        0,
        "the first row stays at the top",
    );
    assert.equal(
        anchoredTop(grid, { idx: 1_999, offset: 20 }, view),
        grid.height - view.height,
        "no further than the end",
    );
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
    const grid = gridLayout({ n: 100, size: "large", width: 1088, ...view });
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
