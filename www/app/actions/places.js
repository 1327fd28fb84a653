/**
 * Where people are, as far as it matters without pictures too: which dialog and which menu is open; and which picture is, for whoever
 * takes pictures away.
 * @import { Dialog, Menu } from "../state.js"
 */
import { batch } from "../../vendor/signals.js";
import * as state from "../state.js";

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

export function closePicture() {
    batch(() => {
        showPicture(null);
        state.isLarge.value = false;
    });
}

/** What was said of the picture before does not hold for this one. @param {number | null} id */
export function showPicture(id) {
    if (id === state.opened.value) return;
    state.opened.value = id;
    state.explanation.value = null;
    state.completions.value = [];
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
        if (dialog !== null) state.said.value = []; // a dialog says nothing again that was said before it
    });
}

/** Goes where a notice leads; what it says has been read then. */
export function followNotice() {
    const { text, action } = state.notice.value;
    if (!action) return;
    batch(() => {
        state.notice.value = { text, isShown: false };
        showDialog(action.dialog);
    });
}

/** @param {boolean} isDragging */
export function setDragging(isDragging) {
    state.isDragging.value = isDragging;
}
