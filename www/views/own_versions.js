/**
 * The versions of a tagger with their reports: read, saved, used again, compared, deleted for good.
 * @import { HeadRow, OwnTagger } from "../db/own_protocol.js"
 */
import { inUse } from "../app/actions/own_tagging.js";
import { movedIn } from "../app/own/moved.js";
import { actions } from "../app/own_actions.js";
import { html, live, nothing, repeat, signal } from "../vendor/view.js";
import { libraryRow, rowButton } from "./library_row.js";
import { momentText, t } from "./text.js";

/** What someone is asked whether to delete for good: a version, or only its report. @typedef {{id: number, what: "version" | "report"}} Asked */
const isSure = signal(/** @type {Asked | null} */ (null));

/** Whether what was learnt from goes along with an export. */
const hasSet = signal(false);

/** @param {OwnTagger} tagger */
export function ownVersions(tagger) {
    const used = inUse(tagger);
    return html`<section class="own-section" data-section="versions">
        <h4>${t("taught_versions")}</h4>
        ${tagger.heads.length === 0 ? html`<p class="own-why">${t("taught_versions_none")}</p>` : nothing}
        ${moved(tagger)} ${tagger.heads.length > 0 ? withSet() : nothing}
        <ul class="own-rows">
            ${repeat(
                tagger.heads,
                ({ id }) => id,
                (head) => row(tagger, head, used),
            )}
        </ul>
    </section>`;
}

/** @param {OwnTagger} tagger @param {HeadRow} head @param {HeadRow | undefined} used */
function row(tagger, head, used) {
    const { id, number: n, title, comment, is_in_use: isInUse, has_report: hasReport } = head;
    const other = used && !isInUse ? used : null;
    return libraryRow({
        id,
        name: title || t("taught_version", { n }),
        badge: isInUse ? t("taught_in_use") : null,
        facts: [
            title ? t("taught_version", { n }) : null,
            momentText(head.made_ms),
            t("taught_n_tags", { n: head.n_tags }),
            t("taught_n_pictures", { n: head.n_examples }),
            hasReport ? null : t("taught_report_none"),
            comment ? html`<bdi>${comment}</bdi>` : null,
        ],
        buttons: html`${hasReport ? rowButton("open-report", t("taught_report"), t("taught_report_which", { n }), () => void actions.showReport(tagger.id, id)) : nothing}
        ${isInUse ? nothing : rowButton("use-version", t("taught_use_version"), t("taught_use_version_which", { n }), () => void actions.useHead(id))}
        ${other ? rowButton("compare-versions", t("taught_compare"), t("taught_compare_which", { n }), () => void actions.showComparison(tagger, head, other)) : nothing}
        ${rowButton("save-version", t("taught_save"), t("taught_save_which", { n }), () => void actions.saveVersion(tagger, head, "tagger", hasSet.value))}
        ${rowButton("save-onnx", t("taught_save_onnx"), t("taught_save_onnx_which", { n }), () => void actions.saveVersion(tagger, head, "onnx"))}
        ${hasReport ? rowButton("delete-report", t("taught_delete_report"), t("taught_delete_report_which", { n }), ask(id, "report")) : nothing}
        ${rowButton("delete-version", t("taught_delete_version"), t("taught_delete_version_which", { n }), ask(id, "version"))}`,
        below: isSure.value?.id === id ? sure(isSure.value, n) : nothing,
    });
}

/** Examples that came with a file. @param {OwnTagger} tagger */
function moved({ id, settings }) {
    const { n = 0 } = movedIn(settings) ?? {};
    if (n === 0) return nothing;
    return html`<p class="own-buttons" data-moved=${n}>
        <span>${t("taught_moved", { n })}</span>
        <button class="button" type="button" data-do="forget-moved" @click=${() => void actions.changeTrainingSet(id, { without_moved: true })}>${t("taught_moved_forget")}</button>
    </p>`;
}

const withSet = () => html`<label class="own-tick">
        <input
            type="checkbox"
            data-do="export-set"
            aria-describedby="own-export-set-why"
            .checked=${live(hasSet.value)}
            @change=${(/** @type {Event} */ { currentTarget }) => void ((hasSet.value = /** @type {HTMLInputElement} */ (currentTarget).checked))}
        />
        ${t("taught_save_set")}
    </label>
    <p class="own-why" id="own-export-set-why">${t("taught_save_set_why")}</p>`;

/** @param {number} id @param {Asked["what"]} what */
const ask = (id, what) => () => void (isSure.value = { id, what });

/** @param {Asked} asked @param {number} n */
function sure({ id, what }, n) {
    const act = async () => {
        isSure.value = null;
        await (what === "report" ? actions.deleteReport(id) : actions.deleteHead(id));
    };
    return html`<div class="own-note" role="alert">
        <p>${t(`taught_delete_${what}_sure`, { n })}</p>
        <p class="own-buttons">
            <button class="button is-danger" type="button" data-do=${`delete-${what}-sure`} @click=${act}>${t("taught_delete")}</button>
            <button class="button" type="button" data-do=${`keep-${what}`} @click=${() => void ((isSure.value = null))}>${t("taught_keep_it")}</button>
        </p>
    </div>`;
}
