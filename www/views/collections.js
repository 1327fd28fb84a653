/**
 * The dialog of collections: all of them, a new one, and what can be done with each. What cannot be undone is asked first, with what goes
 * and what it frees.
 * @import { ListedCollection } from "../db/protocol.js"
 * @import { DialogView } from "./dialog.js"
 */
import { actions } from "../app/dialog_actions.js";
import { MAX_NAME, nameOf } from "../app/collection_names.js";
import { collection, collections, collectionToClear, libraryFailure, newCollection } from "../app/state.js";
import { html, live, nothing, repeat, signal } from "../vendor/view.js";
import { failureBox } from "./failure_box.js";
import { plusIcon } from "./icons.js";
import { libraryRow, rowButton } from "./library_row.js";
import { localForm } from "./local_form.js";
import { whenDrawn } from "./mount.js";
import { dayText, fileSize, t } from "./text.js";

/** The collection that gets another name; 0 is the new one. What is typed for it. */
const edit = signal(/** @type {{id: number, typed: string} | null} */ (null));

/** @type {DialogView} */
export const collectionsDialog = {
    title: "collections",
    isWide: true,
    body,
    onOpen: () => {
        void actions.refreshCollections();
        if (newCollection.value !== null) beginNew(newCollection.value);
    },
    onClose: () => {
        edit.value = null;
        actions.cancelCollection();
        actions.cancelClear();
    },
};

function body() {
    const all = collections.value ?? [];
    return html`<div class="collections">
        ${failureBox(libraryFailure.value)}
        ${newCollection.value === null ? newButton() : nameForm(0, "", newCollection.value)}
        <p class="collections-n" role="status" data-count="collections" data-value=${all.length}>
            ${collections.value ? t("collections_n", { n: all.length }) : nothing}
        </p>
        <ul>
            ${repeat(
                all,
                ({ id }) => id,
                (one) => (edit.value?.id === one.id ? html`<li>${nameForm(one.id, one.name, [])}</li>` : row(one)),
            )}
        </ul>
    </div>`;
}

const newButton =
    () => html`<button class="button collections-new" type="button" data-do="new-here" @click=${() => beginNew([])}>
    ${plusIcon()}${t("new_collection")}
</button>`;

/** @param {readonly number[]} ids */
function beginNew(ids) {
    actions.askForCollection(ids);
    beginEdit(0, "");
}

/** @param {number} id @param {string} typed */
function beginEdit(id, typed) {
    edit.value = { id, typed };
    actions.cancelClear();
    whenDrawn(() => {
        const field = /** @type {HTMLInputElement | null} */ (document.querySelector(".collections-field"));
        field?.focus();
        field?.select();
    });
}

/** @param {number} id 0 for a new one @param {string} name as it is @param {readonly number[]} ids of the pictures that it is made of */
function nameForm(id, name, ids) {
    const typed = edit.value?.id === id ? edit.value.typed : name;
    const isNew = id === 0;
    const end = () => {
        edit.value = null;
        if (isNew) actions.cancelCollection();
        const back = isNew ? '[data-do="new-here"]' : `[data-library-row="${id}"] [data-do="rename-collection"]`;
        whenDrawn(() => /** @type {HTMLElement | null} */ (document.querySelector(back))?.focus());
    };
    const done = async () => {
        const text = edit.value?.typed ?? ""; // as it is now: what is typed fast is not drawn yet
        if (isNew) await actions.makeCollection(text);
        else if (await actions.renameCollection(id, text)) end();
    };
    const onKey = (/** @type {KeyboardEvent} */ event) => {
        if (event.isComposing) return;
        if (event.key === "Enter") void done();
        else if (event.key === "Escape") end();
        else return;
        event.preventDefault();
        event.stopPropagation();
    };
    const onInput = (/** @type {Event} */ { currentTarget }) =>
        void (edit.value = { id, typed: /** @type {HTMLInputElement} */ (currentTarget).value });
    const words = ids.length > 0 ? t("collection_make_of", { n: ids.length }) : t("collection_make");
    return html`<div class="collections-form">${localForm(html`
        <label class="collections-label">
            <span>${isNew ? t("collection_name") : t("collection_rename_to", { name: nameOf({ name }) })}</span>
            <input
                class="collections-field"
                type="text"
                data-do="collection-name"
                autocomplete="off"
                maxlength=${MAX_NAME}
                .value=${live(typed)}
                @input=${onInput}
                @keydown=${onKey}
            />
        </label>
        <span class="library-buttons">
            <button class="button is-main" type="button" data-do="collection-name-done" @click=${done}>${isNew ? words : t("collection_rename")}</button>
            <button class="button" type="button" data-do="collection-name-cancel" @click=${end}>${t("cancel")}</button>
        </span>
        ${isNew && ids.length === 0 ? html`<p class="library-facts">${t("collection_name_hint")}</p>` : nothing}
    `)}</div>`;
}

/** @param {ListedCollection} one */
function row(one) {
    const { id, folder, n_files: n, made_ms: madeMs, bytes } = one;
    const name = nameOf(one);
    const isShown = collection.value?.id === id;
    const open = async () => (await actions.openCollection(one)) && actions.showDialog(null);
    return libraryRow({
        id,
        name,
        badge: isShown ? t("collection_shown") : null,
        facts: [
            t("n_pictures", { n }),
            t("collection_made", { day: dayText(madeMs) }),
            n > 0 ? fileSize(bytes) : null,
            folder === null ? null : html`<bdi>${t("collection_folder", { name: folder })}</bdi>`,
        ],
        buttons: html`${isShown ? nothing : rowButton("open-collection", t("collection_open"), t("collection_open_which", { name }), open)}
        ${rowButton("rename-collection", t("collection_rename"), t("collection_rename_which", { name }), () => beginEdit(id, one.name))}
        ${
            n > 0
                ? rowButton("empty-collection", t("collection_empty"), t("collection_empty_which", { name }), () =>
                      actions.askToClear(id, "empty"),
                  )
                : nothing
        }
        ${rowButton("delete-collection", t("collection_delete"), t("collection_delete_which", { name }), () => actions.askToClear(id, "delete"))}`,
        below: collectionToClear.value?.id === id ? question(one, name) : nothing,
    });
}

/** What goes, and what that frees, before it is gone. @param {ListedCollection} one @param {string} name */
function question({ id, n_files: n, bytes }, name) {
    const isDelete = collectionToClear.value?.how === "delete";
    const what = { name, n, size: fileSize(bytes) };
    const sure = !isDelete
        ? t("collection_empty_sure", what)
        : n > 0
          ? t("collection_delete_sure", what)
          : t("collection_delete_none", { name });
    const words = !isDelete
        ? t("collection_empty_now", { n })
        : n > 0
          ? t("collection_delete_now", { n })
          : t("collection_delete");
    const keep = () => {
        actions.cancelClear();
        const back = `[data-library-row="${id}"] [data-do="${isDelete ? "delete" : "empty"}-collection"]`;
        whenDrawn(() => /** @type {HTMLElement | null} */ (document.querySelector(back))?.focus());
    };
    return html`<div class="collections-question" role="alert">
        <p>${sure} ${t("collection_for_good")}</p>
        <button class="button is-danger" type="button" data-do="clear-collection" @click=${actions.clearCollection}>${words}</button>
        <button class="button" type="button" data-do="keep-collection" @click=${keep}>${t("collection_keep")}</button>
    </div>`;
}
