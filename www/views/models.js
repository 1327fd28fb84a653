/**
 * The dialog in which people choose a model: the one that comes with the page, those that are kept, those of the catalog, and their own.
 * @import { CatalogModel, KeptModel } from "../platform/platform.d.ts"
 * @import { Failure } from "../core/protocol.js"
 * @import { TemplateResult } from "../vendor/view.js"
 * @import { DialogView } from "./dialog.js"
 */
import { actions } from "../app/actions.js";
import { dialog_actions } from "../app/dialog_actions.js";
import { downloads, is_dragging, model_change, model_in_question, model_in_use, models, models_failure, own_model, settings, total } from "../app/state.js";
import { html, nothing } from "../vendor/view.js";
import { warning_icon } from "./icons.js";
import { model_form } from "./model_form.js";
import { file_size, rounded, t, words_of } from "./words.js";

/** @type {DialogView} */
export const models_dialog = { title: "models_title", body: models_body, is_wide: true, on_open: () => void actions.look_for_models() };

function models_body() {
    return own_model.value ? model_form(own_model.value) : html`<div class="models">${model_lists()}${own_files()}</div>`;
}

function model_lists() {
    const all = models.value;
    if (!all) return models_failure.value ? html`<div>${failure_below(models_failure.value)} ${look_again()}</div>` : nothing;
    const { bundled, kept, catalog } = all;
    const here = new Set([bundled, ...kept].map(({ sha256 }) => sha256));
    const absent = catalog.filter(({ sha256 }) => !here.has(sha256));
    return html`
        ${total.value > 0 ? html`<p class="models-note" data-count="swap" data-value=${total.value}>${t("models_swap", { n: total.value })}</p>` : nothing}
        <section>
            <h3>${t("models_here")}</h3>
            <ul>${kept_row(bundled, null, t("models_bundled"))} ${kept.map((one) => kept_row(one, one.key, source_of(one, catalog)))}</ul>
        </section>
        ${absent.length > 0
            ? html`<section>
                  <h3>${t("models_catalog")}</h3>
                  <p class="models-small">${t("models_promise")}</p>
                  <ul>${absent.map(catalog_row)}</ul>
              </section>`
            : nothing}
    `;
}

const look_again = () => html`<button class="button" type="button" data-do="look-again" @click=${actions.look_for_models}>${words_of({ code: "engine_unreachable" }).action ?? t("retry")}</button>`;

/** @param {KeptModel} model @param {readonly CatalogModel[]} catalog */
const source_of = ({ sha256 }, catalog) => (catalog.some((one) => one.sha256 === sha256) ? t("models_from_catalog") : t("models_yours"));

/** @param {KeptModel} model @param {string | null} key @param {string} source */
function kept_row(model, key, source) {
    const { name } = model;
    const is_used = model_in_use.value === key;
    const stands_in = is_used && settings.value.model !== key;
    const is_starting = model_change.value?.key === key && model_change.value.failure === null;
    const top1 = model.top1 ?? models.value?.catalog.find(({ sha256 }) => sha256 === model.sha256)?.top1 ?? null;
    const use = html`<button
        class="button"
        type="button"
        data-do="use-model"
        aria-label=${t("models_use_which", { name })}
        ?disabled=${is_starting}
        @click=${() => actions.use_model(key)}
    >
        ${is_starting ? t("models_starting") : t("models_use")}
    </button>`;
    return row({
        id: key ?? "bundled",
        state: is_starting ? "starting" : is_used ? "used" : "kept",
        name,
        badge: stands_in ? t("models_stands_in") : is_used ? t("models_used") : null,
        facts: [file_size(model.bytes), top1_words(top1), model.licence === "NOASSERTION" ? null : model.licence, source],
        buttons: html`${is_used && !stands_in ? nothing : use} ${key === null ? nothing : delete_button(key, name)}`,
        below: key !== null && model_in_question.value === key ? question(key, name) : failure_below(model_change.value?.key === key ? model_change.value.failure : null),
    });
}

/** What could be fetched again goes at once. @param {string} key @param {string} name */
function delete_button(key, name) {
    const sha256 = models.value?.kept.find((one) => one.key === key)?.sha256;
    const can_come_back = models.value?.catalog.some((one) => one.sha256 === sha256);
    return html`<button
        class="button"
        type="button"
        data-do="delete-model"
        aria-label=${t("models_delete_which", { name })}
        @click=${() => (can_come_back ? actions.delete_model(key) : actions.question_model(key))}
    >
        ${t("models_delete")}
    </button>`;
}

/** @param {string} key @param {string} name */
const question = (key, name) => html`<div class="model-question" role="alert">
    <p>${t("models_delete_sure", { name })}</p>
    <button class="button" type="button" data-do="delete-model-sure" @click=${() => actions.delete_model(key)}>${t("models_delete")}</button>
    <button class="button" type="button" data-do="keep-model" @click=${actions.keep_model}>${t("models_keep")}</button>
</div>`;

/** @param {CatalogModel} model */
function catalog_row(model) {
    const { id, name, bytes, url, licence } = model;
    const { received = 0, failure = null } = downloads.value.get(id) ?? {};
    const is_coming = downloads.value.has(id) && failure === null;
    const host = model.host ?? t("models_this_server");
    const download = html`<button
        class="button"
        type="button"
        data-do="download-model"
        aria-label=${t("models_download_which", { name, size: file_size(bytes), host })}
        @click=${() => actions.download_model(id)}
    >
        ${t("models_download")}
    </button>`;
    const cancel = html`<button
        class="button"
        type="button"
        data-do="cancel-download"
        aria-label=${t("models_cancel_which", { name })}
        @click=${() => actions.cancel_download(id)}
    >
        ${t("cancel")}
    </button>`;
    return row({
        id,
        state: is_coming ? "coming" : "absent",
        name,
        badge: null,
        facts: [
            file_size(bytes),
            top1_words(model.top1),
            licence,
            model.host === null ? t("models_from_here") : t("models_from_host", { host: model.host }),
            model.is_verified ? null : t("models_unverified"),
        ],
        buttons: is_coming ? cancel : download,
        below: is_coming ? progress(name, received, bytes) : failure_below(failure, failure && url),
    });
}

/** @param {string} name @param {number} received @param {number} bytes */
const progress = (name, received, bytes) => html`<div class="model-progress">
    <div class="model-bar" role="progressbar" aria-label=${name} aria-valuemin="0" aria-valuemax=${bytes} aria-valuenow=${received}>
        <i .style=${`transform:scaleX(${received / bytes})`}></i>
    </div>
    <p>${t("models_progress", { received: file_size(received), size: file_size(bytes) })}</p>
</div>`;

/** @param {Failure | null} failure @param {string | null} [url] where people can fetch it by hand */
function failure_below(failure, url = null) {
    if (!failure) return nothing;
    const { title, remedy } = words_of(failure);
    return html`<div class="model-failure" role="alert" data-code=${failure.code} title=${failure.detail}>
        ${warning_icon()}
        <p>
            <strong>${title}</strong> ${remedy}
            ${url && is_on_the_way(failure)
                ? html`<a href=${url} target="_blank" rel="noreferrer">${t("models_by_hand")}</a> ${t("models_by_hand_then")}`
                : nothing}
        </p>
    </div>`;
}

/** What went wrong between the host and here, where another way may help. @param {Failure} failure */
const is_on_the_way = ({ code }) => code === "model_unreachable" || code === "model_transfer_broken";

/** @param {number | null} top1 */
const top1_words = (top1) => (top1 === null ? null : t("models_top1", { percent: rounded(top1 * 100) }));

/**
 * @param {{
 *   id: string, state: string, name: string, badge: string | null, facts: (string | null)[], buttons: TemplateResult,
 *   below: TemplateResult | typeof nothing}} what
 */
const row = ({ id, state, name, badge, facts, buttons, below }) => html`<li class="model" data-model=${id} data-state=${state}>
    <div class="model-words">
        <p class="model-name">${name} ${badge ? html`<span class="model-badge">${badge}</span>` : nothing}</p>
        <p class="models-small">${facts.filter((fact) => fact !== null).join(" · ")}</p>
    </div>
    <div class="model-buttons">${buttons}</div>
    ${below}
</li>`;

function own_files() {
    const chosen = (/** @type {Event} */ event) => {
        const input = /** @type {HTMLInputElement} */ (event.currentTarget);
        dialog_actions.take_model_files([...(input.files ?? [])]);
        input.value = ""; // the same files may be chosen again
    };
    const choose = (/** @type {Event} */ event) => {
        const button = /** @type {HTMLElement} */ (event.currentTarget);
        /** @type {HTMLElement | null | undefined} */ (button.parentElement?.querySelector("input"))?.click();
    };
    return html`<section>
        <h3>${t("models_own")}</h3>
        <div class="model-drop ${is_dragging.value ? "is-dragging" : ""}">
            <p>${t("models_own_how")}</p>
            <button class="button" type="button" data-do="choose-model" @click=${choose}>${t("models_choose")}</button>
            <input type="file" data-input="model" multiple accept=".onnx,.json,.txt,.csv,.tsv" hidden @change=${chosen} />
        </div>
    </section>`;
}
