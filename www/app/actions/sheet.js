/**
 * Where people are: what is selected, which picture is open, which dialog, how far the sheet is scrolled.
 * @import { Dialog, Menu, Viewport } from "../state.js"
 */
import { batch } from "../../vendor/view.js";
import * as state from "../state.js";

/** Where a row of selected pictures began. */
let anchor = 0;

/** @param {number} idx a place on the sheet; beyond the ends means the end */
export function go_to(idx) {
    batch(() => {
        state.current.value = Math.max(0, Math.min(idx, state.sheet.value.length - 1));
        if (state.opened.value !== null) state.opened.value = state.sheet.value[state.current.value] ?? null;
    });
}

/** After pictures have gone: nothing points at one of them. */
export function keep_place() {
    batch(() => {
        const { opened, selection } = state;
        if (opened.value !== null && !state.pictures.has(opened.value)) close_picture();
        selection.value = new Set([...selection.value].filter((id) => state.pictures.has(id)));
        state.current.value = Math.max(0, Math.min(state.current.value, state.sheet.value.length - 1));
    });
}

/** @param {number} id @param {{is_large?: boolean}} [how] */
export function open_picture(id, { is_large = state.is_large.value } = {}) {
    batch(() => {
        state.opened.value = id;
        state.is_large.value = is_large;
        state.completions.value = [];
        const idx = state.sheet.value.indexOf(id);
        if (idx >= 0) state.current.value = idx;
    });
}

export function close_picture() {
    batch(() => {
        state.opened.value = null;
        state.is_large.value = false;
    });
}

/** @param {boolean} is_large */
export function set_large(is_large) {
    state.is_large.value = is_large;
}

/** Selects or leaves one picture. @param {number} id */
export function toggle_selected(id) {
    const next = new Set(state.selection.value);
    if (!next.delete(id)) next.add(id);
    anchor = Math.max(0, state.sheet.value.indexOf(id));
    state.selection.value = next;
}

/** Selects everything from where the last selection began. @param {number} id */
export function select_to(id) {
    const idx = state.sheet.value.indexOf(id);
    const [first, last] = anchor < idx ? [anchor, idx] : [idx, anchor];
    state.selection.value = new Set([...state.selection.value, ...state.sheet.value.slice(first, last + 1)]);
}

export function select_all() {
    state.selection.value = new Set(state.sheet.value);
}

export function select_none() {
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

/** @param {boolean} is_dragging */
export function set_dragging(is_dragging) {
    state.is_dragging.value = is_dragging;
}
