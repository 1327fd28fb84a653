/**
 * The tags of a report: how each stands and why, its figures, and on request its curve and its pictures.
 * @import { TagReport, TrainingReport } from "../core/train_api.d.ts"
 */
import { actions } from "../app/own_actions.js";
import { openTag } from "../app/own_view_state.js";
import { html, nothing } from "../vendor/view.js";
import { factsCells, factsTable } from "./facts_table.js";
import { ownCurve } from "./own_curves.js";
import { figureText } from "./own_figures.js";
import { ownLight } from "./own_guidelines.js";
import { ownPictureList } from "./own_pictures.js";
import { t } from "./text.js";

const LIGHTS = /** @type {const} */ ({ trained: "green", incomplete: "yellow", left_out: "none" });

/** @param {TrainingReport} report @param {() => void} teach where what is missing can be added */
export function ownReportTags(report, teach) {
    const columns = [
        { words: t("taught_col_tag") },
        { words: t("taught_col_status") },
        { words: t("taught_col_n"), isNumber: true },
        { words: t("taught_col_precision"), isNumber: true },
        { words: t("taught_col_recall"), isNumber: true },
        { words: t("taught_col_ap"), isNumber: true },
    ];
    const rows = report.tags.map((one) => {
        const cells = [
            name(one),
            status(one, teach),
            one.n_examples,
            figureText(one.precision),
            figureText(one.recall),
            figureText(one.ap),
        ];
        const isOpen = openTag.value === one.tag.id;
        return html`<tr role="row" data-report-tag=${one.tag.id} data-status=${one.status}>
                ${factsCells(columns, cells)}
            </tr>
            ${
                isOpen
                    ? html`<tr role="row" class="own-details-row">
                          <td role="cell" colspan=${columns.length}>${details(one)}</td>
                      </tr>`
                    : nothing
            }`;
    });
    return html`<section class="own-section" data-section="tags">
        <h4>${t("taught_set_tags")}</h4>
        ${factsTable({ name: t("taught_set_tags"), columns, rows })}
        <p class="own-why">${t("taught_precision_why")}</p>
    </section>`;
}

/** @param {TagReport} report */
function name({ tag, status: how }) {
    if (how === "left_out") return html`<bdi>${tag.name}</bdi>`;
    const isOpen = openTag.value === tag.id;
    const label = t(isOpen ? "taught_hide_details" : "taught_details_of", { name: tag.name });
    return html`<button class="tag-reset" type="button" data-do="report-details" aria-expanded=${isOpen} aria-label=${label} title=${label} @click=${() => actions.openTagOf(tag.id)}>
        <bdi>${tag.name}</bdi>
    </button>`;
}

/** @param {TagReport} report @param {() => void} teach */
function status({ status: how, reasons }, teach) {
    return html`<span class="own-status">${ownLight(LIGHTS[how])} ${t(`taught_status_${how}`)}</span>
        ${reasons.length > 0 ? html`<small>${reasons.map(({ code, n }) => t(`taught_reason_${code}`, { n })).join("; ")}</small>` : nothing}
        ${how === "left_out" ? html`<button class="tag-reset" type="button" data-do="teach-more" @click=${teach}>${t("taught_train_it")}</button>` : nothing}`;
}

/** @param {TagReport} report */
const details = ({ tag, best, worst, curve }) => html`<div class="own-details">
    ${curve.length > 1 ? ownCurve(curve, tag.name) : nothing}
    <div>
        ${best.length > 0 ? html`<h5>${t("taught_best")}</h5>${ownPictureList(best, t("taught_best"))}` : nothing}
        ${worst.length > 0 ? html`<h5>${t("taught_worst")}</h5>${ownPictureList(worst, t("taught_worst"))}` : nothing}
    </div>
</div>`;
