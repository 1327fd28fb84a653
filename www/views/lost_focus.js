/**
 * The keyboard is never lost. What has it may go at any time: a button that has done its work, a sheet that closes, a picture that a
 * filter takes away. Where nobody has said what has it then, the nearest that is left takes it.
 *
 * @typedef {{element: Element, idx: number}} Step an element on the way from what has the keyboard up to the document, and its place there
 */

const FOCUSABLE = "a[href], button, input, select, textarea, summary, [tabindex]";
const TYPING = "textarea, input:not([type=checkbox], [type=radio], [type=range], [type=button])";

/** @type {Step[]} */
let way = [];

/** @param {Window} window */
export function followFocus(window) {
    window.addEventListener("focusin", ({ target }) => void (way = wayFrom(/** @type {Element} */ (target))));
    // A press beside everything leaves on purpose.
    window.addEventListener(
        "pointerdown",
        ({ target }) => {
            if (!(/** @type {Element} */ (target).closest?.(FOCUSABLE))) way = [];
        },
        { capture: true },
    );
    window.addEventListener("resize", () => {
        requestAnimationFrame(() => {
            restoreFocus();
            // A keyboard that comes up takes half of a phone's window.
            if (document.activeElement?.matches(TYPING)) document.activeElement.scrollIntoView({ block: "nearest" });
        });
    });
}

/** @param {Element} from @returns {Step[]} */
function wayFrom(from) {
    const steps = [];
    for (let element = /** @type {Element | null} */ (from); element; element = element.parentElement)
        steps.push({ element, idx: Array.from(element.parentElement?.children ?? []).indexOf(element) });
    return steps;
}

/** Whether the keyboard can be there. @param {Element} element */
export const isReachable = (element) =>
    element.getClientRects().length > 0 && !element.matches(":disabled") && !element.closest("[inert]");

/** To be called when everything has been drawn. */
export function restoreFocus() {
    const held = way[0]?.element;
    const { activeElement: active } = document;
    // What is moved to another place loses it, and is still there.
    if (held && isReachable(held) && active === document.body)
        return /** @type {HTMLElement} */ (held).focus({ preventScroll: true });
    if (!held || isReachable(held)) return;
    if (active && active !== held && active !== document.body && isReachable(active)) return;
    const isWanted = (/** @type {HTMLElement} */ one) =>
        one.tabIndex >= 0 && isReachable(one) && (held.matches(TYPING) || !one.matches(TYPING));
    let { idx } = /** @type {Step} */ (way[0]);
    for (const { element: around, idx: place } of way.slice(1)) {
        if (around.isConnected && around.getClientRects().length > 0) {
            const left = /** @type {HTMLElement[]} */ ([...around.querySelectorAll(FOCUSABLE)]).filter(isWanted);
            const next = left.find((one) => placeIn(around, one) >= idx) ?? left.at(-1);
            if (next) return next.focus({ preventScroll: true });
        }
        idx = place;
    }
}

/** Which child of an element something lies in. @param {Element} around @param {Element} inner */
const placeIn = (around, inner) => Array.from(around.children).findIndex((child) => child.contains(inner));
