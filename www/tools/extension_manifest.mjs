/**
 * The manifest of the extension and what the browser itself shows of it: one source, and what differs between browsers.
 * @typedef {"chromium" | "firefox"} BrowserName
 */
import { extension as english } from "../i18n/en_extension.js";
import { extension as swedish } from "../i18n/sv_extension.js";

export const BROWSERS = /** @type {const} */ (["chromium", "firefox"]);

/** Wasm is part of the package; nothing else runs, and nothing is fetched but what somebody asks for. */
const CSP = [
    "default-src 'none'",
    "script-src 'self' 'wasm-unsafe-eval'",
    "worker-src 'self'",
    "style-src 'self'",
    "img-src 'self' blob: data: http: https:",
    "connect-src 'self' blob: data: http: https:",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
].join("; ");

const ICONS = { 192: "icon-192.png", 512: "icon-512.png" };

/** Each with its reason in www/shells/extension/README.md. */
const PERMISSIONS = ["activeTab", "contextMenus", "scripting", "storage"];

/** @type {Record<BrowserName, object>} */
const OWN = {
    chromium: {
        // Relaxed SIMD since 114; `chrome.runtime.getContexts` and side panels that open on a click since 116.
        minimum_chrome_version: "116",
        permissions: [...PERMISSIONS, "offscreen", "sidePanel"].sort(),
        background: { service_worker: "background.js" },
        side_panel: { default_path: "library.html" },
    },
    firefox: {
        browser_specific_settings: {
            gecko: {
                id: "tagsmith@tagsmith.invalid",
                strict_min_version: "146.0", // relaxed SIMD
                data_collection_permissions: { required: ["none"] },
            },
        },
        permissions: PERMISSIONS,
        background: { scripts: ["background.js"] },
        sidebar_action: {
            default_panel: "library.html",
            default_title: "__MSG_library__",
            default_icon: ICONS,
            open_at_install: false,
        },
    },
};

/** @param {BrowserName} browser @param {string} version */
export const manifestFor = (browser, version) => ({
    manifest_version: 3,
    name: "__MSG_name__",
    short_name: "Tagsmith",
    description: "__MSG_description__",
    version,
    default_locale: "en",
    icons: ICONS,
    action: { default_popup: "popup.html", default_title: "__MSG_action__", default_icon: ICONS },
    options_ui: { page: "options.html", open_in_tab: true },
    commands: {
        "tag-picture": { suggested_key: { default: "Alt+Shift+T" }, description: "__MSG_command_tag__" },
    },
    optional_host_permissions: ["http://*/*", "https://*/*"],
    content_security_policy: { extension_pages: CSP },
    // Firefox has one background for all windows: it would fetch with the cookies of the others, and keep what it is given.
    incognito: browser === "chromium" ? "split" : "not_allowed",
    ...OWN[browser],
});

/** `_locales`, from the extension's own words. @returns {Record<string, string>} path → content */
export const localeFiles = () =>
    Object.fromEntries(
        Object.entries({ en: english, sv: swedish }).map(([language, { manifest }]) => [
            `_locales/${language}/messages.json`,
            json(Object.fromEntries(Object.entries(manifest).map(([key, message]) => [key, { message }]))),
        ]),
    );

/** @param {unknown} value */
export const json = (value) => `${JSON.stringify(value, null, 4)}\n`;
