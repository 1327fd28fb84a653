/**
 * The allow or the deny list: its entries as chips, and a field that knows the tags and categories of the model in use.
 * @import { EntryOption } from "../app/state.js"
 */
import { dialog_actions } from "../app/dialog_actions.js";
import { entry_options, list_entry, list_names, settings } from "../app/state.js";
import { html, nothing, repeat } from "../vendor/view.js";
import { close_icon } from "./icons.js";
import { t } from "./words.js";

/** @param {"allow" | "deny"} list @param {string} label @param {string} why */
export function list_editor(list, label, why) {
    const entries = settings.value[list];
    const { list: active, typed, is_unknown } = list_entry.value;
    const is_active = active === list;
    return html`<div class="list" data-list=${list} role="group" aria-labelledby=${`list-${list}`}>
        <span id=${`list-${list}`}>${label}</span>
        <ul class="list-entries" ?hidden=${entries.length === 0}>${repeat(entries, (entry) => entry, (entry) => chip(list, entry))}</ul>
        ${field(list, label, is_active)}
        ${is_active && is_unknown ? html`<p class="list-unknown" role="alert">${t("list_not_found", { typed })}</p>` : nothing}
        <p class="settings-why">${why}</p>
    </div>`;
}

/** @param {"allow" | "deny"} list @param {string} entry */
function chip(list, entry) {
    const known = list_names.value.names.get(entry); // undefined as long as nobody has asked
    const name = known ?? entry;
    const is_category = entry.startsWith("category:");
    const remove = (/** @type {Event} */ event) => {
        const root = /** @type {HTMLElement} */ (/** @type {Element} */ (event.currentTarget).closest(".list"));
        dialog_actions.remove_entry(list, entry);
        /** @type {HTMLElement | null} */ (root.querySelector("input"))?.focus();
    };
    const why = known === null ? t("list_unknown") : nothing;
    return html`<li class="list-entry ${known === null ? "is-unknown" : ""}" data-entry=${entry} title=${why}>
        <span>${name}${is_category && known !== null ? html` <small>${t("list_category")}</small>` : nothing}</span>
        <span class="said">${why}</span>
        <button type="button" aria-label=${t("list_remove", { name })} @click=${remove}>${close_icon()}</button>
    </li>`;
}

/** @param {"allow" | "deny"} list @param {string} label @param {boolean} is_active */
function field(list, label, is_active) {
    const { typed, marked, is_open } = list_entry.value;
    const options = is_active && is_open ? entry_options.value : [];
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
            aria-activedescendant=${is_active && marked >= 0 ? `${id}-${marked}` : nothing}
            placeholder=${t("list_add")}
            .value=${is_active ? typed : ""}
            @input=${(/** @type {Event} */ event) => dialog_actions.type_entry(list, /** @type {HTMLInputElement} */ (event.currentTarget).value)}
            @keydown=${(/** @type {KeyboardEvent} */ event) => on_key(event, list)}
            @blur=${() => is_active && dialog_actions.close_options()}
        />
        <ul class="list-options" id=${id} role="listbox" aria-label=${t("list_options")} ?hidden=${options.length === 0}>
            ${options.map((one, idx) => option(list, one, `${id}-${idx}`, idx === marked))}
        </ul>`;
}

/** @param {"allow" | "deny"} list @param {EntryOption} entry @param {string} id @param {boolean} is_marked */
function option(list, entry, id, is_marked) {
    // Pressed, not clicked: a click would come after the field has lost the keyboard.
    const take = (/** @type {Event} */ event) => {
        event.preventDefault();
        dialog_actions.add_entry(list, entry);
    };
    return html`<li id=${id} role="option" data-option=${entry.id} aria-selected=${is_marked} @pointerdown=${take}>
        ${entry.name}${entry.is_category ? html` <small>${t("list_category")}</small>` : nothing}
    </li>`;
}

/** @param {KeyboardEvent} event @param {"allow" | "deny"} list */
function on_key(event, list) {
    const { list: active, is_open } = list_entry.value;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") dialog_actions.mark_option(list, event.key === "ArrowDown" ? 1 : -1);
    else if (event.key === "Enter" && active === list) dialog_actions.enter_entry(list);
    // The first Escape is for the options, the second for the dialog.
    else if (event.key === "Escape" && active === list && is_open && entry_options.value.length > 0) dialog_actions.close_options();
    else return;
    event.preventDefault();
}
