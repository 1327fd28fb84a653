/**
 * What is asked before anything leaves: by whom, which pictures, what of them and at which size, how much that is and costs; and which
 * pictures stay. Nothing is sent before the button at the foot is pressed.
 * @import { JobMode, Plan, Provider } from "../app/provider_state.js"
 * @import { DialogView } from "./dialog.js"
 */
import { actions } from "../app/provider_actions.js";
import { effective } from "../app/provider_profiles.js";
import { asking, keptProviders } from "../app/provider_state.js";
import { html, live, nothing } from "../vendor/view.js";
import { failureBox } from "./failure_box.js";
import { localForm } from "./local_form.js";
import { FROM } from "./provider_field.js";
import { MODES } from "./provider_fields.js";
import { stateOf, stateText } from "./provider_list.js";
import { fileSize, t } from "./text.js";
import { language } from "../app/state.js";

/** @type {DialogView} */
export const askProviderDialog = { title: "ask_provider", body, onClose: () => actions.dropAsking() };

function body() {
    const now = asking.value;
    if (!now) return html`${nothing}`;
    const { wanted, plan, isStarting, failure } = now;
    const all = actions.enabledProviders();
    const provider = all.find(({ id }) => id === wanted.provider);
    if (!provider)
        return html`<div class="ask">
            <p>${t("ask_none")}</p>
            <p class="provider-buttons">${setUp(null)}</p>
        </div>`;
    const isReady = stateOf(provider) === "ready" || stateOf(provider) === "refused";
    return html`<div class="ask" data-provider=${provider.id} @submit=${() => void actions.startAsked()}>
        ${localForm(html`
            ${
                all.length > 1
                    ? html`<div class="provider-field">
                          <label for="ask-provider">${t("ask_which")}</label>
                          <select class="field" id="ask-provider" data-do="ask-which" @change=${(/** @type {Event} */ event) => actions.changeAsking({ provider: chosenIn(event) })}>
                              ${all.map(({ id, name }) => html`<option value=${id} .selected=${id === provider.id}>${name}</option>`)}
                          </select>
                      </div>`
                    : html`<p><strong><bdi>${provider.name}</bdi></strong></p>`
            }
            ${modes(provider, wanted.mode)}
            <label class="provider-tick">
                <input
                    type="checkbox"
                    data-do="only-doubted"
                    .checked=${live(wanted.only_doubted)}
                    @change=${(/** @type {Event} */ { currentTarget }) => actions.changeAsking({ only_doubted: /** @type {HTMLInputElement} */ (currentTarget).checked })}
                />
                <span>${t("ask_doubted")} <small>${t("ask_doubted_why")}</small></span>
            </label>
            ${isReady ? nothing : html`<p class="provider-wrong" role="alert">${stateText(provider)} ${setUp(provider.id)}</p>`}
            ${failureBox(failure)} ${plan ? sums(plan) : failure ? nothing : html`<p role="status">${t("ask_counting")}</p>`}
            <div class="ask-foot">
                <button class="button is-main" type="submit" data-do="send" ?disabled=${!isReady || isStarting || !plan || plan.n_pictures === 0 || isOverCap(plan)}>
                    ${sendWords(plan)}
                </button>
                <button class="button" type="button" data-do="cancel-asking" @click=${() => actions.showDialog(null)}>${t("cancel")}</button>
            </div>
        `)}
    </div>`;
}

/** @param {Event} event */
const chosenIn = ({ currentTarget }) => /** @type {HTMLInputElement} */ (currentTarget).value;

/** @param {string | null} id */
const setUp = (id) =>
    html`<button class="button" type="button" data-do="set-up-provider" @click=${() => (id === null ? actions.showProviders() : actions.openProvider(id))}>
        ${t("provider_set_up")}
    </button>`;

/** As it is set for the collection, or for this time. @param {Provider} provider @param {JobMode} now */
function modes(provider, now) {
    const { value, from } = effective(keptProviders.value, provider, actions.shownPlace())["mode"] ?? {};
    const setBy = value === now ? (from ?? "default") : "job";
    return html`<fieldset class="provider-levels" data-field="mode" data-from=${setBy}>
        <legend>${t("ask_mode")} <span class="provider-from">${t(FROM[setBy])}</span></legend>
        ${MODES.map(
            (mode) => html`<label class="provider-level">
                <input type="radio" name="ask-mode" value=${mode} .checked=${live(now === mode)} @change=${() => actions.changeAsking({ mode })} />
                <span>${t(`ask_mode_${mode}`)}</span>
            </label>`,
        )}
    </fieldset>`;
}

/** @param {Plan | null} plan `host` is "" where nothing leaves the device */
function sendWords(plan) {
    if (!plan) return t("ask_send_wait");
    const { n_pictures: n, host } = plan;
    return host ? t("ask_send", { n, host }) : t("ask_send_here", { n });
}

/** @param {Plan} plan */
const isOverCap = ({ cap_left: left, n_units: n }) => left !== null && n > left;

/** @param {Plan} plan */
function sums(plan) {
    const { n_pictures: n, n_bytes: bytes, n_units: units, host, max_side: side, left_out: out, cap_left: left } = plan;
    const rows = /** @type {[string, string | number][]} */ ([
        [t("ask_pictures"), n],
        [t("ask_bytes"), t("ask_about", { size: fileSize(bytes) })],
        ...(plan.is_billed
            ? [
                  [t("ask_units"), units],
                  [t("ask_cost"), cost(plan)],
              ]
            : []),
        [t("ask_where"), host || t("ask_here")],
        ...(host ? [[t("ask_what"), t("ask_what_is", { side })]] : []),
    ]);
    const stays = /** @type {const} */ ([
        ["not_empty", out.not_empty],
        ["sure", out.sure],
        ["never", out.never],
        ["unreadable", out.unreadable],
        ["no_file", out.no_file],
    ]);
    const staying = stays.filter(([, nStaying]) => nStaying > 0);
    return html`<dl class="ask-sums" data-count="asked" data-value=${n}>
            ${rows.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}
        </dl>
        ${
            staying.length > 0
                ? html`<ul class="provider-notes">
                      ${staying.map(([why, nStaying]) => html`<li data-stays=${why}>${t(`ask_stays_${why}`, { n: nStaying })}</li>`)}
                  </ul>`
                : nothing
        }
        ${
            left === null
                ? nothing
                : html`<p class=${isOverCap(plan) ? "provider-wrong" : "provider-why"} role=${isOverCap(plan) ? "alert" : nothing}>
                      ${t(isOverCap(plan) ? "ask_over_cap" : "ask_cap_left", { n: left })}
                  </p>`
        }`;
}

/** At the price that was typed; none is known otherwise. @param {Plan} plan */
function cost({ provider, n_units: units }) {
    const { amount, currency } = keptProviders.value.prices[provider] ?? { amount: NaN, currency: "" };
    if (Number.isNaN(amount)) return t("ask_cost_unknown");
    const sum = new Intl.NumberFormat(language.value, { maximumFractionDigits: 2, minimumFractionDigits: 2 });
    return t("ask_cost_about", { sum: `${sum.format((amount * units) / 1000)} ${currency}`.trim() });
}
