/**
 * The keyboard does not get lost when what has it goes: a tag that was accepted loses that button, one that was removed its row. The
 * nearest that is left takes it.
 */

/** @typedef {{row: string, name: string, idx: number}} Held the row and the button that has the keyboard, and the row's place */

/** @param {HTMLElement} root @returns {() => void} to be called whenever something was drawn in it */
export function keepFocus(root) {
    /** @type {Held | null} */
    let held = null;
    const rows = () => /** @type {HTMLElement[]} */ (Array.from(root.querySelectorAll("[data-row]")));

    document.addEventListener("focusin", ({ target }) => {
        const button = /** @type {HTMLElement} */ (target);
        const row = root.contains(button) ? /** @type {HTMLElement | null} */ (button.closest("[data-row]")) : null;
        held = row && { row: row.dataset["row"] ?? "", name: button.dataset["do"] ?? "", idx: rows().indexOf(row) };
    });
    // A click beside everything leaves on purpose.
    document.addEventListener("pointerdown", ({ target }) => {
        if (!(/** @type {Element} */ (target).closest?.("[data-row]"))) held = null;
    });

    return () => {
        if (!held || (document.activeElement && document.activeElement !== document.body)) return;
        const all = rows();
        const { row, name, idx } = held;
        const next = all.find((one) => one.dataset["row"] === row) ?? all[Math.min(idx, all.length - 1)];
        const button =
            next?.querySelector(`[data-do="${name}"]`) ??
            next?.querySelector("[data-do]") ??
            root.querySelector('[data-do="add-tag"]');
        /** @type {HTMLElement | null} */ (button)?.focus({ preventScroll: true });
    };
}
