/** Onto the clipboard, from a click in a page that may forbid it or be no secure one. */

/** @param {string} text @returns {Promise<boolean>} whether it is there now */
export async function copyText(text) {
    try {
        await navigator.clipboard.writeText(text);
        return true;
    } catch {
        return copyByEvent(text);
    }
}

/** @param {string} text */
function copyByEvent(text) {
    let isCopied = false;
    const fill = (/** @type {ClipboardEvent} */ event) => {
        event.clipboardData?.setData("text/plain", text);
        event.preventDefault();
        event.stopImmediatePropagation();
        isCopied = true;
    };
    addEventListener("copy", fill, { capture: true, once: true });
    document.execCommand("copy");
    removeEventListener("copy", fill, { capture: true });
    return isCopied;
}
