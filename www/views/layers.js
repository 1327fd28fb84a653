/** What lies open over the grid, layer by layer, and how each is closed, be it by Escape or by the browser's Back (leaving.js). */
import { actions } from "../app/work_actions.js";
import { dialog, isLarge, openMenu, opened, selection } from "../app/state.js";
import { computed } from "../vendor/view.js";
import { closeDetails } from "./details.js";
import { isOverDetails, leaveLarge } from "./large.js";

/** `isForBack`: whether Back closes it too; it does unless said otherwise. @typedef {{isOpen: () => boolean, close: () => void, isForBack?: () => boolean}} Layer */

/**
 * Where the finger is all there is, a selection is a mode that Back ends; elsewhere it is only Escape's. Read when it is needed: a tablet
 * may get a mouse.
 */
const isTouched = () => matchMedia("(pointer: coarse)").matches;

/** The innermost first. @type {readonly Layer[]} */
const LAYERS = [
    { isOpen: () => dialog.value !== null, close: () => actions.showDialog(null) },
    { isOpen: () => openMenu.value !== null, close: closeMenu },
    { isOpen: () => isLarge.value, close: leaveLarge },
    // The large view that was opened from the grid goes back there in one step.
    { isOpen: () => opened.value !== null && (!isLarge.value || isOverDetails()), close: closeDetails },
    { isOpen: () => selection.value.size > 0, close: () => actions.selectNone(), isForBack: isTouched },
];

/** The keyboard goes back to the menu's button. */
function closeMenu() {
    // Found before it says that it is closed.
    const button = /** @type {HTMLElement | null} */ (document.querySelector('[aria-expanded="true"]:not(input)'));
    actions.showMenu(null);
    button?.focus();
}

/** Whether there was one. */
export function closeInnermost() {
    const innermost = LAYERS.find(({ isOpen }) => isOpen());
    innermost?.close();
    return innermost !== undefined;
}

/** Those that Back closes. */
export const openLayers = computed(() => LAYERS.filter(({ isOpen, isForBack }) => isOpen() && (isForBack?.() ?? true)));
