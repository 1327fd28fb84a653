/** The sheet: only the cards on screen, and some rows around, are in the document, whether there are ten or ten thousand. */
import { go_to, set_viewport, watch_tags } from "../app/actions.js";
import { current, opened, picture_of, sheet, tags, viewport } from "../app/state.js";
import { computed, html, nothing, repeat } from "../vendor/view.js";
import { card } from "./card.js";
import { mount } from "./mount.js";
import { grid_of, position_of, scroll_to_show, step } from "./windowing.js";
import { t } from "./words.js";

/** @type {import("./windowing.js").Grid} */
let last_grid;

/** The same object as long as nothing on screen changes, so that scrolling within a row draws nothing. */
const grid = computed(() => {
    const next = grid_of({ n: sheet.value.length, ...viewport.value });
    const is_same = last_grid && Object.entries(next).every(([key, value]) => last_grid[/** @type {keyof typeof next} */ (key)] === value);
    if (!is_same) last_grid = next;
    return last_grid;
});

/** @param {HTMLElement} root the element that scrolls */
export function mount_gallery(root) {
    let is_focus_wanted = false;
    let watched = "";

    const measure = () => set_viewport({ width: root.clientWidth, height: root.clientHeight, top: root.scrollTop });
    new ResizeObserver(measure).observe(root);
    root.addEventListener("scroll", measure, { passive: true });

    root.addEventListener("keydown", (event) => {
        const is_on_card = /** @type {Element} */ (event.target).closest(".card-name");
        if (!is_on_card || event.ctrlKey || event.metaKey || event.altKey) return;
        const { columns, cell_height } = grid.value;
        const rows_a_page = Math.max(1, Math.floor(root.clientHeight / cell_height));
        const next = step(event.key, current.value, { columns, rows_a_page, n: sheet.value.length });
        if (next === null) return;
        event.preventDefault();
        go_to(next);
        root.scrollTop = scroll_to_show(grid.value, next, { top: root.scrollTop, height: root.clientHeight });
        measure();
        is_focus_wanted = true;
        focus_current();
    });

    root.addEventListener("focusin", (event) => {
        const idx = /** @type {HTMLElement} */ (event.target).dataset?.["idx"];
        if (idx !== undefined && Number(idx) !== current.value) go_to(Number(idx));
    });

    /** The card may be drawn only in the next frame; then this is called again. */
    function focus_current() {
        const target = /** @type {HTMLElement | null} */ (root.querySelector(`.card-name[data-idx="${current.value}"]`));
        if (!is_focus_wanted || !target) return;
        is_focus_wanted = false;
        target.focus({ preventScroll: true });
    }

    mount(root, gallery, () => {
        focus_current();
        const ids = shown_idxs().map((idx) => sheet.value[idx] ?? 0);
        if (opened.value !== null && !ids.includes(opened.value)) ids.push(opened.value);
        const wanted = `${ids.join()} ${opened.value}`;
        if (wanted === watched) return;
        watched = wanted;
        watch_tags(ids, opened.value);
    });
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
    if (n === 0) return html`${nothing}`;
    return html`<ul class="gallery" aria-label=${t("gallery")} .style=${`height:${grid.value.height}px`}>
        ${repeat(shown_idxs(), (idx) => sheet.value[idx], (idx) => cell(idx, n))}
    </ul>`;
}

/** @param {number} idx @param {number} n */
function cell(idx, n) {
    const id = sheet.value[idx] ?? 0;
    const picture = picture_of(id);
    if (!picture) return nothing;
    const place = { idx, n, is_current: idx === current.value, is_opened: id === opened.value, grid: grid.value };
    return card(picture, tags.value.get(id), { ...place, ...position_of(grid.value, idx) });
}
