/**
 * The secrets of a provider: typed, held until the page closes, or kept behind a passphrase when somebody asks for that. They are never
 * shown again, and never put into a field.
 * @import { Profile } from "../app/provider_state.js"
 * @import { MessageKey } from "../i18n/en.js"
 */
import { actions } from "../app/provider_actions.js";
import { keyFailures, keyPlaces } from "../app/provider_state.js";
import { html, live, nothing, signal } from "../vendor/view.js";
import { localForm } from "./local_form.js";
import { t } from "./text.js";

/** What is being typed, by field; gone when it is taken, and when the dialog closes. @type {import("../vendor/view.js").Signal<Readonly<Record<string, string>>>} */
const typed = signal({});
export const forgetTyped = () => void (typed.value = {});

/** Where people make one. @type {Partial<Record<Profile["kind"], string>>} */
const MADE_AT = {
    google: "https://console.cloud.google.com/apis/credentials",
    microsoft: "https://portal.azure.com/",
    adobe: "https://developer.adobe.com/console/",
};

/** Which secrets a set-up has: of an endpoint those that it names. @param {Profile} profile @returns {readonly {name: "key" | "secret" | "token", label: MessageKey}[]} */
export function secretsOf({ kind, setup }) {
    if (kind === "browser") return [];
    if (kind === "http") return namedIn(JSON.stringify([setup["url"], setup["headers"], setup["body"]]));
    if (kind !== "adobe") return [{ name: "key", label: "provider_key" }];
    if (setup["sign_in"] === "relay") return [];
    return setup["sign_in"] === "credentials"
        ? [{ name: "secret", label: "adobe_secret" }]
        : [{ name: "token", label: "adobe_token" }];
}

/** @param {string} text where `{basic}` stands for both */
function namedIn(text) {
    const key = { name: /** @type {const} */ ("key"), label: /** @type {const} */ ("provider_key") };
    const secret = { name: /** @type {const} */ ("secret"), label: /** @type {const} */ ("provider_secret") };
    return [...(/\{(key|basic)\}/.test(text) ? [key] : []), ...(/\{(secret|basic)\}/.test(text) ? [secret] : [])];
}

/** @param {Profile} profile */
export function keySection(profile) {
    const { id, kind } = profile;
    const secrets = secretsOf(profile);
    if (secrets.length === 0) return nothing;
    const place = keyPlaces.value.get(id) ?? "none";
    const failure = keyFailures.value.get(id);
    return html`<section class="provider-section" data-key-place=${place}>
        <h4>${t("provider_key_heading")}</h4>
        <p class="provider-why">${t("provider_key_where")} ${advice(profile)}</p>
        <p role="status" data-do="key-state">${t(`provider_key_${place}`)}</p>
        ${place === "locked" ? unlock(id) : nothing} ${secrets.map((secret) => field(id, secret))}
        ${place === "memory" ? keep(id) : nothing}
        ${failure ? html`<p class="provider-wrong" role="alert">${t(/** @type {MessageKey} */ (failure))}</p>` : nothing}
        <p class="provider-buttons">
            ${
                place === "none"
                    ? nothing
                    : html`<button class="button" type="button" data-do="forget-key" @click=${() => void actions.forgetKey(id)}>${t("provider_key_forget")}</button>`
            }
            ${MADE_AT[kind] ? html`<a href=${MADE_AT[kind]} target="_blank" rel="noreferrer">${t("provider_key_made_at")}</a>` : nothing}
        </p>
    </section>`;
}

/** What makes a key that others may see less worth to them. @param {Profile} profile */
function advice({ kind, setup }) {
    if (kind === "google") return t("google_key_advice", { origin: location.origin });
    if (kind === "microsoft") return t("microsoft_key_advice");
    if (kind === "adobe")
        return setup["sign_in"] === "credentials"
            ? html`<strong class="provider-warning">${t("adobe_secret_warning")}</strong>`
            : t("adobe_token_advice");
    return t("http_key_advice");
}

/** Dots by the style sheet: of a field for passwords the browser would offer to keep what is in it. @param {string} id @param {{name: "key" | "secret" | "token", label: MessageKey}} secret */
function field(id, { name, label }) {
    const box = `${id}-${name}`;
    const value = typed.value[box] ?? "";
    const use = () => {
        if (value.trim() === "") return;
        typed.value = { ...typed.value, [box]: "" };
        actions.setKey(id, { [name]: value.trim() });
    };
    const fields = html`<div class="provider-field is-text">
        <label for=${`secret-${box}`}>${t(label)}</label>
        <span class="provider-with-button">
            <input
                class="field provider-secret"
                type="text"
                id=${`secret-${box}`}
                data-do="secret"
                maxlength="20000"
                autocomplete="off"
                autocapitalize="off"
                spellcheck="false"
                .value=${live(value)}
                @input=${(/** @type {Event} */ { currentTarget }) => void ((typed.value = { ...typed.value, [box]: /** @type {HTMLInputElement} */ (currentTarget).value }))}
            />
            <button class="button" type="submit" data-do="use-key">${t("provider_key_use")}</button>
        </span>
    </div>`;
    return html`<div @submit=${use}>${localForm(fields)}</div>`;
}

/** @param {string} id */
const keep = (id) =>
    passphrase(
        id,
        "provider_key_keep",
        "provider_key_keep_why",
        "keep-key",
        (words) => void actions.keepKey(id, words),
    );

/** @param {string} id */
const unlock = (id) =>
    passphrase(
        id,
        "provider_key_unlock",
        "provider_key_unlock_why",
        "unlock-key",
        (words) => void actions.unlockKey(id, words),
    );

/** @param {string} id @param {MessageKey} words @param {MessageKey} why @param {string} name @param {(passphrase: string) => void} act */
function passphrase(id, words, why, name, act) {
    const box = `${id}-${name}`;
    const value = typed.value[box] ?? "";
    const done = () => {
        if (value === "") return;
        typed.value = { ...typed.value, [box]: "" };
        act(value);
    };
    const fields = html`<div class="provider-field is-text">
        <label for=${box}>${t("provider_passphrase")}</label>
        <span class="provider-with-button">
            <input
                class="field provider-secret"
                type="text"
                id=${box}
                maxlength="1000"
                autocomplete="off"
                autocapitalize="off"
                spellcheck="false"
                aria-describedby=${`${box}-why`}
                .value=${live(value)}
                @input=${(/** @type {Event} */ { currentTarget }) => void ((typed.value = { ...typed.value, [box]: /** @type {HTMLInputElement} */ (currentTarget).value }))}
            />
            <button class="button" type="submit" data-do=${name}>${t(words)}</button>
        </span>
        <p class="provider-why" id=${`${box}-why`}>${t(why)}</p>
    </div>`;
    return html`<div @submit=${done}>${localForm(fields)}</div>`;
}
