/**
 * Where people are among the pictures: what is selected, which is open, how far the grid is scrolled.
 * @import { Viewport } from "../state.js"
 */
import { batch } from "../../vendor/signals.js";
import * as state from "../state.js";
import { showPicture } from "./places.js";

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

/** A row of selected pictures begins here, besides what is selected already. @param {number} id */
export function selectFrom(id) {
    row = { id, selected: state.selection.value };
    selectTo(id);
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

/** These pictures, and no other. @param {Iterable<number>} ids */
export function select(ids) {
    row = null;
    state.selection.value = new Set(ids);
}

export const selectNone = () => select([]);

/** Who jumps from here to there, and within this time again, looks at nothing on the way. */
const RESTED_MS = 100;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let restTimer;

/** @param {Viewport} viewport */
export function setViewport(viewport) {
    const { top, height } = state.viewport.value;
    batch(() => {
        if (Math.abs(viewport.top - top) > height / 2) jumped();
        state.viewport.value = viewport;
    });
}

function jumped() {
    state.isFlying.value = restTimer !== undefined;
    clearTimeout(restTimer);
    restTimer = setTimeout(() => {
        restTimer = undefined;
        state.isFlying.value = false;
    }, RESTED_MS);
}
