/**
 * The versions of a tagger with their reports: read, saved, used again, compared, deleted for good.
 * @import { HeadRow, OwnTagger } from "../db/own_protocol.js"
 */
import { inUse } from "../app/actions/own_tagging.js";
import { actions } from "../app/own_actions.js";
import { html, nothing, repeat, signal } from "../vendor/view.js";
import { libraryRow, rowButton } from "./library_row.js";
import { momentText, t } from "./text.js";

/** The version that someone is asked whether to delete. */
const isSure = signal(/** @type {number | null} */ (null));

/** @param {OwnTagger} tagger */
export function ownVersions(tagger) {
    const used = inUse(tagger);
    return html`<section class="own-section" data-section="versions">
        <h4>${t("taught_versions")}</h4>
        ${tagger.heads.length === 0 ? html`<p class="own-why">${t("taught_versions_none")}</p>` : nothing}
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
    const { id, number: n, title, comment, is_in_use: isInUse } = head;
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
            comment ? html`<bdi>${comment}</bdi>` : null,
        ],
        buttons: html`${rowButton("open-report", t("taught_report"), t("taught_report_which", { n }), () => void actions.showReport(tagger.id, id))}
        ${isInUse ? nothing : rowButton("use-version", t("taught_use_version"), t("taught_use_version_which", { n }), () => void actions.useHead(id))}
        ${other ? rowButton("compare-versions", t("taught_compare"), t("taught_compare_which", { n }), () => void actions.showComparison(tagger, head, other)) : nothing}
        ${rowButton("save-version", t("taught_save"), t("taught_save_which", { n }), () => void actions.saveVersion(tagger, head, "tagger"))}
        ${rowButton("save-onnx", t("taught_save_onnx"), t("taught_save_onnx_which", { n }), () => void actions.saveVersion(tagger, head, "onnx"))}
        ${rowButton("delete-version", t("taught_delete_version"), t("taught_delete_version_which", { n }), () => void (isSure.value = id))}`,
        below: isSure.value === id ? sure(id, n) : nothing,
    });
}

/** @param {number} id @param {number} n */
function sure(id, n) {
    const act = async () => {
        isSure.value = null;
        await actions.deleteHead(id);
    };
    return html`<div class="own-note" role="alert">
        <p>${t("taught_delete_version_sure", { n })}</p>
        <p class="own-buttons">
            <button class="button is-danger" type="button" data-do="delete-version-sure" @click=${act}>${t("taught_delete")}</button>
            <button class="button" type="button" data-do="keep-version" @click=${() => void ((isSure.value = null))}>${t("taught_keep_it")}</button>
        </p>
    </div>`;
}
