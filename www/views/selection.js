/**
 * What can be done with all that is selected: a bar at the sheet's foot. It takes its place from the sheet, so that it covers no card.
 * @import { TemplateResult } from "../vendor/view.js"
 */
import { actions } from "../app/actions.js";
import { chosen, chosen_tags, open_menu } from "../app/state.js";
import { effect, html, nothing, untracked } from "../vendor/view.js";
import { add_tag_box } from "./add_tag.js";
import { close_icon, off_icon, renew_icon, save_icon, untag_icon } from "./icons.js";
import { menu_button, menu_item } from "./menu.js";
import { mount } from "./mount.js";
import { t } from "./words.js";

/** More tags than this are no menu any more; those on the fewest pictures are left out. */
const MAX_TAGS = 100;

/** @param {HTMLElement} root @param {{focus: () => void}} sheet where the keyboard goes when the bar goes */
export function mount_selection(root, sheet) {
    effect(() => {
        if (open_menu.value === "remove_tag" && chosen.value.length > 0) untracked(actions.look_at_chosen_tags);
    });
    mount(root, () => selection_bar(sheet));
}

/** @param {{focus: () => void}} sheet */
function selection_bar(sheet) {
    const ids = chosen.value;
    if (ids.length === 0) return html`${nothing}`;
    const leave = (/** @type {() => void} */ act) => () => {
        act();
        sheet.focus();
    };
    return html`<div class="selection" role="region" aria-label=${t("selection")}>
        <strong class="selection-n" data-count="selected" data-value=${ids.length}>${t("n_selected", { n: ids.length })}</strong>
        <div class="selection-add">${add_tag_box({ ids, box: "selection", leave: () => sheet.focus() })}</div>
        <div class="selection-deeds">
            ${remove_tag()} ${deed("selection-again", t("tag_again"), renew_icon(), () => actions.tag_again(ids))}
            ${deed("selection-off", t("take_off"), off_icon(), leave(() => actions.remove_pictures(ids)))}
            ${deed("selection-export", t("export"), save_icon(), to_export)}
        </div>
        <button
            class="button is-icon selection-none"
            type="button"
            data-do="selection-none"
            aria-label=${t("select_none")}
            title=${t("select_none")}
            @click=${leave(actions.select_none)}
        >
            ${close_icon()}
        </button>
    </div>`;
}

/** @param {string} name @param {string} label @param {TemplateResult} icon @param {() => void} act */
const deed = (name, label, icon, act) => {
    const words = html`${icon}<span class="selection-word">${label}</span>`;
    return html`<button class="button" type="button" data-do=${name} aria-label=${label} title=${label} @click=${act}>${words}</button>`;
};

/** The page's own menu: it exports what is selected. */
const to_export = () => /** @type {HTMLElement | null} */ (document.querySelector('[data-do="export"]'))?.click();

function remove_tag() {
    const all = chosen_tags.value ?? [];
    const before = () => html`<p class="menu-words">${t(chosen_tags.value ? "no_tags_chosen" : "looking_at_tags")}</p>`;
    return menu_button({
        name: "remove_tag",
        content: html`${untag_icon()}<span class="selection-word">${t("remove_a_tag")}</span>`,
        label: t("remove_a_tag"),
        ...(all.length === 0 ? { before } : {}),
        items: () => all.slice(0, MAX_TAGS).map(item),
    });
}

/** @param {import("../app/state.js").ChosenTag} tag */
const item = (tag) =>
    menu_item("remove-tag", () => actions.reject_tag(tag, tag.ids), { words: tag.name, what: t("n_pictures", { n: tag.ids.length }) });
