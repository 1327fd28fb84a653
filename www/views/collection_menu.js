/**
 * The collection in the grid, by its name, and the menu that leads to the others: in the top bar, where people look for what they have
 * before them. And the menu that copies the selected pictures into another.
 * @import { ListedCollection } from "../db/protocol.js"
 */
import { nameOf } from "../app/collection_names.js";
import { canAskProviders, collection, collections, openMenu, selectedIds, total } from "../app/state.js";
import { actions } from "../app/work_actions.js";
import { effect, html, nothing, untracked } from "../vendor/view.js";
import { cloudIcon, moreIcon, plusIcon, teachIcon } from "./icons.js";
import { menuButton, menuItem } from "./menu.js";
import { dayText, t } from "./text.js";
import { collectionIcon, copyIcon, openIcon } from "./work_icons.js";

/** More than these are in the dialog: those that were opened last. */
const MAX_SHOWN = 8;
const MENUS = ["collections", "selection_more"];

/** The list is as it was when the menu was opened last until the new one is there. */
export function keepCollections() {
    effect(() => {
        if (collection.value && MENUS.includes(openMenu.value ?? "")) untracked(actions.refreshCollections);
    });
}

/** All but the one in the grid. */
const others = () => (collections.value ?? []).filter(({ id }) => id !== collection.value?.id);

/** In the direction in which it is read. @param {Pick<ListedCollection, "name">} collection */
const nameWords = (collection) => html`<bdi class="menu-name">${nameOf(collection)}</bdi>`;

/** @param {Pick<ListedCollection, "n_files" | "made_ms">} collection */
const factsOf = ({ n_files: n, made_ms: madeMs }) => `${t("n_pictures", { n })} · ${dayText(madeMs)}`;

export function collectionMenu() {
    const { value: shown } = collection;
    if (!shown) return nothing;
    const name = nameOf(shown);
    return menuButton({
        name: "collections",
        classes: "top-collection",
        label: t("collection_in_grid", { name }),
        content: html`<bdi>${name}</bdi>${openIcon()}`,
        items: () => [
            choice({ ...shown, n_files: total.value }, true),
            ...others()
                .slice(0, MAX_SHOWN - 1)
                .map((one) => choice(one, false)),
            html`<i class="menu-line" role="separator"></i>`,
            newItem("new-collection", []),
            menuItem("all-collections", () => actions.showDialog("collections"), {
                icon: collectionIcon(),
                words: t("all_collections"),
            }),
        ],
    });
}

/** @param {Pick<ListedCollection, "id" | "name" | "n_files" | "made_ms">} collection @param {boolean} isSelected */
const choice = (collection, isSelected) =>
    menuItem("choose-collection", () => void actions.openCollection(collection), {
        words: nameWords(collection),
        what: factsOf(collection),
        isSelected,
    });

/** @param {string} name @param {readonly number[]} ids of the pictures that it is made of */
const newItem = (name, ids) =>
    menuItem(name, () => actions.askForCollection(ids), { icon: plusIcon(), words: t("new_collection") });

/** @param {readonly number[]} ids */
const tagWithItem = (ids) =>
    menuItem(
        "selection-tag-with",
        () => void actions.openPart("providers", (providers) => void providers.askProvider(ids)),
        {
            icon: cloudIcon(),
            words: t("tag_with"),
        },
    );

/** @param {readonly number[]} ids */
const compareItem = (ids) =>
    menuItem(
        "selection-compare",
        () => void actions.openPart("providers", (providers) => void providers.compareProviders(ids)),
        { icon: cloudIcon(), words: t("compare_with") },
    );

/** @param {readonly number[]} ids */
const teachItem = (ids) =>
    menuItem("selection-teach", () => void actions.openPart("own_tags", (own) => own.askToTeach(ids)), {
        icon: teachIcon(),
        words: t("teach_tag"),
    });

/** What else can be done with what is selected. */
export function selectionMore() {
    if (!collection.value) return nothing;
    const ids = selectedIds.value;
    return menuButton({
        name: "selection_more",
        label: t("more"),
        classes: "is-icon",
        content: moreIcon(),
        items: () => [
            html`<div role="group" aria-label=${t("copy_to")}>
                <p class="menu-words" aria-hidden="true">${copyIcon()}${t("copy_to")}</p>
                ${others().map((one) =>
                    menuItem("copy-to", () => void actions.copyTo(ids, one), {
                        words: nameWords(one),
                        what: factsOf(one),
                    }),
                )}
                ${newItem("copy-to-new", ids)}
            </div>`,
            html`<i class="menu-line" role="separator"></i>`,
            actions.hasTraining() ? teachItem(ids) : nothing,
            ...(canAskProviders.value ? [tagWithItem(ids), compareItem(ids)] : []),
        ],
    });
}
