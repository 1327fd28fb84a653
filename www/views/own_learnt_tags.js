/**
 * The tags of a training set, each with its light: all that a person gave, or those that are ticked.
 * @import { TrainingSetView } from "../app/own_state.js"
 */
import { actions } from "../app/own_actions.js";
import { html, live, nothing } from "../vendor/view.js";
import { ownGuidelinesOf } from "./own_guidelines.js";
import { t } from "./text.js";

/** @param {string} tagger @param {TrainingSetView} set @param {readonly string[] | null} chosen ids of the tags that are learnt; null for all */
export function ownLearntTags(tagger, { tags, unlearnt, guidelines }, chosen) {
    // In one order, whichever is ticked: nothing moves under the pointer.
    const all = [...tags, ...unlearnt].sort((one, other) => (one.tag.id < other.tag.id ? -1 : 1));
    const learnt = new Set(tags);
    const ids = all.map(({ tag }) => tag.id);
    const learn = (/** @type {readonly string[] | null} */ next) =>
        void actions.changeTrainingSet(tagger, { tags: next });
    const tick = (/** @type {string} */ id, /** @type {string} */ name) => {
        if (chosen === null) return nothing;
        const isOn = chosen.includes(id);
        const toggle = () => learn(isOn ? chosen.filter((one) => one !== id) : [...chosen, id]);
        const label = t("taught_learn_tag", { name });
        return html`<label class="own-tick" title=${label}><input type="checkbox" data-do="learn-tag" aria-label=${label} .checked=${live(isOn)} @change=${toggle} /></label>`;
    };
    const which = (/** @type {boolean} */ isAll, /** @type {string} */ words) => html`<label class="own-tick">
        <input type="radio" name="own-learnt-tags" data-do=${isAll ? "learn-all-tags" : "learn-some-tags"} .checked=${live(isAll === (chosen === null))} @change=${() => learn(isAll ? null : ids)} />
        <span>${words}</span>
    </label>`;
    return html`<div class="own-ticks" role="radiogroup" aria-label=${t("taught_learn_which")}>
            ${which(true, t("taught_learn_all"))} ${which(false, t("taught_learn_some"))}
            ${chosen !== null && chosen.length > 0 ? html`<button class="button" type="button" data-do="learn-no-tag" @click=${() => learn([])}>${t("taught_learn_none")}</button>` : nothing}
        </div>
        ${chosen !== null && tags.length === 0 ? html`<p role="status">${t("taught_learn_nothing")}</p>` : nothing}
        <ul class="own-tags" aria-label=${t("taught_set_tags")}>
            ${all.map((one) => ownGuidelinesOf(one, learnt.has(one) ? guidelines : null, tick(one.tag.id, one.tag.name)))}
        </ul>`;
}
