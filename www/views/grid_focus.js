/** Where the keyboard goes when it is to go to the pictures. */
import { whenDrawn } from "./mount.js";

/** The picture where the keyboard was; where none is shown, what brings them back, or others. */
const target = () =>
    /** @type {HTMLElement | null} */ (
        document.querySelector('.card-name[tabindex="0"], .grid-none button, .drop-buttons button')
    );

/** At once, or when something is drawn that it can go to. */
export function focusGrid() {
    const found = target();
    if (found) toSight(found);
    else whenDrawn(() => toSight(target()));
}

/** Once what was changed is on the page: other pictures, or none. */
export const focusGridWhenDrawn = () => whenDrawn(() => toSight(target()));

/** @param {HTMLElement | null} found */
function toSight(found) {
    found?.focus({ preventScroll: true });
    (found?.closest(".card") ?? found)?.scrollIntoView({ block: "nearest" });
}
