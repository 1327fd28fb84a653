/**
 * A button with a menu below it. One menu is open at a time (`state.openMenu`); arrow keys walk it, Escape and leaving it close it, and
 * the keyboard goes back to its button.
 * @import { Menu } from "../app/state.js"
 * @import { TemplateResult } from "../vendor/view.js"
 *
 * `name` is also the `data-do` of the button. `words` stand in the button; without them `label` names it.
 * @typedef {{
 *   name: Menu, content: TemplateResult, label: string, classes?: string, hasText?: boolean, isDisabled?: boolean, title?: string,
 *   before?: () => TemplateResult, items: () => (TemplateResult | typeof nothing)[], after?: () => TemplateResult }} MenuButton
 */
import { actions } from "../app/actions.js";
import { openMenu } from "../app/state.js";
import { html, nothing } from "../vendor/view.js";
import { whenDrawn } from "./mount.js";

/** @param {MenuButton} menu `before` and `after` are no items: words about them. */
export function menuButton({
    name,
    content,
    label,
    classes = "",
    hasText = false,
    isDisabled = false,
    title,
    before,
    items,
    after,
}) {
    const isOpen = openMenu.value === name;
    return html`<div class="menu" data-menu=${name} @focusout=${leave} @keydown=${onKey}>
        <button
            class="button ${classes}"
            type="button"
            data-do=${name}
            aria-haspopup="menu"
            aria-expanded=${isOpen}
            aria-label=${hasText ? nothing : label}
            title=${title ?? (hasText ? nothing : label)}
            ?disabled=${isDisabled}
            @mousedown=${keepFocus}
            @click=${(/** @type {Event} */ event) => (isOpen ? closeMenu(event) : open(event, name))}
        >
            ${content}
        </button>
        <div class="menu-popup" tabindex="-1" ?hidden=${!isOpen}>
            ${isOpen && before ? before() : nothing}
            <div role="menu" aria-label=${label}>${isOpen ? items() : nothing}</div>
            ${isOpen && after ? after() : nothing}
        </div>
    </div>`;
}

/**
 * @param {string} name the `data-do` of the item @param {() => void} act
 * @param {{icon?: TemplateResult, words: string, what?: string, isSelected?: boolean}} look `what` explains it in small letters
 */
export function menuItem(name, act, { icon, words, what, isSelected }) {
    const choose = (/** @type {Event} */ event) => {
        closeMenu(event); // first: what is done may take the keyboard elsewhere
        act();
    };
    return html`<button
        type="button"
        role=${isSelected === undefined ? "menuitem" : "menuitemradio"}
        aria-checked=${isSelected === undefined ? nothing : isSelected}
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
const keepFocus = (event) => event.preventDefault();

/** @param {Event} event */
const menuOf = (event) =>
    /** @type {HTMLElement} */ (/** @type {HTMLElement} */ (event.currentTarget).closest(".menu"));

/** @param {HTMLElement} menu */
const itemsOf = (menu) => /** @type {HTMLElement[]} */ ([...menu.querySelectorAll('[role^="menuitem"]')]);

/** @param {Event} event @param {Menu} name @param {"first" | "last"} [end] */
function open(event, name, end = "first") {
    const menu = menuOf(event);
    actions.showMenu(name);
    whenDrawn(() => {
        const items = itemsOf(menu);
        (items.find((item) => item.ariaChecked === "true") ?? items.at(end === "first" ? 0 : -1))?.focus();
    });
}

/** @param {Event} event */
function closeMenu(event) {
    const menu = menuOf(event);
    actions.showMenu(null);
    /** @type {HTMLElement | null} */ (menu.querySelector("button"))?.focus({ preventScroll: true });
}

/** @param {FocusEvent} event */
function leave(event) {
    const menu = menuOf(event);
    if (openMenu.value === menu.dataset["menu"] && !menu.contains(/** @type {Node | null} */ (event.relatedTarget)))
        actions.showMenu(null);
}

/** @param {KeyboardEvent} event */
function onKey(event) {
    const menu = menuOf(event);
    const name = /** @type {Menu} */ (menu.dataset["menu"]);
    if (openMenu.value !== name) {
        if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
        open(event, name, event.key === "ArrowUp" ? "last" : "first");
    } else {
        const items = itemsOf(menu);
        const at = items.indexOf(/** @type {HTMLElement} */ (document.activeElement));
        const last = items.length - 1;
        const steps = /** @type {Record<string, number>} */ ({
            ArrowDown: at < last ? at + 1 : 0,
            ArrowUp: at > 0 ? at - 1 : last,
            Home: 0,
            End: last,
        });
        const next = items[steps[event.key] ?? -1];
        if (event.key === "Escape") closeMenu(event);
        else if (next) next.focus();
        else return;
    }
    event.preventDefault();
    event.stopPropagation();
}
