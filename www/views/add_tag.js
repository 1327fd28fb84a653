/**
 * A field for new tags, with completions from the vocabulary and the person's own words: the combobox of the ARIA patterns, with a
 * list that says what may be meant. Enter and a comma add what was typed, or the completion that is marked.
 */
import { actions } from "../app/work_actions.js";
import { completions, opened, tagEntry } from "../app/state.js";
import { html, live, nothing } from "../vendor/view.js";
import { plusIcon } from "./icons.js";
import { localForm } from "./local_form.js";
import { t, errorText } from "./text.js";

/**
 * @param {{ids: number[], box?: string, leave?: (field: HTMLElement) => void}} wanted the pictures it is for; a name of its own for
 *   each place on the page; where the keyboard goes when people leave the field by Escape
 */
export function addTagBox({ ids, box = "inspector", leave = (field) => field.blur() }) {
    const entry = tagEntry.value.box === box ? tagEntry.value : null;
    const { typed, marked, isOpen, error } = entry ?? { typed: "", marked: -1, isOpen: false, error: null };
    const shown = isOpen ? completions.value : [];
    const id = `add-tag-${box}`;
    const label = ids.length > 1 ? t("add_tag_to", { n: ids.length }) : t("add_tag");
    const { title = "", remedy = "" } = error ? errorText(error) : {};

    const onKey = (/** @type {KeyboardEvent} */ event) => {
        if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
        event.stopPropagation(); // what is typed here are no keys of the page
        if (event.key === "ArrowDown") actions.markCompletion(1);
        else if (event.key === "ArrowUp") actions.markCompletion(-1);
        else if (event.key === "Enter") actions.enterTags(ids);
        else if (event.key !== "Escape") return;
        else if (shown.length > 0) actions.closeCompletions();
        else leave(/** @type {HTMLElement} */ (event.currentTarget));
        event.preventDefault();
    };
    const onInput = (/** @type {Event} */ { currentTarget }) =>
        actions.typeTag(box, /** @type {HTMLInputElement} */ (currentTarget).value, ids);

    return localForm(html`<div class="add-tag">
        <div class="add-tag-field">
            ${plusIcon()}
            <input
                type="text"
                role="combobox"
                data-do="add-tag"
                data-box=${box}
                aria-label=${label}
                placeholder=${label}
                title=${t("add_tag_help")}
                autocomplete="off"
                autocapitalize="none"
                spellcheck="false"
                enterkeyhint="done"
                aria-autocomplete="list"
                aria-controls=${`${id}-list`}
                aria-expanded=${shown.length > 0}
                aria-activedescendant=${shown[marked] ? `${id}-${marked}` : nothing}
                aria-invalid=${error ? "true" : nothing}
                aria-describedby=${`${id}-error`}
                .value=${live(typed)}
                @input=${onInput}
                @keydown=${onKey}
                @blur=${actions.closeCompletions}
            />
            <kbd aria-hidden="true">T</kbd>
        </div>
        <ul class="add-tag-list" id=${`${id}-list`} role="listbox" aria-label=${t("completions")} ?hidden=${shown.length === 0}>
            ${shown.map(
                (tag, idx) => html`<li
                    id=${`${id}-${idx}`}
                    role="option"
                    data-completion=${tag.id}
                    aria-selected=${idx === marked}
                    @pointerdown=${(/** @type {Event} */ event) => event.preventDefault() /* the field keeps the keyboard */}
                    @click=${() => actions.takeCompletion(tag, ids)}
                >
                    <bdi>${tag.name}</bdi>${tag.id.startsWith("own:") ? html`<span class="is-manual">${t("yours")}</span>` : nothing}
                </li>`,
            )}
        </ul>
        <p class="add-tag-error" id=${`${id}-error`} role="alert" data-code=${error?.code ?? nothing}>${error ? `${title} ${remedy}` : nothing}</p>
    </div>`);
}

/** What the list was like the last time it was brought into sight. @type {WeakMap<HTMLElement, string>} */
const followed = new WeakMap();

/**
 * The list opens below the field, where on a phone there may be no room: it is scrolled into sight, and so is what is marked in it.
 * @param {HTMLElement} root
 */
export function followCompletions(root) {
    for (const list of /** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll('[role="listbox"]'))) {
        const marked = list.querySelector('[aria-selected="true"]');
        const now = list.hidden ? "" : `${list.childElementCount} ${marked?.id ?? ""}`;
        if (now === followed.get(list)) continue;
        followed.set(list, now);
        if (!list.hidden) (marked ?? list).scrollIntoView({ block: "nearest" });
    }
}

/**
 * The key T: into the field that is for what is looked at.
 * @param {string} [typed] what was typed before the field was there @returns {boolean} whether there is one
 */
export function focusAddTag(typed = "") {
    const fields = /** @type {NodeListOf<HTMLInputElement>} */ (document.querySelectorAll('[data-do="add-tag"]'));
    const own = Array.from(fields).find(
        (field) => field.dataset["box"] === (opened.value === null ? "selection" : "inspector"),
    );
    const field = own ?? fields[0];
    if (!field) return false;
    field.focus();
    if (typed !== "") {
        field.value += typed;
        field.dispatchEvent(new Event("input", { bubbles: true }));
    }
    return true;
}
