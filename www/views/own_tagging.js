/**
 * Tagging again with the version in use, from what is known of each picture already; and what that changed.
 * @import { HeadRow, OwnTagger } from "../db/own_protocol.js"
 */
import { actions } from "../app/own_actions.js";
import { ownTagging, untagged } from "../app/own_state.js";
import { ownChange } from "../app/own_view_state.js";
import { collection } from "../app/state.js";
import { html, nothing } from "../vendor/view.js";
import { failureBox } from "./failure_box.js";
import { ownPictureList } from "./own_pictures.js";
import { bar } from "./own_train.js";
import { t } from "./text.js";

/** @param {OwnTagger} tagger @param {HeadRow} head */
export function ownTaggingSection(tagger, head) {
    const now = ownTagging.value?.tagger === tagger.id ? ownTagging.value : null;
    const shown = collection.value;
    return html`<section class="own-section" data-section="tagging">
        <h4>${t("taught_tagging")}</h4>
        <p class="own-why">${t("taught_tagging_why")}</p>
        ${now?.status === "running" ? running(tagger, now) : waits(tagger)}
        ${
            now?.status === "running" || !shown
                ? nothing
                : html`<p class="own-buttons">
                      <button class="button is-main" type="button" data-do="tag-with-own" @click=${() => void actions.tagAgainWith(tagger.id)}>
                          ${t("taught_tag_again", { n: head.number })}
                      </button>
                  </p>`
        }
        ${now ? failureBox(now.failure) : nothing} ${now && now.nFailed > 0 ? html`<p>${t("taught_tagging_failed", { n: now.nFailed })}</p>` : nothing}
        ${ownChange.value?.tagger === tagger.id ? changed(ownChange.value) : nothing}
    </section>`;
}

/** @param {OwnTagger} tagger */
function waits({ id }) {
    const known = untagged.value.get(id);
    if (!known) return nothing;
    const n = known.ready + known.without;
    return html`<p role="status" data-untagged=${n}>
        ${n > 0 ? t("taught_untagged", { n }) : t("taught_all_tagged")}
    </p>`;
}

/** @param {OwnTagger} tagger @param {NonNullable<typeof ownTagging.value>} now */
const running = ({ name }, { n, nDone }) => html`<div class="own-progress">
    <p role="status">${t("taught_tagging_n", { n: nDone, total: n })}</p>
    ${bar(t("taught_tagging_by", { name }), n > 0 ? nDone / n : 0)}
    <button class="button" type="button" data-do="cancel-own-tagging" @click=${() => actions.cancelOwnTagging()}>${t("taught_cancel_tagging")}</button>
</div>`;

/** @param {{nGained: number, nLost: number, ids: readonly number[]}} what */
function changed({ nGained, nLost, ids }) {
    if (nGained + nLost === 0) return html`<p role="status" data-changed="0">${t("taught_changed_none")}</p>`;
    const parts = [
        ...(nGained > 0 ? [t("taught_changed_gained", { n: nGained })] : []),
        ...(nLost > 0 ? [t("taught_changed_lost", { n: nLost })] : []),
    ];
    return html`<p role="status" data-changed=${ids.length}>${parts.join(", ")}. ${t("taught_changed_undo")}</p>
        ${ownPictureList(ids, t("taught_changed_show"))}`;
}
