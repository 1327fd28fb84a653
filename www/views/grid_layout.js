/**
 * Which cells of a grid are on screen. Pure arithmetic: every cell has the same size, so nothing is measured.
 *
 * @typedef {{
 *   columns: number, cellWidth: number, cellHeight: number, gap: number, pad: number,
 *   first: number, last: number, height: number }} GridLayout `first` up to, not including, `last`; `height` of the whole grid
 */

/** The part of a card under its picture: name and two lines of chips, always, so that the grid never jumps. */
const FOOT_HEIGHT = 108;
/** Rows drawn beyond each edge, so that scrolling meets cards and no blank. */
export const OVERSCAN = 2;

/**
 * @param {{n: number, width: number, height: number, top: number, overscan?: number}} view
 *   cells in all; size of the window onto them; how far it is scrolled; rows drawn beyond each edge
 * @returns {GridLayout}
 */
export function gridLayout({ n, width, height, top, overscan = OVERSCAN }) {
    const isNarrow = width < 560;
    const gap = isNarrow ? 10 : 16;
    const pad = isNarrow ? 10 : 20;
    const inner = Math.max(0, width - 2 * pad);
    const columns = Math.max(isNarrow ? 2 : 1, Math.floor((inner + gap) / ((isNarrow ? 150 : 236) + gap)));
    const cellWidth = Math.max(0, (inner - (columns - 1) * gap) / columns);
    const cellHeight = Math.round(cellWidth * 0.75) + FOOT_HEIGHT;
    const rowHeight = cellHeight + gap;
    const rows = Math.ceil(n / columns);
    const firstRow = Math.max(0, Math.min(rows, Math.floor((top - pad) / rowHeight) - overscan));
    const lastRow = Math.max(firstRow, Math.min(rows, Math.ceil((top - pad + height) / rowHeight) + overscan));
    return {
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
