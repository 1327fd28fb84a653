/**
 * The line above the grid: what is looked for, part by part, how many pictures that are, their order, and what else concerns the grid as
 * a whole.
 * @import { PictureFilter, Sort } from "../core/engine_api.d.ts"
 * @import { TemplateResult } from "../vendor/view.js"
 */
import { actions } from "../app/work_actions.js";
import { foundOf } from "../app/boxes.js";
import { CARD_SIZES } from "../app/settings.js";
import { gridIds, isFiltered, leftOut, openMenu, query, settings, tags, total } from "../app/state.js";
import { html, nothing } from "../vendor/view.js";
import { filterName } from "./filter_words.js";
import { focusGridWhenDrawn } from "./grid_focus.js";
import { closeIcon } from "./icons.js";
import { whenDrawn } from "./mount.js";
import { t } from "./text.js";
import { filterIcon, largerIcon, smallerIcon } from "./work_icons.js";

/** So many of a tag can be asked for by a choice; any other number by typing it. */
const LEAST = [1, 2, 3, 5, 10];
const SORTS = /** @type {const} */ (["added", "name", "newest", "oldest", "most_tags", "fewest_tags", "least_sure"]);

export function gridBar() {
    if (total.value === 0) return html`${nothing}`;
    const isOpen = openMenu.value === "filter";
    return html`<div class="grid-bar ${isFiltered.value ? "is-filtered" : ""}">
        <button
            class="button grid-bar-filter"
            type="button"
            data-do="filter"
            aria-label=${t("filter")}
            aria-expanded=${isOpen}
            @click=${() => toggleSidebar(isOpen)}
        >
            ${filterIcon()}<span>${t("filter")}</span>
        </button>
        <p class="grid-bar-n" data-count="found" data-value=${gridIds.value.length}>
            ${
                isFiltered.value
                    ? t("filter_on", { n: gridIds.value.length, total: total.value })
                    : t("n_pictures", { n: total.value })
            }
        </p>
        ${isFiltered.value ? parts() : nothing}
        <span class="grid-bar-end">${leftOut.value.length > 0 ? toLeftOut() : nothing} ${sizes()} ${selectAll()} ${sort()}</span>
    </div>`;
}

/** What has been opened has the keyboard. @param {boolean} isOpen */
function toggleSidebar(isOpen) {
    actions.showMenu(isOpen ? null : "filter");
    if (!isOpen) whenDrawn(() => /** @type {HTMLElement | null} */ (document.querySelector(".sidebar"))?.focus());
}

/** Each of them goes by a press. */
function parts() {
    const { words, filters, without } = query.value;
    return html`<ul class="grid-bar-parts" data-scroll="x">
            ${words.trim() === "" ? nothing : part(`“${words.trim()}”`, () => actions.setQuery({ words: "" }))}
            ${filters.map((filter) => filterPart(filter, "filters"))} ${without.map((filter) => filterPart(filter, "without"))}
        </ul>
        <button
            class="button is-icon grid-bar-all"
            type="button"
            data-do="show-all"
            aria-label=${t("show_all")}
            title=${t("show_all")}
            @click=${showAll}
        >
            ${closeIcon()}
        </button>`;
}

/** @param {PictureFilter} filter @param {"filters" | "without"} how */
const filterPart = (filter, how) =>
    part(
        filterName(filter, how),
        () => actions.toggleFilter(filter, how),
        filter.kind === "tag" ? howMany(filter) : nothing,
    );

/** @param {string} name @param {() => void} drop @param {TemplateResult | typeof nothing} [more] */
const part = (name, drop, more = nothing) => html`<li>
    <button class="grid-bar-part" type="button" data-do="drop-filter" aria-label=${t("filter_remove", { name })} title=${t("filter_remove", { name })} @click=${drop}>
        <bdi>${name}</bdi>${closeIcon()}
    </button>
    ${more}
</li>`;

/** How many of a tag there must be; offered where several were found somewhere on screen. @param {PictureFilter & {kind: "tag"}} filter */
function howMany(filter) {
    const { id, at_least: wanted = 1 } = filter;
    const isCounted = wanted > 1 || [...tags.value.values()].some((all) => (foundOf(all, id)?.count ?? 1) > 1);
    if (!isCounted) return nothing;
    const choose = (/** @type {Event} */ { currentTarget }) =>
        actions.setAtLeast(filter, Number(/** @type {HTMLSelectElement} */ (currentTarget).value));
    const all = [...new Set([...LEAST, wanted])].sort((a, b) => a - b);
    const words = (/** @type {number} */ n) => (n === 1 ? t("any_number") : t("at_least_n", { n }));
    return html`<select class="grid-bar-least" data-do="at-least" aria-label=${t("how_many", { name: filterName({ kind: "tag", id }, "filters") })} @change=${choose}>
        ${all.map((n) => html`<option value=${n} .selected=${n === wanted}>${words(n)}</option>`)}
    </select>`;
}

function showAll() {
    actions.showAll();
    focusGridWhenDrawn();
}

/** The lasting way to what a notice said only for a while. */
const toLeftOut =
    () => html`<button class="button grid-bar-left-out" type="button" data-do="left-out" @click=${() => actions.showDialog("left_out")}>
    ${t("n_left_out", { n: leftOut.value.length })}
</button>`;

/** Each steps on to the next size; at its end it stays where it is, with the keyboard. */
function sizes() {
    const idx = CARD_SIZES.indexOf(settings.value.card_size);
    return html`<span class="grid-bar-sizes" role="group" aria-label=${t("picture_size")}
        >${sizeButton("smaller", -1, smallerIcon(), idx === 0)}${sizeButton("larger", 1, largerIcon(), idx === CARD_SIZES.length - 1)}</span
    >`;
}

/** @param {"smaller" | "larger"} name @param {1 | -1} by @param {TemplateResult} icon @param {boolean} isEnd */
const sizeButton = (name, by, icon, isEnd) => html`<button
    class="button is-icon"
    type="button"
    data-do=${name}
    aria-disabled=${isEnd}
    aria-label=${t(`${name}_pictures`)}
    title=${t(`${name}_pictures`)}
    @click=${() => actions.resizeCards(by)}
>
    ${icon}
</button>`;

const selectAll =
    () => html`<button class="button grid-bar-select" type="button" data-do="select-all" @click=${actions.selectAll}>
    ${t("select_all")}
</button>`;

function sort() {
    const choose = (/** @type {Event} */ { currentTarget }) =>
        actions.setQuery({ sort: /** @type {Sort} */ (/** @type {HTMLSelectElement} */ (currentTarget).value) });
    return html`<select class="grid-bar-sort" data-do="sort" aria-label=${t("sort")} title=${t("sort")} @change=${choose}>
        ${SORTS.map((name) => html`<option value=${name} .selected=${query.value.sort === name}>${t(`sort_${name}`)}</option>`)}
    </select>`;
}
