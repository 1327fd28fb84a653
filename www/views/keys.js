/**
 * The keys of the page: one table for what they do and for what the help says of them. None of them is meant while somebody types or a
 * dialog is open; Enter, Space and the arrows belong to whatever button has the keyboard, unless it is a card's.
 * @import { MessageKey } from "../i18n/en.js"
 * @import { Tag } from "../core/engine_api.d.ts"
 * @import { Sheet } from "./gallery.js"
 *
 * A chord is written as `Mod+Shift+z`: Mod is Ctrl, or Cmd on a Mac. `run` says with `false` that the key was not meant.
 * @typedef {"move" | "select" | "tags" | "page"} KeyGroup
 * @typedef {{
 *   keys: readonly string[], shown?: readonly string[], group: KeyGroup, words: MessageKey,
 *   run: (event: KeyboardEvent, sheet: Sheet) => boolean | void }} Key
 */
import { actions } from "../app/actions.js";
import {
    current, dialog, is_large, is_paused, is_running, open_menu, opened, picture_of, selection, sheet as pictures, tags, threshold, total,
} from "../app/state.js";
import { focus_add_tag } from "./add_tag.js";
import { close_details, focus_card } from "./details.js";
import { leave_large } from "./large.js";
import { when_drawn } from "./mount.js";
import { t } from "./words.js";

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
    { keys: ["Escape"], group: "move", words: "key_close", run: close_innermost },
    { keys: ["Space"], group: "select", words: "key_select", run: select },
    {
        keys: [...ARROWS, ...PAGES, ...ENDS].map((key) => `Shift+${key}`),
        shown: ARROWS.map((key) => `Shift+${key}`),
        group: "select",
        words: "key_extend",
        run: move,
    },
    { keys: ["Mod+a"], group: "select", words: "key_select_all", run: () => pictures.value.length > 0 && actions.select_all() },
    { keys: ["Delete", "Backspace"], shown: ["Delete"], group: "select", words: "key_off", run: take_off },
    { keys: ["a"], group: "tags", words: "key_accept", run: accept },
    { keys: ["x"], group: "tags", words: "key_reject", run: reject },
    { keys: ["t"], group: "tags", words: "key_tag", run: add },
    { keys: ["z", "Mod+z"], group: "tags", words: "key_undo", run: () => actions.undo() },
    { keys: ["Shift+z", "Mod+Shift+z", "Mod+y"], group: "tags", words: "key_redo", run: () => actions.redo() },
    { keys: ["["], group: "page", words: "key_generous", run: () => move_threshold(-STEP) },
    { keys: ["]"], group: "page", words: "key_sure", run: () => move_threshold(STEP) },
    { keys: ["p"], group: "page", words: "key_pause", run: () => is_running.value && (is_paused.value ? actions.go_on : actions.pause)() },
    { keys: [","], group: "page", words: "key_settings", run: () => actions.show_dialog("settings") },
    { keys: ["?"], group: "page", words: "key_help", run: () => actions.show_dialog("help") },
];

const by_chord = new Map(KEYS.flatMap((key) => key.keys.map((chord) => [chord, key])));

/** @param {Window} window @param {Sheet} sheet */
export function listen_for_keys(window, sheet) {
    window.addEventListener("keydown", (event) => {
        if (event.defaultPrevented || event.isComposing || dialog.value !== null) return;
        if (types_ahead(event)) return event.preventDefault();
        const key = by_chord.get(chord_of(event) ?? "");
        if (!key || !is_meant(event)) return;
        if (key.run(event, sheet) !== false) event.preventDefault();
    });
    // Firefox presses a button when Space is let go, whatever became of its being pressed.
    window.addEventListener("keyup", (event) => {
        if (event.key === " " && is_card(event)) event.preventDefault();
    });
}

/**
 * A sign counts as what it is, however it is typed: "[" takes AltGr on a Swedish keyboard, which Windows reports as Ctrl and Alt.
 * @param {Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey">} event @returns {string | null}
 */
export function chord_of({ key, ctrlKey, metaKey, altKey, shiftKey }) {
    const is_mod = ctrlKey || metaKey;
    const is_sign = key.length === 1 && key !== " " && key.toLowerCase() === key.toUpperCase();
    if (is_sign) return is_mod && !altKey ? `Mod+${key}` : key;
    if (altKey) return null;
    const name = key === " " ? "Space" : key.length === 1 ? key.toLowerCase() : key;
    return `${is_mod ? "Mod+" : ""}${shiftKey ? "Shift+" : ""}${name}`;
}

const SIGNS = /** @type {Record<string, string>} */ ({
    ArrowLeft: "←", ArrowRight: "→", ArrowUp: "↑", ArrowDown: "↓", PageUp: "Page ↑", PageDown: "Page ↓", Escape: "Esc",
});

/** What is printed on the keys of a chord, in the language of the page. @param {string} chord */
export function caps_of(chord) {
    const is_mac = /Mac|iPhone|iPad/.test(navigator.platform);
    /** @type {Record<string, string>} */
    const names = { ...SIGNS, Mod: is_mac ? "⌘" : "Ctrl", Shift: t("cap_shift"), Space: t("cap_space") };
    return chord.split("+").map((key) => names[key] ?? (key.length === 1 ? key.toUpperCase() : key));
}

/** @param {KeyboardEvent} event */
const target_of = (event) => /** @type {Element} */ (event.target);
/** @param {KeyboardEvent} event */
const is_card = (event) => target_of(event).closest?.(".card-name") != null;
/** @param {KeyboardEvent} event */
const is_nowhere = (event) => [document.body, document.documentElement].includes(/** @type {HTMLElement} */ (target_of(event)));

const TYPING = "textarea, select, [contenteditable], input:not([type=checkbox], [type=radio], [type=range], [type=button])";

/** @param {KeyboardEvent} event */
function is_meant(event) {
    const target = target_of(event);
    if (target.closest(TYPING)) return event.key === "Escape";
    const is_moving = [...ARROWS, ...PAGES, ...ENDS].includes(event.key);
    if (is_moving) return is_nowhere(event) || target.closest(".sheet") !== null;
    if (event.key === "Enter" || event.key === " ") return is_nowhere(event) || is_card(event);
    return true;
}

/** @param {KeyboardEvent} event @param {Sheet} sheet */
function move({ key, shiftKey }, sheet) {
    return sheet.move(key, shiftKey);
}

const current_id = () => pictures.value[current.value];

/** Beside the sheet; the second time large. */
function open() {
    const id = current_id();
    if (id === undefined) return false;
    actions.open_picture(id, { is_large: opened.value === id });
}

function select() {
    const id = current_id();
    if (id === undefined) return false;
    actions.toggle_selected(id);
}

/** @param {KeyboardEvent} event */
function close_innermost(event) {
    const target = /** @type {HTMLElement} */ (event.target);
    if (open_menu.value !== null) {
        // Found before it says that it is closed.
        const button = /** @type {HTMLElement | null} */ (document.querySelector('[aria-expanded="true"]:not(input)'));
        actions.show_menu(null);
        button?.focus();
    } else if (target.closest(TYPING)) {
        target.blur();
        focus_card();
    } else if (is_large.value) leave_large();
    else if (opened.value !== null) close_details();
    else if (selection.value.size > 0) actions.select_none();
    else return false;
}

/** @param {KeyboardEvent} _ @param {Sheet} sheet */
function take_off(_, sheet) {
    const ids = actions.targets();
    if (ids.length === 0) return false;
    actions.remove_pictures(ids);
    sheet.focus();
}

/**
 * The tag whose button has the keyboard, on the picture that it is shown with.
 * @param {KeyboardEvent} event @returns {{tag: Tag, ids: number[]} | null}
 */
function tag_at(event) {
    const chip = /** @type {HTMLElement | null} */ (target_of(event).closest(".card [data-tag]"));
    const id = Number(/** @type {HTMLElement | null} */ (chip?.closest(".card"))?.dataset["id"]);
    const tag = tags.value.get(id)?.find((one) => one.id === chip?.dataset["tag"]);
    return tag ? { tag, ids: [id] } : null;
}

/** @param {KeyboardEvent} event @param {Sheet} sheet */
function accept(event, sheet) {
    const at = tag_at(event);
    if (!at) return void actions.accept_best();
    sheet.focus(); // the button will be gone
    actions.accept_tag(at.tag, at.ids);
}

/** @param {KeyboardEvent} event @param {Sheet} sheet */
function reject(event, sheet) {
    const at = tag_at(event);
    if (!at) return void actions.reject_last();
    sheet.focus();
    actions.reject_tag(at.tag, at.ids);
}

/** What is typed while the field for tags is still to be drawn. @type {string | null} */
let typed_ahead = null;

/** The field is drawn with the picture that is opened for it. */
function add() {
    const id = current_id();
    if (opened.value !== null || selection.value.size > 0) return focus_add_tag();
    if (id === undefined || picture_of(id)?.state !== "done") return false;
    actions.open_picture(id);
    typed_ahead = "";
    const begin = () => {
        focus_add_tag(typed_ahead ?? "");
        typed_ahead = null;
    };
    when_drawn(begin);
}

/** @param {KeyboardEvent} event */
function types_ahead({ key, ctrlKey, metaKey }) {
    if (typed_ahead === null || ctrlKey || metaKey || key.length > 1) return false;
    typed_ahead += key;
    return true;
}

/** @param {number} by */
function move_threshold(by) {
    if (total.value === 0) return false;
    actions.set_threshold(threshold.value + by);
}
