/**
 * The list of all tags: how many pictures have each, and what can be done with a tag everywhere at once. What was done is listed below,
 * and each of it can be taken back.
 * @import { Rule, TagCount, TagRef } from "../core/engine_api.d.ts"
 * @import { Failure } from "../core/protocol.js"
 * @import { DialogView } from "./dialog.js"
 */
import { actions } from "../app/dialog_actions.js";
import { completions, listed, rules } from "../app/state.js";
import { html, live, nothing, repeat, signal } from "../vendor/view.js";
import { localForm } from "./local_form.js";
import { errorText, t } from "./text.js";

/** What is typed to find a tag here. */
const typed = signal("");
/** The tag that gets another name, or another tag in its place, and what is typed for that. */
const edit = signal(
    /** @type {{tag: TagRef, how: "rename" | "merge", typed: string, failure: Failure | null} | null} */ (null),
);

/** @type {DialogView} */
export const tagListDialog = {
    title: "tag_list",
    isWide: true,
    body,
    onOpen: (root) => {
        actions.listTags(true);
        actions.openLists(); // hidden tags are called what the lists call them
        /** @type {HTMLElement | null} */ (root.querySelector('[data-do="find-in-tags"]'))?.focus();
    },
    onClose: () => {
        typed.value = "";
        edit.value = null;
        actions.listTags(false);
        actions.closeLists();
    },
};

function body() {
    const wanted = typed.value.trim().toLowerCase();
    const all = (listed.value ?? []).filter(({ name }) => name.toLowerCase().includes(wanted));
    return html`<div class="tag-list">
        ${localForm(html`<input
            class="tag-list-search"
            type="search"
            data-do="find-in-tags"
            aria-label=${t("find_tag")}
            placeholder=${t("find_tag")}
            autocomplete="off"
            .value=${live(typed.value)}
            @input=${(/** @type {Event} */ { currentTarget }) => void ((typed.value = /** @type {HTMLInputElement} */ (currentTarget).value))}
        />`)}
        <p class="tag-list-n" role="status">${t("tag_list_n", { n: all.length })}</p>
        <ul class="tag-list-rows">
            ${repeat(
                all,
                ({ id }) => id,
                (tag) => (edit.value?.tag.id === tag.id ? editRow(edit.value) : row(tag)),
            )}
        </ul>
        ${rules.value.length > 0 ? ruleList() : nothing}
    </div>`;
}

/** @param {TagCount} tag */
function row({ id, name, pictures }) {
    const tag = { id, name };
    /** @param {"rename" | "merge"} how */
    const begin = (how) => () => {
        edit.value = { tag, how, typed: how === "rename" ? name : "", failure: null };
        actions.complete("");
        requestAnimationFrame(() => {
            const field = /** @type {HTMLInputElement | null} */ (document.querySelector(".tag-list-field"));
            field?.focus();
            field?.select();
        });
    };
    const show = () => {
        actions.showOnly({ kind: "tag", id });
        actions.showDialog(null);
    };
    return html`<li class="tag-list-row" data-tag-row=${id}>
        <button class="tag-list-name" type="button" data-do="show-tag" title=${t("filter_by", { name })} @click=${show}>
            <bdi>${name}</bdi>
        </button>
        <span class="tag-list-count" data-value=${pictures}>${t("n_pictures", { n: pictures })}</span>
        <span class="tag-list-actions">
            ${button("rename-tag", "rename_tag", name, begin("rename"))} ${button("merge-tag", "merge_tag", name, begin("merge"))}
            ${button("remove-everywhere", "remove_everywhere", name, () => actions.removeEverywhere(tag))}
            ${id.startsWith("own:") ? nothing : button("hide-tag", "hide_tag", name, () => actions.hideTag(tag))}
        </span>
    </li>`;
}

/** @param {string} what @param {"rename_tag" | "merge_tag" | "remove_everywhere" | "hide_tag"} words @param {string} name @param {() => void} act */
const button = (what, words, name, act) => html`<button
    class="button tag-list-button"
    type="button"
    data-do=${what}
    aria-label=${`${t(words)}: ${name}`}
    @click=${act}
>
    ${t(words)}
</button>`;

/** @param {NonNullable<typeof edit.value>} editing */
function editRow(editing) {
    const { tag, how, failure } = editing;
    const label = t(how === "rename" ? "rename_to" : "merge_into", { name: tag.name });
    const done = async () => {
        const text = editing.typed;
        const failed = how === "rename" ? await actions.renameTag(tag, text) : await actions.mergeTagNamed(tag, text);
        edit.value = failed ? { ...editing, failure: failed } : null;
    };
    const onKey = (/** @type {KeyboardEvent} */ event) => {
        if (event.isComposing) return;
        if (event.key === "Enter") void done();
        else if (event.key === "Escape") edit.value = null;
        else return;
        event.preventDefault();
        event.stopPropagation();
    };
    const onInput = (/** @type {Event} */ { currentTarget }) => {
        const { value } = /** @type {HTMLInputElement} */ (currentTarget);
        edit.value = { ...editing, typed: value, failure: null };
        actions.complete(value);
    };
    const options = completions.value.filter(({ id }) => id !== tag.id);
    const fields = html`<label class="tag-list-edit">
            <span>${label}</span>
            <input
                class="tag-list-field"
                type="text"
                list="tag-list-options"
                data-do="tag-text"
                autocomplete="off"
                aria-invalid=${failure ? "true" : nothing}
                .value=${live(editing.typed)}
                @input=${onInput}
                @keydown=${onKey}
            />
            </label>
            <datalist id="tag-list-options">${options.map(({ name }) => html`<option value=${name}></option>`)}</datalist>
        <span class="tag-list-actions">
            <button class="button is-main" type="button" data-do="tag-text-done" @click=${done}>${t(how === "rename" ? "rename_tag" : "merge_tag")}</button>
            <button class="button" type="button" data-do="tag-text-cancel" @click=${() => void ((edit.value = null))}>${t("cancel")}</button>
        </span>
        ${how === "rename" ? html`<p class="tag-list-hint">${t("rename_hint")}</p>` : nothing}
        ${failure ? html`<p class="tag-list-failure" role="alert" data-code=${failure.code}>${errorText(failure).title} ${errorText(failure).remedy}</p>` : nothing}
    `;
    return html`<li class="tag-list-row is-edited" data-tag-row=${tag.id}>${localForm(fields)}</li>`;
}

const ruleList = () => html`<section class="tag-list-rules">
    <h3>${t("rules")}</h3>
    <ul>
        ${rules.value.map(
            (rule) => html`<li class="tag-list-row" data-rule=${rule.tag.id} data-kind=${rule.action.kind}>
                <span class="tag-list-rule">${ruleText(rule)}</span>
                <button class="button tag-list-button" type="button" data-do="drop-rule" @click=${() => actions.dropRule(rule)}>${t("undo")}</button>
            </li>`,
        )}
    </ul>
</section>`;

/** @param {Rule} rule */
function ruleText({ tag, action }) {
    const name = actions.ruleName(tag);
    if (action.kind === "rename") return t("rule_rename", { name, to: action.name });
    if (action.kind === "merge") return t("rule_merge", { name, to: action.into.name });
    return t("rule_hide", { name });
}
