/**
 * Boxes over a picture: where a tag that is explained, or pointed at, was found.
 * @import { Box } from "../app/boxes.js"
 * @import { PictureEntry } from "../app/state.js"
 */
import { boxesOf, inside } from "../app/boxes.js";
import { explanation, tags, tagsAround } from "../app/state.js";
import { html, nothing, signal } from "../vendor/view.js";
import { placeAt } from "./heat_map.js";
import { t } from "./text.js";

/** The tag whose row has the pointer or the keyboard. */
const pointed = signal(/** @type {string | null} */ (null));

/** @param {Event} event of the pointer or the keyboard that comes to a row */
export function point({ target }) {
    const row = /** @type {HTMLElement | null} */ (/** @type {Element} */ (target).closest("[data-row]"));
    pointed.value = row?.dataset["row"] ?? null;
}

export const pointAway = () => void (pointed.value = null);

/** Where the tag that is explained was found; none where no detector says that. @param {PictureEntry} picture */
export function explainingBoxes({ id }) {
    const asked = explanation.value?.id === id ? explanation.value.tag : null;
    return asked === null ? [] : boxesOf(tagsAround(id), asked);
}

/** @param {PictureEntry} picture */
export function boxes(picture) {
    const { id } = picture;
    const isAsked = explanation.value?.id === id && explanation.value.tag === pointed.value;
    const asked = isAsked ? [] : explainingBoxes(picture);
    const meant = pointed.value === null ? [] : boxesOf(tagsAround(id), pointed.value);
    if (asked.length + meant.length === 0) return nothing;
    return html`<div class="boxes" aria-hidden="true" data-n=${asked.length + meant.length}>
        ${asked.map((one) => box(one, meant.length > 0 ? "is-behind" : ""))}${meant.map((one) => box(one, "is-pointed"))}
    </div>`;
}

/** @param {Box} region @param {string} how */
function box(region, how) {
    const [left, top, width, height] = inside(region).map((share) => `${share * 100}%`);
    return html`<i class="box ${how}" .style=${`left:${left};top:${top};width:${width};height:${height}`}></i>`;
}

/** What the boxes show, for those who do not see them. @param {PictureEntry} picture @param {string} name of the tag that is explained */
export function boxesText(picture, name) {
    const found = explainingBoxes(picture);
    const [left, top, width, height] = inside(found[0] ?? [0, 0, 1, 1]);
    const place = t(`heat_${placeAt(left + width / 2, top + height / 2)}`);
    const tag = tags.value.get(picture.id)?.find(({ id }) => id === explanation.value?.tag);
    const n = tag?.count ?? found.length;
    return n > found.length
        ? t("boxes_most", { n, name, shown: found.length, place })
        : t("boxes_found", { n, name, place });
}
