/**
 * A provider tried on a few pictures: how many, what that sends, how far it is; and of each picture what would be another by it, beside the
 * picture. Nothing of it is written before somebody says so.
 * @import { Plan, Trial } from "../app/provider_state.js"
 * @import { MessageKey } from "../i18n/en.js"
 * @import { PictureDiff, TagDiff, TextDiff, TrialChange } from "../app/providers/trial_diff.js"
 */
import { TRIAL_SIZES } from "../app/actions/provider_asking.js";
import { costOf } from "../app/providers/cost.js";
import { CHANGES, countsOf, nChangedOf } from "../app/providers/trial_diff.js";
import { actions } from "../app/provider_actions.js";
import { keptProviders, trial } from "../app/provider_state.js";
import { language, pictureOf } from "../app/state.js";
import { html, nothing, repeat } from "../vendor/view.js";
import { failureBox } from "./failure_box.js";
import { whenDrawn } from "./mount.js";
import { errorText, fileSize, percent, t } from "./text.js";

/** @type {Record<TrialChange, MessageKey>} */
const NAMES = { added: "try_added", changed: "try_changed", gone: "try_gone", kept: "try_kept" };
/** Told by form, too: not everybody sees the colours apart. @type {Record<TrialChange, string>} */
const SIGNS = { added: "+", changed: "~", gone: "−", kept: "=" };

/** @param {Plan} plan @param {boolean} isBusy */
export function trialStart(
    { tried, cap_left: left, host, is_billed: isBilled, provider, n_try: nTry, asked, answered },
    isBusy,
) {
    if (asked.length === 0 || (tried.n_pictures === 0 && !answered)) return nothing;
    const sizes = [...TRIAL_SIZES].sort((one, other) => one - other);
    const isOver = left !== null && tried.n_units > left;
    const choose = (/** @type {Event} */ { currentTarget }) =>
        actions.changeAsking({ n_try: Number(/** @type {HTMLSelectElement} */ (currentTarget).value) });
    return html`<section class="provider-section try-start" aria-label=${t("try_heading")}>
        <h4>${t("try_heading")}</h4>
        <p class="provider-why">${t("try_why")}</p>
        ${
            tried.n_pictures === 0
                ? nothing
                : html`<p class="provider-buttons">
                      <label class="try-size">
                          <span>${t("try_size")}</span>
                          <select class="field" data-do="try-size" ?disabled=${isBusy} @change=${choose}>
                              ${sizes.map((n) => html`<option value=${n} .selected=${n === nTry}>${n}</option>`)}
                          </select>
                      </label>
                      <button class="button" type="button" data-do="try" ?disabled=${isBusy || isOver} @click=${begin}>
                          ${host ? t("try_send", { n: tried.n_pictures, host }) : t("try_here", { n: tried.n_pictures })}
                      </button>
                      <span class="provider-why" data-count="tried" data-value=${tried.n_pictures}>${host ? sizeText(tried, isBilled, provider) : nothing}</span>
                  </p>`
        }
        ${isOver ? html`<p class="provider-wrong" role="alert">${t("ask_over_cap", { n: left })}</p>` : nothing}
    </section>`;
}

/** The keyboard goes along: the button is not there any more. */
function begin() {
    void actions.tryAsked();
    followTrial();
}

/** To what comes of it. */
export function followTrial() {
    whenDrawn(() => {
        const title = /** @type {HTMLElement | null} */ (document.querySelector("dialog[open] .try h4"));
        const scrolled = title?.closest(".dialog-body");
        title?.focus({ preventScroll: true });
        if (title && scrolled)
            scrolled.scrollTop += title.getBoundingClientRect().top - scrolled.getBoundingClientRect().top - 16;
    });
}

/** @param {Plan["tried"]} tried @param {boolean} isBilled @param {string} provider */
function sizeText({ n_bytes: bytes, n_units: n }, isBilled, provider) {
    const about = t("ask_about", { size: fileSize(bytes) });
    if (!isBilled) return about;
    const price = keptProviders.value.prices[provider];
    const cost = costOf(n, price);
    const sum = new Intl.NumberFormat(language.value, { maximumFractionDigits: 4, minimumFractionDigits: 2 });
    const costs =
        cost === null || !price
            ? ""
            : `, ${t("ask_cost_about", { sum: `${sum.format(cost)} ${price.currency}`.trim() })}`;
    return `${about}, ${t("request_units", { n })}${costs}`;
}

/** How far it is, and what came of it. @param {() => void} stop */
export function trialResults(stop) {
    const now = trial.value;
    if (!now) return nothing;
    const { status, ids, n_done: nDone, problem, diffs } = now;
    const isUnderWay = status !== "ended";
    return html`<section class="try" data-trial=${status} aria-label=${t("try_results")}>
        <div class="try-head">
            <h4 tabindex="-1">${t("try_results")}</h4>
            <p role="status">${words(now)}</p>
            ${
                isUnderWay
                    ? html`<progress class="job-bar" aria-label=${t("try_progress")} max=${Math.max(1, ids.length)} .value=${nDone}></progress>
                          <button class="button" type="button" data-do="stop-trial" ?disabled=${status === "stopping"} @click=${stop}>${t("try_stop")}</button>`
                    : nothing
            }
        </div>
        ${failureBox(problem)} ${diffs ? counts(diffs) : nothing}
        <ul class="try-pictures">
            ${repeat(
                ids,
                (id) => id,
                (id) => picture(id, now),
            )}
        </ul>
    </section>`;
}

/** @param {Trial} trial */
function words({ status, ids, n_done: n, diffs }) {
    if (status !== "ended") return t(status === "stopping" ? "try_stopping" : "try_asking", { n, total: ids.length });
    if (!diffs) return t("try_none");
    const nChanged = nChangedOf(diffs.values());
    return nChanged > 0 ? t("try_done", { n: nChanged }) : t("try_changes_nothing");
}

/** @param {ReadonlyMap<number, PictureDiff>} diffs */
function counts(diffs) {
    const all = countsOf(diffs.values());
    return html`<ul class="try-counts">
        ${CHANGES.map((change) => html`<li class="is-${change}" data-change=${change} data-value=${all[change]}>${sign(change)} ${t(NAMES[change], { n: all[change] })}</li>`)}
    </ul>`;
}

/** @param {TrialChange} change */
const sign = (change) => html`<span class="try-sign" aria-hidden="true">${SIGNS[change]}</span>`;

/** @param {number} id @param {Trial} trial */
function picture(id, { results, diffs, status }) {
    const { path = "", thumbnail } = pictureOf(id) ?? {};
    const result = results.get(id);
    const name = path.split("/").at(-1) ?? path;
    const diff = diffs?.get(id);
    return html`<li class="try-picture" data-tried=${id}>
        <div class="try-thumb">${thumbnail ? html`<img src=${thumbnail} alt="" loading="lazy" decoding="async" />` : nothing}</div>
        <div class="try-words">
            <p class="try-name" title=${path}><bdi>${name}</bdi></p>
            ${
                result && "failure" in result
                    ? html`<p class="try-failed" data-code=${result.failure.code}>${errorText(result.failure).title} ${errorText(result.failure).remedy}</p>`
                    : diff
                      ? change(diff)
                      : html`<p class="provider-why">${t(result ? "try_answer_came" : status === "ended" ? "try_unasked" : "try_waits")}</p>`
            }
        </div>
    </li>`;
}

/** @param {PictureDiff} diff */
function change({ tags, texts }) {
    if (tags.length + texts.length === 0) return html`<p class="provider-why">${t("try_nothing")}</p>`;
    return html`<ul class="try-tags">${tags.map(tag)}</ul>
        ${texts.length > 0 ? html`<dl class="try-texts">${texts.map(text)}</dl>` : nothing}`;
}

/** @param {TagDiff} diff */
function tag({ id, name, change, before, after, isAgreed }) {
    const figures = change === "changed" ? `${figure(before)} → ${figure(after)}` : figure(after ?? before);
    return html`<li class="try-tag is-${change}" data-tag=${id} data-change=${change}>
        ${sign(change)}<span class="visually-hidden">${t(`try_is_${change}`)} </span><bdi>${name}</bdi>
        ${figures ? html`<span class="try-figure">${figures}</span>` : nothing}
        ${isAgreed ? html`<small>${t("try_agreed")}</small>` : nothing}
    </li>`;
}

/** @param {number | null} number */
const figure = (number) => (number === null ? "" : String(percent(number)));

/** @param {TextDiff} diff */
const text = ({ field, change, before, after }) => html`<div data-text=${field} data-change=${change}>
    <dt>${t(`text_${field}`)} <span class="try-sign">${t(`try_is_${change}`)}</span></dt>
    ${before && change !== "kept" ? html`<dd><del><bdi>${before}</bdi></del></dd>` : nothing}
    ${after ? html`<dd>${change === "kept" ? html`<bdi>${after}</bdi>` : html`<ins><bdi>${after}</bdi></ins>`}</dd>` : nothing}
</div>`;
