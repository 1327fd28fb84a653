/**
 * What is asked before anything leaves: by whom, which pictures, what of them and at which size, how much that is and costs; and which
 * pictures stay. What is set can be set otherwise for this time, and tried on a few pictures. Nothing is sent before a button is pressed that says so.
 * @import { JobMode, Plan, Provider, Wanted } from "../app/provider_state.js"
 * @import { DialogView } from "./dialog.js"
 */
import { actions } from "../app/provider_actions.js";
import { effective, profileAt } from "../app/provider_profiles.js";
import { addressNotes, asking, keptProviders, trial } from "../app/provider_state.js";
import { html, live, nothing } from "../vendor/view.js";
import { failureBox } from "./failure_box.js";
import { localForm } from "./local_form.js";
import { moneyText } from "./money.js";
import { FROM, providerField } from "./provider_field.js";
import { MODES, answerFields, fieldsOf } from "./provider_fields.js";
import { stateOf, stateText } from "./provider_list.js";
import { providerNotes } from "./provider_notes.js";
import { trialResults, trialStart } from "./provider_try.js";
import { fileSize, t } from "./text.js";

/** @type {DialogView} */
export const askProviderDialog = {
    title: "ask_provider",
    body,
    // Pictures beside what would change take more room than a form.
    get isWide() {
        return trial.value !== null;
    },
    onClose: () => actions.dropAsking(),
};

function body() {
    const now = asking.value;
    if (!now) return html`${nothing}`;
    const { wanted, plan, isStarting, failure } = now;
    const all = actions.listedProviders();
    const own = wanted.own ?? {};
    const provider = all.find(({ id }) => id === wanted.provider);
    if (!provider)
        return html`<div class="ask">
            <p>${t("ask_none")}</p>
            <p class="provider-buttons">${setUp(null)}</p>
        </div>`;
    const stands = stateOf(provider, own);
    const isReady = stands === "ready" || stands === "refused";
    const isTrying = trial.value !== null && trial.value.status !== "ended";
    return html`<div class="ask" data-provider=${provider.id} @submit=${() => void actions.startAsked()}>
        ${localForm(html`
            ${
                all.length > 1
                    ? html`<div class="provider-field">
                          <label for="ask-provider">${t("ask_which")}</label>
                          <select class="field" id="ask-provider" data-do="ask-which" @change=${(/** @type {Event} */ event) => actions.changeAsking({ provider: chosenIn(event) })}>
                              ${all.map((one) => html`<option value=${one.id} .selected=${one.id === provider.id}>${nameIn(one)}</option>`)}
                          </select>
                      </div>`
                    : html`<p><strong><bdi>${provider.name}</bdi></strong></p>`
            }
            ${modes(provider, wanted)}
            <label class="provider-tick">
                <input
                    type="checkbox"
                    data-do="only-doubted"
                    .checked=${live(wanted.only_doubted)}
                    @change=${(/** @type {Event} */ { currentTarget }) => actions.changeAsking({ only_doubted: /** @type {HTMLInputElement} */ (currentTarget).checked })}
                />
                <span>${t("ask_doubted")} <small>${t("ask_doubted_why")}</small></span>
            </label>
            ${ownSettings(provider, wanted)}
            ${isReady ? nothing : html`<p class="provider-wrong" role="alert">${stateText(provider, own)} ${setUp(provider.id)}</p>`}
            ${failureBox(failure)} ${plan ? sums(plan) : failure ? nothing : html`<p role="status">${t("ask_counting")}</p>`}
            ${plan && isReady ? trialStart(plan, isTrying || isStarting) : nothing} ${trialResults(() => void actions.stopTrial())}
            <div class="ask-foot">
                <button class="button is-main" type="submit" data-do="send" ?disabled=${!isReady || isStarting || isTrying || !plan || plan.asked.length === 0 || isOverCap(plan)}>
                    ${sendWords(plan)}
                </button>
                ${plan && plan.n_pictures > 0 && nTried(plan) > 0 ? keepTried(plan, isStarting || isTrying) : nothing}
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

/** @param {Provider} provider */
function nameIn(provider) {
    const { enabled } = profileAt(keptProviders.value, provider, actions.shownPlace());
    return enabled ? provider.name : t("ask_off", { name: provider.name });
}

/** As it is set for the collection, or for this time. @param {Provider} provider @param {Wanted} wanted */
function modes(provider, { mode: now, own = {} }) {
    const set = effective(keptProviders.value, provider, actions.shownPlace())["mode"];
    const setBy = own.mode === undefined ? (set?.from ?? "default") : "job";
    // What is as it is set follows that.
    const choose = (/** @type {JobMode} */ mode) => actions.setAsked({ mode: mode === set?.value ? undefined : mode });
    return html`<fieldset class="provider-levels" data-field="mode" data-from=${setBy}>
        <legend>${t("ask_mode")} <span class="provider-from">${t(FROM[setBy])}</span></legend>
        ${MODES.map(
            (mode) => html`<label class="provider-level">
                <input type="radio" name="ask-mode" value=${mode} .checked=${live(now === mode)} @change=${() => choose(mode)} />
                <span>${t(`ask_mode_${mode}`)}</span>
            </label>`,
        )}
    </fieldset>`;
}

/**
 * All fields of the provider at the narrowest level: what is set here holds for this time, and what is not is as it is set; of each the value that
 * holds and where it comes from.
 * @param {Provider} provider @param {Wanted} wanted
 */
function ownSettings(provider, { own = {} }) {
    const all = effective(keptProviders.value, provider, actions.shownPlace(), own);
    const profile = profileAt(keptProviders.value, provider, actions.shownPlace(), own);
    const { first, more } = fieldsOf(profile);
    const fields = [ENABLED, ...answerFields().filter(({ name }) => name !== "mode"), ...first, ...more];
    const nOwn = Object.values(all).filter(({ from }) => from === "job").length;
    const place = { level: /** @type {const} */ ("job"), set: actions.setAsked };
    return html`<details class="ask-own" data-own=${nOwn}>
        <summary>${nOwn > 0 ? t("ask_own_n", { n: nOwn }) : t("ask_own")}</summary>
        <div class="ask-own-fields">
            <p class="provider-why">${t("ask_own_why")}</p>
            ${fields.map((field) => providerField(provider, field, all, place))}
            ${providerNotes(addressNotes.value.map((code) => ({ code, params: {} })))}
        </div>
    </details>`;
}

/** @type {import("./provider_field.js").FieldShape} */
const ENABLED = { name: "enabled", label: "ask_enabled", kind: "check" };

/** @param {Plan} plan those of a trial that would be written */
const nTried = ({ asked, answered }) => (answered ? asked.filter((id) => answered.has(id)).length : 0);

/** @param {Plan} plan @param {boolean} isBusy */
const keepTried = (
    plan,
    isBusy,
) => html`<button class="button" type="button" data-do="keep-tried" ?disabled=${isBusy} @click=${() => void actions.startAsked({ isTriedAlone: true })}>
    ${t("try_keep_only", { n: nTried(plan) })}
</button>`;

/** @param {Plan | null} plan `host` is "" where nothing leaves the device */
function sendWords(plan) {
    if (!plan) return t("ask_send_wait");
    const { n_pictures: n, host } = plan;
    const tried = nTried(plan);
    if (tried > 0 && n === 0) return t("try_keep", { n: tried });
    if (tried > 0) return host ? t("try_keep_and_send", { n, host }) : t("try_keep_and_tag", { n });
    return host ? t("ask_send", { n, host }) : t("ask_send_here", { n });
}

/** @param {Plan} plan */
const isOverCap = ({ cap_left: left, n_units: n }) => left !== null && n > left;

/** @param {Plan} plan */
function sums(plan) {
    const { n_pictures: n, n_bytes: bytes, n_units: units, host, max_side: side, left_out: out, cap_left: left } = plan;
    const tried = nTried(plan);
    const rows = /** @type {[string, string | number][]} */ ([
        [t(tried > 0 ? "try_more" : "ask_pictures"), n],
        ...(tried > 0 ? [[t("try_answered"), tried]] : []),
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
    const sum = moneyText(units, keptProviders.value.prices[provider]);
    return sum === null ? t("ask_cost_unknown") : t("ask_cost_about", { sum });
}
