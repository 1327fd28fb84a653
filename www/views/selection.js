/**
 * What can be done with all that is selected: a bar at the grid's foot. It takes its place from the grid, so that it covers no card.
 * @import { TemplateResult } from "../vendor/view.js"
 */
import { actions } from "../app/work_actions.js";
import { selectedIds, selectedTags, openMenu } from "../app/state.js";
import { effect, html, nothing, untracked } from "../vendor/view.js";
import { addTagBox } from "./add_tag.js";
import { closeIcon, renewIcon, saveIcon } from "./icons.js";
import { menuButton, menuItem } from "./menu.js";
import { mount } from "./mount.js";
import { t } from "./text.js";
import { offIcon, untagIcon } from "./work_icons.js";

/** More tags than this are no menu any more; those on the fewest pictures are left out. */
const MAX_TAGS = 100;

/** @param {HTMLElement} root @param {{focus: () => void}} grid where the keyboard goes when the bar goes */
export function mountSelection(root, grid) {
    effect(() => {
        if (openMenu.value === "remove_tag" && selectedIds.value.length > 0) untracked(actions.refreshSelectedTags);
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
        <strong class="selection-n" data-count="selected" data-value=${ids.length}>${t("n_selected", { n: ids.length })}</strong>
        <div class="selection-add">${addTagBox({ ids, box: "selection", leave: () => grid.focus() })}</div>
        <div class="selection-actions">
            ${removeTag()} ${actionButton("selection-again", t("tag_again"), renewIcon(), () => actions.retag(ids))}
            ${actionButton(
                "selection-off",
                t("take_off"),
                offIcon(),
                leave(() => actions.removePictures(ids)),
            )}
            ${actionButton("selection-export", t("export"), saveIcon(), toExport)}
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

function removeTag() {
    const all = selectedTags.value ?? [];
    const before = () =>
        html`<p class="menu-words">${t(selectedTags.value ? "no_tags_chosen" : "looking_at_tags")}</p>`;
    return menuButton({
        name: "remove_tag",
        content: html`${untagIcon()}<span class="selection-word">${t("remove_a_tag")}</span>`,
        label: t("remove_a_tag"),
        ...(all.length === 0 ? { before } : {}),
        items: () => all.slice(0, MAX_TAGS).map(item),
    });
}

/** @param {import("../app/state.js").SelectedTag} tag */
const item = (tag) =>
    menuItem("remove-tag", () => actions.rejectTag(tag, tag.ids), {
        words: tag.name,
        what: t("n_pictures", { n: tag.ids.length }),
    });
