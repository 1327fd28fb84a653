/**
 * A button with a menu below it. One menu is open at a time (`state.open_menu`); arrow keys walk it, Escape and leaving it close it, and
 * the keyboard goes back to its button.
 * @import { Menu } from "../app/state.js"
 * @import { TemplateResult } from "../vendor/view.js"
 *
 * `name` is also the `data-do` of the button. `words` stand in the button; without them `label` names it.
 * @typedef {{
 *   name: Menu, content: TemplateResult, label: string, classes?: string, has_words?: boolean, is_disabled?: boolean, title?: string,
 *   before?: () => TemplateResult, items: () => (TemplateResult | typeof nothing)[], after?: () => TemplateResult }} MenuButton
 */
import { actions } from "../app/actions.js";
import { open_menu } from "../app/state.js";
import { html, nothing } from "../vendor/view.js";
import { when_drawn } from "./mount.js";

/** @param {MenuButton} menu `before` and `after` are no items: words about them. */
export function menu_button({ name, content, label, classes = "", has_words = false, is_disabled = false, title, before, items, after }) {
    const is_open = open_menu.value === name;
    return html`<div class="menu" data-menu=${name} @focusout=${leave} @keydown=${on_key}>
        <button
            class="button ${classes}"
            type="button"
            data-do=${name}
            aria-haspopup="menu"
            aria-expanded=${is_open}
            aria-label=${has_words ? nothing : label}
            title=${title ?? (has_words ? nothing : label)}
            ?disabled=${is_disabled}
            @mousedown=${keep_focus}
            @click=${(/** @type {Event} */ event) => (is_open ? close_menu(event) : open(event, name))}
        >
            ${content}
        </button>
        <div class="menu-popup" tabindex="-1" ?hidden=${!is_open}>
            ${is_open && before ? before() : nothing}
            <div role="menu" aria-label=${label}>${is_open ? items() : nothing}</div>
            ${is_open && after ? after() : nothing}
        </div>
    </div>`;
}

/**
 * @param {string} name the `data-do` of the item @param {() => void} act
 * @param {{icon?: TemplateResult, words: string, what?: string, is_chosen?: boolean}} look `what` explains it in small letters
 */
export function menu_item(name, act, { icon, words, what, is_chosen }) {
    const choose = (/** @type {Event} */ event) => {
        close_menu(event); // first: what is done may take the keyboard elsewhere
        act();
    };
    return html`<button
        type="button"
        role=${is_chosen === undefined ? "menuitem" : "menuitemradio"}
        aria-checked=${is_chosen === undefined ? nothing : is_chosen}
        tabindex="-1"
        data-do=${name}
        @click=${choose}
    >
        ${icon ?? nothing}<span>${words}${what ? html`<small>${what}</small>` : nothing}</span>
    </button>`;
}

/**
 * Not every browser gives a pressed button the keyboard; so none does here, and a press while the menu is open only closes it.
 * @param {Event} event
 */
const keep_focus = (event) => event.preventDefault();

/** @param {Event} event */
const menu_of = (event) => /** @type {HTMLElement} */ (/** @type {HTMLElement} */ (event.currentTarget).closest(".menu"));

/** @param {HTMLElement} menu */
const items_of = (menu) => /** @type {HTMLElement[]} */ ([...menu.querySelectorAll('[role^="menuitem"]')]);

/** @param {Event} event @param {Menu} name @param {"first" | "last"} [end] */
function open(event, name, end = "first") {
    const menu = menu_of(event);
    actions.show_menu(name);
    when_drawn(() => {
        const items = items_of(menu);
        (items.find((item) => item.ariaChecked === "true") ?? items.at(end === "first" ? 0 : -1))?.focus();
    });
}

/** @param {Event} event */
function close_menu(event) {
    const menu = menu_of(event);
    actions.show_menu(null);
    /** @type {HTMLElement | null} */ (menu.querySelector("button"))?.focus({ preventScroll: true });
}

/** @param {FocusEvent} event */
function leave(event) {
    const menu = menu_of(event);
    if (open_menu.value === menu.dataset["menu"] && !menu.contains(/** @type {Node | null} */ (event.relatedTarget))) actions.show_menu(null);
}

/** @param {KeyboardEvent} event */
function on_key(event) {
    const menu = menu_of(event);
    const name = /** @type {Menu} */ (menu.dataset["menu"]);
    if (open_menu.value !== name) {
        if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
        open(event, name, event.key === "ArrowUp" ? "last" : "first");
    } else {
        const items = items_of(menu);
        const at = items.indexOf(/** @type {HTMLElement} */ (document.activeElement));
        const last = items.length - 1;
        const steps = /** @type {Record<string, number>} */ ({ ArrowDown: at < last ? at + 1 : 0, ArrowUp: at > 0 ? at - 1 : last, Home: 0, End: last });
        const next = items[steps[event.key] ?? -1];
        if (event.key === "Escape") close_menu(event);
        else if (next) next.focus();
        else return;
    }
    event.preventDefault();
    event.stopPropagation();
}
