/**
 * The fields of each kind of provider, in the order in which they are asked for, and those that few need, which lie folded below.
 * @import { Profile, ProviderKind } from "../app/provider_state.js"
 * @import { FieldShape } from "./provider_field.js"
 */
import { t } from "./text.js";

/** What becomes of the tags that a provider has found before. */
export const MODES = /** @type {const} */ (["only_empty", "add", "replace"]);

/** @typedef {{first: readonly FieldShape[], more: readonly FieldShape[]}} Fields */

/** @returns {Fields} */
const google = () => ({
    first: [
        {
            name: "setup.host",
            label: "google_host",
            why: "google_host_why",
            kind: "select",
            options: [
                ["https://vision.googleapis.com", t("google_host_global")],
                ["https://eu-vision.googleapis.com", t("google_host_eu")],
                ["https://us-vision.googleapis.com", t("google_host_us")],
            ],
        },
        {
            name: "setup.model",
            label: "provider_model",
            why: "google_model_why",
            kind: "text",
            hints: ["builtin/stable", "builtin/latest"],
        },
    ],
    more: [
        { name: "setup.project", label: "google_project", why: "google_project_why", kind: "text", isNullable: true },
        {
            name: "setup.location",
            label: "google_location",
            kind: "select",
            isNullable: true,
            options: [
                ["", t("google_location_none")],
                ["eu", "eu"],
                ["us", "us"],
            ],
        },
        { name: "setup.max_results", label: "google_max_results", kind: "number", range: [1, 50, 1] },
        { name: "setup.key_in_query", label: "google_key_in_query", why: "google_key_in_query_why", kind: "check" },
    ],
});

/** @returns {Fields} */
const microsoft = () => ({
    first: [
        {
            name: "setup.endpoint",
            label: "microsoft_endpoint",
            why: "microsoft_endpoint_why",
            kind: "text",
            hints: ["https://NAME.cognitiveservices.azure.com/"],
        },
        {
            name: "setup.version",
            label: "microsoft_version",
            why: "microsoft_version_why",
            kind: "select",
            options: [
                ["3.2", "3.2"],
                ["4.0", t("microsoft_version_4")],
                ["2.0", t("microsoft_version_2")],
            ],
        },
    ],
    more: [
        { name: "setup.captions", label: "microsoft_captions", why: "microsoft_captions_why", kind: "check" },
        { name: "setup.api_version", label: "microsoft_api_version", why: "microsoft_api_version_why", kind: "text" },
        { name: "setup.model_version", label: "microsoft_model_version", kind: "text", hints: ["latest"] },
    ],
});

/** The names of AEM's dialog first, then those of the Developer Console. @returns {Fields} */
const adobe = () => ({
    first: [
        { name: "setup.client_id", label: "adobe_client_id", other: "adobe_client_id_console", kind: "text" },
        {
            name: "setup.technical_account_id",
            label: "adobe_technical_account",
            other: "adobe_technical_account_console",
            kind: "text",
        },
        {
            name: "setup.organization_id",
            label: "adobe_organization",
            other: "adobe_organization_console",
            kind: "text",
        },
        {
            name: "setup.service_url",
            label: "adobe_service_url",
            other: "adobe_service_url_console",
            why: "adobe_service_url_why",
            kind: "text",
            hints: [
                "https://smartcontent.adobe.io/na",
                "https://smartcontent.adobe.io/emea",
                "https://smartcontent.adobe.io/apac",
                "https://mc.adobe.io/marketingcloud/smartcontent",
            ],
        },
        {
            name: "setup.authorization_server",
            label: "adobe_authorization_server",
            other: "adobe_authorization_server_console",
            kind: "text",
            hints: ["https://ims-na1.adobelogin.com"],
        },
        {
            name: "setup.scopes",
            label: "adobe_scopes",
            other: "adobe_scopes_console",
            why: "adobe_scopes_why",
            kind: "text",
        },
        {
            name: "setup.sign_in",
            label: "adobe_sign_in",
            why: "adobe_sign_in_why",
            kind: "select",
            options: [
                ["relay", t("adobe_sign_in_relay")],
                ["token", t("adobe_sign_in_token")],
                ["credentials", t("adobe_sign_in_credentials")],
            ],
        },
    ],
    more: [
        { name: "setup.path", label: "adobe_path", why: "adobe_path_why", kind: "text" },
        { name: "setup.engine", label: "adobe_engine", why: "adobe_engine_why", kind: "text" },
        { name: "setup.names", label: "http_names", why: "http_names_why", kind: "text" },
        { name: "setup.confidences", label: "http_confidences", kind: "text" },
        { name: "setup.scale", label: "http_scale", why: "http_scale_why", kind: "number", range: [0.01, 1000, 0.01] },
    ],
});

/** @type {FieldShape} */
const relay = {
    name: "setup.relay",
    label: "adobe_relay",
    why: "adobe_relay_why",
    kind: "text",
    hints: ["http://127.0.0.1:8751"],
};

/** @returns {Fields} */
const http = () => ({
    first: [
        { name: "setup.url", label: "http_url", why: "http_url_why", kind: "text" },
        { name: "setup.model", label: "provider_model", why: "http_model_why", kind: "text" },
        { name: "setup.is_own_machine", label: "http_own_machine", why: "http_own_machine_why", kind: "check" },
    ],
    more: [
        {
            name: "setup.headers",
            label: "http_headers",
            why: "http_headers_why",
            kind: "long",
            read: headerLines,
            write: headersOf,
        },
        { name: "setup.body", label: "http_body", why: "http_body_why", kind: "long", read: bodyText, write: bodyOf },
        { name: "setup.prompt", label: "http_prompt", why: "http_prompt_why", kind: "long" },
        { name: "setup.names", label: "http_names", why: "http_names_why", kind: "text" },
        { name: "setup.confidences", label: "http_confidences", kind: "text", isNullable: true },
        { name: "setup.scale", label: "http_scale", why: "http_scale_why", kind: "number", range: [0.01, 1000, 0.01] },
        { name: "setup.text", label: "http_text", why: "http_text_why", kind: "text", isNullable: true },
    ],
});

/** @returns {Fields} */
const browser = () => ({
    first: [
        {
            name: "setup.words",
            label: "browser_words",
            why: "browser_words_why",
            kind: "select",
            options: [
                ["vocabulary", t("browser_words_vocabulary")],
                ["free", t("browser_words_free")],
            ],
        },
    ],
    more: [],
});

/** @type {Record<ProviderKind, () => Fields>} */
const FIELDS = { google, microsoft, adobe, http, browser };

/** @param {Profile} profile as it holds: some fields only matter with others @returns {Fields} */
export function fieldsOf({ kind, setup }) {
    const { first, more } = FIELDS[kind]();
    return { first: kind === "adobe" && setup["sign_in"] === "relay" ? [...first, relay] : first, more };
}

/** What is done with the answers; of every kind. @returns {readonly FieldShape[]} */
export const answerFields = () => [
    {
        name: "threshold",
        label: "provider_threshold",
        why: "provider_threshold_why",
        kind: "number",
        range: [0, 1, 0.01],
    },
    { name: "max_tags", label: "provider_max_tags", kind: "number", range: [1, 200, 1] },
    {
        name: "language",
        label: "provider_language",
        why: "provider_language_why",
        kind: "text",
        hints: ["en", "sv", "de", "fr", "es", "ja"],
    },
    { name: "mode", label: "ask_mode", kind: "select", options: MODES.map((mode) => [mode, t(`ask_mode_${mode}`)]) },
];

/** One header a line, as people copy them. @param {unknown} value */
export const headerLines = (value) =>
    Array.isArray(value) ? value.map((pair) => (Array.isArray(pair) ? pair.join(": ") : "")).join("\n") : "";

/** @param {string} text @returns {[string, string][]} */
export const headersOf = (text) =>
    text.split("\n").flatMap((line) => {
        const at = line.indexOf(":");
        return at > 0 ? [/** @type {[string, string]} */ ([line.slice(0, at).trim(), line.slice(at + 1).trim()])] : [];
    });

/** JSON as it is sent; anything else as the set-up has it. @param {unknown} value */
function bodyText(value) {
    const { json } = /** @type {{json?: unknown}} */ (Object(value));
    if (typeof json === "string") return json;
    return typeof value === "string" ? value : JSON.stringify(value ?? "bytes", null, 2);
}

/** What is no JSON goes to the core as it is, which says what is wrong with it. @param {string} text @returns {unknown} */
function bodyOf(text) {
    try {
        const body = JSON.parse(text);
        return Object(body).multipart ? body : { json: text };
    } catch {
        return text === "bytes" ? text : { json: text };
    }
}
