/**
 * A button with a menu below it. One menu is open at a time (`state.openMenu`); arrow keys walk it, a letter leads to what begins with
 * it, Escape and leaving it close it, and the keyboard goes back to its button. A menu with a field to find its items in is a dialog with
 * a menu in it: the field has the keyboard first, and what is typed among the items goes there.
 * @import { Menu } from "../app/state.js"
 * @import { TemplateResult } from "../vendor/view.js"
 *
 * `name` is also the `data-do` of the button. `words` stand in the button; without them `label` names it. `hasField`: `before` has a field.
 * @typedef {{
 *   name: Menu, content: TemplateResult, label: string, classes?: string, hasText?: boolean, isDisabled?: boolean, title?: string,
 *   hasField?: boolean, before?: () => TemplateResult, items: () => (TemplateResult | typeof nothing)[], after?: () => TemplateResult }} MenuButton
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
    hasField = false,
    before,
    items,
    after,
}) {
    const isOpen = openMenu.value === name;
    const shown = isOpen ? items() : [];
    return html`<div class="menu" data-menu=${name} @focusout=${leave} @keydown=${onKey}>
        <button
            class="button ${classes}"
            type="button"
            data-do=${name}
            aria-haspopup=${hasField ? "dialog" : "menu"}
            aria-expanded=${isOpen}
            aria-label=${hasText ? nothing : label}
            title=${title ?? (hasText ? nothing : label)}
            ?disabled=${isDisabled}
            @mousedown=${keepFocus}
            @click=${(/** @type {Event} */ event) => (openMenu.value === name ? closeMenu(event) : open(event, name))}
        >
            ${content}
        </button>
        <div class="menu-popup" tabindex="-1" role=${hasField ? "dialog" : nothing} aria-label=${hasField ? label : nothing} ?hidden=${!isOpen}>
            ${isOpen && before ? before() : nothing}
            <div class="menu-items" role=${shown.length > 0 ? "menu" : nothing} aria-label=${shown.length > 0 ? label : nothing}>${shown}</div>
            ${isOpen && after ? after() : nothing}
        </div>
    </div>`;
}

/**
 * @param {string} name the `data-do` of the item @param {() => void} act
 * @param {{icon?: TemplateResult, words: string | TemplateResult, what?: string, isSelected?: boolean}} look `what` explains it in small letters
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
 * Something to switch on or off before an item is chosen: the menu stays.
 * @param {string} name the `data-do` @param {boolean} isOn @param {(isOn: boolean) => void} act @param {{words: string, what: string}} look
 */
export const menuCheck = (name, isOn, act, { words, what }) => html`<button
    type="button"
    role="menuitemcheckbox"
    aria-checked=${isOn}
    tabindex="-1"
    data-do=${name}
    @mousedown=${keepFocus}
    @click=${() => act(!isOn)}
>
    <span class="menu-tick" aria-hidden="true"></span><span>${words}<small>${what}</small></span>
</button>`;

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

/** @param {HTMLElement} menu */
const fieldOf = (menu) => menu.querySelector("input");

/** @param {Event} event @param {Menu} name @param {"first" | "last"} [end] */
function open(event, name, end = "first") {
    const menu = menuOf(event);
    actions.showMenu(name);
    whenDrawn(() => {
        const items = itemsOf(menu);
        const isChosen = (/** @type {HTMLElement} */ item) => item.getAttribute("aria-checked") === "true";
        (fieldOf(menu) ?? items.find(isChosen) ?? items.at(end === "first" ? 0 : -1))?.focus();
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
    } else if (event.key === "Escape") closeMenu(event);
    else if (!walk(event, menu)) return;
    event.preventDefault();
    event.stopPropagation();
}

/** Goes on among the items. @param {KeyboardEvent} event @param {HTMLElement} menu @returns {boolean} whether the key was for that alone */
function walk(event, menu) {
    const { key, isComposing } = event;
    const items = itemsOf(menu);
    const field = fieldOf(menu);
    const isTyping = field !== null && event.target === field;
    const at = items.indexOf(/** @type {HTMLElement} */ (document.activeElement));
    const last = items.length - 1;
    /** @type {Record<string, number>} */
    const steps = { ArrowDown: at < last ? at + 1 : 0, ArrowUp: at > 0 ? at - 1 : last };
    if (!isTyping) Object.assign(steps, { Home: 0, End: last });
    const next = isComposing ? undefined : items[steps[key] ?? -1];
    if (next) next.focus();
    else if (isTyping && key === "Enter" && !isComposing && items.length === 1) items[0]?.click();
    else if (isTyping || event.ctrlKey || event.metaKey || event.altKey) return false;
    else if (field && (key.length === 1 || key === "Backspace") && key !== " ") {
        field.focus(); // and has what was typed
        event.stopPropagation();
        return false;
    } else if (key.length === 1 && key !== " ") focusByLetter(items, at, key);
    else return false;
    return true;
}

/** The next item that begins with what was typed. @param {HTMLElement[]} items @param {number} at @param {string} letter */
function focusByLetter(items, at, letter) {
    const isMeant = (/** @type {HTMLElement} */ item) =>
        item.textContent.trim().toLowerCase().startsWith(letter.toLowerCase());
    [...items.slice(at + 1), ...items.slice(0, at + 1)].find(isMeant)?.focus();
}
