/** The sheet: only the cards on screen, and some rows around, are in the document, whether there are ten or ten thousand. */
import { actions } from "../app/actions.js";
import { current, filter, is_large, opened, picture_of, selection, sheet, tags, total, viewport } from "../app/state.js";
import { computed, html, nothing, repeat, signal } from "../vendor/view.js";
import { card } from "./card.js";
import { mount, when_drawn } from "./mount.js";
import { filter_words } from "./rail.js";
import { OVERSCAN, grid_of, is_on_screen, place_to_hold, position_of, scroll_to_show, step } from "./windowing.js";
import { t } from "./words.js";

/** Two clicks within this time and distance are one on the same picture, whatever has moved under the pointer meanwhile. */
const DOUBLE_MS = 400;
const DOUBLE_PX = 6;

/** @typedef {{move: (key: string, is_extending: boolean) => boolean, focus: () => void}} Sheet what keys do with it */

/** @type {import("./windowing.js").Grid} */
let last_grid;

/** The picture under the mouse. @type {import("../vendor/view.js").Signal<number | null>} */
const pointed = signal(null);
/** The rows beyond the edges come after the first cards, so that no frame has both. */
const is_begun = signal(false);

/** The same object as long as nothing on screen changes, so that scrolling within a row draws nothing. */
const grid = computed(() => {
    const next = grid_of({ n: sheet.value.length, ...viewport.value, overscan: is_begun.value ? OVERSCAN : 0 });
    const is_same = last_grid && Object.entries(next).every(([key, value]) => last_grid[/** @type {keyof typeof next} */ (key)] === value);
    if (!is_same) last_grid = next;
    return last_grid;
});

/** @param {HTMLElement} root the element that scrolls @returns {Sheet} */
export function mount_gallery(root) {
    let is_focus_wanted = false;
    let watched = "";
    /** Where the sheet is to be scrolled to as soon as it has its new height. @type {number | null} */
    let wanted_top = null;
    let seen = { current: 0, filter: filter.value };

    /** Where the cards are wrapped anew, the one that people look at stays where it is. */
    const measure = () => {
        const { clientWidth: width, clientHeight: height } = root;
        const { width: before, top: top_before } = viewport.value;
        const held = before > 0 && width !== before ? place_to_hold(grid.value, current.value, viewport.value) : null;
        actions.set_viewport({ width, height, top: wanted_top ?? root.scrollTop });
        if (!held) return;
        const moved = top_before === 0 && held.idx < grid.value.columns ? 0 : position_of(grid.value, held.idx).y - held.offset;
        wanted_top = Math.max(0, Math.min(moved, grid.value.height - height));
        actions.set_viewport({ width, height, top: wanted_top });
    };
    new ResizeObserver(measure).observe(root);
    root.addEventListener("scroll", measure, { passive: true });

    /** @param {number} top */
    const scroll_to = (top) => {
        root.scrollTop = top;
        measure();
    };

    /** The card may be drawn only in the next frame; then this is called again. */
    function focus_current() {
        const target = /** @type {HTMLElement | null} */ (root.querySelector('.card-name[tabindex="0"]'));
        if (!is_focus_wanted || Number(target?.closest("li")?.dataset["idx"]) !== current.value) return;
        is_focus_wanted = false;
        target?.focus({ preventScroll: true });
    }

    function focus() {
        is_focus_wanted = !is_large.value;
        focus_current();
    }

    /** What brought somebody elsewhere (a filter, the large view) has not scrolled the sheet. */
    function follow() {
        const before = seen;
        seen = { current: current.value, filter: filter.value };
        if (before.filter !== filter.value) return scroll_to(0);
        if (before.current === current.value || is_on_screen(grid.value, current.value, viewport.value)) return;
        scroll_to(scroll_to_show(grid.value, current.value, viewport.value));
    }

    listen_to_pointer(root);
    root.addEventListener("focusin", (event) => {
        const idx = /** @type {HTMLElement | null} */ (/** @type {Element} */ (event.target).closest(".card"))?.dataset["idx"];
        if (idx !== undefined && Number(idx) !== current.value) actions.go_to(Number(idx));
    });

    mount(root, gallery, () => {
        if (wanted_top !== null) {
            root.scrollTop = wanted_top;
            wanted_top = null;
        }
        follow();
        focus_current();
        if (is_begun.value !== grid.value.last > 0) when_drawn(() => void (is_begun.value = grid.value.last > 0));
        const ids = shown_idxs().map((idx) => sheet.value[idx] ?? 0);
        if (opened.value !== null && !ids.includes(opened.value)) ids.push(opened.value);
        const wanted = `${ids.join()} ${opened.value}`;
        if (wanted === watched) return;
        watched = wanted;
        actions.watch_tags(ids, opened.value);
    });

    return {
        move(key, is_extending) {
            const n = sheet.value.length;
            const { columns, cell_height } = grid.value;
            const rows_a_page = Math.max(1, Math.floor(root.clientHeight / cell_height));
            // Somebody who comes from elsewhere first lands where the keyboard was.
            const is_there = opened.value !== null || selection.value.size > 0 || root.contains(document.activeElement);
            const next = n === 0 ? null : step(key, current.value, { columns, rows_a_page, n });
            if (next === null) return false;
            if (is_extending) actions.select_to(sheet.value[next] ?? 0);
            else if (is_there || key === "Home" || key === "End") actions.go_to(next);
            scroll_to(scroll_to_show(grid.value, current.value, { top: root.scrollTop, height: root.clientHeight }));
            focus();
            return true;
        },
        focus,
    };
}

/** Clicks on cards: a plain one opens, a second one opens large, with Shift or Ctrl they select. @param {HTMLElement} root */
function listen_to_pointer(root) {
    let first = { id: 0, at: -Infinity, x: 0, y: 0 };

    // To press a button is to have the keyboard there, and where that is a row begins: not when it ends here, nor for a mere tick.
    root.addEventListener("mousedown", (event) => {
        const target = /** @type {Element} */ (event.target);
        const is_selecting = event.shiftKey || event.ctrlKey || event.metaKey;
        if (target.closest(".card-check") || (is_selecting && target.closest(".card"))) event.preventDefault();
    });

    root.addEventListener("pointerover", (event) => {
        const card = /** @type {HTMLElement | null} */ (/** @type {Element} */ (event.target).closest(".card"));
        if (event.pointerType !== "touch") pointed.value = card ? Number(card.dataset["id"]) : null;
    });
    root.addEventListener("pointerleave", () => void (pointed.value = null));

    root.addEventListener("click", (event) => {
        const target = /** @type {Element} */ (event.target);
        const card = /** @type {HTMLElement | null} */ (target.closest(".card"));
        if (!card || target.closest("button:not(.card-name)")) return;
        const id = Number(card.dataset["id"]);
        const is_check = target.closest(".card-check") !== null;
        if (is_check) event.preventDefault(); // it shows what is selected, and nothing else
        if (event.shiftKey) actions.select_to(id);
        else if (is_check || event.ctrlKey || event.metaKey) actions.toggle_selected(id);
        else {
            first = { id: event.detail > 0 ? id : 0, at: event.timeStamp, x: event.clientX, y: event.clientY };
            actions.open_picture(id);
        }
        const button = /** @type {HTMLElement | null} */ (card.querySelector(is_check ? ".card-check" : ".card-name"));
        button?.focus({ preventScroll: true });
    });

    // The first click opens the details, and the cards make room: the second of a double click may hit anything.
    window.addEventListener(
        "click",
        (event) => {
            const { id, at, x, y } = first;
            first = { ...first, at: -Infinity };
            const is_near = Math.hypot(event.clientX - x, event.clientY - y) < DOUBLE_PX && event.timeStamp - at < DOUBLE_MS;
            if (event.detail === 0 || !is_near || !picture_of(id)) return;
            event.preventDefault();
            event.stopPropagation();
            actions.open_picture(id, { is_large: true });
        },
        { capture: true },
    );
}

/** The cells on screen, and the current one wherever it is: what has the keyboard must not vanish. */
function shown_idxs() {
    const { first, last } = grid.value;
    const idxs = Array.from({ length: last - first }, (_, offset) => first + offset);
    const idx = current.value;
    if (idx < sheet.value.length && idx < first) idxs.unshift(idx);
    if (idx < sheet.value.length && idx >= last) idxs.push(idx);
    return idxs;
}

function gallery() {
    const n = sheet.value.length;
    if (n === 0) return total.value > 0 && filter.value !== null ? nothing_found() : html`${nothing}`;
    return html`<ul
        class="gallery ${selection.value.size > 0 ? "has-selection" : ""}"
        aria-label=${t("gallery")}
        .style=${`height:${grid.value.height}px`}
    >
        ${repeat(shown_idxs(), (idx) => sheet.value[idx], (idx) => cell(idx, n))}
    </ul>`;
}

const nothing_found = () => html`<div class="gallery-none">
    <p>${t("filter_empty", { name: filter_words() })}</p>
    <button class="button" type="button" data-do="show-all" @click=${() => actions.set_filter(null)}>${t("show_all")}</button>
</div>`;

/** @param {number} idx @param {number} n */
function cell(idx, n) {
    const id = sheet.value[idx] ?? 0;
    const picture = picture_of(id);
    if (!picture) return nothing;
    const { value: shown } = grid;
    const how = { is_current: idx === current.value, is_pointed: id === pointed.value, is_opened: id === opened.value, is_selected: selection.value.has(id) };
    return card(picture, tags.value.get(id), { idx, n, ...how, grid: shown, ...position_of(shown, idx) });
}
