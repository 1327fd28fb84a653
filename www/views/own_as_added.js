/**
 * When pictures are tagged that come in, and in which collections taggers work by themselves ("Enable smart tags").
 * @import { WhenTagged } from "../app/as_added.js"
 */
import { actions } from "../app/own_actions.js";
import { nameOf } from "../app/collection_names.js";
import { asAdded, collections } from "../app/state.js";
import { html, live, nothing } from "../vendor/view.js";
import { t } from "./text.js";

const WHEN = /** @type {const} */ (["always", "smart", "never"]);

export function ownAsAdded() {
    const { when } = asAdded.value;
    const choose = (/** @type {Event} */ { currentTarget }) =>
        actions.setTagAsAdded(/** @type {WhenTagged} */ (/** @type {HTMLSelectElement} */ (currentTarget).value));
    return html`<section class="own-section" data-section="as-added">
        <div class="own-form">
            <label for="own-as-added">${t("taught_as_added")}</label>
            <select class="field" id="own-as-added" aria-describedby="own-as-added-why" @change=${choose}>
                ${WHEN.map((one) => html`<option value=${one} .selected=${one === when}>${t(`taught_as_added_${one}`)}</option>`)}
            </select>
            <p class="own-why" id="own-as-added-why">${t("taught_as_added_why")}</p>
        </div>
    </section>`;
}

/** The switches of these collections; of all where none are named. @param {readonly number[] | null} [some] */
export function ownSmartTags(some = null) {
    const all = (collections.value ?? []).filter(({ id }) => some === null || some.includes(id));
    if (all.length === 0) return nothing;
    const { smart } = asAdded.value;
    return html`<div class="own-ticks" role="group" aria-label=${t("taught_smart")}>
        ${all.map((one) => {
            const change = (/** @type {Event} */ { currentTarget }) => {
                actions.setSmartTags(one.id, /** @type {HTMLInputElement} */ (currentTarget).checked);
                void actions.lookAtSchedule();
            };
            return html`<label class="own-tick">
                <input type="checkbox" data-do="smart-tags" .checked=${live(smart.has(one.id))} @change=${change} />
                <bdi>${t("taught_smart_in", { name: nameOf(one) })}</bdi>
            </label>`;
        })}
    </div>`;
}
