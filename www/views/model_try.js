/**
 * A model of this device tried on a few pictures, with other numbers if somebody wants: what would be another is shown beside each picture.
 * @import { ModelWish } from "../app/provider_state.js"
 * @import { DialogView } from "./dialog.js"
 */
import { TRIAL_SIZES } from "../app/actions/provider_asking.js";
import { actions } from "../app/provider_actions.js";
import { modelWish, trial } from "../app/provider_state.js";
import { maxTags, modelInUse, models, settings, threshold as thresholdNow } from "../app/state.js";
import { html, nothing } from "../vendor/view.js";
import { failureBox } from "./failure_box.js";
import { localForm } from "./local_form.js";
import { followTrial, trialResults } from "./provider_try.js";
import { t } from "./text.js";
import { unlessTyped } from "./unless_typed.js";

/** @type {DialogView} */
export const tryModelDialog = { title: "try_model", body, isWide: true, onClose: () => actions.leaveModelTrial() };

function body() {
    const wish = modelWish.value;
    if (!wish) return html`${nothing}`;
    const { value: now } = trial;
    const isUnderWay = now !== null && now.status !== "ended";
    return html`<div class="ask">
        ${localForm(html`
            <p class="provider-why">${t("try_model_why")}</p>
            ${fields(wish, isUnderWay)} ${failureBox(wish.failure)}
            <p class="provider-buttons">
                <button
                    class="button"
                    type="button"
                    data-do="try-model-now"
                    ?disabled=${isUnderWay || wish.ids.length === 0}
                    @click=${() => {
                        void actions.tryModel();
                        followTrial();
                    }}
                >
                    ${t("try_here", { n: Math.min(wish.n_try, wish.ids.length) })}
                </button>
            </p>
            ${trialResults(() => actions.stopModelTrial())}
            <div class="ask-foot">
                <button class="button is-main" type="button" data-do="use-tried" ?disabled=${isUnderWay || wish.isStarting || !now || !isOther(wish)} @click=${() => void actions.useTriedModel()}>
                    ${t(wish.isStarting ? "models_starting" : wish.key === modelInUse.value ? "try_model_numbers" : "try_model_use")}
                </button>
                <button class="button" type="button" data-do="cancel-model-trial" @click=${() => actions.showDialog(null)}>${t("cancel")}</button>
            </div>
        `)}
    </div>`;
}

/** Whether using it would change anything. @param {ModelWish} wish */
const isOther = ({ key, threshold, max_tags }) => key !== modelInUse.value || threshold !== null || max_tags !== null;

/** The number that holds where nothing is typed; another model has its own, unless somebody has set one for all. @param {number | null} set @param {string | null} key @param {number} now */
const held = (set, key, now) => (set === null && key !== modelInUse.value ? "–" : String(now));

/** @param {ModelWish} wish @param {boolean} isBusy */
function fields({ key, n_try: nTry, threshold, max_tags }, isBusy) {
    const { bundled, stored = [] } = models.value ?? {};
    const all = [{ key: null, name: bundled?.name ?? "" }, ...stored];
    const typedIn = (/** @type {Event} */ { currentTarget }) => /** @type {HTMLInputElement} */ (currentTarget).value;
    const numberOf = (/** @type {Event} */ event, /** @type {number} */ least, /** @type {number} */ most) => {
        const typed = Number.parseFloat(typedIn(event));
        return Number.isNaN(typed) ? null : Math.min(most, Math.max(least, typed));
    };
    const sizes = [...TRIAL_SIZES].sort((one, other) => one - other);
    return html`<div class="provider-field">
            <label for="try-model">${t("try_model_which")}</label>
            <select class="field" id="try-model" ?disabled=${isBusy} @change=${(/** @type {Event} */ event) => actions.changeModelWish({ key: typedIn(event) || null })}>
                ${all.map((one) => html`<option value=${one.key ?? ""} .selected=${one.key === key}>${one.name}</option>`)}
            </select>
        </div>
        <div class="provider-field">
            <label for="try-threshold">${t("try_model_threshold")}</label>
            <input
                class="field"
                id="try-threshold"
                type="number"
                inputmode="numeric"
                min="1"
                max="99"
                step="1"
                placeholder=${held(settings.value.threshold, key, Math.round(thresholdNow.value * 100))}
                .value=${unlessTyped(threshold === null ? "" : String(Math.round(threshold * 100)))}
                @change=${(/** @type {Event} */ event) => {
                    const percent = numberOf(event, 1, 99);
                    actions.changeModelWish({ threshold: percent === null ? null : percent / 100 });
                }}
            />
        </div>
        <div class="provider-field">
            <label for="try-max-tags">${t("provider_max_tags")}</label>
            <input
                class="field"
                id="try-max-tags"
                type="number"
                inputmode="numeric"
                min="1"
                max="100"
                step="1"
                placeholder=${held(settings.value.max_tags, key, maxTags.value)}
                .value=${unlessTyped(max_tags === null ? "" : String(max_tags))}
                @change=${(/** @type {Event} */ event) => {
                    const n = numberOf(event, 1, 100);
                    actions.changeModelWish({ max_tags: n === null ? null : Math.round(n) });
                }}
            />
        </div>
        <div class="provider-field">
            <label for="try-model-size">${t("try_size")}</label>
            <select class="field" id="try-model-size" ?disabled=${isBusy} @change=${(/** @type {Event} */ event) => actions.changeModelWish({ n_try: Number(typedIn(event)) })}>
                ${sizes.map((n) => html`<option value=${n} .selected=${n === nTry}>${n}</option>`)}
            </select>
        </div>`;
}
