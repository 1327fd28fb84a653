/**
 * The keys of the page: one table for what they do and for what the help says of them. None of them is meant while somebody types or a
 * dialog is open; Enter, Space and the arrows belong to whatever button has the keyboard, unless it is a card's.
 * @import { MessageKey } from "../i18n/en.js"
 * @import { Tag } from "../core/engine_api.d.ts"
 * @import { GridHandle } from "./grid.js"
 *
 * A chord is written as `Mod+Shift+z`: Mod is Ctrl, or Cmd on a Mac. `run` says with `false` that the key was not meant.
 * @typedef {"move" | "select" | "tags" | "page"} KeyGroup
 * @typedef {{
 *   keys: readonly string[], shown?: readonly string[], group: KeyGroup, words: MessageKey,
 *   run: (event: KeyboardEvent, grid: GridHandle) => boolean | void }} Key
 */
import { actions } from "../app/work_actions.js";
import {
    current,
    dialog,
    isBusy,
    isPaused,
    openMenu,
    opened,
    pictureOf,
    selection,
    gridIds as pictures,
    tags,
    threshold,
    total,
} from "../app/state.js";
import { focusAddTag } from "./add_tag.js";
import { focusGrid } from "./grid_focus.js";
import { closeInnermost } from "./layers.js";
import { whenDrawn } from "./mount.js";
import { focusSearch } from "./sidebar.js";
import { t } from "./text.js";

/** How far a key moves the threshold. */
const STEP = 0.02;
const ARROWS = ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"];
const PAGES = ["PageUp", "PageDown"];
const ENDS = ["Home", "End"];

/** @type {readonly Key[]} */
export const KEYS = [
    { keys: ARROWS, group: "move", words: "key_move", run: move },
    { keys: ENDS, group: "move", words: "key_ends", run: move },
    { keys: PAGES, group: "move", words: "key_pages", run: move },
    { keys: ["Enter"], group: "move", words: "key_open", run: open },
    { keys: ["Escape"], group: "move", words: "key_close", run: close },
    { keys: ["Space"], group: "select", words: "key_select", run: select },
    {
        keys: [...ARROWS, ...PAGES, ...ENDS].map((key) => `Shift+${key}`),
        shown: ARROWS.map((key) => `Shift+${key}`),
        group: "select",
        words: "key_extend",
        run: move,
    },
    {
        keys: ["Mod+a"],
        group: "select",
        words: "key_select_all",
        run: () => pictures.value.length > 0 && actions.selectAll(),
    },
    { keys: ["Delete", "Backspace"], shown: ["Delete"], group: "select", words: "key_off", run: removeFromGrid },
    { keys: ["a"], group: "tags", words: "key_accept", run: accept },
    { keys: ["x"], group: "tags", words: "key_reject", run: reject },
    { keys: ["Shift+x"], group: "tags", words: "key_reject_branch", run: rejectBranch },
    { keys: ["r"], group: "tags", words: "key_review", run: review },
    { keys: ["t"], group: "tags", words: "key_tag", run: add },
    { keys: ["z", "Mod+z"], group: "tags", words: "key_undo", run: () => actions.undo() },
    { keys: ["Shift+z", "Mod+Shift+z", "Mod+y"], group: "tags", words: "key_redo", run: () => actions.redo() },
    {
        keys: ["f", "/", "Mod+f"],
        shown: ["f"],
        group: "page",
        words: "key_search",
        run: () => total.value > 0 && focusSearch(),
    },
    { keys: ["+", "="], shown: ["+"], group: "page", words: "larger_pictures", run: () => resizeCards(1) },
    { keys: ["-"], group: "page", words: "smaller_pictures", run: () => resizeCards(-1) },
    { keys: ["e"], group: "page", words: "key_export", run: openExports },
    { keys: ["["], group: "page", words: "key_generous", run: () => moveThreshold(-STEP) },
    { keys: ["]"], group: "page", words: "key_sure", run: () => moveThreshold(STEP) },
    {
        keys: ["p"],
        group: "page",
        words: "key_pause",
        run: () => isBusy.value && (isPaused.value ? actions.resume : actions.pause)(),
    },
    { keys: [","], group: "page", words: "key_settings", run: () => actions.showDialog("settings") },
    { keys: ["?"], group: "page", words: "key_help", run: () => actions.showDialog("help") },
];

const byChord = new Map(KEYS.flatMap((key) => key.keys.map((chord) => [chord, key])));

/** @param {Window} window @param {GridHandle} grid */
export function listenForKeys(window, grid) {
    window.addEventListener("keydown", (event) => {
        if (event.defaultPrevented || event.isComposing || dialog.value !== null) return;
        if (typesAhead(event)) return event.preventDefault();
        const key = byChord.get(chordOf(event) ?? "");
        if (!key || !isMeant(event)) return;
        if (key.run(event, grid) !== false) event.preventDefault();
    });
    // Firefox presses a button when Space is let go, whatever became of its being pressed.
    window.addEventListener("keyup", (event) => {
        if (event.key === " " && isCard(event)) event.preventDefault();
    });
}

/**
 * A sign counts as what it is, however it is typed: "[" takes AltGr on a Swedish keyboard, which Windows reports as Ctrl and Alt.
 * @param {Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey">} event @returns {string | null}
 */
export function chordOf({ key, ctrlKey, metaKey, altKey, shiftKey }) {
    const isMod = ctrlKey || metaKey;
    const isSign = key.length === 1 && key !== " " && key.toLowerCase() === key.toUpperCase();
    if (isSign) return isMod && !altKey ? `Mod+${key}` : key;
    if (altKey) return null;
    const name = key === " " ? "Space" : key.length === 1 ? key.toLowerCase() : key;
    return `${isMod ? "Mod+" : ""}${shiftKey ? "Shift+" : ""}${name}`;
}

const SIGNS = /** @type {Record<string, string>} */ ({
    ArrowLeft: "←",
    ArrowRight: "→",
    ArrowUp: "↑",
    ArrowDown: "↓",
    PageUp: "Page ↑",
    PageDown: "Page ↓",
    Escape: "Esc",
});

/** What is printed on the keys of a chord, in the language of the page. @param {string} chord */
export function capsOf(chord) {
    const isMac = /Mac|iPhone|iPad/.test(navigator.platform);
    /** @type {Record<string, string>} */
    const names = { ...SIGNS, Mod: isMac ? "⌘" : "Ctrl", Shift: t("cap_shift"), Space: t("cap_space") };
    return chord.split(/(?<=\w)\+/).map((key) => names[key] ?? (key.length === 1 ? key.toUpperCase() : key));
}

/** @param {KeyboardEvent} event */
const targetOf = (event) => /** @type {Element} */ (event.target);
/** @param {KeyboardEvent} event */
const isCard = (event) => targetOf(event).closest?.(".card-name") != null;
/** @param {KeyboardEvent} event */
const isNowhere = (event) =>
    [document.body, document.documentElement].includes(/** @type {HTMLElement} */ (targetOf(event)));

const TYPING =
    "textarea, select, [contenteditable], input:not([type=checkbox], [type=radio], [type=range], [type=button])";

/** @param {KeyboardEvent} event */
function isMeant(event) {
    const target = targetOf(event);
    if (target.closest(TYPING)) return event.key === "Escape";
    const isMoving = [...ARROWS, ...PAGES, ...ENDS].includes(event.key);
    if (isMoving) return isNowhere(event) || target.closest(".grid") !== null;
    if (event.key === "Enter" || event.key === " ") return isNowhere(event) || isCard(event);
    return true;
}

/** @param {KeyboardEvent} event @param {GridHandle} grid */
function move({ key, shiftKey }, grid) {
    return grid.move(key, shiftKey);
}

const currentId = () => pictures.value[current.value];

/** Beside the grid; the second time large. */
function open() {
    const id = currentId();
    if (id === undefined) return false;
    actions.openPicture(id, { isLarge: opened.value === id });
}

function select() {
    const id = currentId();
    if (id === undefined) return false;
    actions.toggleSelected(id);
}

/** A field is left before what it is in is closed. @param {KeyboardEvent} event */
function close(event) {
    const target = targetOf(event);
    if (openMenu.value !== null || !target.closest(TYPING)) return closeInnermost();
    focusGrid();
}

/** @param {KeyboardEvent} _ @param {GridHandle} grid */
function removeFromGrid(_, grid) {
    const ids = actions.targetIds();
    if (ids.length === 0) return false;
    actions.removePictures(ids);
    grid.focus();
}

/**
 * The tag whose button has the keyboard, on the picture that it is shown with.
 * @param {KeyboardEvent} event @returns {{tag: Tag, ids: number[]} | null}
 */
function tagAt(event) {
    const chip = /** @type {HTMLElement | null} */ (targetOf(event).closest(".card [data-tag]"));
    const id = Number(/** @type {HTMLElement | null} */ (chip?.closest(".card"))?.dataset["id"]);
    const tag = tags.value.get(id)?.find((one) => one.id === chip?.dataset["tag"]);
    return tag ? { tag, ids: [id] } : null;
}

/** @param {KeyboardEvent} event @param {GridHandle} grid */
function accept(event, grid) {
    const at = tagAt(event);
    if (!at) return void actions.acceptBest();
    grid.focus(); // the button will be gone
    actions.acceptTag(at.tag, at.ids);
}

/** @param {KeyboardEvent} event @param {GridHandle} grid */
function reject(event, grid) {
    const at = tagAt(event);
    if (!at) return void actions.rejectLast();
    grid.focus();
    actions.rejectTag(at.tag, at.ids);
}

/** @param {KeyboardEvent} event @param {GridHandle} grid */
function rejectBranch(event, grid) {
    const at = tagAt(event);
    if (!at) return void actions.rejectLastBranch();
    grid.focus();
    for (const id of at.ids) actions.rejectBranch(at.tag, id);
}

/** @param {KeyboardEvent} _ @param {GridHandle} grid */
function review(_, grid) {
    const ids = actions.targetIds();
    if (ids.length === 0) return false;
    // The keyboard follows to the next picture.
    void actions.review(ids)?.then(() => opened.value === null && grid.focus());
}

/** What is typed while the field for tags is still to be drawn. @type {string | null} */
let typedAhead = null;

/** The field is drawn with the picture that is opened for it. */
function add() {
    const id = currentId();
    if (opened.value !== null || selection.value.size > 0) return focusAddTag();
    if (id === undefined || !pictureOf(id)) return false;
    actions.openPicture(id);
    typedAhead = "";
    const begin = () => {
        focusAddTag(typedAhead ?? "");
        typedAhead = null;
    };
    whenDrawn(begin);
}

/** @param {KeyboardEvent} event */
function typesAhead({ key, ctrlKey, metaKey }) {
    if (typedAhead === null || ctrlKey || metaKey || key.length > 1) return false;
    typedAhead += key;
    return true;
}

/** @param {1 | -1} by */
function resizeCards(by) {
    if (total.value === 0) return false;
    actions.resizeCards(by);
}

/** The menu of the top bar: its items are chosen by arrows and Enter. */
function openExports() {
    const button = /** @type {HTMLButtonElement | null} */ (document.querySelector('[data-do="export"]'));
    if (!button || button.disabled) return false;
    button.click();
}

/** @param {number} by */
function moveThreshold(by) {
    if (total.value === 0) return false;
    actions.setThreshold(threshold.value + by);
}
