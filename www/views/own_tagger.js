/**
 * One tagger: its name and switch, what it learns from, training, tagging again, when it trains by itself, and its versions.
 * @import { OwnTagger } from "../db/own_protocol.js"
 */
import { inUse } from "../app/actions/own_tagging.js";
import { actions } from "../app/own_actions.js";
import { MAX_NAME } from "../app/collection_names.js";
import { drafts, ownFailure, ownTaggers, trainingSet, waitingTrainings } from "../app/own_state.js";
import { html, nothing, signal } from "../vendor/view.js";
import { failureBox } from "./failure_box.js";
import { localForm } from "./local_form.js";
import { ownLimits } from "./own_limits.js";
import { taggerSwitch, waiting } from "./own_list.js";
import { ownSet } from "./own_set.js";
import { ownTaggingSection } from "./own_tagging.js";
import { ownTrain } from "./own_train.js";
import { ownVersions } from "./own_versions.js";
import { ownWhen } from "./own_when.js";
import { dayText, t } from "./text.js";
import { previousIcon } from "./work_icons.js";

/** The tagger that someone is asked whether to delete. */
const isSure = signal(/** @type {string | null} */ (null));

/** @param {OwnTagger} tagger */
export function ownTaggerView(tagger) {
    const { id, name } = tagger;
    const head = inUse(tagger);
    const rename = (/** @type {Event} */ { currentTarget }) =>
        void actions.changeOwnTagger(id, {
            name: /** @type {HTMLInputElement} */ (currentTarget).value.trim() || name,
        });
    return html`<div class="own" data-tagger=${id}>
        ${backButton(t("taught_all"), () => actions.showTaggers())}
        <header class="own-head">
            <div>
                <h3 tabindex="-1"><bdi>${name}</bdi></h3>
                <p class="own-why" role="status">
                    ${head ? `${t("taught_version_of", { n: head.number, day: dayText(head.made_ms) })} · ${t("taught_n_tags", { n: head.n_tags })}` : t("taught_never_trained")}
                </p>
            </div>
            ${head ? taggerSwitch(tagger) : nothing}
        </header>
        ${failureBox(ownFailure.value)} ${overlaps(tagger)} ${waitingTrainings.value.filter((one) => one.own_tagger === id).map(waiting)}
        ${draft(id)} ${ownSet(tagger)} ${ownTrain(tagger)} ${head ? ownTaggingSection(tagger, head) : nothing} ${ownVersions(tagger)} ${ownWhen(tagger)}
        ${ownLimits()}
        ${localForm(html`<section class="own-section">
            <label for="own-name">${t("taught_called")}</label>
            <input class="field own-name" type="text" id="own-name" maxlength=${MAX_NAME} autocomplete="off" .value=${name} @change=${rename} />
        </section>`)}
        ${removing(tagger)}
    </div>`;
}

/** @param {string} words @param {() => void} act */
export const backButton = (
    words,
    act,
) => html`<button class="button own-back" type="button" data-do="own-back" @click=${act}>
    ${previousIcon()}<span><bdi>${words}</bdi></span>
</button>`;

/** Corrections that count already, and are no version yet. @param {string} id */
function draft(id) {
    const { n = 0 } = drafts.value.get(id) ?? {};
    return n === 0 ? nothing : html`<p class="own-note" role="status" data-draft=${n}>${t("taught_draft", { n })}</p>`;
}

/** Tags that another tagger learns too, in the version it uses. @param {OwnTagger} tagger */
function overlaps({ id }) {
    const set = trainingSet.value;
    const mine = new Map((set?.tagger === id ? set.tags : []).map(({ tag }) => [tag.id, tag.name]));
    for (const other of ownTaggers.value ?? []) {
        const isMeant = other.id !== id && other.is_used;
        const tag = isMeant ? inUse(other)?.tags.find((one) => mine.has(one.id)) : undefined;
        if (tag) return html`<p class="own-note">${t("taught_overlaps", { tag: tag.name, name: other.name })}</p>`;
    }
    return nothing;
}

/** Removing can be undone: so nobody is asked. @param {OwnTagger} tagger */
function removing({ id, name }) {
    const remove = async () => {
        await actions.deleteOwnTagger(id);
        actions.showTaggers();
    };
    const deleteIt = async () => {
        isSure.value = null;
        if (await actions.deleteTaggerForGood(id)) actions.showTaggers();
    };
    const ask = (/** @type {string | null} */ whom) => () => void (isSure.value = whom);
    return html`<p class="own-buttons">
            <button class="button" type="button" data-do="remove-tagger" @click=${remove}>${t("taught_remove_tagger")}</button>
            <button class="button" type="button" data-do="delete-tagger" @click=${ask(id)}>${t("taught_delete_tagger")}</button>
            <span class="own-why">${t("taught_remove_why")}</span>
        </p>
        ${
            isSure.value === id
                ? html`<div class="own-note" role="alert">
                      <p><bdi>${t("taught_delete_tagger_sure", { name })}</bdi></p>
                      <p class="own-buttons">
                          <button class="button is-danger" type="button" data-do="delete-tagger-sure" @click=${deleteIt}>${t("taught_delete")}</button>
                          <button class="button" type="button" data-do="keep-tagger" @click=${ask(null)}>${t("taught_keep_it")}</button>
                      </p>
                  </div>`
                : nothing
        }`;
}
