/**
 * Where people are: what is selected, which picture is open, which dialog, how far the grid is scrolled.
 * @import { Dialog, Menu, Viewport } from "../state.js"
 */
import { batch } from "../../vendor/signals.js";
import * as state from "../state.js";

/**
 * Where a row of selected pictures began, and what had been selected before; null when it begins where the keyboard is.
 * @type {{id: number, selected: ReadonlySet<number>} | null}
 */
let row = null;

/** @param {number} idx a place in the grid; beyond the ends means the end */
export function setCurrent(idx) {
    row = null;
    batch(() => {
        state.current.value = Math.max(0, Math.min(idx, state.gridIds.value.length - 1));
        if (state.opened.value !== null) showPicture(state.gridIds.value[state.current.value] ?? null);
    });
}

/** After pictures have gone: nothing points at one of them. */
export function keepCurrent() {
    batch(() => {
        const { opened, selection } = state;
        selection.value = new Set([...selection.value].filter((id) => state.pictures.has(id)));
        state.current.value = Math.max(0, Math.min(state.current.value, state.gridIds.value.length - 1));
        if (opened.value === null || state.pictures.has(opened.value)) return;
        const next = state.gridIds.value[state.current.value];
        if (state.isLarge.value && next !== undefined)
            showPicture(next); // sorting out goes on with the next one
        else closePicture();
    });
}

/** @param {number} id @param {{isLarge?: boolean}} [how] */
export function openPicture(id, { isLarge = state.isLarge.value } = {}) {
    batch(() => {
        row = null;
        showPicture(id);
        state.isLarge.value = isLarge;
        const idx = state.gridIds.value.indexOf(id);
        if (idx >= 0) state.current.value = idx;
    });
}

export function closePicture() {
    batch(() => {
        showPicture(null);
        state.isLarge.value = false;
    });
}

/** What was said of the picture before does not hold for this one. @param {number | null} id */
function showPicture(id) {
    if (id === state.opened.value) return;
    state.opened.value = id;
    state.explanation.value = null;
    state.completions.value = [];
}

/** @param {boolean} isLarge */
export function setLarge(isLarge) {
    state.isLarge.value = isLarge;
}

/** Selects or leaves one picture, and has the keyboard there. @param {number} id */
export function toggleSelected(id) {
    const next = new Set(state.selection.value);
    if (!next.delete(id)) next.add(id);
    row = { id, selected: next };
    batch(() => {
        state.selection.value = next;
        state.current.value = Math.max(0, state.gridIds.value.indexOf(id));
    });
}

/** Selects everything from where the row began up to here, and nothing else of it. @param {number} id */
export function selectTo(id) {
    const { gridIds, current, selection } = state;
    const to = gridIds.value.indexOf(id);
    if (to < 0) return;
    row ??= { id: gridIds.value[current.value] ?? id, selected: selection.value };
    const from = Math.max(0, gridIds.value.indexOf(row.id));
    const between = gridIds.value.slice(Math.min(from, to), Math.max(from, to) + 1);
    const { selected } = row;
    batch(() => {
        selection.value = new Set([...selected, ...between]);
        current.value = to;
    });
}

/** All in the grid, besides what is selected and the filter does not show. */
export function selectAll() {
    row = null;
    state.selection.value = new Set([...state.selection.value, ...state.gridIds.value]);
}

/** Of the selection, only what is in the grid. */
export function selectShown() {
    row = null;
    state.selection.value = new Set(state.gridIds.value.filter((id) => state.selection.value.has(id)));
}

export function selectNone() {
    row = null;
    state.selection.value = new Set();
}

/** @param {Viewport} viewport */
export function setViewport(viewport) {
    state.viewport.value = viewport;
}

/** @param {Menu | null} menu */
export function showMenu(menu) {
    state.openMenu.value = menu;
}

/** @param {Dialog | null} dialog */
export function showDialog(dialog) {
    batch(() => {
        state.dialog.value = dialog;
        state.openMenu.value = null;
    });
}

/** A dialog that could not be fetched is not open. @param {unknown} error */
export function chunkMissing(error) {
    showDialog(null);
    state.problem.value = { code: "part_unreachable", detail: String(error) };
}

/** @param {boolean} isDragging */
export function setDragging(isDragging) {
    state.isDragging.value = isDragging;
}
