/**
 * One picture in the grid: an entry of a list, with a button that opens it and a checkbox that selects it. A listbox or a grid would
 * swallow the buttons inside (Retry, accept, reject) or need each row as an element of its own; a list with a checkbox is announced by
 * every screen reader as what it is, "Select cat.jpg, checkbox, checked", and axe has nothing to add. Only the card that has the
 * keyboard is in the order of Tab.
 * @import { Tag } from "../core/engine_api.d.ts"
 * @import { PictureEntry } from "../app/state.js"
 * @import { GridLayout } from "./grid_layout.js"
 */
import { actions } from "../app/work_actions.js";
import { isWorking, reviewed } from "../app/state.js";
import { html, nothing, repeat } from "../vendor/view.js";
import { chip } from "./chip.js";
import { nameWithAll } from "./counted_name.js";
import { pictureIcon, warningIcon } from "./icons.js";
import { cardNotes, spokenNotes } from "./picture_notes.js";
import { lookSign, spokenLook } from "./second_look.js";
import { confidenceText, t, errorText } from "./text.js";
import { reviewIcon } from "./work_icons.js";

/**
 * @param {PictureEntry} picture @param {Tag[] | undefined} tags undefined while they are not known
 * @param {{
 *   idx: number, n: number, isCurrent: boolean, isPointed: boolean, isOpened: boolean, isSelected: boolean, layout: GridLayout,
 *   x: number, y: number }} place
 */
export function card(picture, tags, { idx, n, isCurrent, isPointed, isOpened, isSelected, layout, x, y }) {
    const { id, path, name, state } = picture;
    const tabindex = isCurrent ? 0 : -1;
    return html`<li
        class="card ${isOpened ? "is-opened" : ""} ${isSelected ? "is-selected" : ""}"
        data-id=${id}
        data-idx=${idx}
        data-path=${path}
        data-state=${state}
        aria-setsize=${n}
        aria-posinset=${idx + 1}
        aria-busy=${isWorking(state)}
        .style=${`transform:translate(${x}px,${y}px);width:${layout.cellWidth}px;height:${layout.cellHeight}px`}
    >
        <div class="card-frame">${frame(picture)}${cardNotes(picture)}${reviewed.value.has(id) ? reviewMark() : nothing}${lookSign(picture)}</div>
        <button class="card-name" type="button" tabindex=${tabindex} title=${path} aria-label=${label(picture, tags)}>${caption(picture, tags, layout)}</button>
        <input
            class="card-check"
            type="checkbox"
            data-do="select"
            tabindex=${tabindex}
            aria-label=${t("select_name", { name })}
            .checked=${isSelected}
        />
        ${
            layout.nTags === 0
                ? nothing
                : html`<div class="card-foot">${foot(picture, tags, { isCurrent, isPointed, nShown: layout.nTags })}</div>`
        }
    </li>`;
}

/** Where there is no room for tags, the first of them say more than the name. @param {PictureEntry} picture @param {Tag[] | undefined} tags @param {GridLayout} layout */
const caption = ({ name }, tags, { nTags }) =>
    nTags === 0 && tags?.length ? tags.map(({ name }) => name).join(", ") : name;

const reviewMark = () =>
    html`<span class="card-reviewed" title=${t("review_done")}>${reviewIcon()}<span class="visually-hidden">${t("review_done")}</span></span>`;

/** A picture that is tagged again keeps its thumbnail. @param {PictureEntry} picture */
function frame({ state, thumbnail, error }) {
    const moving = isWorking(state) ? html`<i class="card-moving"></i>` : nothing;
    if (state === "failed") {
        const { title, remedy } = errorText(error);
        return html`<p class="card-reason" data-code=${error?.code ?? nothing} title=${error?.detail ?? nothing}>
            ${warningIcon()}<strong>${title}</strong> <span>${remedy}</span>
        </p>`;
    }
    if (thumbnail)
        return html`<img class="card-picture" src=${thumbnail} alt="" draggable="false" decoding="async" />${moving}`;
    return html`<span class="card-blank">${pictureIcon()}</span>${moving}`;
}

/** @typedef {{isCurrent: boolean, isPointed: boolean, nShown: number}} How */

/** @param {PictureEntry} picture @param {Tag[] | undefined} tags @param {How} how */
function foot(picture, tags, how) {
    const { state } = picture;
    // What a person gave it stays in sight, and so does what was found before while it is tagged again.
    const own = tags?.length ? chips(picture.id, tags, how) : nothing;
    if (state === "failed") return html`${own}${retryButton(picture)}`;
    if (state !== "done" && !tags?.length) return html`<span class="card-quiet">${t(`state_${state}`)}</span>`;
    return state === "done" ? chips(picture.id, tags, how) : own;
}

/** @param {PictureEntry} picture */
function retryButton({ id, name }) {
    const label = `${t("retry")}: ${name}`;
    return html`<button class="button card-retry" type="button" aria-label=${label} @click=${() => actions.retry(id)}>${t("retry")}</button>`;
}

/** @param {number} id @param {Tag[] | undefined} tags @param {How} how */
function chips(id, tags, { isCurrent, isPointed, nShown }) {
    if (!tags) return nothing;
    if (tags.length === 0) return html`<span class="card-quiet">${t("no_tags")}</span>`;
    const nMore = tags.length - nShown;
    const place = { ids: [id], hasActions: isCurrent || isPointed, isReachable: isCurrent, leave: toCard };
    // A chip is its tag's, wherever that moves to: a second look adds tags, and no button becomes another's under a finger.
    const shown = repeat(
        tags.slice(0, nShown),
        ({ id }) => id,
        (tag) => chip(tag, place),
    );
    return html`${shown}${
        nMore > 0 ? html`<span class="chip is-more">${t("more_tags", { n: nMore })}</span>` : nothing
    }`;
}

/** The chip whose button has the keyboard will be another, or none. @param {HTMLElement} button */
function toCard(button) {
    /** @type {HTMLElement | null | undefined} */ (button.closest(".card")?.querySelector(".card-name"))?.focus({
        preventScroll: true,
    });
}

/** @param {PictureEntry} picture @param {Tag[] | undefined} tags */
function label(picture, tags) {
    const { name, state, error } = picture;
    const tagTexts = (tags ?? []).map((tag) =>
        tag.source === "manual"
            ? t("tag_of_yours", { name: nameWithAll(tag) })
            : t("tag_with_confidence", { name: nameWithAll(tag), percent: confidenceText(tag.confidence) }),
    );
    const all = [...spokenNotes(picture), ...tagTexts, ...spokenLook(picture)].join(", ");
    if (state === "failed")
        return t("card_name", { name, state: t("state_failed"), tags: `${errorText(error).title} ${all}` });
    return t("card_name", { name, state: t(`state_${state}`), tags: all || (state === "done" ? t("no_tags") : "") });
}
