/**
 * Where people are: what is selected, which picture is open, which dialog, how far the sheet is scrolled.
 * @import { Dialog, Menu, Viewport } from "../state.js"
 */
import { batch } from "../../vendor/signals.js";
import * as state from "../state.js";

/**
 * Where a row of selected pictures began, and what had been selected before; null when it begins where the keyboard is.
 * @type {{id: number, selected: ReadonlySet<number>} | null}
 */
let row = null;

/** @param {number} idx a place on the sheet; beyond the ends means the end */
export function go_to(idx) {
    row = null;
    batch(() => {
        state.current.value = Math.max(0, Math.min(idx, state.sheet.value.length - 1));
        if (state.opened.value !== null) look_at(state.sheet.value[state.current.value] ?? null);
    });
}

/** After pictures have gone: nothing points at one of them. */
export function keep_place() {
    batch(() => {
        const { opened, selection } = state;
        selection.value = new Set([...selection.value].filter((id) => state.pictures.has(id)));
        state.current.value = Math.max(0, Math.min(state.current.value, state.sheet.value.length - 1));
        if (opened.value === null || state.pictures.has(opened.value)) return;
        const next = state.sheet.value[state.current.value];
        if (state.is_large.value && next !== undefined) look_at(next); // sorting out goes on with the next one
        else close_picture();
    });
}

/** @param {number} id @param {{is_large?: boolean}} [how] */
export function open_picture(id, { is_large = state.is_large.value } = {}) {
    batch(() => {
        row = null;
        look_at(id);
        state.is_large.value = is_large;
        const idx = state.sheet.value.indexOf(id);
        if (idx >= 0) state.current.value = idx;
    });
}

export function close_picture() {
    batch(() => {
        look_at(null);
        state.is_large.value = false;
    });
}

/** What was said of the picture before does not hold for this one. @param {number | null} id */
function look_at(id) {
    if (id === state.opened.value) return;
    state.opened.value = id;
    state.explanation.value = null;
    state.completions.value = [];
}

/** @param {boolean} is_large */
export function set_large(is_large) {
    state.is_large.value = is_large;
}

/** Selects or leaves one picture, and has the keyboard there. @param {number} id */
export function toggle_selected(id) {
    const next = new Set(state.selection.value);
    if (!next.delete(id)) next.add(id);
    row = { id, selected: next };
    batch(() => {
        state.selection.value = next;
        state.current.value = Math.max(0, state.sheet.value.indexOf(id));
    });
}

/** Selects everything from where the row began up to here, and nothing else of it. @param {number} id */
export function select_to(id) {
    const { sheet, current, selection } = state;
    const to = sheet.value.indexOf(id);
    if (to < 0) return;
    row ??= { id: sheet.value[current.value] ?? id, selected: selection.value };
    const from = Math.max(0, sheet.value.indexOf(row.id));
    const between = sheet.value.slice(Math.min(from, to), Math.max(from, to) + 1);
    const { selected } = row;
    batch(() => {
        selection.value = new Set([...selected, ...between]);
        current.value = to;
    });
}

export function select_all() {
    row = null;
    state.selection.value = new Set(state.sheet.value);
}

export function select_none() {
    row = null;
    state.selection.value = new Set();
}

/** @param {Viewport} viewport */
export function set_viewport(viewport) {
    state.viewport.value = viewport;
}

/** @param {Menu | null} menu */
export function show_menu(menu) {
    state.open_menu.value = menu;
}

/** @param {Dialog | null} dialog */
export function show_dialog(dialog) {
    batch(() => {
        state.dialog.value = dialog;
        state.open_menu.value = null;
    });
}

/** A dialog that could not be fetched is not open. @param {unknown} error */
export function part_missing(error) {
    show_dialog(null);
    state.problem.value = { code: "part_unreachable", detail: String(error) };
}

/** @param {boolean} is_dragging */
export function set_dragging(is_dragging) {
    state.is_dragging.value = is_dragging;
}
