/**
 * Curves of a report, drawn small; what they say is in words too.
 * @import { TagReport, TrainingReport } from "../core/train_api.d.ts"
 */
import { html, nothing, svg } from "../vendor/view.js";
import { percent, t } from "./text.js";

const SIDE = 100;

/** @param {readonly {x: number, y: number}[]} points */
const path = (points) =>
    points
        .map(({ x, y }, nth) => `${nth === 0 ? "M" : "L"}${(x * SIDE).toFixed(1)} ${((1 - y) * SIDE).toFixed(1)}`)
        .join("");

/** @param {string} label @param {unknown} shapes */
const square = (label, shapes) => html`<svg class="own-curve" viewBox="-3 -3 106 106" role="img" aria-label=${label}>
    <path class="own-curve-frame" d="M0 0V100H100" />
    ${shapes}
</svg>`;

/** Precision upwards, recall to the right; where nothing is shown there is no precision. @param {TagReport["curve"]} curve @param {string} name */
export const ownCurve = (curve, name) => html`<figure class="own-figure">
    ${square(t("taught_curve_label", { name }), svg`<path class="own-curve-line" d=${path(curve.flatMap(({ recall: x, precision: y }) => (y === null ? [] : [{ x, y }])))} />`)}
    <figcaption class="own-why">${t("taught_curve")}</figcaption>
</figure>`;

/** What is on the slanting line is as sure as it says. @param {TrainingReport["reliability"]} bins */
export function ownReliability(bins) {
    const some = bins.filter(({ n }) => n > 0);
    if (some.length === 0) return nothing;
    const points = some.map(({ confidence: x, share: y }) => ({ x, y }));
    const shapes = svg`<path class="own-curve-frame" d="M0 100L100 0" /><path class="own-curve-line" d=${path(points)} />
        ${points.map(({ x, y }) => svg`<circle class="own-curve-point" cx=${x * SIDE} cy=${(1 - y) * SIDE} r="2.5" />`)}`;
    return html`<section class="own-section" data-section="reliability">
        <h4>${t("taught_reliability")}</h4>
        <div class="own-details">
            <figure class="own-figure">${square(t("taught_reliability_label"), shapes)}</figure>
            <ul class="own-why">
                ${some.map(({ confidence, share, n }) => html`<li>${t("taught_reliability_row", { percent: percent(confidence), right: Math.round(share * 100), n })}</li>`)}
            </ul>
        </div>
    </section>`;
}
