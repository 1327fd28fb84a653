/** Pictures that are spoken of, as pictures: each opens, where it is in the collection that is shown. */
import { actions } from "../app/own_actions.js";
import { ownPictures } from "../app/own_view_state.js";
import { pictureOf } from "../app/state.js";
import { isMoved } from "../app/own/moved.js";
import { html, nothing } from "../vendor/view.js";
import { pictureIcon } from "./icons.js";
import { t } from "./text.js";

/** More are not looked at one by one. */
const MAX_SHOWN = 24;

/** @param {readonly number[]} ids @param {string} label what they have in common */
export function ownPictureList(ids, label) {
    const shown = ids.slice(0, MAX_SHOWN);
    actions.wantPictures(shown);
    return html`<ul class="own-pictures" aria-label=${label}>
        ${shown.map((id) => html`<li>${ownPicture(id)}</li>`)}
        ${ids.length > shown.length ? html`<li class="own-more">+${ids.length - shown.length}</li>` : nothing}
    </ul>`;
}

/** @param {number} id */
export function ownPicture(id) {
    const here = pictureOf(id);
    const { name, url } = here?.thumbnail
        ? { name: here.name, url: here.thumbnail }
        : (ownPictures.value.get(id) ?? { name: here?.name ?? "", url: null });
    const look = url ? html`<img src=${url} alt="" decoding="async" />` : pictureIcon();
    if (here) {
        const label = t("taught_open_picture", { name });
        return html`<button type="button" class="own-picture" data-do="open-own-picture" data-picture=${id} aria-label=${label} title=${name} @click=${() => actions.openOwnPicture(id)}>
            ${look}
        </button>`;
    }
    const gone = t(isMoved(id) ? "taught_picture_moved" : "taught_picture_gone");
    const label = name === "" ? gone : t("taught_picture_elsewhere", { name });
    return html`<span class="own-picture" data-picture=${id} role="img" aria-label=${label} title=${label}>${look}</span>`;
}
