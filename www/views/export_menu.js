/**
 * What is in the menu for exporting: how much, and as what.
 * @import { ExportFormatFacts } from "../core/engine_api.d.ts"
 * @import { MessageKey } from "../i18n/en.js"
 */
import { exportScope } from "../app/export_state.js";
import { exportFormats, isFiltered, total } from "../app/state.js";
import { actions } from "../app/work_actions.js";
import { html } from "../vendor/view.js";
import { menuItem } from "./menu.js";
import { t } from "./text.js";

const FOR_PROGRAMS = ["csv", "json", "jsonl"];

export function exportItems() {
    const isForPrograms = (/** @type {ExportFormatFacts} */ { name }) => FOR_PROGRAMS.includes(name);
    const all = exportFormats.value;
    return [
        ...all.filter((format) => !isForPrograms(format)).map(item),
        html`<div role="group" aria-label=${t("export_for_programs")}>
            <p class="menu-words" aria-hidden="true">${t("export_for_programs")}</p>
            ${all.filter(isForPrograms).map(item)}
        </div>`,
    ];
}

/** @param {ExportFormatFacts} format */
const item = (format) =>
    menuItem(`export-${format.name}`, () => actions.exportTags(format), {
        words: t(/** @type {MessageKey} */ (`export_${format.name}`)),
        what: t(/** @type {MessageKey} */ (`export_${format.name}_what`)),
    });

/** What is going to be exported. */
export function exportScopeWords() {
    const { n, nReady, nLooks, isSelection } = exportScope.value;
    const nUntagged = n - nReady;
    const untagged = nUntagged > 0 ? `; ${t("export_untagged", { n: nUntagged })}` : "";
    const looks = nLooks > 0 ? `; ${t("export_looks", { n: nLooks })}` : "";
    return html`<p class="menu-words" data-count="to-export" data-value=${nReady}>${scopeWords(n, nReady, isSelection)}${untagged}${looks}</p>`;
}

/** @param {number} n @param {number} nReady @param {boolean} isSelection */
function scopeWords(n, nReady, isSelection) {
    if (isSelection) return t("export_selected", { n: nReady });
    if (isFiltered.value) return t("export_filtered", { n: nReady, total: total.value });
    return nReady < n ? t("export_some", { n: nReady, total: n }) : t("export_all", { n: nReady });
}
