/** Pictures from the clipboard, pasted anywhere but into a field. */
import { actions } from "../app/actions.js";

/** What the person presses. */
export const PASTE_KEYS = /Mac|iPhone|iPad/.test(navigator.platform) ? "⌘V" : "Ctrl+V";

/** @param {Document} document */
export function listenForPastes(document) {
    document.addEventListener("paste", (event) => {
        const target = /** @type {Element} */ (event.target);
        if (!event.clipboardData || target.closest?.("input, textarea, [contenteditable]")) return;
        event.preventDefault();
        actions.addPasted(event.clipboardData);
    });
}
