/**
 * The large view: a picture as it is in its file fills the window, the inspector beside it. Everything behind it is out of reach until
 * it is closed; what is said to a screen reader is not, which is why it is no `<dialog>`.
 * @import { Picture } from "../app/state.js"
 * @import { Failure } from "../core/protocol.js"
 */
import { actions } from "../app/actions.js";
import { current, dialog, is_large, opened, picture_of, sheet } from "../app/state.js";
import { effect, html, nothing, repeat } from "../vendor/view.js";
import { focus_add_tag, follow_completions } from "./add_tag.js";
import { focus_card, inspector } from "./details.js";
import { framed, heat_words } from "./heat.js";
import { next_icon, previous_icon, warning_icon } from "./icons.js";
import { keep_focus } from "./keep_focus.js";
import { mount } from "./mount.js";
import { t, words_of } from "./words.js";

/** The address of the file that is shown, as long as it is. @type {{id: number, url: string} | null} */
let shown = null;
/** The inspector was open before, and is again afterwards. */
let was_open = false;

/** @param {HTMLElement} root @param {HTMLElement} page what lies behind it */
export function mount_large(root, page) {
    let is_shown = false;
    const refocus = keep_focus(root);
    effect(() => {
        if (!is_large.value) was_open = opened.value !== null;
    });
    root.addEventListener("keydown", on_key);
    mount(root, large, () => {
        const has_it = root.contains(document.activeElement);
        page.inert = root.firstElementChild !== null;
        if (page.inert && !is_shown) view_of(root)?.focus();
        else if (!page.inert && is_shown) give_back(has_it);
        else refocus();
        is_shown = page.inert;
        follow_completions(root);
    });
}

/** @param {HTMLElement} root */
const view_of = (root) => /** @type {HTMLElement | null} */ (root.querySelector(".large"));

/** To the button that opened it, else to the card. What people have chosen themselves meanwhile stays. @param {boolean} had_it */
function give_back(had_it) {
    const is_nowhere = had_it || document.activeElement === null || document.activeElement === document.body;
    if (!is_nowhere) return;
    const button = /** @type {HTMLElement | null} */ (document.querySelector('.details [data-do="enlarge"]'));
    if (button) button.focus();
    else focus_card();
}

/** Back to where people came from: the inspector, or the sheet. */
export function leave_large() {
    if (was_open) actions.set_large(false);
    else actions.close_picture();
}

function large() {
    const picture = is_large.value && opened.value !== null ? picture_of(opened.value) : undefined;
    const url = url_of(picture);
    if (!picture || !url) return html`${nothing}`;
    const leave = () => /** @type {HTMLElement | null} */ (document.querySelector(".large"))?.focus();
    return html`<div class="large" role="dialog" aria-label=${t("large_view", { name: picture.name })} tabindex="-1" data-path=${picture.path}>
        <div class="large-stage">
            <div class="large-place">${repeat([picture.id], (id) => id, () => whole(picture, url))}</div>
            ${step(-1)} ${step(1)}
            <div class="large-foot">${heat_words(picture)}</div>
        </div>
        ${inspector(picture, { leave, close: leave_large, close_label: t("close_large"), is_beside_picture: true })}
    </div>`;
}

/** One address at a time: the one before is given up. @param {Picture | undefined} picture */
function url_of(picture) {
    if (shown && shown.id !== picture?.id) {
        URL.revokeObjectURL(shown.url);
        shown = null;
    }
    if (picture) shown ??= { id: picture.id, url: URL.createObjectURL(picture.file) };
    return shown?.url;
}

/**
 * The thumbnail at once, the file over it when it is there. What the browser itself cannot show (TIFF) stays a thumbnail.
 * @param {Picture} picture @param {string} url
 */
function whole(picture, url) {
    const { thumbnail, facts, name, error } = picture;
    if (error) return broken(error);
    const tell = (/** @type {Event} */ { type, currentTarget }) => {
        const place = /** @type {HTMLElement} */ (/** @type {Element} */ (currentTarget).closest(".large-picture"));
        place.dataset["file"] = type === "load" ? "shown" : "failed";
    };
    const file = html`<img class="large-file" src=${url} alt=${name} draggable="false" decoding="async" @load=${tell} @error=${tell} />`;
    const small = thumbnail ? html`<img class="large-small" src=${thumbnail} alt="" draggable="false" />` : nothing;
    return html`<div class="large-picture">
        ${facts ? framed(picture, html`${small}${file}`) : html`<div class="large-bare">${file}</div>`}
        ${thumbnail ? html`<p class="large-line">${t("not_shown_here")}</p>` : nothing}
    </div>`;
}

/** What the engine has refused is not handed to the browser either: it may be a bomb. @param {Failure} error */
const broken = (error) => html`<div class="large-picture">
    <div class="large-blank">${warning_icon()}<p>${words_of(error).title}</p></div>
</div>`;

/** @param {1 | -1} by @returns {number | null} */
function next_idx(by) {
    const idx = opened.value === null ? -1 : sheet.value.indexOf(opened.value);
    return idx < 0 || sheet.value[idx + by] === undefined ? null : idx + by;
}

/** @param {1 | -1} by */
const go = (by) => actions.go_to(next_idx(by) ?? current.value);

/** @param {1 | -1} by */
function step(by) {
    if (next_idx(by) === null) return nothing;
    const label = t(by > 0 ? "next_picture" : "previous_picture");
    const icon = by > 0 ? next_icon() : previous_icon();
    return html`<button
        class="large-step ${by > 0 ? "is-next" : ""}"
        type="button"
        tabindex="-1"
        aria-label=${label}
        title=${label}
        @click=${() => go(by)}
    >
        ${icon}
    </button>`;
}

/** The keys of the large view; those of fields and rows have been taken there. @param {KeyboardEvent} event */
function on_key(event) {
    if (dialog.value !== null || event.altKey) return;
    const key = event.key.toLowerCase();
    if ((event.ctrlKey || event.metaKey) && key !== "z") return;
    if (key === "escape") leave_large();
    else if (key === "arrowleft") go(-1);
    else if (key === "arrowright") go(1);
    else if (key === "arrowdown") first_row()?.focus();
    else if (key === "home") actions.go_to(0);
    else if (key === "end") actions.go_to(sheet.value.length - 1);
    else if (key === "t") focus_add_tag();
    else if (key === "z") (event.shiftKey ? actions.redo : actions.undo)();
    else return;
    event.preventDefault();
    event.stopPropagation();
}

const first_row = () => /** @type {HTMLElement | null} */ (document.querySelector(".large .tag-row button:not(.tag-parent)"));
