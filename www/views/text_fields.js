/**
 * Title, description and alternative text in the inspector: as they are, whose they are, and edited where they stand.
 * @import { PictureText, TextField } from "../core/engine_api.d.ts"
 * @import { PictureEntry } from "../app/state.js"
 */
import { providerName } from "../app/provider_names.js";
import { details } from "../app/state.js";
import { actions } from "../app/work_actions.js";
import { html, live, nothing, signal } from "../vendor/view.js";
import { localForm } from "./local_form.js";
import { whenDrawn } from "./mount.js";
import { t } from "./text.js";

const FIELDS = /** @type {readonly TextField[]} */ (["title", "description", "alt_text"]);

/** What is being written, and how far. */
const edit = signal(/** @type {{id: number, field: TextField, typed: string} | null} */ (null));

/** @param {PictureEntry} picture */
export function textFields({ id, state }) {
    const { value: beside } = details;
    if (state !== "done" || beside?.id !== id) return nothing;
    const texts = beside.texts ?? [];
    const shown = FIELDS.map((field) => /** @type {const} */ ([field, texts.filter((one) => one.field === field)]));
    return html`<section class="texts" aria-label=${t("texts_heading")}>
        <h3>${t("texts_heading")}</h3>
        ${shown.map(([field, all]) => (isEdited(id, field) ? editor(id, field) : text(id, field, all)))}
    </section>`;
}

/** @param {number} id @param {TextField} field */
const isEdited = (id, field) => edit.value?.id === id && edit.value.field === field;

/** @param {number} id @param {TextField} field @param {readonly PictureText[]} all what shows first */
function text(id, field, [shown, ...others]) {
    const now = shown?.text ?? "";
    const found = [shown, ...others].find((one) => one?.source === "provider");
    const isYours = shown?.source === "person";
    const name = t(`text_of_${field}`);
    const begin = () => void begun(id, field, now);
    if (now === "" && !isYours)
        return html`<p class="text-row" data-text=${field}>
            <button class="tag-reset" type="button" data-do="edit-text" @click=${begin}>${t("text_add", { field: name })}</button>
        </p>`;
    return html`<div class="text-row" data-text=${field} data-source=${shown?.source ?? nothing}>
        <p class="text-name">${t(`text_${field}`)}</p>
        <p class="text-words" lang=${shown?.language ?? nothing}><bdi>${now}</bdi></p>
        <p class="text-about">
            ${isYours ? html`<span class="tag-yours">${t("yours_text")}</span>` : html`<span>${t("text_by", { name: providerName(shown?.provider ?? "") })}</span>`}
            <button class="tag-reset" type="button" data-do="edit-text" aria-label=${t("text_edit", { field: name })} @click=${begin}>${t("text_edit_short")}</button>
            ${
                isYours && found
                    ? html`<button class="tag-reset" type="button" data-do="text-back" @click=${() => actions.setText(id, field, null)}>
                          ${t("text_back", { name: providerName(found.provider ?? "") })}
                      </button>`
                    : nothing
            }
        </p>
    </div>`;
}

/** @param {number} id @param {TextField} field @param {string} typed */
function begun(id, field, typed) {
    edit.value = { id, field, typed };
    whenDrawn(() => {
        const box = /** @type {HTMLTextAreaElement | null} */ (document.querySelector(".text-box"));
        box?.focus();
        box?.select();
    });
}

/** The keyboard goes back to the button that led there. @param {TextField} field */
function leave(field) {
    edit.value = null;
    whenDrawn(() => {
        const button = document.querySelector(`[data-text="${field}"] [data-do="edit-text"]`);
        /** @type {HTMLElement | null} */ (button)?.focus();
    });
}

/** @param {number} id @param {TextField} field */
function editor(id, field) {
    const typed = edit.value?.typed ?? "";
    const save = () => {
        actions.setText(id, field, typed);
        leave(field);
    };
    const onKey = (/** @type {KeyboardEvent} */ event) => {
        if (event.isComposing) return;
        event.stopPropagation(); // a letter is no shortcut here
        const isEnd = event.key === "Enter" && (field === "title" || event.ctrlKey || event.metaKey);
        if (isEnd) save();
        else if (event.key === "Escape") leave(field);
        else return;
        event.preventDefault();
    };
    const onInput = (/** @type {Event} */ { currentTarget }) =>
        void (edit.value = { id, field, typed: /** @type {HTMLTextAreaElement} */ (currentTarget).value });
    const fields = html`<label class="text-edit">
            <span class="text-name">${t(`text_${field}`)}</span>
            <textarea
                class="field text-box"
                rows=${field === "title" ? 1 : 3}
                maxlength="10000"
                data-do="text-box"
                autocomplete="off"
                .value=${live(typed)}
                @input=${onInput}
                @keydown=${onKey}
            ></textarea>
        </label>
        <p class="text-about">
            <button class="button" type="button" data-do="save-text" @click=${save}>${t("text_save")}</button>
            <button class="button" type="button" data-do="cancel-text" @click=${() => leave(field)}>${t("cancel")}</button>
        </p>`;
    return html`<div class="text-row" data-text=${field}>${localForm(fields)}</div>`;
}
