/** The grid: only the cards on screen, and some rows around, are in the document, whether there are ten or ten thousand. */
import { actions } from "../app/work_actions.js";
import {
    current,
    isFiltered,
    isFlying,
    isLarge,
    opened,
    pictureOf,
    query,
    selection,
    gridIds,
    keptTop,
    settings,
    tags,
    total,
    viewport,
} from "../app/state.js";
import { computed, effect, html, nothing, repeat, signal, untracked } from "../vendor/view.js";
import { card } from "./card.js";
import { mount, whenDrawn } from "./mount.js";
import { idxAt, idxsIn } from "./grid_geometry.js";
import { queryText } from "./filter_words.js";
import {
    OVERSCAN,
    anchorRow,
    anchoredTop,
    gridLayout,
    isOnScreen,
    nextIdx,
    positionOf,
    scrollToShow,
} from "./grid_layout.js";
import { rubberBand } from "./rubber_band.js";
import { selectByTouch } from "./select_by_touch.js";
import { t } from "./text.js";

/** Two clicks within this time and distance are one on the same picture, whatever has moved under the pointer meanwhile. */
const DOUBLE_MS = 400;
const DOUBLE_PX = 6;

/** @typedef {{move: (key: string, isExtending: boolean) => boolean, focus: () => void}} GridHandle what keys do with it */

/** @type {import("./grid_layout.js").GridLayout} */
let lastLayout;

/** The picture under the mouse. @type {import("../vendor/view.js").Signal<number | null>} */
const pointed = signal(null);
/** How large the cards are drawn: as it is set, from the moment on when it is known which of them stays where it is. */
const size = signal(settings.value.card_size);
/** The rows beyond the edges come after the first cards, so that no frame has both. */
const isBegun = signal(false);

/** The same object as long as nothing on screen changes, so that scrolling within a row draws nothing. */
const layout = computed(() => {
    const next = gridLayout({
        n: gridIds.value.length,
        size: size.value,
        ...viewport.value,
        overscan: isBegun.value && !isFlying.value ? OVERSCAN : 0,
    });
    const isSame =
        lastLayout &&
        Object.entries(next).every(([key, value]) => lastLayout[/** @type {keyof typeof next} */ (key)] === value);
    if (!isSame) lastLayout = next;
    return lastLayout;
});

/** @param {HTMLElement} root the element that scrolls @returns {GridHandle} */
export function mountGrid(root) {
    let isFocusWanted = false;
    let watched = "";
    /** Where the grid is to be scrolled to as soon as it has its new height. @type {number | null} */
    let wantedTop = null;
    let seen = { current: 0, query: query.value };

    const measure = () => {
        const { clientWidth: width, clientHeight: height } = root;
        const { width: before } = viewport.value;
        const see = () => actions.setViewport({ width, height, top: wantedTop ?? root.scrollTop });
        if (before > 0 && width !== before) wrapAnew(see);
        else see();
    };

    /** Where the cards are wrapped anew, the one that people look at stays where it is. @param {() => void} change */
    function wrapAnew(change) {
        const before = viewport.value;
        const held = anchorRow(layout.value, current.value, before);
        change();
        const { width, height } = viewport.value;
        wantedTop = anchoredTop(layout.value, held, { top: before.top, height });
        actions.setViewport({ width, height, top: wantedTop });
    }

    effect(() => {
        const wanted = settings.value.card_size;
        untracked(() => wanted !== size.value && wrapAnew(() => void (size.value = wanted)));
    });
    new ResizeObserver(measure).observe(root);
    root.addEventListener("scroll", measure, { passive: true });

    /** @param {number} top */
    const scrollTo = (top) => {
        root.scrollTop = top;
        measure();
    };

    /** The card may be drawn only in the next frame; then this is called again. */
    function focusCurrent() {
        const target = /** @type {HTMLElement | null} */ (root.querySelector('.card-name[tabindex="0"]'));
        if (!isFocusWanted || Number(target?.closest("li")?.dataset["idx"]) !== current.value) return;
        isFocusWanted = false;
        target?.focus({ preventScroll: true });
    }

    function focus() {
        isFocusWanted = !isLarge.value;
        focusCurrent();
    }

    /** What brought somebody elsewhere (a filter, the large view) has not scrolled the grid. */
    function follow() {
        if (keptTop.value !== null && viewport.value.width > 0 && gridIds.value.length > 0) {
            seen = { current: current.value, query: query.value };
            return scrollTo(actions.takeKeptTop() ?? 0);
        }
        const before = seen;
        seen = { current: current.value, query: query.value };
        if (before.query !== query.value) return scrollTo(0);
        if (before.current === current.value || isOnScreen(layout.value, current.value, viewport.value)) return;
        scrollTo(scrollToShow(layout.value, current.value, viewport.value));
    }

    listenToPointer(root);
    selectByTouch(root, (x, y) => {
        const { left, top } = root.getBoundingClientRect();
        const idx = idxAt(layout.value, gridIds.value.length, { x: x - left, y: y - top + root.scrollTop });
        return idx === null ? null : idOf(idx);
    });
    rubberBand(root, (box) => idxsIn(layout.value, gridIds.value.length, box).map(idOf));
    root.addEventListener("focusin", (event) => {
        const idx = /** @type {HTMLElement | null} */ (/** @type {Element} */ (event.target).closest(".card"))?.dataset[
            "idx"
        ];
        if (idx !== undefined && Number(idx) !== current.value) actions.setCurrent(Number(idx));
    });

    mount(root, grid, () => {
        if (wantedTop !== null) {
            root.scrollTop = wantedTop;
            wantedTop = null;
        }
        follow();
        focusCurrent();
        if (isBegun.value !== layout.value.last > 0) whenDrawn(() => void (isBegun.value = layout.value.last > 0));
        tellSeen();
    });
    effect(() => {
        if (!isFlying.value) untracked(() => whenDrawn(tellSeen));
    });

    /** What is on screen, unless it will not be for long. */
    function tellSeen() {
        if (isFlying.value) return;
        const ids = shownIdxs().map(idOf);
        if (opened.value !== null && !ids.includes(opened.value)) ids.push(opened.value);
        const seenIds = shownIdxs()
            .filter((idx) => isOnScreen(layout.value, idx, viewport.value))
            .map(idOf);
        const wanted = `${ids.join()} ${seenIds.join()} ${opened.value}`;
        if (wanted === watched) return;
        watched = wanted;
        actions.watchTags(ids, seenIds, opened.value);
    }

    return {
        move(key, isExtending) {
            const n = gridIds.value.length;
            const { columns, cellHeight } = layout.value;
            const rowsAPage = Math.max(1, Math.floor(root.clientHeight / cellHeight));
            // Somebody who comes from elsewhere first lands where the keyboard was.
            const isThere = opened.value !== null || selection.value.size > 0 || root.contains(document.activeElement);
            const next = n === 0 ? null : nextIdx(key, current.value, { columns, rowsAPage, n });
            if (next === null) return false;
            if (isExtending) actions.selectTo(gridIds.value[next] ?? 0);
            else if (isThere || key === "Home" || key === "End") actions.setCurrent(next);
            scrollTo(scrollToShow(layout.value, current.value, { top: root.scrollTop, height: root.clientHeight }));
            focus();
            return true;
        },
        focus,
    };
}

/** @param {number} idx */
const idOf = (idx) => gridIds.value[idx] ?? 0;

/** Clicks on cards: a plain one opens, a second one opens large, with Shift or Ctrl they select. @param {HTMLElement} root */
function listenToPointer(root) {
    let first = { id: 0, at: -Infinity, x: 0, y: 0 };

    // To press a button is to have the keyboard there, and where that is a row begins: not when it ends here, nor for a mere tick.
    root.addEventListener("mousedown", (event) => {
        const target = /** @type {Element} */ (event.target);
        const isSelecting = event.shiftKey || event.ctrlKey || event.metaKey;
        if (target.closest(".card-check") || (isSelecting && target.closest(".card"))) event.preventDefault();
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
        const isTouched = /** @type {PointerEvent} */ (event).pointerType === "touch";
        const isCheck = target.closest(".card-check") !== null;
        if (isCheck) event.preventDefault(); // it shows what is selected, and nothing else
        if (event.shiftKey) actions.selectTo(id);
        else if (isCheck || event.ctrlKey || event.metaKey) actions.toggleSelected(id);
        else if (selection.value.size > 0 && isTouched) actions.toggleSelected(id);
        else {
            // As in a file manager: a plain click means this one, and nothing else that was selected.
            if (selection.value.size > 0) actions.selectNone();
            first = { id: event.detail > 0 ? id : 0, at: event.timeStamp, x: event.clientX, y: event.clientY };
            actions.openPicture(id);
        }
        const button = /** @type {HTMLElement | null} */ (card.querySelector(isCheck ? ".card-check" : ".card-name"));
        button?.focus({ preventScroll: true });
    });

    // The first click opens the details, and the cards make room: the second of a double click may hit anything.
    window.addEventListener(
        "click",
        (event) => {
            const { id, at, x, y } = first;
            first = { ...first, at: -Infinity };
            const isNear =
                Math.hypot(event.clientX - x, event.clientY - y) < DOUBLE_PX && event.timeStamp - at < DOUBLE_MS;
            if (event.detail === 0 || !isNear || !pictureOf(id)) return;
            event.preventDefault();
            event.stopPropagation();
            actions.openPicture(id, { isLarge: true });
        },
        { capture: true },
    );
}

/** The cells on screen, and the current one wherever it is: what has the keyboard must not vanish. */
function shownIdxs() {
    const { first, last } = layout.value;
    const idxs = Array.from({ length: last - first }, (_, offset) => first + offset);
    const idx = current.value;
    if (idx < gridIds.value.length && idx < first) idxs.unshift(idx);
    if (idx < gridIds.value.length && idx >= last) idxs.push(idx);
    return idxs;
}

function grid() {
    const n = gridIds.value.length;
    if (n === 0) return total.value > 0 && isFiltered.value ? nothingFound() : html`${nothing}`;
    return html`<ul
        class="grid-cards is-${layout.value.size} ${selection.value.size > 0 ? "has-selection" : ""}"
        aria-label=${t("gallery")}
        .style=${`height:${layout.value.height}px`}
    >
        ${repeat(
            shownIdxs(),
            (idx) => gridIds.value[idx],
            (idx) => cell(idx, n),
        )}
        </ul>
        <div class="rubber-band" hidden></div>`;
}

const nothingFound = () => html`<div class="grid-none">
    <p>${t("filter_empty", { name: queryText() })}</p>
    <button class="button" type="button" data-do="show-all" @click=${() => actions.showAll()}>${t("show_all")}</button>
</div>`;

/** @param {number} idx @param {number} n */
function cell(idx, n) {
    const id = gridIds.value[idx] ?? 0;
    const picture = pictureOf(id);
    if (!picture) return nothing;
    const { value: shown } = layout;
    const how = {
        isCurrent: idx === current.value,
        isPointed: id === pointed.value,
        isOpened: id === opened.value,
        isSelected: selection.value.has(id),
    };
    return card(picture, tags.value.get(id), { idx, n, ...how, layout: shown, ...positionOf(shown, idx) });
}
