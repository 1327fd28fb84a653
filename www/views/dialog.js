/**
 * The one dialog of the page. What is in it depends on `state.dialog`; its frame, the focus, Escape and the way back are the same
 * for all. Whoever has a dialog exports a `DialogView` and is named in dialogs.js.
 * @import { Dialog } from "../app/state.js"
 * @import { MessageKey } from "../i18n/en.js"
 * @import { TemplateResult } from "../vendor/view.js"
 *
 * `onOpen` runs when it has been drawn and has the focus; `onClose` also when another dialog takes its place.
 * @typedef {{
 *   title: MessageKey, body: () => TemplateResult, isWide?: boolean,
 *   onOpen?: (body: HTMLElement) => void, onClose?: () => void }} DialogView
 */
import { actions } from "../app/dialog_actions.js";
import { dialog } from "../app/state.js";
import { html, nothing, signal } from "../vendor/view.js";
import { followCompletions } from "./add_tag.js";
import { focusGrid } from "./grid_focus.js";
import { closeIcon } from "./icons.js";
import { isReachable } from "./lost_focus.js";
import { messageText, saidLines } from "./message.js";
import { mount } from "./mount.js";
import { t } from "./text.js";

/** @typedef {Partial<Record<Dialog, DialogView>>} Views */

/** What parts have that come after this one. */
const late = signal(/** @type {Views} */ ({}));

/** To be called once their part is there. @param {Views} views */
export const addDialogs = (views) => void (late.value = { ...late.value, ...views });

/** @param {HTMLDialogElement} root @param {Views} early */
export function mountDialog(root, early) {
    /** @param {Dialog | null} name */
    const viewOf = (name) => (name === null ? undefined : (early[name] ?? late.value[name]));
    /** One whose part is on its way takes the place of another when it is there. */
    const wantedNow = () => (dialog.value !== null && !viewOf(dialog.value) ? shown : dialog.value);
    /** What is drawn, which may be a frame behind `dialog`. @type {Dialog | null} */
    let shown = null;
    let isPressedBeside = false;
    /** What had the keyboard before. @type {HTMLElement | null} */
    let opener = null;

    root.setAttribute("aria-labelledby", "dialog-title");
    // It comes late: meanwhile the same dialog may have been opened again.
    root.addEventListener(
        "close",
        () => void (shown !== null && !root.open && dialog.value === shown && actions.showDialog(null)),
    );
    // The frame has no padding: only what is beside it is the dialog itself. A text marked from inside to outside is no click.
    root.addEventListener("pointerdown", ({ target }) => void (isPressedBeside = target === root));
    root.addEventListener("click", ({ target }) => isPressedBeside && target === root && root.close());
    // The keys of the page are not meant while a dialog is open; Escape is the browser's own.
    root.addEventListener("keydown", (event) => event.stopPropagation());

    mount(
        root,
        () => frame(viewOf(wantedNow())),
        () => {
            const wanted = wantedNow();
            const view = viewOf(wanted);
            if (wanted === shown) return followCompletions(root);
            const left = shown;
            shown = wanted;
            viewOf(left)?.onClose?.();
            if (!view || wanted === null) {
                root.close();
                return giveBack(opener);
            }
            root.dataset["dialog"] = wanted;
            const title = /** @type {HTMLElement | null} */ (root.querySelector("#dialog-title"));
            if (root.open) title?.focus();
            else {
                opener = /** @type {HTMLElement | null} */ (document.activeElement);
                root.showModal();
            }
            const body = /** @type {HTMLElement} */ (root.querySelector(".dialog-body"));
            body.scrollTop = 0;
            view.onOpen?.(body);
        },
    );
}

/** To what opened the dialog; drawn anew it is another element, which does the same. @param {HTMLElement | null} opener */
function giveBack(opener) {
    if (opener && opener !== document.body && isReachable(opener)) return opener.focus({ preventScroll: true });
    const name = opener?.dataset["do"];
    const again = name ? [...document.querySelectorAll(`[data-do="${name}"]`)].find(isReachable) : undefined;
    if (again) /** @type {HTMLElement} */ (again).focus({ preventScroll: true });
    else focusGrid();
}

/** @param {DialogView | undefined} view */
function frame(view) {
    if (!view) return html`${nothing}`;
    return html`<div class="dialog-frame ${view.isWide ? "is-wide" : ""}">
        <header class="dialog-head">
            <h2 id="dialog-title" tabindex="-1" autofocus>${t(view.title)}</h2>
            <button class="button is-icon" type="button" data-do="close-dialog" aria-label=${t("close")} @click=${() => actions.showDialog(null)}>
                ${closeIcon()}
            </button>
        </header>
        <div class="dialog-body" tabindex="-1">${view.body()}</div>
        <div class="dialog-notice">${messageText()}</div>
        <div class="visually-hidden" role="log" aria-live="polite">${saidLines()}</div>
    </div>`;
}
