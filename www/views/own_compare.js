/**
 * Two versions of a tagger on the same pictures: those in the grid. Nothing changes.
 * @import { TrainingReport } from "../core/train_api.d.ts"
 * @import { OwnTagger } from "../db/own_protocol.js"
 * @import { ComparedPicture, OwnFound } from "../app/own_view_state.js"
 */
import { actions } from "../app/own_actions.js";
import { headComparison } from "../app/own_view_state.js";
import { html, nothing } from "../vendor/view.js";
import { factsCells, factsTable } from "./facts_table.js";
import { failureBox } from "./failure_box.js";
import { figureText } from "./own_figures.js";
import { ownPicture } from "./own_pictures.js";
import { backButton } from "./own_tagger.js";
import { percent, t } from "./text.js";

/** More are not looked at one by one. */
const MAX_SHOWN = 60;

/** @param {OwnTagger} tagger @param {number} a @param {number} b */
export function ownComparisonView(tagger, a, b) {
    const numberOf = (/** @type {number} */ id) => tagger.heads.find((one) => one.id === id)?.number ?? 0;
    const names = { a: numberOf(a), b: numberOf(b) };
    const now = headComparison.value;
    return html`<div class="own" data-comparison=${now?.n ?? nothing}>
        ${backButton(t("taught_back_to", { name: tagger.name }), () => actions.showTagger(tagger.id))}
        <h3 tabindex="-1">${t("taught_compare_head", names)}</h3>
        ${failureBox(now?.failure ?? null)}
        <p role="status">${now && !now.failure ? summary(now) : nothing}</p>
        ${now ? differing(now.differing, names) : nothing} ${now?.reports ? figures(now.reports, names) : nothing}
    </div>`;
}

/** How each tag stood in both, by the figure that does not hang on a threshold. @param {{a: TrainingReport, b: TrainingReport}} reports @param {{a: number, b: number}} names */
function figures({ a, b }, names) {
    const columns = [
        { words: t("taught_col_tag") },
        { words: t("taught_version", { n: names.a }), isNumber: true },
        { words: t("taught_version", { n: names.b }), isNumber: true },
    ];
    const of = (/** @type {TrainingReport} */ { tags }) => new Map(tags.map((one) => [one.tag.id, one]));
    const [inA, inB] = [of(a), of(b)];
    const rows = [...new Map([...inA, ...inB]).values()].map(({ tag }) => {
        const [ofA, ofB] = [inA, inB].map((all) => figureText(all.get(tag.id)?.ap ?? null));
        return html`<tr role="row">${factsCells(columns, [html`<bdi>${tag.name}</bdi>`, ofA, ofB])}</tr>`;
    });
    const overall = html`<tr role="row">
        ${factsCells(columns, [t("taught_map"), figureText(a.map), figureText(b.map)])}
    </tr>`;
    const name = t("taught_compare_figures");
    return html`<section class="own-section">
        <h4>${name}</h4>
        ${factsTable({ name, columns, rows: [overall, ...rows] })}
    </section>`;
}

/** @param {NonNullable<typeof headComparison.value>} now */
function summary({ n, differing: some }) {
    if (n === null) return t("taught_compare_reading");
    if (n === 0) return t("taught_compare_unknown");
    return some.length === 0
        ? t("taught_compare_same", { n })
        : t("taught_compare_differ", { n, differing: some.length });
}

/** @param {readonly ComparedPicture[]} all @param {{a: number, b: number}} names */
function differing(all, names) {
    const some = all.slice(0, MAX_SHOWN);
    actions.wantPictures(some.map(({ id }) => id));
    return html`<ul class="own-suspects">
        ${some.map(
            ({ id, a, b }) => html`<li data-differing=${id}>
                ${ownPicture(id)}
                <dl>
                    <dt>${t("taught_version", { n: names.a })}</dt>
                    <dd>${words(a)}</dd>
                    <dt>${t("taught_version", { n: names.b })}</dt>
                    <dd>${words(b)}</dd>
                </dl>
            </li>`,
        )}
    </ul>`;
}

/** @param {readonly OwnFound[]} found */
const words = (found) =>
    found.length === 0
        ? t("taught_compare_none")
        : html`<bdi>${found.map(({ name, confidence }) => `${name} ${percent(confidence)}`).join(", ")}</bdi>`;
