/**
 * Selecting by touch: a long press on a picture card selects it, and dragging on from there selects all in between, with the grid
 * scrolling at its edges. Whatever begins otherwise is the browser's: scrolling, pinching, a tap.
 */
import { actions } from "../app/work_actions.js";
import { edgeScroll } from "./edge_scroll.js";

/** Shorter than the browser's own long press, which comes with a menu. */
const HOLD_MS = 400;
/** A finger at rest moves as much as that. */
const SLOP_PX = 10;
const TICK_MS = 12;

/** @param {HTMLElement} root @param {(x: number, y: number) => number | null} idAt the picture nearest to a place in the window */
export function selectByTouch(root, idAt) {
    /** The one finger on a card, and where it is now. @type {{target: EventTarget, x: number, y: number} | null} */
    let finger = null;
    let isSelecting = false;
    /** @type {number | null} */
    let reached = null;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let timer;
    const scroll = edgeScroll(root, extend);

    function begin() {
        reached = finger && idAt(finger.x, finger.y);
        if (reached === null) return;
        isSelecting = true;
        root.classList.add("is-held");
        // Before the first tap on the page the browser would refuse, and say so in its console.
        if (navigator.userActivation?.hasBeenActive) navigator.vibrate?.(TICK_MS);
        actions.selectFrom(reached);
    }

    function extend() {
        const id = finger && idAt(finger.x, finger.y);
        if (id === null || id === reached) return;
        reached = id;
        actions.selectTo(id);
    }

    function end() {
        clearTimeout(timer);
        scroll.stop();
        for (const [type, listener] of LISTENERS) finger?.target.removeEventListener(type, listener);
        finger = null;
        isSelecting = false;
        root.classList.remove("is-held");
    }

    /** @param {TouchEvent} event */
    function move(event) {
        const [touch, second] = event.touches;
        if (!finger || !touch || second) return end();
        const { clientX: x, clientY: y } = touch;
        if (!isSelecting) {
            if (Math.hypot(x - finger.x, y - finger.y) > SLOP_PX) end(); // it scrolls
            return;
        }
        event.preventDefault();
        Object.assign(finger, { x, y });
        extend();
        scroll.follow(y);
    }

    /** @param {TouchEvent} event */
    function lift(event) {
        if (isSelecting) event.preventDefault(); // no click follows, which would take back what was selected
        end();
    }

    const LISTENERS = /** @type {[string, EventListener][]} */ ([
        ["touchmove", move],
        ["touchend", lift],
        ["touchcancel", end],
    ]);

    // Not passive, though nothing is prevented here: browsers ask now whether moves may be prevented later.
    const options = { passive: false };
    root.addEventListener(
        "touchstart",
        ({ touches, target }) => {
            end();
            const [touch, second] = touches;
            if (!touch || second || !target || !(/** @type {Element} */ (target).closest(".card"))) return;
            finger = { target, x: touch.clientX, y: touch.clientY };
            // A touch belongs to where it began, though that card may have been scrolled out of the document meanwhile.
            for (const [type, listener] of LISTENERS) target.addEventListener(type, listener, options);
            timer = setTimeout(begin, HOLD_MS);
        },
        options,
    );
    root.addEventListener("contextmenu", (event) => finger && event.preventDefault());
}
