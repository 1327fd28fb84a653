/**
 * Boxes over a picture: where a tag that is explained, or pointed at, was found.
 * @import { Box } from "../app/boxes.js"
 * @import { PictureEntry } from "../app/state.js"
 */
import { foundOf, inside } from "../app/boxes.js";
import { explanation, tagsAround } from "../app/state.js";
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

/** What was found of the tag that is explained; null where no detector says that. @param {PictureEntry} picture */
export function explainingBoxes({ id }) {
    const asked = explanation.value?.id === id ? explanation.value.tag : null;
    return asked === null ? null : foundOf(tagsAround(id), asked);
}

/** @param {PictureEntry} picture */
export function boxes(picture) {
    const { id } = picture;
    const isAsked = explanation.value?.id === id && explanation.value.tag === pointed.value;
    const asked = isAsked ? [] : (explainingBoxes(picture)?.boxes ?? []);
    const meant = pointed.value === null ? [] : (foundOf(tagsAround(id), pointed.value)?.boxes ?? []);
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

/** What the boxes show, for those who do not see them. @param {import("../app/boxes.js").Counted} found */
export function boxesText({ name, count, boxes }) {
    const [left, top, width, height] = inside(boxes[0] ?? [0, 0, 1, 1]);
    const place = t(`heat_${placeAt(left + width / 2, top + height / 2)}`);
    if (count > boxes.length) return t("boxes_most", { n: count, name, shown: boxes.length, place });
    return t("boxes_found", { n: count, name, place });
}
