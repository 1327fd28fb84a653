/**
 * What can be done with all that is selected: a bar at the grid's foot. It takes its place from the grid, so that it covers no card.
 * @import { TemplateResult } from "../vendor/view.js"
 */
import { actions } from "../app/work_actions.js";
import { nSelectedShown, openMenu, selectedIds, selectedTags } from "../app/state.js";
import { effect, html, nothing, signal, untracked } from "../vendor/view.js";
import { addTagBox } from "./add_tag.js";
import { selectionMore } from "./collection_menu.js";
import { closeIcon, renewIcon, saveIcon } from "./icons.js";
import { localForm } from "./local_form.js";
import { menuButton, menuItem } from "./menu.js";
import { mount } from "./mount.js";
import { t } from "./text.js";
import { acceptIcon, offIcon, reviewIcon, untagIcon } from "./work_icons.js";

/** @typedef {import("../app/state.js").SelectedTag} SelectedTag */

/** More tags than this are no menu any more: typing finds the others. */
const MAX_TAGS = 100;
const MENUS = ["accept_tag", "remove_tag"];

/** What is typed to find a tag of the selection. */
const typed = signal("");

/** @param {HTMLElement} root @param {{focus: () => void}} grid where the keyboard goes when the bar goes */
export function mountSelection(root, grid) {
    effect(() => {
        typed.value = "";
        if (MENUS.includes(openMenu.value ?? "") && selectedIds.value.length > 0)
            untracked(actions.refreshSelectedTags);
    });
    mount(root, () => selectionBar(grid));
}

/** @param {{focus: () => void}} grid */
function selectionBar(grid) {
    const ids = selectedIds.value;
    if (ids.length === 0) return html`${nothing}`;
    const leave = (/** @type {() => void} */ act) => () => {
        act();
        grid.focus();
    };
    return html`<div class="selection" role="region" aria-label=${t("selection")}>
        <strong class="selection-n" data-count="selected" data-value=${ids.length}>${nText(ids.length)}</strong>
        ${nSelectedShown.value < ids.length ? onlyShown() : nothing}
        <div class="selection-add">${addTagBox({ ids, box: "selection", leave: () => grid.focus() })}</div>
        <div class="selection-actions">
            ${tagMenu("accept_tag", t("accept_a_tag"), acceptIcon(), acceptable)} ${tagMenu("remove_tag", t("remove_a_tag"), untagIcon(), removable)}
            ${actionButton("selection-review", t("mark_reviewed"), reviewIcon(), () => actions.review(ids))}
            ${actionButton("selection-again", t("tag_again"), renewIcon(), () => actions.retag(ids))}
            ${actionButton(
                "selection-off",
                t("take_off"),
                offIcon(),
                leave(() => actions.removePictures(ids)),
            )}
            ${actionButton("selection-export", t("export"), saveIcon(), toExport)} ${selectionMore()}
        </div>
        <button
            class="button is-icon selection-none"
            type="button"
            data-do="selection-none"
            aria-label=${t("select_none")}
            title=${t("select_none")}
            @click=${leave(actions.selectNone)}
        >
            ${closeIcon()}
        </button>
    </div>`;
}

/** @param {string} name @param {string} label @param {TemplateResult} icon @param {() => void} act */
const actionButton = (name, label, icon, act) => {
    const words = html`${icon}<span class="selection-word">${label}</span>`;
    return html`<button class="button" type="button" data-do=${name} aria-label=${label} title=${label} @click=${act}>${words}</button>`;
};

/** The page's own menu: it exports what is selected. */
const toExport = () => /** @type {HTMLElement | null} */ (document.querySelector('[data-do="export"]'))?.click();

/** @param {number} n */
const nText = (n) =>
    nSelectedShown.value < n ? t("n_selected_shown", { n, shown: nSelectedShown.value }) : t("n_selected", { n });

const onlyShown =
    () => html`<button class="tag-reset" type="button" data-do="select-shown" @click=${actions.selectShown}>
    ${t("select_shown")}
</button>`;

/**
 * A menu of the selection's tags, each with the number of pictures that it is for.
 * @param {"accept_tag" | "remove_tag"} name @param {string} label @param {TemplateResult} icon
 * @param {{do: string, isMeant: (tag: SelectedTag) => number[], act: (tag: SelectedTag, ids: number[]) => void}} what
 */
function tagMenu(name, label, icon, what) {
    const meant = (selectedTags.value ?? [])
        .map((tag) => ({ tag, ids: what.isMeant(tag) }))
        .filter(({ ids }) => ids.length > 0);
    const wanted = typed.value.trim().toLowerCase();
    const found = meant.filter(({ tag }) => tag.name.toLowerCase().includes(wanted)).slice(0, MAX_TAGS);
    const onInput = (/** @type {Event} */ { currentTarget }) =>
        void (typed.value = /** @type {HTMLInputElement} */ (currentTarget).value);
    // The field is there from the first moment: it has the keyboard, and keeps it.
    const before = () => html`${localForm(html`<input
            class="menu-search"
            type="search"
            data-do="find-tag"
            aria-label=${t("find_tag")}
            placeholder=${t("find_tag")}
            autocomplete="off"
            .value=${typed.value}
            @input=${onInput}
        />`)}
        <p class="menu-words" role="status">${stateText()}</p>`;
    const stateText = () => {
        if (!selectedTags.value) return t("looking_at_tags");
        if (meant.length === 0) return t("no_tags_chosen");
        return found.length === 0 ? t("find_tag_none") : t("tags_shown", { n: found.length });
    };
    return menuButton({
        name,
        content: html`${icon}<span class="selection-word">${label}</span>`,
        label,
        hasField: true,
        before,
        items: () =>
            found.map(({ tag, ids }) =>
                menuItem(what.do, () => what.act(tag, ids), {
                    words: tag.name,
                    what: t("n_pictures", { n: ids.length }),
                }),
            ),
    });
}

const removable = {
    do: "remove-tag",
    isMeant: (/** @type {SelectedTag} */ { ids }) => ids,
    act: (/** @type {SelectedTag} */ tag, /** @type {number[]} */ ids) => actions.rejectTag(tag, ids),
};

/** Only where the model suggests it. */
const acceptable = {
    do: "accept-tag-of",
    isMeant: (/** @type {SelectedTag} */ { autoIds }) => autoIds,
    act: (/** @type {SelectedTag} */ tag, /** @type {number[]} */ ids) => actions.acceptTag(tag, ids),
};
