/**
 * What a tagger learns from: collections or chosen pictures, the tags in them with their examples, and how these stand by the guidelines.
 * @import { OwnTagger } from "../db/own_protocol.js"
 */
import { actions } from "../app/own_actions.js";
import { nameOf } from "../app/collection_names.js";
import { ownSettingsOf } from "../app/own/settings.js";
import { trainingSet } from "../app/own_state.js";
import { collections, selectedIds } from "../app/state.js";
import { html, live, nothing } from "../vendor/view.js";
import { failureBox } from "./failure_box.js";
import { ownAdd } from "./own_add.js";
import { ownLearntTags } from "./own_learnt_tags.js";
import { ownPictureList } from "./own_pictures.js";
import { t } from "./text.js";

/** @param {OwnTagger} tagger */
export function ownSet(tagger) {
    return html`<section class="own-section" data-section="set">
        <h4>${t("taught_set")}</h4>
        <p class="own-why">${t("taught_set_why")}</p>
        ${chosenCollections(tagger)} ${examples(tagger)} ${ownAdd(tagger.id)} ${squares(tagger)}
    </section>`;
}

/** @param {OwnTagger} tagger */
function chosenCollections({ id, settings: kept }) {
    const settings = ownSettingsOf(kept);
    const { files } = settings;
    if (files.length > 0) return chosenPictures(id, files);
    const chosen = new Set(settings.collections);
    const toggle = (/** @type {number} */ one) => {
        const next = chosen.has(one) ? settings.collections.filter((other) => other !== one) : [...chosen, one];
        return actions.changeTrainingSet(id, { collections: next });
    };
    const { value: selected } = selectedIds;
    const { length: n } = selected;
    const words = n > 0 ? t("taught_set_only_selected", { n }) : "";
    return html`<div class="own-ticks" role="group" aria-label=${t("taught_set_collections")}>
        ${(collections.value ?? []).map(
            (one) => html`<label class="own-tick">
                <input type="checkbox" data-do="learn-collection" .checked=${live(chosen.has(one.id))} @change=${() => void toggle(one.id)} />
                <span><bdi>${nameOf(one)}</bdi> <small>${t("n_pictures", { n: one.n_files })}</small></span>
            </label>`,
        )}
        </div>
        ${
            n > 0
                ? html`<p class="own-buttons">${setButton("learn-selected", words, () => actions.changeTrainingSet(id, { files: selected }))}</p>`
                : html`<p class="own-why">${t("taught_set_select_why")}</p>`
        }`;
}

/** A selection that is a set of its own. @param {string} id @param {readonly number[]} files */
function chosenPictures(id, files) {
    const { value: selected } = selectedIds;
    const chosen = new Set(files);
    const more = selected.filter((one) => !chosen.has(one));
    const fewer = selected.filter((one) => chosen.has(one));
    const set = (/** @type {readonly number[]} */ next) => () => actions.changeTrainingSet(id, { files: next });
    const without = files.filter((one) => !fewer.includes(one));
    return html`<p>${t("taught_set_of_selection", { n: files.length })}</p>
        ${ownPictureList(files, t("taught_set_chosen"))}
        <p class="own-buttons">
            ${more.length > 0 ? setButton("learn-more-selected", t("taught_set_add_selected", { n: more.length }), set([...files, ...more])) : nothing}
            ${fewer.length > 0 && without.length > 0 ? setButton("learn-fewer-selected", t("taught_set_take_selected", { n: fewer.length }), set(without)) : nothing}
            ${setButton("learn-collections", t("taught_set_all_again"), set([]))}
        </p>`;
}

/** @param {string} name @param {string} words @param {() => unknown} act */
const setButton = (name, words, act) =>
    html`<button class="button" type="button" data-do=${name} @click=${() => void act()}>${words}</button>`;

/** @param {OwnTagger} tagger */
function examples({ id: tagger, settings }) {
    const set = trainingSet.value;
    if (set?.tagger !== tagger) return nothing;
    if (set.failure) return failureBox(set.failure);
    const nTags = set.tags.length + set.unlearnt.length;
    if (set.status === "reading" && nTags === 0) return html`<p role="status">${t("taught_set_reading")}</p>`;
    if (nTags === 0) return html`<p role="status">${t("taught_set_empty")}</p>`;
    const { nExamples, nToEmbed, nOutOfReach } = set;
    return html`<p role="status" data-count="examples" data-value=${nExamples} data-to-embed=${nToEmbed}>
            ${t("taught_set_facts", { n: nExamples })}.
            ${nToEmbed > 0 ? t("taught_set_to_embed", { n: nToEmbed }) : nothing} ${nOutOfReach > 0 ? t("taught_set_without_file", { n: nOutOfReach }) : nothing}
        </p>
        ${ownLearntTags(tagger, set, ownSettingsOf(settings).tags)}`;
}

/** @param {OwnTagger} tagger */
function squares({ id, settings: kept }) {
    const settings = ownSettingsOf(kept);
    const change = (/** @type {Event} */ { currentTarget }) =>
        void actions.changeOwnTagger(id, {
            settings: { keeps_squares: /** @type {HTMLInputElement} */ (currentTarget).checked },
        });
    return html`<div class="own-switch">
        <label for="own-squares">${t("taught_keeps_squares")}</label>
        <input type="checkbox" role="switch" class="switch" id="own-squares" aria-describedby="own-squares-why" .checked=${live(settings.keeps_squares)} @change=${change} />
        <p class="own-why" id="own-squares-why">${t("taught_keeps_squares_why")}</p>
    </div>`;
}
