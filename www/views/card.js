/**
 * One picture on the sheet.
 * @import { Tag } from "../core/engine_api.d.ts"
 * @import { Picture } from "../app/state.js"
 * @import { Grid } from "./windowing.js"
 */
import { open_picture, retry } from "../app/actions.js";
import { html, nothing } from "../vendor/view.js";
import { picture_icon, warning_icon } from "./icons.js";
import { percent, t, words_of } from "./words.js";

/**
 * @param {Picture} picture @param {Tag[] | undefined} tags undefined while they are not known
 * @param {{idx: number, n: number, is_current: boolean, is_opened: boolean, grid: Grid, x: number, y: number}} place
 */
export function card(picture, tags, { idx, n, is_current, is_opened, grid, x, y }) {
    const { id, path, name, state } = picture;
    return html`<li
        class="card ${is_opened ? "is-opened" : ""}"
        data-id=${id}
        data-path=${path}
        data-state=${state}
        aria-setsize=${n}
        aria-posinset=${idx + 1}
        aria-busy=${state === "working"}
        .style=${`transform:translate(${x}px,${y}px);width:${grid.cell_width}px;height:${grid.cell_height}px`}
        @click=${() => open_picture(id)}
    >
        <div class="card-frame">${frame(picture)}</div>
        <button class="card-name" type="button" data-idx=${idx} tabindex=${is_current ? 0 : -1} title=${path} aria-label=${label(picture, tags)}
            >${name}</button
        >
        <div class="card-foot">
            ${state === "failed" ? retry_button(picture) : state === "done" ? chips(tags, grid.cell_width < 200 ? 2 : 3) : waiting(state)}
        </div>
    </li>`;
}

/** @param {Picture} picture */
function frame({ state, thumbnail, error }) {
    if (thumbnail) return html`<img class="card-picture" src=${thumbnail} alt="" draggable="false" decoding="async" />`;
    if (state === "failed") {
        const { title, remedy } = words_of(error);
        return html`<p class="card-reason" data-code=${error?.code ?? nothing} title=${error?.detail ?? nothing}>
            ${warning_icon()}<strong>${title}</strong> <span>${remedy}</span>
        </p>`;
    }
    return html`<span class="card-blank">${picture_icon()}</span>${state === "working" ? html`<i class="card-moving"></i>` : nothing}`;
}

/** @param {"queued" | "working"} state */
const waiting = (state) => html`<span class="card-quiet">${t(state === "queued" ? "state_queued" : "state_working")}</span>`;

/** @param {Picture} picture */
function retry_button({ id, name }) {
    const act = (/** @type {Event} */ event) => {
        event.stopPropagation(); // the card behind it would open
        retry(id);
    };
    return html`<button class="button card-retry" type="button" aria-label=${`${t("retry")}: ${name}`} @click=${act}>${t("retry")}</button>`;
}

/** @param {Tag[] | undefined} tags @param {number} n_shown */
function chips(tags, n_shown) {
    if (!tags) return nothing;
    if (tags.length === 0) return html`<span class="card-quiet">${t("no_tags")}</span>`;
    const n_more = tags.length - n_shown;
    return html`${tags.slice(0, n_shown).map(chip)}${n_more > 0 ? html`<span class="chip is-more">${t("more_tags", { n: n_more })}</span>` : nothing}`;
}

/** @param {Tag} tag */
const chip = ({ id, name, confidence }) => html`<span class="chip" data-tag=${id} data-confidence=${confidence} title=${name}>
    <span class="chip-name">${name}</span><span class="chip-figure">${percent(confidence)}</span
    ><i class="chip-bar" .style=${`transform:scaleX(${confidence})`}></i>
</span>`;

/** @param {Picture} picture @param {Tag[] | undefined} tags */
function label({ name, state, error }, tags) {
    if (state === "failed") return t("card_name", { name, state: t("state_failed"), tags: words_of(error).title });
    if (state !== "done") return t("card_name", { name, state: t(state === "queued" ? "state_queued" : "state_working"), tags: "" });
    const said = (tags ?? []).map((tag) => t("tag_with_confidence", { name: tag.name, percent: percent(tag.confidence) }));
    return t("card_name", { name, state: t("state_done"), tags: said.join(", ") || t("no_tags") });
}
