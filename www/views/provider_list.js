/**
 * The providers that there are, each with its switch and how it stands; endpoints of one's own; what never leaves this device.
 * @import { Provider } from "../app/provider_state.js"
 * @import { ListedCollection } from "../db/protocol.js"
 */
import { actions } from "../app/provider_actions.js";
import { nameOf } from "../app/collection_names.js";
import { profileAt } from "../app/provider_profiles.js";
import {
    browserModel,
    checks,
    descriptions,
    keptProviders,
    keyPlaces,
    presets,
    providersBlocked,
    providersFailure,
} from "../app/provider_state.js";
import { collections, gridIds, selectedIds, total } from "../app/state.js";
import { neverOf } from "../app/providers/never_leave.js";
import { html, live, nothing, signal } from "../vendor/view.js";
import { failureBox } from "./failure_box.js";
import { localForm } from "./local_form.js";
import { jobList } from "./provider_jobs.js";
import { secretsOf } from "./provider_key.js";
import { errorText, momentText, t } from "./text.js";
import { unlessTyped } from "./unless_typed.js";

/** The ready-made set-up that a new endpoint begins with; "" for none of them, null where nobody has chosen: then it is the first. */
const preset = signal(/** @type {string | null} */ (null));

export const providerList = () => html`<div class="providers">
    ${blocked()} ${failureBox(providersFailure.value)}
    <p class="provider-why">${t("providers_what")}</p>
    ${jobList()}
    <ul class="provider-rows">${actions.listedProviders().map(row)}</ul>
    ${endpoint()} ${neverLeaving()}
    <p class="provider-buttons">
        ${total.value > 0 ? html`<button class="button" type="button" data-do="open-compare" @click=${compare}>${t("compare_providers")}</button>` : nothing}
        <button class="button" type="button" data-do="open-log" @click=${() => actions.showLog()}>${t("request_log")}</button>
    </p>
</div>`;

/** The selection, else everything in the grid. */
const compare = () => void actions.compareProviders(selectedIds.value.length > 0 ? selectedIds.value : gridIds.value);

/** Why none can be had here, and what may help. */
function blocked() {
    const failure = providersBlocked.value ?? null;
    const reason = BLOCKED.find((one) => one === failure?.detail);
    return failureBox(failure, reason ? t(`providers_blocked_${reason}`) : nothing);
}

const BLOCKED = /** @type {const} */ (["no_service_worker", "not_yet", "reload", "forbidden"]);

/** @param {Provider} provider */
function row(provider) {
    const { id, kind, name } = provider;
    const { enabled } = profileAt(keptProviders.value, provider, actions.shownPlace());
    return html`<li class="provider-row" data-provider-row=${id} data-on=${enabled}>
        <div class="provider-words">
            <p class="provider-name"><bdi>${name}</bdi></p>
            <p class="provider-why">${t(`provider_kind_${kind}`)}</p>
            <p class="provider-state" data-state=${stateOf(provider)}>${stateText(provider)}</p>
        </div>
        <button class="button" type="button" data-do="open-provider" aria-label=${t("provider_set_up_which", { name })} @click=${() => actions.openProvider(id)}>
            ${t("provider_set_up")}
        </button>
        ${providerSwitch(provider, enabled)}
    </li>`;
}

/** @param {Provider} provider @param {boolean} isOn */
export const providerSwitch = ({ id, name }, isOn) => html`<input
    type="checkbox"
    role="switch"
    class="switch"
    data-do="enable-provider"
    aria-label=${t("provider_turn_on", { name })}
    .checked=${live(isOn)}
    ?disabled=${Boolean(providersBlocked.value)}
    @change=${(/** @type {Event} */ event) => void actions.enableProvider(id, /** @type {HTMLInputElement} */ (event.currentTarget).checked)}
/>`;

/** How a provider stands, the most urgent first. @param {Provider} provider @param {import("../app/provider_state.js").ProviderValues} [own] a job's @returns {"off" | "download" | "incomplete" | "locked" | "no_key" | "refused" | "ready"} */
export function stateOf(provider, own = {}) {
    const profile = profileAt(keptProviders.value, provider, actions.shownPlace(), own);
    const place = keyPlaces.value.get(provider.id) ?? "none";
    if (!profile.enabled) return "off";
    if (profile.kind === "browser" && browserModel.value?.status !== "available") return "download";
    // Of another set-up it is found out when it is counted.
    if (!own.setup && descriptions.value.get(provider.id)?.failure) return "incomplete";
    if (secretsOf(profile).length > 0 && place === "locked") return "locked";
    // An endpoint of one's own may need none.
    if (secretsOf(profile).length > 0 && place === "none" && needsKey(profile)) return "no_key";
    return checks.value.get(provider.id)?.steps.some(({ ok }) => ok === false) ? "refused" : "ready";
}

/** @param {import("../app/provider_state.js").Profile} profile */
const needsKey = ({ setup }) => !presets.value?.find(({ id }) => id === setup["preset"])?.are_secrets_optional;

/** The same in words. @param {Provider} provider @param {import("../app/provider_state.js").ProviderValues} [own] */
export function stateText(provider, own = {}) {
    const state = stateOf(provider, own);
    const check = checks.value.get(provider.id);
    if (state === "refused") {
        const failed = check?.steps.find(({ ok }) => ok === false)?.failure;
        return t("provider_state_refused", { reason: errorText(failed ?? undefined).title });
    }
    if (state === "ready" && check?.status === "done" && check.steps.length > 0)
        return t("provider_state_checked", { moment: momentText(check.at_ms) });
    return t(`provider_state_${state}`);
}

/** One of the ready-made ones, or an empty one. */
function endpoint() {
    const all = presets.value ?? [];
    const chosen = preset.value ?? all[0]?.id ?? "";
    const choose = (/** @type {Event} */ { currentTarget }) =>
        void (preset.value = /** @type {HTMLSelectElement} */ (currentTarget).value);
    return localForm(html`<section class="provider-section">
        <h4>${t("endpoint_heading")}</h4>
        <p class="provider-why">${t("endpoint_why")}</p>
        <span class="provider-with-button">
            <select class="field" data-do="preset" aria-label=${t("endpoint_preset")} @change=${choose}>
                ${all.map(({ id, name }) => html`<option value=${id} .selected=${chosen === id}>${name}</option>`)}
                <option value="" .selected=${chosen === ""}>${t("endpoint_empty")}</option>
            </select>
            <button class="button" type="button" data-do="add-endpoint" @click=${() => actions.addEndpoint(chosen)}>${t("endpoint_add")}</button>
        </span>
    </section>`);
}

/** Collections and folders of which nothing is ever sent. */
function neverLeaving() {
    const { never } = keptProviders.value;
    const all = collections.value ?? [];
    const kept = new Set(neverOf(never).collections);
    const collectionOf = (/** @type {ListedCollection} */ one) => {
        return html`<label class="provider-tick">
            <input type="checkbox" data-do="never-collection" .checked=${live(kept.has(one.id))} @change=${() => actions.toggleNever(one.id)} />
            <bdi>${nameOf(one)}</bdi>
        </label>`;
    };
    const change = (/** @type {Event} */ { currentTarget }) =>
        actions.setNeverFolders(/** @type {HTMLTextAreaElement} */ (currentTarget).value);
    return localForm(html`<section class="provider-section">
        <h4>${t("never_heading")}</h4>
        <p class="provider-why">${t("never_why")}</p>
        ${all.length > 0 ? html`<div role="group" aria-label=${t("never_collections")}>${all.map(collectionOf)}</div>` : nothing}
        <div class="provider-field is-long">
            <label for="never-folders">${t("never_folders")}</label>
            <textarea class="field" id="never-folders" rows="2" maxlength="20000" spellcheck="false" aria-describedby="never-folders-why" .value=${unlessTyped(never.folders.join("\n"))} @change=${change}></textarea>
            <p class="provider-why" id="never-folders-why">${t("never_folders_why")}</p>
        </div>
    </section>`);
}
