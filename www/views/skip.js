/** The first stop of Tab: past all the bars, to the pictures. */
import { total } from "../app/state.js";
import { html, nothing } from "../vendor/view.js";
import { focusGrid } from "./grid_focus.js";
import { t } from "./text.js";

export const skipLink = () => {
    if (total.value === 0) return nothing;
    // Not followed: Back would lead to where one is.
    const skip = (/** @type {Event} */ event) => {
        event.preventDefault();
        focusGrid();
    };
    return html`<a class="skip" href="#pictures" data-do="skip" @click=${skip}>${t("skip_to_pictures")}</a>`;
};
