/**
 * The one dialog of the page. What is in it depends on `state.dialog`; its frame, the focus, Escape and the way back are the same
 * for all. Whoever has a dialog exports a `DialogView` through dialogs.js, which the shell has fetched when they are first needed.
 * @import { Dialog } from "../app/state.js"
 * @import { MessageKey } from "../i18n/en.js"
 * @import { Signal, TemplateResult } from "../vendor/view.js"
 *
 * `onOpen` runs when it has been drawn and has the focus; `onClose` also when another dialog takes its place.
 * @typedef {{
 *   title: MessageKey, body: () => TemplateResult, isWide?: boolean,
 *   onOpen?: (body: HTMLElement) => void, onClose?: () => void }} DialogView
 */
import { actions } from "../app/actions.js";
import { dialog, engine, notice } from "../app/state.js";
import { effect, html, nothing, signal } from "../vendor/view.js";
import { closeIcon } from "./icons.js";
import { mount } from "./mount.js";
import { t } from "./text.js";

/** @typedef {Partial<Record<Dialog, DialogView>>} Views */

/** @param {HTMLDialogElement} root @param {() => Promise<Views>} load */
export function mountDialog(root, load) {
    const there = signal(/** @type {Views} */ ({}));
    loadWhenNeeded(load, there);
    /** What is drawn, which may be a frame behind `dialog`. @type {Dialog | null} */
    let shown = null;
    let isPressedBeside = false;

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
        () => frame(there.value),
        () => {
            const views = there.peek();
            const wanted = dialog.value !== null && views[dialog.value] ? dialog.value : null;
            if (wanted === shown) return;
            const left = shown;
            shown = wanted;
            if (left !== null) views[left]?.onClose?.();
            if (wanted === null) return root.close();
            root.dataset["dialog"] = wanted;
            const title = /** @type {HTMLElement | null} */ (root.querySelector("#dialog-title"));
            if (root.open) title?.focus();
            else root.showModal();
            const body = /** @type {HTMLElement} */ (root.querySelector(".dialog-body"));
            body.scrollTop = 0;
            views[wanted]?.onOpen?.(body);
        },
    );
}

/** Once the engine is ready, so that nothing keeps it waiting. @param {() => Promise<Views>} load @param {Signal<Views>} there */
function loadWhenNeeded(load, there) {
    let isAsked = false;
    effect(() => {
        const isWanted = dialog.value !== null;
        if (isAsked || (!isWanted && engine.value.status !== "ready")) return;
        isAsked = true;
        load().then(
            (views) => (there.value = views),
            (error) => {
                isAsked = false; // opened again, it is tried again
                if (isWanted) actions.chunkMissing(error);
            },
        );
    });
}

/** @param {Views} views */
function frame(views) {
    const view = dialog.value === null ? undefined : views[dialog.value];
    if (!view) return html`${nothing}`;
    return html`<div class="dialog-frame ${view.isWide ? "is-wide" : ""}">
        <header class="dialog-head">
            <h2 id="dialog-title" tabindex="-1" autofocus>${t(view.title)}</h2>
            <button class="button is-icon" type="button" data-do="close-dialog" aria-label=${t("close")} @click=${() => actions.showDialog(null)}>
                ${closeIcon()}
            </button>
        </header>
        <div class="dialog-body" tabindex="-1">${view.body()}</div>
        <p class="dialog-notice" role="status">${notice.value.isShown ? notice.value.text : nothing}</p>
    </div>`;
}
