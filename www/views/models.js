/**
 * The dialog in which people choose a model: the one that comes with the page, those that are kept, those of the catalog, and their own.
 * @import { CatalogModel, StoredModel } from "../platform/platform.d.ts"
 * @import { Failure } from "../core/protocol.js"
 * @import { TemplateResult } from "../vendor/view.js"
 * @import { DialogView } from "./dialog.js"
 */
import { actions } from "../app/dialog_actions.js";
import {
    downloads,
    gridIds,
    isDragging,
    modelChange,
    modelToDelete,
    modelInUse,
    models,
    modelsFailure,
    customModel,
    selectedIds,
    settings,
    total,
} from "../app/state.js";
import { html, nothing } from "../vendor/view.js";
import { customModelForm } from "./custom_model_form.js";
import { failureBox } from "./failure_box.js";
import { fileSize, rounded, t, errorText } from "./text.js";

/** @type {DialogView} */
export const modelsDialog = {
    title: "models_title",
    body: modelsBody,
    isWide: true,
    onOpen: () => void actions.refreshModels(),
};

function modelsBody() {
    return customModel.value
        ? customModelForm(customModel.value)
        : html`<div class="models">${modelLists()}${customModelFiles()}</div>`;
}

function modelLists() {
    const all = models.value;
    if (!all)
        return modelsFailure.value ? html`<div>${failureBelow(modelsFailure.value)} ${refreshButton()}</div>` : nothing;
    const { bundled, stored, catalog } = all;
    const here = new Set([bundled, ...stored].map(({ sha256 }) => sha256));
    const absent = catalog.filter(({ sha256 }) => !here.has(sha256));
    return html`
        ${total.value > 0 ? html`<p class="models-note" data-count="swap" data-value=${total.value}>${t("models_swap", { n: total.value })}</p>` : nothing}
        <section>
            <h3>${t("models_here")}</h3>
            <ul>${storedRow(bundled, null, t("models_bundled"))} ${stored.map((one) => storedRow(one, one.key, originOf(one, catalog)))}</ul>
        </section>
        ${
            absent.length > 0
                ? html`<section>
                  <h3>${t("models_catalog")}</h3>
                  <p class="models-small">${t("models_promise")}</p>
                  <ul>${absent.map(catalogRow)}</ul>
              </section>`
                : nothing
        }
    `;
}

const refreshButton = () =>
    html`<button class="button" type="button" data-do="look-again" @click=${actions.refreshModels}>${errorText({ code: "engine_unreachable" }).action ?? t("retry")}</button>`;

/** @param {StoredModel} model @param {readonly CatalogModel[]} catalog */
const originOf = ({ sha256 }, catalog) =>
    catalog.some((one) => one.sha256 === sha256) ? t("models_from_catalog") : t("models_yours");

/** @param {StoredModel} model @param {string | null} key @param {string} source */
function storedRow(model, key, source) {
    const { name } = model;
    const isUsed = modelInUse.value === key;
    const standsIn = isUsed && settings.value.model !== key;
    const isStarting = modelChange.value?.key === key && modelChange.value.failure === null;
    const top1 = model.top1 ?? models.value?.catalog.find(({ sha256 }) => sha256 === model.sha256)?.top1 ?? null;
    const use = html`<button
        class="button"
        type="button"
        data-do="use-model"
        aria-label=${t("models_use_which", { name })}
        ?disabled=${isStarting}
        @click=${() => actions.useModel(key)}
    >
        ${isStarting ? t("models_starting") : t("models_use")}
    </button>`;
    return row({
        id: key ?? "bundled",
        state: isStarting ? "starting" : isUsed ? "used" : "kept",
        name,
        badge: standsIn ? t("models_stands_in") : isUsed ? t("models_used") : null,
        facts: [
            fileSize(model.bytes),
            top1Text(top1),
            model.licence === "NOASSERTION" ? null : model.licence,
            source,
            model.isGuess ? t("models_guess") : null,
        ],
        buttons: html`${total.value > 0 ? tryButton(key, name) : nothing} ${isUsed && !standsIn ? nothing : use} ${key === null ? nothing : deleteButton(key, name)}`,
        below:
            key !== null && modelToDelete.value === key
                ? deleteQuestion(key, name)
                : failureBelow(modelChange.value?.key === key ? modelChange.value.failure : null),
    });
}

/** On the selection, else on what is in the grid: with this model, or this one with other numbers. @param {string | null} key @param {string} name */
const tryButton = (key, name) => html`<button
    class="button"
    type="button"
    data-do="try-model"
    aria-label=${t("models_try_which", { name })}
    @click=${() => {
        const ids = selectedIds.value.length > 0 ? selectedIds.value : gridIds.value;
        void actions.openPart("providers", (providers) => providers.askModel(key, ids));
    }}
>
    ${t("models_try")}
</button>`;

/** What could be fetched again goes at once. @param {string} key @param {string} name */
function deleteButton(key, name) {
    const sha256 = models.value?.stored.find((one) => one.key === key)?.sha256;
    const canComeBack = models.value?.catalog.some((one) => one.sha256 === sha256);
    return html`<button
        class="button"
        type="button"
        data-do="delete-model"
        aria-label=${t("models_delete_which", { name })}
        @click=${() => (canComeBack ? actions.deleteModel(key) : actions.askToDelete(key))}
    >
        ${t("models_delete")}
    </button>`;
}

/** @param {string} key @param {string} name */
const deleteQuestion = (key, name) => html`<div class="model-question" role="alert">
    <p>${t("models_delete_sure", { name })}</p>
    <button class="button" type="button" data-do="delete-model-sure" @click=${() => actions.deleteModel(key)}>${t("models_delete")}</button>
    <button class="button" type="button" data-do="keep-model" @click=${actions.cancelDelete}>${t("models_keep")}</button>
</div>`;

/** @param {CatalogModel} model */
function catalogRow(model) {
    const { id, name, bytes, url, licence } = model;
    const { received = 0, failure = null } = downloads.value.get(id) ?? {};
    const isComing = downloads.value.has(id) && failure === null;
    const host = model.host ?? t("models_this_server");
    const download = html`<button
        class="button"
        type="button"
        data-do="download-model"
        aria-label=${t("models_download_which", { name, size: fileSize(bytes), host })}
        @click=${() => actions.downloadModel(id)}
    >
        ${t("models_download")}
    </button>`;
    const cancel = html`<button
        class="button"
        type="button"
        data-do="cancel-download"
        aria-label=${t("models_cancel_which", { name })}
        @click=${() => actions.cancelDownload(id)}
    >
        ${t("cancel")}
    </button>`;
    return row({
        id,
        state: isComing ? "coming" : "absent",
        name,
        badge: null,
        facts: [
            fileSize(bytes),
            top1Text(model.top1),
            licence,
            model.host === null ? t("models_from_here") : t("models_from_host", { host: model.host }),
            model.is_verified ? null : t("models_unverified"),
        ],
        buttons: isComing ? cancel : download,
        below: isComing ? progress(name, received, bytes) : failureBelow(failure, failure && url),
    });
}

/** @param {string} name @param {number} received @param {number} bytes */
const progress = (name, received, bytes) => html`<div class="model-progress">
    <div class="model-bar" role="progressbar" aria-label=${name} aria-valuemin="0" aria-valuemax=${bytes} aria-valuenow=${received}>
        <i .style=${`transform:scaleX(${received / bytes})`}></i>
    </div>
    <p>${t("models_progress", { received: fileSize(received), size: fileSize(bytes) })}</p>
</div>`;

/** @param {Failure | null} failure @param {string | null} [url] where people can fetch it by hand */
function failureBelow(failure, url = null) {
    const byHand = url && failure && isOnTheWay(failure);
    const way = html`<a href=${url} target="_blank" rel="noreferrer">${t("models_by_hand")}</a> ${t("models_by_hand_then")}`;
    return failureBox(failure, byHand ? way : nothing, "model-failure");
}

/** What went wrong between the host and here, where another way may help. @param {Failure} failure */
const isOnTheWay = ({ code }) => code === "model_unreachable" || code === "model_transfer_broken";

/** @param {number | null} top1 */
const top1Text = (top1) => (top1 === null ? null : t("models_top1", { percent: rounded(top1 * 100) }));

/**
 * @param {{
 *   id: string, state: string, name: string, badge: string | null, facts: (string | null)[], buttons: TemplateResult,
 *   below: TemplateResult | typeof nothing}} what
 */
const row = ({
    id,
    state,
    name,
    badge,
    facts,
    buttons,
    below,
}) => html`<li class="model" data-model=${id} data-state=${state}>
    <div class="model-words">
        <p class="model-name">${name} ${badge ? html`<span class="model-badge">${badge}</span>` : nothing}</p>
        <p class="models-small">${facts.filter((fact) => fact !== null).join(" · ")}</p>
    </div>
    <div class="model-buttons">${buttons}</div>
    ${below}
</li>`;

function customModelFiles() {
    const onChosen = (/** @type {Event} */ event) => {
        const input = /** @type {HTMLInputElement} */ (event.currentTarget);
        actions.addModelFiles([...(input.files ?? [])]);
        input.value = ""; // the same files may be chosen again
    };
    const choose = (/** @type {Event} */ event) => {
        const button = /** @type {HTMLElement} */ (event.currentTarget);
        /** @type {HTMLElement | null | undefined} */ (button.parentElement?.querySelector("input"))?.click();
    };
    return html`<section>
        <h3>${t("models_own")}</h3>
        <div class="model-drop ${isDragging.value ? "is-dragging" : ""}">
            <p>${t("models_own_how")}</p>
            <button class="button" type="button" data-do="choose-model" @click=${choose}>${t("models_choose")}</button>
            <input type="file" data-input="model" multiple hidden @change=${onChosen} />
        </div>
    </section>`;
}
