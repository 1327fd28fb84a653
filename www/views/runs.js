/**
 * The dialog of runs: which model tagged how much and when. Each can be taken back as a whole, and done again.
 * @import { Run } from "../db/protocol.js"
 * @import { DialogView } from "./dialog.js"
 */
import { actions } from "../app/dialog_actions.js";
import { runName } from "../app/run_names.js";
import { isBusy, libraryFailure, runs } from "../app/state.js";
import { html, nothing, repeat } from "../vendor/view.js";
import { failureBox } from "./failure_box.js";
import { libraryRow, rowButton } from "./library_row.js";
import { momentText, t } from "./text.js";

/** @type {DialogView} */
export const runsDialog = { title: "runs", body, isWide: true, onOpen: () => void actions.refreshRuns() };

function body() {
    const all = runs.value;
    return html`<div class="runs">
        ${failureBox(libraryFailure.value)}
        <p class="library-facts">${t("runs_what")}</p>
        ${all?.length === 0 ? html`<p role="status">${t("runs_none")}</p>` : nothing}
        <ul>${repeat(all ?? [], ({ id }) => id, row)}</ul>
    </div>`;
}

/** What else there may be to know of who tagged. @type {Record<string, import("../i18n/en.js").MessageKey>} */
const KINDS = { provider: "run_kind_provider", head: "run_kind_head" };

/** @param {Run} run */
function row(run) {
    const { id, kind, version, begun_ms: begunMs, ended_ms: endedMs, undone_ms: undoneMs, n_assets: n } = run;
    const name = t("model_in_use", { name: runName(run), version });
    const moment = momentText(begunMs);
    const isUndone = undoneMs !== null;
    const isUnderWay = endedMs === null && !isUndone && isBusy.value && id === runs.value?.[0]?.id;
    const act = () => void actions.toggleRun(run);
    return libraryRow({
        id,
        name,
        isOff: isUndone,
        badge: isUndone ? t("run_undone") : null,
        facts: [
            KINDS[kind] ? t(KINDS[kind]) : null,
            t("n_pictures", { n }),
            moment,
            endedMs === null ? t(isUnderWay ? "run_under_way" : "run_not_ended") : null,
        ],
        buttons: isUndone
            ? rowButton("toggle-run", t("run_redo"), t("run_redo_which", { name, moment }), act)
            : rowButton("toggle-run", t("run_undo"), t("run_undo_which", { name, moment }), act),
    });
}
