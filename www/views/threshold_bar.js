/** The threshold with all confidences in its track, what it shows, and how far the tagging is. */
import { actions } from "../app/work_actions.js";
import {
    change,
    counts,
    finished,
    isMeasured,
    isPaused,
    isRunning,
    nLooksLeft,
    nSecondLooks,
    nWanted,
    operatingPoints,
    rate,
    finishedBeforeRun,
    summary,
    threshold,
    total,
    settings,
} from "../app/state.js";
import { html, nothing, svg } from "../vendor/view.js";
import { edge } from "./edge.js";
import { percent, rounded, t } from "./text.js";

const NAMES = /** @type {const} */ (["generous", "balanced", "sure"]);

/** Units of the drawing: bins are one wide, bars at most this high. */
const HEIGHT = 32;

export function thresholdBar() {
    if (total.value === 0) return html`${nothing}`;
    return html`<div class="threshold-bar" role="region" aria-label=${t("threshold")}>${operatingPointButtons()} ${slider()} ${effectText()} ${progress()}</div>
        ${edge()}`;
}

/** @param {(typeof NAMES)[number]} name */
const isSelected = (name) => Math.abs(operatingPoints.value[name] - threshold.value) < 0.005;

function operatingPointButtons() {
    /** @param {(typeof NAMES)[number]} name */
    const button = (name) => {
        const choose = () => actions.setThreshold(operatingPoints.value[name]);
        return html`<button type="button" data-preset=${name} aria-pressed=${isSelected(name)} title=${precisionText(name)} @click=${choose}>${t(name)}</button>`;
    };
    return html`<div class="threshold-bar-points" role="group" aria-label=${t("preset")}>${NAMES.map(button)}</div>`;
}

/** Whether services may have tagged something: what they say hangs on thresholds of their own. */
const hasOthers = () => Object.keys(settings.value.provider_policies).length > 0;

/** How many of the shown tags are right, of those that are the model's; nothing where that was not measured. @param {(typeof NAMES)[number]} name */
function precisionText(name) {
    if (!isMeasured.value) return "";
    return t(hasOthers() ? `right_of_model_${name}` : `right_${name}`);
}

function slider() {
    const move = (/** @type {Event} */ event) =>
        actions.setThreshold(Number(/** @type {HTMLInputElement} */ (event.currentTarget).value) / 100);
    const value = Math.round(threshold.value * 100);
    return html`<div class="threshold-bar-slider" .style=${`--at:${(value - 1) / 98}`}>
        ${histogram()}
        <input
            type="range"
            data-do="threshold"
            min="1"
            max="99"
            step="1"
            .value=${String(value)}
            aria-label=${t("threshold")}
            aria-valuetext=${t("threshold_value", { percent: value })}
            @input=${move}
        />
    </div>`;
}

/** Square roots, so that the few sure tags can be seen beside the many weak ones: the first tenth may stand higher than the drawing. */
function histogram() {
    const bins = Array.from(summary.value?.histogram ?? [], Math.sqrt);
    const highest = Math.max(1, ...bins.slice(bins.length / 10));
    const bars = bins.map((bin, idx) => {
        const height = bin === 0 ? 0 : Math.min(HEIGHT, Math.max(1, (bin / highest) * HEIGHT));
        const isShown = (idx + 1) / bins.length > threshold.value + 1e-6;
        return svg`<rect class=${isShown ? "is-shown" : ""} x=${idx + 0.12} y=${HEIGHT - height} width="0.76" height=${height} />`;
    });
    const n = bins.length || 50;
    return html`<svg class="threshold-bar-histogram" viewBox=${`0 0 ${n} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">${bars}</svg>`;
}

function effectText() {
    const { tags = 0, with_tags: withTags = 0, pictures = 0 } = summary.value ?? {};
    return html`<div class="threshold-bar-effect">
        <strong data-count="threshold">${[t("threshold_from", { percent: percent(threshold.value) }), ...NAMES.filter(isSelected).map(precisionText)].filter(Boolean).join(" · ")}</strong>
        <span><span data-count="tags" data-value=${tags}>${t(hasOthers() ? "tags_without_services" : "tags_shown", { n: tags })}</span>
        <span data-count="pictures" data-value=${withTags}>${t("on_pictures", { n: pictures, with_tags: withTags })}</span>
        ${failedText()}</span>
        ${changeText()}
    </div>`;
}

/** What comes and goes under the hand. The line is always there, so that nothing jumps when it has something to say. */
function changeText() {
    const {
        tags_gained: tagsGained = 0,
        tags_lost: tagsLost = 0,
        pictures_gained: picturesGained = 0,
        pictures_lost: picturesLost = 0,
    } = change.value ?? {};
    const texts = [
        tagsGained > 0 && t("tags_gained", { n: tagsGained }),
        tagsLost > 0 && t("tags_lost", { n: tagsLost }),
        picturesGained > 0 && t("pictures_gained", { n: picturesGained }),
        picturesLost > 0 && t("pictures_lost", { n: picturesLost }),
    ].filter(Boolean);
    return html`<span class="threshold-bar-change" data-count="change" data-value=${tagsGained - tagsLost}>${texts.join(" · ")}</span>`;
}

function failedText() {
    const { failed } = counts.value;
    if (failed === 0) return nothing;
    return html`· <span class="threshold-bar-failed" data-count="failed" data-value=${failed}>${t("n_failed", { n: failed })}</span>`;
}

function progress() {
    if (!isRunning.value) return nSecondLooks.value > 0 ? lookingCloser() : leftOut();
    const base = finishedBeforeRun.value ?? 0;
    const n = nWanted.value - base;
    const done = finished.value - base;
    const speed = () => [
        t("rate", { rate: rounded(rate.value, rate.value < 10 ? 1 : 0) }),
        timeLeft((n - done) / rate.value),
    ];
    const rateText = isPaused.value ? [t("paused")] : rate.value > 0 ? speed() : [];
    return html`<div class="threshold-bar-run" ?data-paused=${isPaused.value}>
        <div class="threshold-bar-progress">
            <strong data-count="finished" data-value=${done}>${t("finished", { finished: done, total: n })}</strong>
            <span data-count="pace">${rateText.join(" · ")}</span>
        </div>
        ${holdButtons(t("cancel_why"))}
    </div>`;
}

/** Second looks are counted apart: everything has its first tags. */
function lookingCloser() {
    const n = nSecondLooks.value;
    return html`<div class="threshold-bar-run is-looking" ?data-paused=${isPaused.value}>
        <div class="threshold-bar-progress">
            <strong data-count="tagged" data-value=${counts.value.done}>${t("n_tagged", { n: counts.value.done })}</strong>
            <span data-count="looking" data-value=${n}>${t(isPaused.value ? "looking_paused" : "looking_closer", { n })}</span>
        </div>
        ${holdButtons(t("cancel_looks_why"))}
    </div>`;
}

/** @param {string} cancelWhy */
const holdButtons = (cancelWhy) => html`<div class="threshold-bar-buttons">
    ${
        isPaused.value
            ? html`<button class="button is-main" type="button" data-do="go-on" @click=${actions.resume}>${t("go_on")}</button>`
            : html`<button class="button" type="button" data-do="pause" @click=${actions.pause}>${t("pause")}</button>`
    }
    <button class="button" type="button" data-do="cancel" title=${cancelWhy} @click=${actions.cancel}>${t("cancel")}</button>
</div>`;

/** What a cancelled run left out, or did not look at again. */
function leftOut() {
    const { stopped: nStopped } = counts.value;
    if (nStopped > 0) return stopped("stopped", t("stopped_n", { n: nStopped }), nStopped);
    const n = nLooksLeft.value;
    return n > 0 ? stopped("looks-left", t("looks_left_n", { n }), n) : nothing;
}

/** @param {string} name @param {string} words @param {number} n */
const stopped = (name, words, n) => html`<div class="threshold-bar-run is-stopped">
    <div class="threshold-bar-progress"><span data-count=${name} data-value=${n}>${words}</span></div>
    <div class="threshold-bar-buttons">
        <button class="button is-main" type="button" data-do="tag-stopped" @click=${actions.tagStopped}>${t("go_on")}</button>
    </div>
</div>`;

/** @param {number} seconds */
function timeLeft(seconds) {
    if (seconds < 90) return t("seconds_left", { n: Math.max(1, Math.ceil(seconds)) });
    return t("minutes_left", { n: Math.ceil(seconds / 60) });
}
