/**
 * What can be looked at: all pictures, those without tags, those with a certain one. Left of the grid, or behind a button where it is
 * narrow; and the line above the grid that tells that not all of them are shown.
 * @import { PictureFilter, TagCount } from "../core/engine_api.d.ts"
 */
import { actions } from "../app/work_actions.js";
import { filter, openMenu, gridIds, summary, tags, total } from "../app/state.js";
import { html, nothing, repeat } from "../vendor/view.js";
import { closeIcon } from "./icons.js";
import { t } from "./text.js";
import { filterIcon } from "./work_icons.js";

const WORDS = /** @type {const} */ ({
    untagged: "filter_untagged",
    failed: "filter_failed",
    corrected: "filter_corrected",
});

/** The name of the tag that is filtered by, for when it is not on screen any more. @type {{id: string, name: string}} */
let lastTag = { id: "", name: "" };
/** The tags in the order in which they are shown: it stays as long as somebody is about to choose one of them. @type {string[]} */
let shownOrder = [];
let isHeld = false;

export function sidebar() {
    if (total.value === 0) return html`${nothing}`;
    const isOpen = openMenu.value === "filter";
    return html`<div class="sidebar-box" @focusout=${leave}>
        <div class="sidebar-line ${filter.value === null ? "" : "is-filtered"}">
            <button
                class="button sidebar-open"
                type="button"
                data-do="filter"
                aria-expanded=${isOpen}
                @click=${() => actions.showMenu(isOpen ? null : "filter")}
            >
                ${filterIcon()}<span>${t("filter")}</span>
            </button>
            ${filter.value === null ? nothing : activeFilter()}
        </div>
        <i class="sidebar-veil" ?hidden=${!isOpen} @click=${() => actions.showMenu(null)}></i>
        <nav
            class="sidebar ${isOpen ? "is-open" : ""}"
            aria-label=${t("filter")}
            @pointerenter=${() => void ((isHeld = true))}
            @pointerleave=${() => void ((isHeld = false))}
        >
            ${filterItems()} ${frequent()}
        </nav>
    </div>`;
}

/** @param {FocusEvent} event */
function leave({ currentTarget, relatedTarget }) {
    const isInside = /** @type {Element} */ (currentTarget).contains(/** @type {Node | null} */ (relatedTarget));
    if (!isInside && openMenu.value === "filter") actions.showMenu(null);
}

function filterItems() {
    const { pictures = 0, failed = 0, with_tags: withTags = 0, corrected = 0 } = summary.value ?? {};
    return html`<ul>
        ${item(null, t("all_pictures"), total.value)} ${item({ kind: "untagged" }, t("filter_untagged"), pictures - failed - withTags)}
        ${item({ kind: "failed" }, t("filter_failed"), failed)} ${item({ kind: "corrected" }, t("filter_corrected"), corrected)}
    </ul>`;
}

function frequent() {
    const all = stableOrder(summary.value?.frequent ?? []);
    if (all.length === 0) return nothing;
    const items = repeat(
        all,
        ({ id }) => id,
        ({ id, name, pictures }) => item({ kind: "tag", id }, name, pictures),
    );
    return html`<h2 class="sidebar-heading">${t("frequent")}</h2>
        <ul>
            ${items}
        </ul>`;
}

/** While tags arrive the order changes all the time, but never under the pointer. @param {readonly TagCount[]} newest */
function stableOrder(newest) {
    const place = new Map(shownOrder.map((id, idx) => [id, idx]));
    const last = shownOrder.length;
    const all = isHeld ? [...newest].sort((a, b) => (place.get(a.id) ?? last) - (place.get(b.id) ?? last)) : newest;
    shownOrder = all.map(({ id }) => id);
    return all;
}

/** @param {PictureFilter | null} wanted @param {string} name @param {number} n */
function item(wanted, name, n) {
    const isOn = JSON.stringify(wanted) === JSON.stringify(filter.value);
    const choose = () => {
        actions.setFilter(wanted);
        if (openMenu.value !== "filter") return;
        actions.showMenu(null);
        /** @type {HTMLElement | null} */ (document.querySelector(".sidebar-open"))?.focus();
    };
    return html`<li>
        <button
            class="sidebar-item"
            type="button"
            data-filter=${wanted?.kind ?? "all"}
            data-filter-tag=${wanted?.kind === "tag" ? wanted.id : nothing}
            aria-current=${isOn ? "true" : nothing}
            @click=${choose}
        >
            <bdi class="sidebar-name">${name}</bdi> <span class="sidebar-count" data-value=${n}>${t("number", { n })}</span>
        </button>
    </li>`;
}

function activeFilter() {
    const showAll = () => {
        actions.setFilter(null);
        /** @type {HTMLElement | null} */ (document.querySelector('.card-name[tabindex="0"]'))?.focus({
            preventScroll: true,
        });
    };
    return html`<p class="sidebar-filter" data-count="found" data-value=${gridIds.value.length}>
            ${t("filter_on", { n: gridIds.value.length, total: total.value, name: filterText() })}
        </p>
        <button
            class="button is-icon sidebar-all"
            type="button"
            data-do="show-all"
            aria-label=${t("show_all")}
            title=${t("show_all")}
            @click=${showAll}
        >
            ${closeIcon()}
        </button>`;
}

/** What is looked at, in words. */
export function filterText() {
    const { value: wanted } = filter;
    if (wanted === null) return t("all_pictures");
    return wanted.kind === "tag" ? nameOf(wanted.id) : t(WORDS[wanted.kind]);
}

/** Every picture that is shown has the tag, or one below it. @param {string} id */
function nameOf(id) {
    const around = [...tags.value.values()].flat().flatMap((tag) => [tag, ...tag.parents]);
    const name = [...(summary.value?.frequent ?? []), ...around].find((tag) => tag.id === id)?.name;
    if (name) lastTag = { id, name };
    return lastTag.id === id ? lastTag.name : id;
}
