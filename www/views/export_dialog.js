/**
 * The dialog for exports of a file per picture: choices, the first files as they will be, how many there are and for whom there is none,
 * where they go; then how far it is, and what could not be written.
 * @import { ExportFormatFacts } from "../core/engine_api.d.ts"
 * @import { MessageKey } from "../i18n/en.js"
 */
import { actions } from "../app/dialog_actions.js";
import { exportChoices, exportFormat, exportPreview, exportRun, exportScope } from "../app/export_state.js";
import { html, nothing } from "../vendor/view.js";
import { cannotHold, exportOptions, pill, pills, resetOptions } from "./export_options.js";
import { localForm } from "./local_form.js";
import { nameList } from "./name_list.js";
import { errorText, t } from "./text.js";

/** @typedef {import("../vendor/view.js").TemplateResult} TemplateResult */

/** What has the keyboard first. */
const FIRST = 'input:not([type="radio"]), input:checked, .export-foot button';

/** @type {import("./dialog.js").DialogView} */
export const exportDialog = {
    title: "export",
    isWide: true,
    body,
    onOpen: (root) => {
        actions.openExport();
        resetOptions();
        /** @type {HTMLElement | null} */ (root.querySelector(FIRST))?.focus();
    },
    onClose: () => actions.closeExport(),
};

function body() {
    const { value: format } = exportFormat;
    if (!format) return html`${nothing}`;
    const { status } = exportRun.value;
    const isBusy = status === "writing" || status === "asking";
    return html`<div class="export" data-export-format=${format.name} @submit=${() => void actions.saveExport()}>
        ${localForm(html`
            <div class="export-columns">
                <div class="export-options" ?inert=${isBusy}>
                    <h3>${t(/** @type {MessageKey} */ (`export_${format.name}`))}</h3>
                    ${exportOptions(format)} ${places(format)}
                </div>
                <div class="export-result">${outcome()} ${preview(format)}</div>
            </div>
            <div class="export-foot">${summary()} ${foot()}</div>
        `)}
    </div>`;
}

/** @param {ExportFormatFacts} format */
function places(format) {
    const folder = actions.pictureFolder();
    const at = actions.exportPlace();
    /** @param {typeof at} place @param {string} words */
    const one = (place, words) =>
        pill("place", place, html`${words}`, at === place, () => actions.chooseExport({ place }));
    const all = [
        folder === null ? nothing : one("pictures", t("place_pictures", { name: folder })),
        one("zip", t(exportScope.value.n === 1 ? "place_file" : "place_zip")),
        actions.hasSaveFolder() ? one("folder", t("place_folder")) : nothing,
    ].filter((place) => place !== nothing);
    const isCopies = format.name === "keywords";
    const hasSidecars =
        format.name === "xmp" || (isCopies && cannotHold().length > 0 && exportChoices.value.with_sidecars);
    const about = at === "zip" ? t("write_zip_why") : t("write_merged_why");
    const why = hasSidecars ? html`<p class="export-why" data-about="merging">${about}</p>` : nothing;
    return html`${all.length > 1 ? pills(t("write_place"), /** @type {TemplateResult[]} */ (all)) : nothing} ${why}`;
}

/** @param {ExportFormatFacts} format */
function preview(format) {
    const { value: shown } = exportPreview;
    if (shown === null) return nothing;
    if ("error" in shown) return failure(shown.error);
    const names = format.name === "captions" ? exportChoices.value.caption_names : exportChoices.value.sidecar_names;
    return html`
        ${shown.collisions.length > 0 && names !== "full" ? collisions(format, shown.collisions) : nothing}
        <section class="export-preview" aria-label=${t("write_preview")}>
            <h4>${t("write_preview")}</h4>
            <dl>
                ${shown.files.map(({ name, content }, idx) => {
                    const text = shown.keywords?.[idx] ?? String(content);
                    const words = format.name === "captions" ? text : text.trim().replaceAll("\n", ", ");
                    return html`<div data-preview=${name}>
                        <dt>${name}</dt>
                        <dd>${words}</dd>
                    </div>`;
                })}
            </dl>
        </section>
    `;
}

/** @param {ExportFormatFacts} format @param {readonly string[][]} groups */
function collisions(format, groups) {
    const which = format.name === "captions" ? "caption_names" : "sidecar_names";
    const use = () => actions.chooseExport({ [which]: "full" });
    return html`<div class="export-warning" role="status" data-warning="collisions">
        <p>${t("write_collide")}</p>
        ${nameList(groups.map((group) => group.join(", ")))}
        <button class="button" type="button" data-do="use-full-names" @click=${use}>${t("write_use_full")}</button>
    </div>`;
}

/** How many files there will be, and for which pictures there is none. */
function summary() {
    const { value: shown } = exportPreview;
    if (shown === null || "error" in shown) return nothing;
    const { n_files: n, n_planned: nPlanned } = shown;
    const { nLooks } = exportScope.value;
    const nUntagged = exportScope.value.n - nPlanned;
    const words = [
        n > 0 ? t("write_n_files", { n }) : t("write_nothing"),
        nUntagged > 0 ? t("write_untagged", { n: nUntagged }) : "",
        nLooks > 0 ? t("write_looks", { n: nLooks }) : "",
        n > 0 && nPlanned > n ? t("write_without", { n: nPlanned - n }) : "",
    ];
    return html`<p class="export-summary" role="status" data-count="files" data-value=${n}>${words.filter(Boolean).join(" ")}</p>`;
}

function foot() {
    const { status, nDone, n, names } = exportRun.value;
    if (status === "asking")
        return html`<div class="export-warning" role="alert" data-warning="replace">
            <p>${t("write_replace", { n: names.length })}</p>
            ${nameList(names)}
            <div class="export-buttons">
                ${answer("replace", t("write_replace_yes"))} ${answer("keep", t("write_replace_no"))} ${answer("stop", t("write_stop"))}
            </div>
        </div>`;
    if (status === "writing")
        return html`<div class="export-buttons" data-writing=${nDone}>
            <progress aria-label=${t("write_progress_label")} max=${Math.max(1, n)} .value=${nDone}></progress>
            ${n > 0 ? html`<span>${t("write_progress", { n: nDone, total: n })}</span>` : nothing}
            <button class="button" type="button" data-do="stop-export" @click=${actions.stopExport}>${t("write_stop")}</button>
        </div>`;
    const shown = exportPreview.value;
    const isNothing = shown !== null && !("error" in shown) && shown.n_files === 0;
    return html`<div class="export-buttons">
        <button class="button is-main" type="submit" data-do="save-export" ?disabled=${isNothing}>${t("write_save")}</button>
    </div>`;
}

/** @param {"replace" | "keep" | "stop"} given @param {string} words */
const answer = (given, words) =>
    html`<button class="button" type="button" data-do=${`answer-${given}`} @click=${() => actions.answerReplace(given)}>${words}</button>`;

/** What went wrong: as a whole, and picture by picture. */
function outcome() {
    const { error, leftOut } = exportRun.value;
    return html`${error ? failure(error) : nothing}
    ${
        leftOut.length > 0
            ? html`<div class="export-warning" role="alert" data-warning="left-out">
                  <p>${t("write_left_out", { n: leftOut.length })}</p>
                  <ul class="name-list">
                      ${leftOut.map(
                          ({ path, error, hasSidecar }) =>
                              html`<li data-left-out=${path} data-code=${error.code}>
                                  <strong>${path}</strong> ${errorText(error).title} ${hasSidecar ? t("write_has_sidecar") : nothing}
                                  <small>${error.detail}</small>
                              </li>`,
                      )}
                  </ul>
              </div>`
            : nothing
    }`;
}

/** @param {import("../core/protocol.js").Failure} error */
function failure(error) {
    const { title, remedy } = errorText(error);
    return html`<div class="export-warning is-error" role="alert" data-code=${error.code}>
        <p><strong>${title}</strong> ${remedy}</p>
        ${error.detail ? html`<p class="export-why">${error.detail}</p>` : nothing}
    </div>`;
}
