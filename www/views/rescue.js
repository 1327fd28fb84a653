/**
 * In the dialog of storage, where the library is damaged: what can be saved of it, what is in doubt and what is lost, and the choice.
 * @import { RescueFacts } from "../db/protocol.js"
 */
import { actions } from "../app/dialog_actions.js";
import { isLibraryDamaged, rescue } from "../app/state.js";
import { html, nothing } from "../vendor/view.js";
import { saveIcon, warningIcon } from "./icons.js";
import { t } from "./text.js";

/** What people have in a library, with the tables on which it rests. */
const LINES = /** @type {const} */ ([
    ["file", ["file"]],
    ["collection", ["collection"]],
    ["correction", ["file", "tag", "correction"]],
    ["tagging", ["tagging"]],
    ["setting", ["setting"]],
    ["step", ["step"]],
]);

export function rescueSection() {
    if (!isLibraryDamaged.value || !rescue.value) return nothing;
    const { status, facts } = rescue.value;
    return html`<section class="rescue" data-rescue=${status}>
        <h3 class="storage-warning">${warningIcon()}<span>${t("rescue")}</span></h3>
        <p>${t("rescue_what")}</p>
        ${facts ? whatIsKept(facts) : html`<p role="status">${t(status === "hopeless" ? "rescue_none" : "rescue_looking")}</p>`}
        ${status === "looking" ? nothing : choice(status)}
    </section>`;
}

/** @param {RescueFacts} facts */
function whatIsKept({ tables, n_waiting: nWaiting }) {
    const byName = new Map(tables.map((table) => [table.name, table]));
    const lines = LINES.flatMap(([name, restsOn]) => {
        const { n_before: before = null, n_kept: kept = 0 } = byName.get(name) ?? {};
        if (before === 0) return [];
        const isCertain = restsOn.every((table) => byName.get(table)?.is_certain);
        return [line(name, before, kept, kept > 0 && !isCertain)];
    });
    return html`<p>${t("rescue_left")}</p>
        <dl class="storage-parts rescue-parts">${lines}</dl>
        ${nWaiting > 0 ? html`<p>${t("rescue_waiting", { n: nWaiting })}</p>` : nothing}`;
}

/** @param {typeof LINES[number][0]} name @param {number | null} before null where nobody knows @param {number} kept @param {boolean} isInDoubt */
function line(name, before, kept, isInDoubt) {
    const isCounted = name !== "setting" && name !== "step";
    const words =
        kept === 0
            ? t("rescue_lost")
            : !isCounted || kept === before
              ? t("rescue_all")
              : before === null
                ? t("rescue_unknown", { n: kept })
                : t("rescue_some", { n: kept, all: before });
    return html`<div data-line=${name} data-value=${kept}>
        <dt>${t(`rescue_${name}`)}</dt>
        <dd>${words}${isInDoubt ? html` <strong>${t("rescue_doubt")}</strong>` : nothing}</dd>
    </div>`;
}

/** @param {"asking" | "rescuing" | "hopeless"} status */
function choice(status) {
    const isBusy = status === "rescuing";
    const isHopeless = status === "hopeless";
    const act = isHopeless ? actions.startAnew : actions.rescueLibrary;
    const words = t(isHopeless ? "rescue_start_anew" : "rescue_now");
    return html`<p class="storage-small">${t("rescue_first")}</p>
        <button class="button" type="button" data-do="save-damaged" ?disabled=${isBusy} @click=${actions.saveDamaged}>
            ${saveIcon()}${t("rescue_save")}
        </button>
        <button class="button is-danger" type="button" data-do=${isHopeless ? "start-anew" : "rescue"} ?disabled=${isBusy} @click=${act}>
            ${words}
        </button>`;
}
