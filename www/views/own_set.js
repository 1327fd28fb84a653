/**
 * What a tagger learns from: collections, the tags in them with their examples, and how these stand by the guidelines.
 * @import { OwnTagger } from "../db/own_protocol.js"
 */
import { actions } from "../app/own_actions.js";
import { nameOf } from "../app/collection_names.js";
import { ownSettingsOf } from "../app/own/settings.js";
import { trainingSet } from "../app/own_state.js";
import { collections } from "../app/state.js";
import { html, live, nothing } from "../vendor/view.js";
import { failureBox } from "./failure_box.js";
import { ownAdd } from "./own_add.js";
import { ownGuidelinesOf } from "./own_guidelines.js";
import { t } from "./text.js";

/** @param {OwnTagger} tagger */
export function ownSet(tagger) {
    return html`<section class="own-section" data-section="set">
        <h4>${t("taught_set")}</h4>
        <p class="own-why">${t("taught_set_why")}</p>
        ${chosenCollections(tagger)} ${examples(tagger.id)} ${ownAdd(tagger.id)} ${squares(tagger)}
    </section>`;
}

/** @param {OwnTagger} tagger */
function chosenCollections({ id, settings: kept }) {
    const settings = ownSettingsOf(kept);
    const { files } = settings;
    if (files.length > 0) return html`<p>${t("taught_set_of_selection", { n: files.length })}</p>`;
    const chosen = new Set(settings.collections);
    const toggle = async (/** @type {number} */ one) => {
        const next = chosen.has(one) ? settings.collections.filter((other) => other !== one) : [...chosen, one];
        await actions.changeOwnTagger(id, { settings: { collections: next } });
        await actions.openTrainingSet(id);
    };
    return html`<div class="own-ticks" role="group" aria-label=${t("taught_set_collections")}>
        ${(collections.value ?? []).map(
            (one) => html`<label class="own-tick">
                <input type="checkbox" data-do="learn-collection" .checked=${live(chosen.has(one.id))} @change=${() => void toggle(one.id)} />
                <span><bdi>${nameOf(one)}</bdi> <small>${t("n_pictures", { n: one.n_files })}</small></span>
            </label>`,
        )}
    </div>`;
}

/** @param {string} tagger */
function examples(tagger) {
    const set = trainingSet.value;
    if (set?.tagger !== tagger) return nothing;
    if (set.failure) return failureBox(set.failure);
    if (set.status === "reading" && set.tags.length === 0) return html`<p role="status">${t("taught_set_reading")}</p>`;
    if (set.tags.length === 0) return html`<p role="status">${t("taught_set_empty")}</p>`;
    const { nExamples, nToEmbed, nOutOfReach } = set;
    return html`<p role="status" data-count="examples" data-value=${nExamples} data-to-embed=${nToEmbed}>
            ${t("taught_set_facts", { n: nExamples })}.
            ${nToEmbed > 0 ? t("taught_set_to_embed", { n: nToEmbed }) : nothing} ${nOutOfReach > 0 ? t("taught_set_without_file", { n: nOutOfReach }) : nothing}
        </p>
        <ul class="own-tags" aria-label=${t("taught_set_tags")}>
            ${set.tags.map((one) => ownGuidelinesOf(one, set.guidelines))}
        </ul>`;
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
