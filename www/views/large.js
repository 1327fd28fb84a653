/**
 * The large view: a picture as it is in its file fills the window, the inspector beside it. Everything behind it is out of reach until
 * it is closed; what is said to a screen reader is not, which is why it is no `<dialog>`.
 * @import { PictureEntry } from "../app/state.js"
 * @import { Failure } from "../core/protocol.js"
 */
import { actions } from "../app/work_actions.js";
import { current, dialog, isLarge, opened, pictureOf, gridIds } from "../app/state.js";
import { effect, html, nothing, repeat, signal } from "../vendor/view.js";
import { focusAddTag, followCompletions } from "./add_tag.js";
import { inspector } from "./details.js";
import { focusGrid } from "./grid_focus.js";
import { framed, heatText } from "./heat.js";
import { warningIcon } from "./icons.js";
import { keepFocus } from "./keep_focus.js";
import { messageText } from "./message.js";
import { mount } from "./mount.js";
import { t, errorText } from "./text.js";
import { nextIcon, previousIcon } from "./work_icons.js";

/**
 * The types under which a file is shown, by the format that the engine read in it. A browser takes a file for what it is called here, and
 * draws none of another kind: no drawing (SVG) is among them.
 */
const TYPES = /** @type {Readonly<Record<string, string>>} */ ({
    jpeg: "image/jpeg",
    png: "image/png",
    webp: "image/webp",
    gif: "image/gif",
    bmp: "image/bmp",
    ico: "image/x-icon",
    avif: "image/avif",
    heic: "image/heic",
});
/** Pixels above which the thumbnail has to do: the engine reads such pictures at a reduced scale, and the browser in full. */
const MAX_PIXELS = 100e6;

/** The address of the file that is shown, as long as it is. @type {{id: number, url: string} | null} */
let shown = null;
/** The inspector was open before, and is again afterwards. */
const wasOpen = signal(false);
export const isOverDetails = () => wasOpen.value;

/** @param {HTMLElement} root @param {HTMLElement} page what lies behind it */
export function mountLarge(root, page) {
    let isShown = false;
    const refocus = keepFocus(root);
    effect(() => {
        if (!isLarge.value) wasOpen.value = opened.value !== null;
    });
    root.addEventListener("keydown", onKey);
    mount(root, large, () => {
        const hasIt = root.contains(document.activeElement);
        page.inert = root.firstElementChild !== null;
        if (page.inert && !isShown) viewOf(root)?.focus();
        else if (!page.inert && isShown) restoreFocus(hasIt);
        else refocus();
        isShown = page.inert;
        followCompletions(root);
    });
}

/** @param {HTMLElement} root */
const viewOf = (root) => /** @type {HTMLElement | null} */ (root.querySelector(".large"));

/** To the button that opened it, else to the card. What people have chosen themselves meanwhile stays. @param {boolean} hadIt */
function restoreFocus(hadIt) {
    const isNowhere = hadIt || document.activeElement === null || document.activeElement === document.body;
    if (!isNowhere) return;
    const button = /** @type {HTMLElement | null} */ (document.querySelector('.details [data-do="enlarge"]'));
    if (button) button.focus();
    else focusGrid();
}

/** Back to where people came from: the inspector, or the grid. */
export function leaveLarge() {
    if (wasOpen.value) actions.setLarge(false);
    else actions.closePicture();
}

function large() {
    const picture = isLarge.value && opened.value !== null ? pictureOf(opened.value) : undefined;
    const url = urlOf(picture);
    if (!picture) return html`${nothing}`;
    const leave = () => /** @type {HTMLElement | null} */ (document.querySelector(".large"))?.focus();
    return html`<div class="large" role="dialog" aria-label=${t("large_view", { name: picture.name })} tabindex="-1" data-path=${picture.path}>
        <div class="large-stage">
            <div class="large-place">${repeat(
                [picture.id],
                (id) => id,
                () => fullPicture(picture, url),
            )}</div>
            ${step(-1)} ${step(1)}
            <div class="large-foot">${heatText(picture)}</div>
        </div>
        ${inspector(picture, { leave, close: leaveLarge, closeLabel: t("close_large"), isBesidePicture: true })}
        <div class="large-message">${messageText()}</div>
    </div>`;
}

/** One address at a time: the one before is given up. @param {PictureEntry | undefined} picture */
function urlOf(picture) {
    const { file = null } = picture ?? {};
    const type = picture && file && shownType(picture);
    if (shown && (shown.id !== picture?.id || !type)) {
        URL.revokeObjectURL(shown.url);
        shown = null;
    }
    if (picture && file && type) shown ??= { id: picture.id, url: URL.createObjectURL(file.slice(0, file.size, type)) };
    return shown?.url;
}

/** Only what the engine has read is handed to the browser: anything else may be a bomb. @param {PictureEntry} picture */
function shownType({ facts, error }) {
    if (!facts || error || facts.width * facts.height > MAX_PIXELS) return undefined;
    return Object.hasOwn(TYPES, facts.format) ? TYPES[facts.format] : undefined;
}

/**
 * The thumbnail at once, the file over it when it is there. What is not decoded yet, or not by browsers (TIFF), stays a thumbnail.
 * @param {PictureEntry} picture @param {string | undefined} url
 */
function fullPicture(picture, url) {
    const { thumbnail, facts, name, error, state } = picture;
    if (error) return brokenPicture(error);
    const tell = (/** @type {Event} */ { type, currentTarget }) => {
        const place = /** @type {HTMLElement} */ (/** @type {Element} */ (currentTarget).closest(".large-picture"));
        place.dataset["file"] = type === "load" ? "shown" : "failed";
    };
    const file = url
        ? html`<img class="large-file" src=${url} alt=${name} draggable="false" decoding="async" @load=${tell} @error=${tell} />`
        : nothing;
    const small = thumbnail
        ? html`<img class="large-small" src=${thumbnail} alt=${url ? "" : name} draggable="false" />`
        : nothing;
    if (!facts) {
        return html`<div class="large-picture">
            ${thumbnail ? html`<div class="large-bare">${small}</div>` : html`<div class="large-blank"><p>${t(`state_${state}`)}</p></div>`}
        </div>`;
    }
    return html`<div class="large-picture" data-file=${url ? nothing : "failed"}>
        ${framed(picture, html`${small}${file}`)}
        ${thumbnail ? html`<p class="large-line">${t("not_shown_here")}</p>` : nothing}
    </div>`;
}

/** What the engine has refused is not handed to the browser either: it may be a bomb. @param {Failure} error */
const brokenPicture = (error) => html`<div class="large-picture">
    <div class="large-blank">${warningIcon()}<p>${errorText(error).title}</p></div>
</div>`;

/** @param {1 | -1} by @returns {number | null} */
function nextIdx(by) {
    const idx = opened.value === null ? -1 : gridIds.value.indexOf(opened.value);
    return idx < 0 || gridIds.value[idx + by] === undefined ? null : idx + by;
}

/** @param {1 | -1} by */
const showIdx = (by) => actions.setCurrent(nextIdx(by) ?? current.value);

/** @param {1 | -1} by */
function step(by) {
    if (nextIdx(by) === null) return nothing;
    const label = t(by > 0 ? "next_picture" : "previous_picture");
    const icon = by > 0 ? nextIcon() : previousIcon();
    return html`<button
        class="large-step ${by > 0 ? "is-next" : ""}"
        type="button"
        tabindex="-1"
        aria-label=${label}
        title=${label}
        @click=${() => showIdx(by)}
    >
        ${icon}
    </button>`;
}

/** The keys of the large view; those of fields and rows have been taken there. @param {KeyboardEvent} event */
function onKey(event) {
    if (dialog.value !== null || event.altKey) return;
    const key = event.key.toLowerCase();
    if ((event.ctrlKey || event.metaKey) && key !== "z") return;
    if (key === "escape") leaveLarge();
    else if (key === "arrowleft") showIdx(-1);
    else if (key === "arrowright") showIdx(1);
    else if (key === "arrowdown") firstRow()?.focus();
    else if (key === "home") actions.setCurrent(0);
    else if (key === "end") actions.setCurrent(gridIds.value.length - 1);
    else if (key === "t") focusAddTag();
    else if (key === "z") (event.shiftKey ? actions.redo : actions.undo)();
    else return;
    event.preventDefault();
    event.stopPropagation();
}

const firstRow = () =>
    /** @type {HTMLElement | null} */ (document.querySelector(".large .tag-row button:not(.tag-parent)"));
