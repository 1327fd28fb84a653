/**
 * The dialog of runs: which model tagged how much and when. Each can be taken back as a whole, and done again.
 * @import { Run } from "../db/protocol.js"
 * @import { DialogView } from "./dialog.js"
 */
import { actions } from "../app/dialog_actions.js";
import { engine, libraryFailure, runs } from "../app/state.js";
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

/** @param {Run} run */
function row(run) {
    const { id, tagger, version, begun_ms: begunMs, ended_ms: endedMs, undone_ms: undoneMs, n_assets: n } = run;
    const { facts } = engine.value;
    const name = t("model_in_use", { name: facts?.id === tagger ? facts.name : tagger, version });
    const moment = momentText(begunMs);
    const isUndone = undoneMs !== null;
    const act = () => void actions.toggleRun(run);
    return libraryRow({
        id,
        name,
        isOff: isUndone,
        badge: isUndone ? t("run_undone") : null,
        facts: [t("n_pictures", { n }), moment, endedMs === null ? t("run_not_ended") : null],
        buttons: isUndone
            ? rowButton("toggle-run", t("run_redo"), t("run_redo_which", { name, moment }), act)
            : rowButton("toggle-run", t("run_undo"), t("run_undo_which", { name, moment }), act),
    });
}
