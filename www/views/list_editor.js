/**
 * The allow or the deny list: its entries as chips, and a field that knows the tags and categories of the model in use.
 * @import { EntryOption } from "../app/state.js"
 */
import { actions } from "../app/dialog_actions.js";
import { entryOptions, listEntry, listNames, settings } from "../app/state.js";
import { html, nothing, repeat } from "../vendor/view.js";
import { closeIcon } from "./icons.js";
import { t } from "./text.js";

/** @param {"allow" | "deny"} list @param {string} label @param {string} why */
export function listEditor(list, label, why) {
    const entries = settings.value[list];
    const { list: active, typed, isUnknown } = listEntry.value;
    const isActive = active === list;
    return html`<div class="list" data-list=${list} role="group" aria-labelledby=${`list-${list}`}>
        <span id=${`list-${list}`}>${label}</span>
        <ul class="list-entries" ?hidden=${entries.length === 0}>${repeat(
            entries,
            (entry) => entry,
            (entry) => chip(list, entry),
        )}</ul>
        ${field(list, label, isActive)}
        ${isActive && isUnknown ? html`<p class="list-unknown" role="alert">${t("list_not_found", { typed })}</p>` : nothing}
        <p class="settings-why">${why}</p>
    </div>`;
}

/** @param {"allow" | "deny"} list @param {string} entry */
function chip(list, entry) {
    const known = listNames.value.names.get(entry); // undefined as long as nobody has asked
    const name = known ?? entry;
    const isCategory = entry.startsWith("category:");
    const remove = (/** @type {Event} */ event) => {
        const root = /** @type {HTMLElement} */ (/** @type {Element} */ (event.currentTarget).closest(".list"));
        actions.removeEntry(list, entry);
        /** @type {HTMLElement | null} */ (root.querySelector("input"))?.focus();
    };
    const why = known === null ? t("list_unknown") : nothing;
    return html`<li class="list-entry ${known === null ? "is-unknown" : ""}" data-entry=${entry} title=${why}>
        <span>${name}${isCategory && known !== null ? html` <small>${t("list_category")}</small>` : nothing}</span>
        <span class="visually-hidden">${why}</span>
        <button type="button" aria-label=${t("list_remove", { name })} @click=${remove}>${closeIcon()}</button>
    </li>`;
}

/** @param {"allow" | "deny"} list @param {string} label @param {boolean} isActive */
function field(list, label, isActive) {
    const { typed, marked, isOpen } = listEntry.value;
    const options = isActive && isOpen ? entryOptions.value : [];
    const id = `list-${list}-options`;
    return html`<input
            class="field"
            type="text"
            role="combobox"
            autocomplete="off"
            autocapitalize="none"
            spellcheck="false"
            data-do=${`add-${list}`}
            aria-label=${`${label}: ${t("list_add")}`}
            aria-autocomplete="list"
            aria-expanded=${options.length > 0}
            aria-controls=${id}
            aria-activedescendant=${isActive && marked >= 0 ? `${id}-${marked}` : nothing}
            placeholder=${t("list_add")}
            .value=${isActive ? typed : ""}
            @input=${(/** @type {Event} */ event) => actions.typeEntry(list, /** @type {HTMLInputElement} */ (event.currentTarget).value)}
            @keydown=${(/** @type {KeyboardEvent} */ event) => onKey(event, list)}
            @blur=${() => isActive && actions.closeOptions()}
        />
        <ul class="list-options" id=${id} role="listbox" aria-label=${t("list_options")} ?hidden=${options.length === 0}>
            ${options.map((one, idx) => option(list, one, `${id}-${idx}`, idx === marked))}
        </ul>`;
}

/** @param {"allow" | "deny"} list @param {EntryOption} entry @param {string} id @param {boolean} isMarked */
function option(list, entry, id, isMarked) {
    // Pressed, not clicked: a click would come after the field has lost the keyboard.
    const take = (/** @type {Event} */ event) => {
        event.preventDefault();
        actions.addEntry(list, entry);
    };
    return html`<li id=${id} role="option" data-option=${entry.id} aria-selected=${isMarked} @pointerdown=${take}>
        ${entry.name}${entry.isCategory ? html` <small>${t("list_category")}</small>` : nothing}
    </li>`;
}

/** @param {KeyboardEvent} event @param {"allow" | "deny"} list */
function onKey(event, list) {
    const { list: active, isOpen } = listEntry.value;
    if (event.key === "ArrowDown" || event.key === "ArrowUp")
        actions.markOption(list, event.key === "ArrowDown" ? 1 : -1);
    else if (event.key === "Enter" && active === list) actions.enterEntry(list);
    // The first Escape is for the options, the second for the dialog.
    else if (event.key === "Escape" && active === list && isOpen && entryOptions.value.length > 0)
        actions.closeOptions();
    else return;
    event.preventDefault();
}
