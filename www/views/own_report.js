/**
 * A training report: how each tag stands, with figures and their uncertainty; what is confused, what may be tagged wrongly; saved as a file.
 * @import { HeadRow, OwnTagger } from "../db/own_protocol.js"
 * @import { Figure, TrainingReport } from "../core/train_api.d.ts"
 */
import { actions } from "../app/own_actions.js";
import { ownFailure } from "../app/own_state.js";
import { shownReport } from "../app/own_view_state.js";
import { pictureOf } from "../app/state.js";
import { html, nothing } from "../vendor/view.js";
import { failureBox } from "./failure_box.js";
import { ownReliability } from "./own_curves.js";
import { figureText } from "./own_figures.js";
import { ownPicture } from "./own_pictures.js";
import { ownReportTags } from "./own_report_tags.js";
import { backButton } from "./own_tagger.js";
import { momentText, t } from "./text.js";

/** More are not looked at in one sitting; the worst come first. */
const MAX_SHOWN = 24;

/** @param {OwnTagger} tagger @param {number} id */
export function ownReportView(tagger, id) {
    const head = tagger.heads.find((one) => one.id === id);
    const shown = shownReport.value;
    const report = shown?.head === id ? shown.report : null;
    return html`<div class="own" data-report=${id}>
        ${backButton(t("taught_back_to", { name: tagger.name }), () => actions.showTagger(tagger.id))}
        <header class="own-head">
            <div>
                <h3 tabindex="-1"><bdi>${head?.title || t("taught_report_of", { n: head?.number ?? 0 })}</bdi></h3>
                ${head ? html`<p class="own-why">${factsOf(head)}</p>` : nothing} ${head?.comment ? html`<p><bdi>${head.comment}</bdi></p>` : nothing}
            </div>
        </header>
        ${failureBox(ownFailure.value ?? shown?.failure ?? null)} ${report ? body(tagger, id, report) : nothing}
    </div>`;
}

/** @param {HeadRow} head */
const factsOf = ({ number: n, n_examples: nExamples, n_tags: nTags, made_ms: ms }) =>
    [
        t("taught_version", { n }),
        t("taught_n_pictures", { n: nExamples }),
        t("taught_n_tags", { n: nTags }),
        momentText(ms),
    ].join(" · ");

/** @param {OwnTagger} tagger @param {number} id @param {TrainingReport} report */
const body = (tagger, id, report) => html`<p class="own-buttons">
        <button class="button" type="button" data-do="save-xlsx" @click=${() => void actions.saveReport(id, "xlsx")}>${t("taught_report_save_xlsx")}</button>
        <button class="button" type="button" data-do="save-csv" @click=${() => void actions.saveReport(id, "csv")}>${t("taught_report_save_csv")}</button>
    </p>
    <section class="own-section">
        <h4>${t("taught_overall")}</h4>
        <dl class="own-figures">
            ${figure("accuracy", report.accuracy)} ${figure("map", report.map)} ${ece(report.ece)}
        </dl>
        <p class="own-why">${t("taught_checked_how")}</p>
        ${report.has_familiarity ? nothing : html`<p class="own-note">${t("taught_no_familiarity")}</p>`}
    </section>
    ${ownReportTags(report, () => actions.showTagger(tagger.id))} ${pairs(report)} ${suspects(report)} ${ownReliability(report.reliability)}`;

/** @param {"accuracy" | "map"} name @param {Figure | null} value */
const figure = (name, value) => html`<div data-figure=${name}>
    <dt>${t(`taught_${name}`)}</dt>
    <dd>${figureText(value)}</dd>
    <dd class="own-why">${t(`taught_${name}_why`)}</dd>
</div>`;

/** @param {number | null} value */
const ece = (value) => html`<div data-figure="ece">
    <dt>${t("taught_ece")}</dt>
    <dd>${value === null ? t("taught_without_figure") : t("taught_decimal", { n: Math.round(value * 1000) / 1000 })}</dd>
    <dd class="own-why">${t("taught_ece_why")}</dd>
</div>`;

/** @param {TrainingReport} report @param {number} tag */
const nameOf = ({ tags }, tag) => tags[tag]?.tag.name ?? "";

/** @param {TrainingReport} report */
function pairs(report) {
    const all = report.pairs.slice(0, MAX_SHOWN);
    return html`<section class="own-section" data-section="pairs">
        <h4>${t("taught_pairs")}</h4>
        ${all.length === 0 ? html`<p class="own-why">${t("taught_pairs_none")}</p>` : nothing}
        <ul class="own-spoken">
            ${all.map(({ tag, taken_for: other, n, ids }) => {
                const words = t("taught_pair", { n, a: nameOf(report, tag), b: nameOf(report, other) });
                return html`<li data-pair=${`${tag}-${other}`}>
                    <p><bdi>${words}</bdi></p>
                    ${pictures(ids)}
                </li>`;
            })}
        </ul>
    </section>`;
}

/** @param {readonly number[]} ids */
function pictures(ids) {
    const some = ids.slice(0, 8);
    actions.wantPictures(some);
    return html`<span class="own-pictures">${some.map(ownPicture)}</span>`;
}

/** @param {TrainingReport} report */
function suspects(report) {
    const all = report.suspects.slice(0, MAX_SHOWN);
    actions.wantPictures(all.map(({ id }) => id));
    return html`<section class="own-section" data-section="suspects">
        <h4>${t("taught_suspects")}</h4>
        ${all.length === 0 ? html`<p class="own-why">${t("taught_suspects_none")}</p>` : nothing}
        <ul class="own-suspects">
            ${all.map(
                (one) => html`<li data-suspect=${one.id}>
                    ${ownPicture(one.id)}
                    <div>
                        <p><bdi>${suspectText(report, one)}</bdi></p>
                        ${pictureOf(one.id) ? putRight(report, one) : nothing}
                    </div>
                </li>`,
            )}
        </ul>
    </section>`;
}

/** @param {TrainingReport} report @param {TrainingReport["suspects"][0]} suspect */
function suspectText(report, { kind, tag: at, like }) {
    const tag = nameOf(report, at);
    if (kind === "missing") return t("taught_suspect_missing", { tag });
    return like === null
        ? t("taught_suspect_alone", { tag })
        : t("taught_suspect", { tag, instead: nameOf(report, like) });
}

/** What one press puts right, where the person agrees. @param {TrainingReport} report @param {TrainingReport["suspects"][0]} suspect */
function putRight(report, { id, kind, tag: at }) {
    const tag = report.tags[at]?.tag;
    if (!tag) return nothing;
    const isMissing = kind === "missing";
    const label = t(isMissing ? "taught_add_tag_to" : "taught_remove_tag_from", { n: 1, name: tag.name });
    const act = () => void (isMissing ? actions.assignTags([tag], [id]) : actions.rejectTag(tag, [id]));
    return html`<button class="tag-reset" type="button" data-do="put-right" @click=${act}><bdi>${label}</bdi></button>`;
}
