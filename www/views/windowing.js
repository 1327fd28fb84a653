/**
 * Which cells of a grid are on screen. Pure arithmetic: every cell has the same size, so nothing is measured.
 *
 * @typedef {{
 *   columns: number, cell_width: number, cell_height: number, gap: number, pad: number,
 *   first: number, last: number, height: number }} Grid `first` up to, not including, `last`; `height` of the whole sheet
 */

/** The part of a card under its picture: name and two lines of chips, always, so that the sheet never jumps. */
const FOOT_HEIGHT = 108;
/** Rows drawn beyond each edge, so that scrolling meets cards and no blank. */
export const OVERSCAN = 2;

/**
 * @param {{n: number, width: number, height: number, top: number, overscan?: number}} view
 *   cells in all; size of the window onto them; how far it is scrolled; rows drawn beyond each edge
 * @returns {Grid}
 */
export function grid_of({ n, width, height, top, overscan = OVERSCAN }) {
    const is_narrow = width < 560;
    const gap = is_narrow ? 10 : 16;
    const pad = is_narrow ? 10 : 20;
    const inner = Math.max(0, width - 2 * pad);
    const columns = Math.max(is_narrow ? 2 : 1, Math.floor((inner + gap) / ((is_narrow ? 150 : 236) + gap)));
    const cell_width = Math.max(0, (inner - (columns - 1) * gap) / columns);
    const cell_height = Math.round(cell_width * 0.75) + FOOT_HEIGHT;
    const row_height = cell_height + gap;
    const rows = Math.ceil(n / columns);
    const first_row = Math.max(0, Math.min(rows, Math.floor((top - pad) / row_height) - overscan));
    const last_row = Math.max(first_row, Math.min(rows, Math.ceil((top - pad + height) / row_height) + overscan));
    return {
        columns,
        cell_width,
        cell_height,
        gap,
        pad,
        first: Math.min(n, first_row * columns),
        last: Math.min(n, last_row * columns),
        height: rows === 0 ? 0 : 2 * pad + rows * row_height - gap,
    };
}

/** Where a cell's upper left corner lies on the sheet. @param {Grid} grid @param {number} idx */
export function position_of(grid, idx) {
    const column = idx % grid.columns;
    const row = Math.floor(idx / grid.columns);
    return { x: grid.pad + column * (grid.cell_width + grid.gap), y: grid.pad + row * (grid.cell_height + grid.gap) };
}

/**
 * How far the window must be scrolled for a cell to be seen whole: no further than needed.
 * @param {Grid} grid @param {number} idx @param {{top: number, height: number}} view
 */
export function scroll_to_show(grid, idx, { top, height }) {
    const { y } = position_of(grid, idx);
    if (y - grid.gap < top) return Math.max(0, y - grid.gap);
    return Math.max(top, y + grid.cell_height + grid.gap - height);
}

/** @param {Grid} grid @param {number} idx @param {{top: number, height: number}} view */
export function is_on_screen(grid, idx, { top, height }) {
    const { y } = position_of(grid, idx);
    return y + grid.cell_height > top && y < top + height;
}

/**
 * Which cell keeps its place when the cells are wrapped anew, and how far it lies below the window's upper edge: the one with the
 * keyboard, if it is seen, else the first that is.
 * @param {Grid} grid @param {number} current @param {{top: number, height: number}} view
 */
export function place_to_hold(grid, current, view) {
    const row = Math.max(0, Math.ceil((view.top - grid.pad) / (grid.cell_height + grid.gap)));
    const idx = is_on_screen(grid, current, view) ? current : row * grid.columns;
    return { idx, offset: position_of(grid, idx).y - view.top };
}

/**
 * Where a key leads from a cell; null for keys that lead nowhere.
 * @param {string} key @param {number} idx @param {{columns: number, rows_a_page: number, n: number}} grid
 */
export function step(key, idx, { columns, rows_a_page, n }) {
    const steps = /** @type {Record<string, number>} */ ({
        ArrowLeft: -1,
        ArrowRight: 1,
        ArrowUp: -columns,
        ArrowDown: columns,
        PageUp: -columns * rows_a_page,
        PageDown: columns * rows_a_page,
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
