/**
 * What own tags cannot do well, said before anybody finds out, with figures of our own where there are some: those of docs/PERFORMANCE.md ("Own tags"),
 * measured with pictures that were not learnt from.
 */
import { engine, language } from "../app/state.js";
import { html, nothing, svg } from "../vendor/view.js";
import { percent, t } from "./text.js";

/** Of 100 pictures so many get the right tag first, with 25 and with 5 examples a tag. */
const RIGHT = /** @type {const} */ ({
    grocery: { of25: 0.99, of5: 0.98 },
    houses: { of25: 0.92, of5: 0.92 },
    clothing: { of25: 0.8, of5: 0.7 },
    materials: { of25: 0.8, of5: 0.68 },
});
const SETS = /** @type {(keyof typeof RIGHT)[]} */ (Object.keys(RIGHT));
/** What the bundled network sees of a picture: pixels on a side, and fields that it tells apart. */
const [SIDE, N_FIELDS] = [224, 7];
/** A part of a tenth of the picture's width. */
const PART = Math.round(SIDE / 10);
const LIMITS = /** @type {const} */ (["fine", "tiny", "background", "few", "other", "language"]);

export const ownLimits = () => html`<details class="own-section own-limits">
    <summary>${t("taught_limits")}</summary>
    <ul>
        ${LIMITS.map((one) => html`<li data-limit=${one}><p>${t(`taught_limit_${one}`)}</p>${FIGURES[one]?.() ?? nothing}</li>`)}
    </ul>
</details>`;

/** @type {Partial<Record<typeof LIMITS[number], () => import("../vendor/view.js").TemplateResult>>} */
const FIGURES = {
    fine: () => bars(t("taught_right_25"), "of25"),
    few: () => bars(t("taught_right_5"), "of5"),
    tiny: part,
    language: languages,
};

/** @param {string} caption @param {"of25" | "of5"} which */
const bars = (caption, which) => html`<figure class="own-bars">
    <figcaption>${caption}</figcaption>
    <dl>
        ${SETS.map((name) => {
            const share = RIGHT[name][which];
            return html`<div>
                <dt>${t(`taught_set_${name}`)}</dt>
                <dd><i aria-hidden="true"><b .style=${`transform:scaleX(${share})`}></b></i><span>${t("taught_percent", { n: percent(share) })}</span></dd>
            </div>`;
        })}
    </dl>
</figure>`;

/** A small part, at the size that it has for the network, in the fields that this tells apart. */
function part() {
    const field = SIDE / N_FIELDS;
    const lines = Array.from({ length: N_FIELDS - 1 }, (_, idx) => (idx + 1) * field);
    return html`<figure class="own-part">
        <svg viewBox=${`0 0 ${SIDE} ${SIDE}`} role="img" aria-label=${t("taught_part_label")}>
            <rect class="own-part-frame" width=${SIDE} height=${SIDE} />
            ${lines.map((at) => svg`<path class="own-part-line" d=${`M${at} 0V${SIDE}M0 ${at}H${SIDE}`} />`)}
            <path class="own-part-shirt" d="M70 42 96 30q16 14 32 0l26 12 34 40-24 20-14-16v106H74V86L60 102 36 82Z" />
            <rect class="own-part-logo" x="114" y="70" width=${PART} height=${PART} />
        </svg>
        <figcaption>${t("taught_part", { side: SIDE, part: PART, fields: N_FIELDS ** 2 })}</figcaption>
    </figure>`;
}

/** In which languages the model that is in use has names. */
function languages() {
    const { languages: codes = [], n_tags: n = 0 } = engine.value.facts ?? {};
    if (codes.length === 0) return html`<p>${t("taught_languages_none")}</p>`;
    const names = new Intl.DisplayNames([language.value], { type: "language" });
    const list = new Intl.ListFormat(language.value).format(codes.map((code) => names.of(code) ?? code));
    return html`<p>${t("taught_languages", { n, list })}</p>`;
}
