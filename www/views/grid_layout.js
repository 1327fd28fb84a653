/**
 * Which cells of a grid are on screen. Pure arithmetic: every cell has the same size, so nothing is measured.
 * @import { CardSize } from "../app/settings.js"
 *
 * @typedef {{
 *   size: CardSize, nTags: number, columns: number, cellWidth: number, cellHeight: number, gap: number, pad: number,
 *   first: number, last: number, height: number }} GridLayout
 *   `nTags`: so many tags have room under a picture; `first` up to, not including, `last`; `height` of the whole grid
 */

/**
 * What a size means. The part of a card under its picture (name and lines of chips) always has its room, so that the grid never jumps; a
 * small card is its picture. In a narrow window columns are as wide as it takes, so that there are at least so many.
 * @typedef {{width: number, gap: number, foot: number, nTags: number, narrow: {width: number, columns: number}}} CellSize pixels
 * @type {Record<CardSize, CellSize>}
 */
const SIZES = {
    small: { width: 124, gap: 8, foot: 0, nTags: 0, narrow: { width: 78, columns: 3 } },
    medium: { width: 150, gap: 12, foot: 84, nTags: 2, narrow: { width: 150, columns: 2 } },
    large: { width: 236, gap: 16, foot: 140, nTags: 5, narrow: { width: 236, columns: 1 } },
};
/** Rows drawn beyond each edge, so that scrolling meets cards and no blank. */
export const OVERSCAN = 2;

/**
 * @param {{n: number, size?: CardSize, width: number, height: number, top: number, overscan?: number}} view
 *   cells in all and how large; size of the window onto them; how far it is scrolled; rows drawn beyond each edge
 * @returns {GridLayout}
 */
export function gridLayout({ n, size = "medium", width, height, top, overscan = OVERSCAN }) {
    const isNarrow = width < 560;
    const { foot, nTags, ...wanted } = SIZES[size];
    const gap = isNarrow ? Math.min(10, wanted.gap) : wanted.gap;
    const pad = isNarrow ? 10 : 20;
    const least = isNarrow ? wanted.narrow : { width: wanted.width, columns: 1 };
    const inner = Math.max(0, width - 2 * pad);
    const columns = Math.max(least.columns, Math.floor((inner + gap) / (least.width + gap)));
    const cellWidth = Math.max(0, (inner - (columns - 1) * gap) / columns);
    const cellHeight = Math.round(cellWidth * 0.75) + foot;
    const rowHeight = cellHeight + gap;
    const rows = Math.ceil(n / columns);
    const firstRow = Math.max(0, Math.min(rows, Math.floor((top - pad) / rowHeight) - overscan));
    const lastRow = Math.max(firstRow, Math.min(rows, Math.ceil((top - pad + height) / rowHeight) + overscan));
    return {
        size,
        nTags,
        columns,
        cellWidth,
        cellHeight,
        gap,
        pad,
        first: Math.min(n, firstRow * columns),
        last: Math.min(n, lastRow * columns),
        height: rows === 0 ? 0 : 2 * pad + rows * rowHeight - gap,
    };
}

/** Where a cell's upper left corner lies in the grid. @param {GridLayout} layout @param {number} idx */
export function positionOf(layout, idx) {
    const column = idx % layout.columns;
    const row = Math.floor(idx / layout.columns);
    return {
        x: layout.pad + column * (layout.cellWidth + layout.gap),
        y: layout.pad + row * (layout.cellHeight + layout.gap),
    };
}

/**
 * How far the window must be scrolled for a cell to be seen whole: no further than needed.
 * @param {GridLayout} layout @param {number} idx @param {{top: number, height: number}} view
 */
export function scrollToShow(layout, idx, { top, height }) {
    const { y } = positionOf(layout, idx);
    if (y - layout.gap < top) return Math.max(0, y - layout.gap);
    return Math.max(top, y + layout.cellHeight + layout.gap - height);
}

/** @param {GridLayout} layout @param {number} idx @param {{top: number, height: number}} view */
export function isOnScreen(layout, idx, { top, height }) {
    const { y } = positionOf(layout, idx);
    return y + layout.cellHeight > top && y < top + height;
}

/**
 * Which cell keeps its place when the cells are wrapped anew, and how far it lies below the window's upper edge: the one with the
 * keyboard, if it is seen, else the first that is.
 * @param {GridLayout} layout @param {number} current @param {{top: number, height: number}} view
 */
export function anchorRow(layout, current, view) {
    const row = Math.max(0, Math.ceil((view.top - layout.pad) / (layout.cellHeight + layout.gap)));
    const idx = isOnScreen(layout, current, view) ? current : row * layout.columns;
    return { idx, offset: positionOf(layout, idx).y - view.top };
}

/**
 * How far the window must be scrolled for that cell to have its place again, and to be seen whole where it has room.
 * @param {GridLayout} layout @param {{idx: number, offset: number}} held @param {{top: number, height: number}} before
 */
export function anchoredTop(layout, { idx, offset }, { top, height }) {
    if (top === 0 && idx < layout.columns) return 0;
    const lowest = Math.max(0, height - layout.cellHeight - layout.gap);
    const wanted = positionOf(layout, idx).y - Math.min(offset, lowest);
    return Math.max(0, Math.min(wanted, layout.height - height));
}

/**
 * Where a key leads from a cell; null for keys that lead nowhere.
 * @param {string} key @param {number} idx @param {{columns: number, rowsAPage: number, n: number}} grid
 */
export function nextIdx(key, idx, { columns, rowsAPage, n }) {
    const steps = /** @type {Record<string, number>} */ ({
        ArrowLeft: -1,
        ArrowRight: 1,
        ArrowUp: -columns,
        ArrowDown: columns,
        PageUp: -columns * rowsAPage,
        PageDown: columns * rowsAPage,
        Home: -idx,
        End: n - 1 - idx,
    });
    const by = steps[key];
    if (by === undefined) return null;
    const next = idx + by;
    // Up from the first row stays; down from the last but one row ends on the last cell.
    if (next < 0) return key === "PageUp" ? idx % columns : idx;
    return Math.min(n - 1, next);
}
