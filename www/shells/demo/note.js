/** What this file is, on the empty page: later the page itself says that nothing is kept. */
import { language, total } from "../../app/state.js";
import { html, nothing } from "../../vendor/view.js";
import { mount, placeIn } from "../../views/mount.js";
import { NOTE } from "./words.js";

/** @param {Document} root @param {import("../../platform/file.js").PackedAssets} assets */
export function mountNote(root, { objects }) {
    mount(placeIn(root)("note"), () => (total.value > 0 ? html`${nothing}` : note(Object.keys(objects).length > 0)));
}

/** @param {boolean} hasObjects */
function note(hasObjects) {
    const words = NOTE[language.value];
    return html`<p class="demo-note" data-note="one-file">
        <strong>${words.what}</strong> ${hasObjects ? words.with_objects : words.without_objects} ${words.kept}
    </p>`;
}
