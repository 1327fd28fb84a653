/**
 * What can be looked at: a search, all pictures, those without tags, those with certain ones. Left of the grid, or behind a button where
 * it is narrow.
 * @import { PictureFilter, TagCount } from "../core/engine_api.d.ts"
 */
import { isSameFilter } from "../app/actions/finding.js";
import { actions } from "../app/work_actions.js";
import { areAllTagsListed, isFiltered, listed, openMenu, query, summary, tagList, total } from "../app/state.js";
import { html, live, nothing, repeat } from "../vendor/view.js";
import { focusGrid } from "./grid_focus.js";
import { closeIcon } from "./icons.js";
import { localForm } from "./local_form.js";
import { whenDrawn } from "./mount.js";
import { t } from "./text.js";
import { searchIcon } from "./work_icons.js";

/** The tags in the order in which they are shown: it stays as long as somebody is about to choose one of them. @type {string[]} */
let shownOrder = [];
let isHeld = false;

export function sidebar() {
    if (total.value === 0) return html`${nothing}`;
    const isOpen = openMenu.value === "filter";
    return html`<div class="sidebar-box" @focusout=${leave}>
        <i class="sidebar-veil" ?hidden=${!isOpen} @click=${closeMenu}></i>
        <nav
            class="sidebar ${isOpen ? "is-open" : ""}"
            aria-label=${t("filter")}
            tabindex="-1"
            @pointerenter=${() => void ((isHeld = true))}
            @pointerleave=${() => void ((isHeld = false))}
        >
            ${searchBox()} ${filterItems()} ${tagItems()}
        </nav>
    </div>`;
}

/** @param {FocusEvent} event */
function leave({ currentTarget, relatedTarget }) {
    const isInside = /** @type {Element} */ (currentTarget).contains(/** @type {Node | null} */ (relatedTarget));
    if (!isInside && openMenu.value === "filter" && relatedTarget !== null) actions.showMenu(null);
}

function searchBox() {
    const { words } = query.value;
    const onKey = (/** @type {KeyboardEvent} */ event) => {
        if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
        if (event.key === "Enter") void toGrid();
        else if (event.key === "Escape" && words !== "") actions.setQuery({ words: "" });
        else if (event.key === "Escape")
            return; // the key of the page: it leads back to the grid
        else return event.stopPropagation(); // what is typed here are no keys of the page
        event.preventDefault();
        event.stopPropagation();
    };
    return localForm(html`<div class="sidebar-search">
        ${searchIcon()}
        <input
            type="search"
            data-do="search"
            aria-label=${t("search")}
            placeholder=${t("search")}
            title=${t("search")}
            autocomplete="off"
            autocapitalize="none"
            spellcheck="false"
            enterkeyhint="search"
            .value=${live(words)}
            @input=${(/** @type {Event} */ { currentTarget }) => actions.setQuery({ words: /** @type {HTMLInputElement} */ (currentTarget).value })}
            @keydown=${onKey}
        />
        ${
            words === ""
                ? html`<kbd aria-hidden="true">F</kbd>`
                : html`<button
                      class="sidebar-clear"
                      type="button"
                      data-do="search-clear"
                      aria-label=${t("search_clear")}
                      title=${t("search_clear")}
                      @click=${clear}
                  >
                      ${closeIcon()}
                  </button>`
        }
    </div>`);
}

/** @param {Event} event */
function clear({ currentTarget }) {
    const field = /** @type {HTMLElement} */ (currentTarget).closest(".sidebar-search")?.querySelector("input");
    actions.setQuery({ words: "" });
    field?.focus();
}

/** The first that was found is opened, and the keyboard is there. */
async function toGrid() {
    if (!(await actions.openFirst())) return focusGrid();
    if (openMenu.value === "filter") actions.showMenu(null);
    focusGrid();
}

/** The key F: into the search, wherever it is. */
export function focusSearch() {
    const field = /** @type {HTMLInputElement | null} */ (document.querySelector('[data-do="search"]'));
    if (!field) return false;
    const enter = () => {
        field.focus();
        field.select();
    };
    if (field.checkVisibility()) enter();
    else {
        actions.showMenu("filter");
        whenDrawn(enter);
    }
    return true;
}

function filterItems() {
    const { untagged = 0, failed = 0, corrected = 0, waiting = 0, reviewed = 0 } = summary.value ?? {};
    const n = total.value;
    return html`<ul>
        ${item(null, "filters", t("all_pictures"), n)} ${item({ kind: "untagged" }, "filters", t("filter_untagged"), untagged)}
        ${item({ kind: "reviewed" }, "without", t("filter_unreviewed"), n - reviewed)}
        ${waiting > 0 ? item({ kind: "waiting" }, "filters", t("filter_waiting"), waiting) : nothing}
        ${item({ kind: "failed" }, "filters", t("filter_failed"), failed)}
        ${item({ kind: "corrected" }, "filters", t("filter_corrected"), corrected)}
    </ul>`;
}

/** Those that are looked for, all of them, or the most common ones. */
function tagItems() {
    const isListed = tagList.value !== null;
    const typed = tagList.value?.typed ?? "";
    const all = (isListed ? listed.value : stableOrder(summary.value?.frequent ?? [])) ?? [];
    if (all.length === 0 && typed === "") return nothing;
    const heading = typed !== "" ? "tags_found" : areAllTagsListed.value ? "all_tags" : "frequent";
    const items = repeat(
        all,
        ({ id }) => id,
        ({ id, name, pictures }) => item({ kind: "tag", id }, "filters", name, pictures),
    );
    return html`<h2 class="sidebar-heading">${t(heading)}</h2>
        ${all.length === 0 ? html`<p class="sidebar-none">${t("tags_none")}</p>` : html`<ul class="sidebar-tags">${items}</ul>`}
        <p class="sidebar-more">
            <button class="sidebar-link" type="button" data-do="all-tags" @click=${() => actions.listTags(!areAllTagsListed.value)}>
                ${t(areAllTagsListed.value ? "fewer_tags" : "all_tags")}
            </button>
            <button class="sidebar-link" type="button" data-do="manage-tags" @click=${() => actions.showDialog("tags")}>${t("manage_tags")}</button>
            ${
                actions.hasTraining() && all.some(({ id }) => id.startsWith("own:"))
                    ? html`<button class="sidebar-link" type="button" data-do="teach-tags" @click=${() => actions.showDialog("own_tags")}>${t("teach_tags")}</button>`
                    : nothing
            }
        </p>`;
}

/** While tags arrive the order changes all the time, but never under the pointer. @param {readonly TagCount[]} newest */
function stableOrder(newest) {
    const place = new Map(shownOrder.map((id, idx) => [id, idx]));
    const last = shownOrder.length;
    const all = isHeld ? [...newest].sort((a, b) => (place.get(a.id) ?? last) - (place.get(b.id) ?? last)) : newest;
    shownOrder = all.map(({ id }) => id);
    return all;
}

/** @param {PictureFilter} wanted @param {"filters" | "without"} how */
const isOn = (wanted, how) => query.value[how].some((one) => isSameFilter(one, wanted));

/**
 * A press looks at these pictures only; the small buttons beside it, or a press with Ctrl, narrow down what is looked at.
 * @param {PictureFilter | null} wanted @param {"filters" | "without"} how @param {string} name @param {number} n
 */
function item(wanted, how, name, n) {
    const isChosen = wanted === null ? !isFiltered.value : isOn(wanted, how);
    const choose = (/** @type {MouseEvent} */ { ctrlKey, metaKey }) => {
        if (wanted === null) actions.showAll();
        else if (ctrlKey || metaKey) actions.toggleFilter(wanted, how);
        else if (how === "without") actions.setQuery({ words: "", filters: [], without: [wanted] });
        else actions.showOnly(wanted);
        closeMenu();
    };
    const kind = wanted === null ? "all" : how === "without" ? `un${wanted.kind}` : wanted.kind;
    return html`<li class="sidebar-row" @keydown=${alongRow}>
        <button
            class="sidebar-item"
            type="button"
            data-filter=${kind}
            data-filter-tag=${wanted?.kind === "tag" ? wanted.id : nothing}
            aria-current=${isChosen ? "true" : nothing}
            @click=${choose}
        >
            <bdi class="sidebar-name">${name}</bdi> <span class="sidebar-count" data-value=${n}>${t("number", { n })}</span>
        </button>
        ${wanted?.kind === "tag" ? html`${narrow(wanted, "filters", name)}${narrow(wanted, "without", name)}` : nothing}
    </li>`;
}

/** @param {PictureFilter} wanted @param {"filters" | "without"} how @param {string} name */
function narrow(wanted, how, name) {
    const label = t(how === "filters" ? "filter_and" : "filter_without", { name });
    return html`<button
        class="sidebar-narrow"
        type="button"
        data-do=${how === "filters" ? "filter-and" : "filter-not"}
        tabindex="-1"
        aria-label=${label}
        title=${label}
        aria-pressed=${isOn(wanted, how)}
        @click=${() => actions.toggleFilter(wanted, how)}
    >
        ${how === "filters" ? "+" : "−"}
    </button>`;
}

/** Tab leads to each row once; its small buttons are to the right, and the other rows above and below. @param {KeyboardEvent} event */
function alongRow(event) {
    const { key, currentTarget, target } = event;
    const row = /** @type {HTMLElement} */ (currentTarget);
    const buttons = Array.from(row.querySelectorAll("button"));
    const at = buttons.indexOf(/** @type {HTMLButtonElement} */ (target));
    const rows = Array.from(row.closest(".sidebar")?.querySelectorAll(".sidebar-row") ?? []);
    const step = /** @type {Record<string, number>} */ ({ ArrowDown: 1, ArrowUp: -1 })[key];
    const inRow = { ArrowRight: buttons[at + 1], ArrowLeft: buttons[at - 1] }[key];
    const next = step ? rows[rows.indexOf(row) + step]?.querySelectorAll("button")[at] : inRow;
    if (!next) return;
    next.focus();
    event.preventDefault();
    event.stopPropagation();
}

/** Where it lies over the grid, it has done its work. */
function closeMenu() {
    if (openMenu.value !== "filter") return;
    actions.showMenu(null);
    /** @type {HTMLElement | null} */ (document.querySelector('[data-do="filter"]'))?.focus();
}
