/** Figures of reports as people read them. */
import { html } from "../vendor/view.js";
import { percent, t } from "./text.js";

/** A figure with the range that it is in, in hundredths. @param {import("../core/train_api.d.ts").Figure | null} figure */
export function figureText(figure) {
    if (!figure) return t("taught_without_figure");
    const range = t("taught_range", { low: percent(figure.low), high: percent(figure.high) });
    return html`${t("taught_percent", { n: percent(figure.value) })} <small>(${range})</small>`;
}
