/**
 * What is in the menu for exporting: how much, and as what.
 * @import { MessageKey } from "../i18n/en.js"
 */
import { exportFormats, gridIds, pictureOf, selectedIds } from "../app/state.js";
import { actions } from "../app/work_actions.js";
import { html } from "../vendor/view.js";
import { menuItem } from "./menu.js";
import { t } from "./text.js";

export const exportItems = () =>
    exportFormats.value.map((format) => {
        const what = t(/** @type {MessageKey} */ (`export_${format.name}_what`));
        return menuItem(`export-${format.name}`, () => actions.exportTags(format), {
            words: t(`export_${format.name}`),
            what,
        });
    });

/** What is going to be exported. */
export function exportScope() {
    const isSome = selectedIds.value.length > 0;
    const ids = (isSome ? selectedIds.value : gridIds.value).filter((id) =>
        ["done", "failed"].includes(pictureOf(id)?.state ?? ""),
    );
    const words = isSome ? t("export_selected", { n: ids.length }) : t("export_all", { n: ids.length });
    return html`<p class="menu-words" data-count="to-export" data-value=${ids.length}>${words}</p>`;
}
