/**
 * The rubber band: pressed beside the cards and dragged, the mouse draws a box and selects what it touches, with the grid scrolling at
 * its edges. With Ctrl or Shift that is added to what was selected; Escape takes it back.
 * @import { Box } from "./grid_geometry.js"
 */
import { actions } from "../app/work_actions.js";
import { selection } from "../app/state.js";
import { edgeScroll } from "./edge_scroll.js";

/** A hand that clicks moves less. */
const SLOP_PX = 4;

/** @param {HTMLElement} root what scrolls @param {(box: Box) => number[]} idsIn the pictures that a box touches, in places of the whole grid */
export function rubberBand(root, idsIn) {
    /**
     * From where in the grid to where in the window, what was selected before, and what of that stays.
     * @type {{from: {x: number, y: number}, to: {x: number, y: number}, pointer: number, before: ReadonlySet<number>, kept: ReadonlySet<number>} | null}
     */
    let band = null;
    let isDrawn = false;
    /** What the box touched last, in short. */
    let touched = "";
    const scroll = edgeScroll(root, select);

    /** Where in the grid that is. @param {{x: number, y: number}} point in the window */
    function inGrid({ x, y }) {
        const { left, top } = root.getBoundingClientRect();
        return {
            x: Math.max(0, Math.min(root.clientWidth, x - left)),
            y: Math.max(0, Math.min(root.scrollHeight, y - top + root.scrollTop)),
        };
    }

    function select() {
        if (!band) return;
        const to = inGrid(band.to);
        const box = {
            left: Math.min(band.from.x, to.x),
            top: Math.min(band.from.y, to.y),
            right: Math.max(band.from.x, to.x),
            bottom: Math.max(band.from.y, to.y),
        };
        draw(box);
        const ids = idsIn(box);
        const now = `${ids[0]} ${ids.at(-1)} ${ids.length}`;
        if (now === touched) return;
        touched = now;
        actions.select([...band.kept, ...ids]);
    }

    /** @param {Box | null} box */
    function draw(box) {
        const element = /** @type {HTMLElement | null} */ (root.querySelector(".rubber-band"));
        if (!element) return;
        element.hidden = box === null;
        if (!box) return;
        element.style.transform = `translate(${box.left}px,${box.top}px)`;
        element.style.width = `${box.right - box.left}px`;
        element.style.height = `${box.bottom - box.top}px`;
    }

    function end() {
        scroll.stop();
        draw(null);
        band = null;
        isDrawn = false;
    }

    root.addEventListener("pointerdown", (event) => {
        const { clientX: x, clientY: y, button, pointerType, pointerId: pointer, target } = event;
        if (button !== 0 || pointerType === "touch" || !root.querySelector(".grid-cards")) return;
        const isScrollBar = x >= root.getBoundingClientRect().left + root.clientWidth;
        if (isScrollBar || /** @type {Element} */ (target).closest(".card")) return;
        const isAdding = event.ctrlKey || event.metaKey || event.shiftKey;
        const before = selection.value;
        band = { from: inGrid({ x, y }), to: { x, y }, pointer, before, kept: isAdding ? before : new Set() };
        touched = "";
    });
    root.addEventListener("pointermove", ({ clientX: x, clientY: y }) => {
        if (!band) return;
        if (!isDrawn && Math.hypot(x - band.to.x, y - band.to.y) < SLOP_PX) return;
        if (!isDrawn) root.setPointerCapture(band.pointer); // it may be dragged out of the window
        isDrawn = true;
        band.to = { x, y };
        select();
        scroll.follow(y);
    });
    for (const type of ["pointerup", "pointercancel", "lostpointercapture"]) root.addEventListener(type, end);
    root.ownerDocument.addEventListener(
        "keydown",
        (event) => {
            if (!band || !isDrawn || event.key !== "Escape") return;
            event.preventDefault();
            event.stopPropagation();
            actions.select(band.before);
            end();
        },
        { capture: true },
    );
}
