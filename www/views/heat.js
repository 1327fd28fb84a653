/**
 * A picture with, on request, why it has a tag: boxes where a detector found it, else bright where the network saw it, and framed what the
 * network saw at all.
 * @import { Explanation, Tag, TagRef } from "../core/engine_api.d.ts"
 * @import { PictureEntry } from "../app/state.js"
 * @import { TemplateResult } from "../vendor/view.js"
 */
import { actions } from "../app/work_actions.js";
import { details, explanation, tags, tagsAround } from "../app/state.js";
import { html, nothing } from "../vendor/view.js";
import { boxes, boxesText, explainingBoxes } from "./boxes.js";
import { brightest, heatPixels } from "./heat_map.js";
import { closeIcon } from "./icons.js";
import { t, errorText } from "./text.js";

/** Each place of the heat becomes so many pixels a side; the browser does the rest. */
const SCALE = 24;

/** Whether there can be an answer: a word of one’s own is nothing a network knows, unless it was taught, nor what only others say. @param {Pick<Tag, "id" | "source">} tag */
export const isExplainable = ({ id, source }) => source === "custom" || (!id.startsWith("own:") && source !== "cloud");

/** Which tag of this picture is explained. @param {PictureEntry} picture */
export const explained = ({ id }) => (explanation.value?.id === id ? explanation.value : null);

/**
 * A frame exactly as large as the picture is drawn, so that what lies over it lies right.
 * @param {PictureEntry} picture @param {TemplateResult} content the picture itself
 */
export function framed(picture, content) {
    const asked = explained(picture);
    const { width = 4, height = 3 } = picture.facts ?? {};
    const isFound = explainingBoxes(picture) !== null;
    return html`<div
        class="framed"
        data-explains=${asked?.tag ?? nothing}
        data-status=${isFound ? "found" : (asked?.status ?? nothing)}
        .style=${`--ratio:${width / height};--natural:${width}px`}
    >
        ${content} ${asked?.explanation && !isFound ? heat(asked.explanation) : nothing} ${boxes(picture)} ${whyFirst(picture)}
    </div>`;
}

/** What it shows is said beside it. @param {Explanation} shown */
function heat(shown) {
    const [left, top, width, height] = shown.region.map((share) => `${share * 100}%`);
    return html`<div class="heat ${isWhole(shown) ? "is-whole" : ""}" .style=${`left:${left};top:${top};width:${width};height:${height}`}>
        <img src=${imageOf(shown)} alt="" draggable="false" />
    </div>`;
}

/** The network saw all of the picture, or more. @param {Explanation} shown */
const isWhole = ({ region: [left, top, width, height] }) =>
    left <= 0.005 && top <= 0.005 && left + width >= 0.995 && top + height >= 0.995;

/** An explanation never changes, and its image is drawn once. @type {WeakMap<Explanation, string>} */
const images = new WeakMap();

/** @param {Explanation} shown */
function imageOf(shown) {
    const known = images.get(shown);
    if (known !== undefined) return known;
    const { width, height, pixels } = heatPixels(shown, SCALE);
    const canvas = Object.assign(document.createElement("canvas"), { width, height });
    canvas.getContext("2d", { willReadFrequently: true })?.putImageData(new ImageData(pixels, width, height), 0, 0);
    const image = canvas.toDataURL();
    images.set(shown, image);
    return image;
}

/** On the picture itself: the tag that is explained, else the first that could be. @param {PictureEntry} picture */
function whyFirst(picture) {
    const asked = explained(picture);
    const tag = asked ? tagNamed(picture, asked.tag) : tags.value.get(picture.id)?.find(isExplainable);
    if (!tag) return nothing;
    return html`<button
        class="heat-why"
        type="button"
        data-do="why"
        aria-pressed=${asked !== null}
        @click=${() => actions.explain(picture.id, tag.id)}
    >
        <span>${t("why", { name: tag.name })}</span>${asked ? closeIcon() : nothing}
    </button>`;
}

/** What is seen, or why nothing is. It is said to a screen reader too. @param {PictureEntry} picture */
export const heatText = (picture) => html`<div class="heat-words" role="status">${statusText(picture)}</div>`;

/** @param {PictureEntry} picture */
function statusText(picture) {
    const asked = explained(picture);
    if (!asked) return nothing;
    const { name } = tagNamed(picture, asked.tag);
    const found = explainingBoxes(picture);
    if (found) return html`<p>${boxesText(found)}</p>`;
    if (asked.status === "asking") return html`<p>${t("heat_asking", { name })}</p>`;
    if (asked.status === "shown" && !asked.explanation) return nothing; // its boxes are gone: tagged anew
    if (!asked.explanation) {
        const { title, remedy } = errorText(asked.error);
        return html`<p class="heat-failed" data-code=${asked.error?.code ?? nothing} title=${asked.error?.detail ?? nothing}>
            <strong>${title}</strong> ${remedy}
        </p>`;
    }
    const place = brightest(asked.explanation);
    if (!place) return html`<p>${t("heat_legend_nothing", { name })}</p>`;
    return html`<p>
        ${t(isWhole(asked.explanation) ? "heat_legend_whole" : "heat_legend", { name })}
        <span class="heat-place">${t("heat_at", { place: t(`heat_${place}`) })}.</span>
    </p>`;
}

/** By its name in the language of now, wherever the picture shows it. @param {PictureEntry} picture @param {string} id @returns {TagRef} */
function tagNamed({ id: pictureId }, id) {
    const shown = tagsAround(pictureId);
    const rejected = details.value?.id === pictureId ? details.value.rejected : [];
    const all = [...shown, ...rejected, ...shown.flatMap(({ parents }) => parents)];
    return all.find((tag) => tag.id === id) ?? { id, name: id };
}
