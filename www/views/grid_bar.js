/**
 * The line above the grid: what is looked for, part by part, how many pictures that are, their order, and what else concerns the grid as
 * a whole.
 * @import { PictureFilter, Sort } from "../core/engine_api.d.ts"
 */
import { actions } from "../app/work_actions.js";
import { gridIds, isFiltered, openMenu, query, total } from "../app/state.js";
import { html, nothing } from "../vendor/view.js";
import { filterName } from "./filter_words.js";
import { focusGridWhenDrawn } from "./grid_focus.js";
import { closeIcon } from "./icons.js";
import { whenDrawn } from "./mount.js";
import { t } from "./text.js";
import { filterIcon } from "./work_icons.js";

const SORTS = /** @type {const} */ (["added", "name", "newest", "oldest", "most_tags", "fewest_tags", "least_sure"]);

export function gridBar() {
    if (total.value === 0) return html`${nothing}`;
    const isOpen = openMenu.value === "filter";
    return html`<div class="grid-bar ${isFiltered.value ? "is-filtered" : ""}">
        <button
            class="button grid-bar-filter"
            type="button"
            data-do="filter"
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
        <span class="grid-bar-end">${selectAll()} ${sort()}</span>
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
const filterPart = (filter, how) => part(filterName(filter, how), () => actions.toggleFilter(filter, how));

/** @param {string} name @param {() => void} drop */
const part = (name, drop) => html`<li>
    <button class="grid-bar-part" type="button" data-do="drop-filter" aria-label=${t("filter_remove", { name })} title=${t("filter_remove", { name })} @click=${drop}>
        <bdi>${name}</bdi>${closeIcon()}
    </button>
</li>`;

function showAll() {
    actions.showAll();
    focusGridWhenDrawn();
}

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
