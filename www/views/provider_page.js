/**
 * One provider: its switch, its fields at the level that is chosen, its key, what is done with its answers, what it may cost, and a check.
 * @import { Note, Provider } from "../app/provider_state.js"
 */
import { actions } from "../app/provider_actions.js";
import { nameOf } from "../app/collection_names.js";
import { effective, profileAt } from "../app/provider_profiles.js";
import { addressNotes, descriptions, keptProviders, providerLevel, providersFailure } from "../app/provider_state.js";
import { collection } from "../app/state.js";
import { html, live, nothing } from "../vendor/view.js";
import { adobeSteps, osgiDrop } from "./adobe_help.js";
import { browserModelSection } from "./browser_model.js";
import { failureBox } from "./failure_box.js";
import { localForm } from "./local_form.js";
import { checkSection } from "./provider_check.js";
import { providerNotes } from "./provider_notes.js";
import { providerField } from "./provider_field.js";
import { answerFields, fieldsOf } from "./provider_fields.js";
import { keySection } from "./provider_key.js";
import { providerSwitch, stateText } from "./provider_list.js";
import { errorText, t } from "./text.js";
import { previousIcon } from "./work_icons.js";
import { unlessTyped } from "./unless_typed.js";

/** @param {Provider} provider */
export function providerPageView(provider) {
    const { id, kind, name } = provider;
    const place = actions.levelPlace();
    const all = effective(keptProviders.value, provider, place);
    const profile = profileAt(keptProviders.value, provider, place);
    const { first, more } = fieldsOf(profile);
    const description = descriptions.value.get(id);
    const isOn = profile.enabled;
    return html`<div class="provider" data-provider=${id}>
        <button class="button provider-back" type="button" data-do="back-to-providers" @click=${() => actions.showProviders()}>
            ${previousIcon()}<span>${t("providers_all")}</span>
        </button>
        <header class="provider-head">
            <div>
                <h3 id="provider-name" tabindex="-1"><bdi>${name}</bdi></h3>
                <p class="provider-why" role="status">${stateText(provider)}</p>
            </div>
            ${providerSwitch(provider, isOn)}
        </header>
        ${failureBox(providersFailure.value)} ${levels()}
        ${localForm(html`
            <section class="provider-section">
                <h4>${t("provider_setup")}</h4>
                ${id.startsWith("http-") ? html`${aboutPreset(profile.setup["preset"])} ${nameField(provider)}` : html`<p class="provider-why">${t("preset_not_tried")}</p>`}
                ${kind === "adobe" ? osgiDrop(id) : nothing} ${first.map((field) => providerField(provider, field, all))}
                ${description?.failure ? setupFailure(description.failure) : nothing} ${providerNotes(allNotes(description?.notes ?? []))}
                ${
                    more.length > 0
                        ? html`<details>
                              <summary>${t("provider_more")}</summary>
                              ${kind === "adobe" ? html`<p class="provider-why">${t("adobe_not_public")}</p>` : nothing}
                              ${more.map((field) => providerField(provider, field, all))}
                          </details>`
                        : nothing
                }
            </section>
        `)}
        ${kind === "browser" ? browserModelSection() : nothing} ${keySection(profile)}
        ${localForm(html`<section class="provider-section">
            <h4>${t("provider_answers")}</h4>
            ${description?.has_confidence === false ? html`<p class="provider-why">${t("provider_no_confidence")}</p>` : nothing}
            ${answerFields().map((field) => providerField(provider, field, all))}
        </section>`)}
        ${description?.is_billed === false ? nothing : costs(id)} ${kind === "browser" ? nothing : checkSection(provider, !description?.failure)}
        ${kind === "adobe" ? adobeSteps() : nothing}
        ${
            id.startsWith("http-")
                ? html`<p class="provider-buttons">
                      <button class="button" type="button" data-do="remove-endpoint" @click=${() => void actions.removeEndpoint(id)}>${t("provider_remove")}</button>
                  </p>`
                : nothing
        }
    </div>`;
}

/** Everywhere, or in the collection that is shown. */
function levels() {
    const { value: shown } = collection;
    if (!shown) return nothing;
    const one = (
        /** @type {"everywhere" | "collection"} */ level,
        /** @type {string} */ words,
    ) => html`<label class="provider-level">
        <input type="radio" name="provider-level" value=${level} .checked=${live(providerLevel.value === level)} @change=${() => actions.setProviderLevel(level)} />
        <span>${words}</span>
    </label>`;
    return html`<fieldset class="provider-levels" data-level=${providerLevel.value}>
        <legend>${t("provider_level")}</legend>
        ${one("everywhere", t("provider_level_everywhere"))} ${one("collection", t("provider_level_collection", { name: nameOf(shown) }))}
    </fieldset>`;
}

/** Of what holds, and of what was typed last. @param {readonly Note[]} notes */
const allNotes = (notes) => [...addressNotes.value.map((code) => ({ code, params: {} })), ...notes];

/** @param {import("../core/protocol.js").Failure} failure */
function setupFailure(failure) {
    const { title, remedy } = errorText(failure);
    return html`<p class="provider-wrong" role="status" data-code=${failure.code}>
        ${title} ${remedy} <small>${failure.detail}</small>
    </p>`;
}

const PRESETS = /** @type {const} */ ([
    "imagga",
    "clarifai",
    "ollama",
    "ollama_cloud",
    "openai_chat",
    "openai_responses",
    "photoprism",
    "tagsmith_serve",
]);

/** Where its key comes from, and what it costs. @param {unknown} id */
function aboutPreset(id) {
    const known = PRESETS.find((one) => one === id);
    const about = known ? t(`preset_${known}`, { origin: location.origin }) : "";
    // Both are of one make, and tried together.
    const isTried = known === "tagsmith_serve";
    return html`<p class="provider-why">${about} ${isTried ? "" : t("preset_not_tried")}</p>`;
}

/** What an endpoint is called here. @param {Provider} provider */
const nameField = ({ id, name }) => html`<div class="provider-field is-text">
    <label for="provider-own-name">${t("endpoint_name")}</label>
    <input
        class="field"
        type="text"
        id="provider-own-name"
        maxlength="80"
        autocomplete="off"
        .value=${unlessTyped(name)}
        @change=${(/** @type {Event} */ { currentTarget }) => void actions.renameEndpoint(id, /** @type {HTMLInputElement} */ (currentTarget).value)}
    />
</div>`;

/** @param {string} id */
function costs(id) {
    const { amount, currency } = keptProviders.value.prices[id] ?? { amount: null, currency: "" };
    const cap = keptProviders.value.caps[id];
    const of = (/** @type {Event} */ { currentTarget }) => /** @type {HTMLInputElement} */ (currentTarget);
    return localForm(html`<section class="provider-section">
        <h4>${t("provider_costs")}</h4>
        <div class="provider-field">
            <label for="provider-price">${t("provider_price")}</label>
            <span class="provider-price">
                <input
                    class="field"
                    type="number"
                    inputmode="decimal"
                    id="provider-price"
                    min="0"
                    step="any"
                    aria-describedby="provider-price-why"
                    .value=${unlessTyped(amount === null ? "" : String(amount))}
                    @change=${(/** @type {Event} */ event) => actions.setPrice(id, { amount: of(event).valueAsNumber })}
                />
                <input
                    class="field provider-currency"
                    type="text"
                    aria-label=${t("provider_currency")}
                    maxlength="8"
                    autocomplete="off"
                    placeholder="USD"
                    .value=${unlessTyped(currency)}
                    @change=${(/** @type {Event} */ event) => actions.setPrice(id, { currency: of(event).value })}
                />
            </span>
            <p class="provider-why" id="provider-price-why">${t("provider_price_why")}</p>
        </div>
        <div class="provider-field">
            <label for="provider-cap">${t("provider_cap")}</label>
            <input
                class="field"
                type="number"
                inputmode="numeric"
                id="provider-cap"
                min="0"
                step="1"
                aria-describedby="provider-cap-why"
                .value=${unlessTyped(cap === undefined ? "" : String(cap))}
                @change=${(/** @type {Event} */ event) => actions.setCap(id, of(event).valueAsNumber)}
            />
            <p class="provider-why" id="provider-cap-why">${t("provider_cap_why")}</p>
        </div>
    </section>`);
}
