/**
 * Several taggers over the same pictures: who finds how much, who is right by the person's own tags, what it costs and takes, how far any
 * two of them agree, and the pictures on which they do not.
 * @import { Comparing } from "../app/provider_state.js"
 * @import { ComparedPicture } from "../app/providers/comparing.js"
 * @import { PairRow, SourceRow, SourceTag } from "../core/engine_api.d.ts"
 * @import { DialogView } from "./dialog.js"
 */
import { actions } from "../app/provider_actions.js";
import { providerName, providersIn } from "../app/provider_names.js";
import { comparedThumbnails, comparing, keptProviders } from "../app/provider_state.js";
import { MODEL, apart, shownPictures } from "../app/providers/comparing.js";
import { language, pictureOf } from "../app/state.js";
import { html, live, nothing, repeat } from "../vendor/view.js";
import { factsCells, factsTable } from "./facts_table.js";
import { failureBox } from "./failure_box.js";
import { pictureIcon } from "./icons.js";
import { localForm } from "./local_form.js";
import { moneyText } from "./money.js";
import { percent, t } from "./text.js";

/** @type {DialogView} */
export const compareDialog = {
    title: "compare_providers",
    isWide: true,
    body,
    onClose: () => actions.dropComparing(),
};

function body() {
    const { value: now } = comparing;
    if (!now) return html`${nothing}`;
    return html`<div class="compare" data-compare=${now.isReading ? "reading" : now.result ? "compared" : "none"}>
        <p class="provider-why">${t("compare_what")}</p>
        ${failureBox(now.failure)} ${now.isReading ? (now.failure ? nothing : html`<p role="status">${t("compare_reading")}</p>`) : known(now)}
    </div>`;
}

/** @param {Comparing} now */
function known(now) {
    const { ids, sources, result } = now;
    if (sources.length < 2)
        return html`<p role="status" data-compare-none>${t("compare_none")}</p>
            <p class="provider-buttons">
                <button class="button" type="button" data-do="compare-tag-first" @click=${() => void actions.askProvider(ids)}>${t("tag_with")}</button>
            </p>`;
    return html`${chooser(now)} ${result ? html`${figures(result)} ${agreement(now)} ${differing(now)}` : nothing}`;
}

/** @param {string} id as the session names it */
const nameOf = (id) => (id === MODEL ? t("compare_model") : providerName(providersIn([id])[0] ?? id));

/** @param {Comparing} now */
function chooser({ ids, sources, result }) {
    const n = result?.pictures.length ?? 0;
    const isFew = sources.filter(({ isChosen }) => isChosen).length < 2;
    return localForm(html`<fieldset class="provider-levels">
            <legend>${t("compare_who_is")}</legend>
            ${sources.map(
                ({ id, n, isChosen }) => html`<label class="provider-level">
                    <input
                        type="checkbox"
                        data-do="choose-compared"
                        data-source=${id}
                        .checked=${live(isChosen)}
                        @change=${(/** @type {Event} */ { currentTarget }) => actions.chooseCompared(id, /** @type {HTMLInputElement} */ (currentTarget).checked)}
                    />
                    <span><bdi>${nameOf(id)}</bdi> <small>${t("compare_source_n", { n, total: ids.length })}</small></span>
                </label>`,
            )}
        </fieldset>
        <p role="status" data-count="compared" data-value=${n}>
            ${isFew ? t("compare_choose_two") : n === 0 ? t("compare_over_none") : t("compare_over", { n })}
        </p>`);
}

const columns = () => [
    { words: t("compare_tagger") },
    { words: t("compare_tags"), isNumber: true },
    { words: t("compare_right"), isNumber: true },
    { words: t("compare_found"), isNumber: true },
    { words: t("compare_time"), isNumber: true },
    { words: t("compare_units"), isNumber: true },
    { words: t("compare_cost"), isNumber: true },
];

/** @param {NonNullable<Comparing["result"]>} result */
function figures({ comparison, spent }) {
    const all = columns();
    const rows = repeat(
        comparison.sources,
        ({ id }) => id,
        (row) => html`<tr role="row" data-figures=${row.id} data-right=${row.n_right} data-said=${row.n_said}>
            ${factsCells(all, [html`<bdi>${nameOf(row.id)}</bdi>`, tagsText(row), ...judged(row), ...costs(row, spent.get(row.id))])}
        </tr>`,
    );
    const n = comparison.sources[0]?.n_judged ?? 0;
    return html`<section class="provider-section">
        <h3>${t("compare_figures")}</h3>
        ${factsTable({ name: t("compare_figures"), columns: all, rows })}
        <p class="provider-why" data-count="judged" data-value=${n}>${n === 0 ? t("compare_judged_none") : t("compare_judged", { n })}</p>
        <details>
            <summary>${t("compare_how")}</summary>
            <p class="provider-why">${t("compare_how_right")}</p>
            <p class="provider-why">${t("compare_how_costs")}</p>
        </details>
    </section>`;
}

/** @param {number} value @param {number} [digits] */
const numberText = (value, digits = 0) =>
    new Intl.NumberFormat(language.value, { minimumFractionDigits: digits, maximumFractionDigits: digits }).format(
        value,
    );

/** @param {SourceRow} row */
const tagsText = ({ n_tags: n, n_answered: nAnswered, n_without_tags: nWithout }) =>
    html`${numberText(n / Math.max(1, nAnswered), 1)} ${nWithout > 0 ? html`<small>${t("compare_without", { n: nWithout })}</small>` : nothing}`;

/** @param {SourceRow} row */
function judged({ precision, interval, recall, n_right: right, n_said: said }) {
    const [from = 0, to = 0] = interval ?? [];
    const ends = { from: percent(from), to: percent(to) };
    return [
        precision === null
            ? "–"
            : html`${t("compare_share", { percent: percent(precision) })}
                  <small>${t("compare_of", { n: right, total: said })}</small> <small>${t("compare_interval", ends)}</small>`,
        recall === null ? "–" : t("compare_share", { percent: percent(recall) }),
    ];
}

/** @param {SourceRow} row @param {import("../app/providers/comparing.js").Spent | undefined} spent */
function costs({ id, median_ms: ofModel }, spent) {
    const { ms = null, n_each: nEach = 0 } = spent ?? {};
    const time = id === MODEL ? ofModel : ms;
    const each =
        nEach > 1
            ? html`<small>${t("compare_each", { n: numberText(nEach, nEach % 1 === 0 ? 0 : 1) })}</small>`
            : nothing;
    const timeText =
        time === null ? t("compare_unknown") : html`${t("compare_seconds", { s: numberText(time / 1000, 2) })} ${each}`;
    if (id === MODEL) return [timeText, numberText(0), t("compare_nothing")];
    const { units = null, n_maybe: nMaybe = 0 } = spent ?? {};
    if (units === null) return [timeText, t("compare_unknown"), t("compare_unknown")];
    if (units === 0) return [timeText, numberText(0), t("compare_nothing")];
    const maybe = nMaybe > 0 ? html`<small>${t("compare_maybe", { n: nMaybe })}</small>` : nothing;
    return [timeText, html`${numberText(units)} ${maybe}`, costText(id, units)];
}

/** At the price that was typed; none is known otherwise. @param {string} id @param {number} units */
function costText(id, units) {
    const [provider = ""] = providersIn([id]);
    const money = moneyText(units, keptProviders.value.prices[provider]);
    return (
        money ??
        html`<button class="tag-reset" type="button" data-do="compare-price" aria-label=${t("compare_price_which", { name: nameOf(id) })} @click=${() => actions.openProvider(provider)}>
            ${t("compare_price")}
        </button>`
    );
}

/** @param {Comparing} now */
function agreement({ result, pair }) {
    const pairs = result?.comparison.pairs ?? [];
    const one = (/** @type {PairRow} */ { a, b, agreement, n_pictures: n, differing }) => {
        const names = { a: nameOf(a), b: nameOf(b) };
        const words =
            differing.length === 0 ? t("compare_same") : t("compare_differ", { n: differing.length, total: n });
        return html`<label class="provider-level" data-pair=${`${a} ${b}`} data-agreement=${agreement ?? nothing}>
            <input type="radio" name="compare-pair" .checked=${live(pair?.a === a && pair.b === b)} @change=${() => actions.choosePair(a, b)} />
            <span>
                <strong>${agreement === null ? "–" : t("compare_share", { percent: percent(agreement) })}</strong>
                <bdi>${t("compare_pair", names)}</bdi> <small>${words}</small>
            </span>
        </label>`;
    };
    return localForm(html`<section class="provider-section">
        <h3 id="compare-agreement">${t("compare_agreement")}</h3>
        <p class="provider-why">${t("compare_agreement_why")}</p>
        <div class="provider-levels compare-pairs" role="radiogroup" aria-labelledby="compare-agreement">${pairs.map(one)}</div>
    </section>`);
}

/** @param {Comparing} now */
function differing(now) {
    const { pair, result } = now;
    const row = result?.comparison.pairs.find(({ a, b }) => a === pair?.a && b === pair.b);
    const shown = shownPictures(now);
    if (!pair || !row || shown.length === 0) return nothing;
    const more = html`<p class="provider-buttons">
        <button class="button" type="button" data-do="more-differing" @click=${() => actions.moreDiffering()}>${t("compare_more")}</button>
    </p>`;
    return html`<section class="provider-section">
        <h3>${t("compare_differing", { a: nameOf(pair.a), b: nameOf(pair.b) })}</h3>
        <ul class="compare-pictures">${repeat(
            shown,
            ({ id }) => id,
            (picture) => apartIn(picture, pair),
        )}</ul>
        ${row.differing.length > shown.length ? more : nothing}
    </section>`;
}

/** @param {ComparedPicture} picture @param {{a: string, b: string}} pair */
function apartIn(picture, { a, b }) {
    const { id } = picture;
    const { name = "", thumbnail = comparedThumbnails.value.get(id) } = pictureOf(id) ?? {};
    const { both, onlyA, onlyB } = apart(picture, a, b);
    return html`<li class="compare-picture" data-differing=${id}>
        <button type="button" class="compare-open" data-do="open-compared" aria-label=${t("compare_open", { name })} title=${name} @click=${() => actions.openCompared(id)}>
            ${thumbnail ? html`<img src=${thumbnail} alt="" decoding="async" />` : pictureIcon()}
        </button>
        <dl>
            ${said("a", t("compare_only", { name: nameOf(a) }), onlyA)} ${said("b", t("compare_only", { name: nameOf(b) }), onlyB)}
            ${both.length > 0 ? said("both", t("compare_both"), both) : nothing}
        </dl>
    </li>`;
}

/** @param {"a" | "b" | "both"} by @param {string} words @param {readonly SourceTag[]} tags */
const said = (by, words, tags) => html`<div data-said-by=${by}>
    <dt>${words}</dt>
    <dd>${tags.length === 0 ? "–" : tags.map(({ id, name }) => html`<bdi class="compare-tag" data-tag=${id}>${name}</bdi> `)}</dd>
</div>`;
