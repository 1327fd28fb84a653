/**
 * What people set once and find again. What is stored may be of another version, or written by someone else: it is checked value by
 * value, and what makes no sense counts as not set.
 * @import { ProviderPolicy, Rule, TagRef } from "../core/engine_api.d.ts"
 *
 * @typedef {{
 *   threshold: number | null, max_tags: number | null, allow: string[], deny: string[], rules: Rule[], tag_language: string | null,
 *   is_finding_objects: boolean, is_stopping_at_errors: boolean, relaunches: number, relaunch_window_s: number, model: string | null,
 *   card_size: CardSize, max_megapixels: number | null, provider_policies: Record<string, Record<string, ProviderPolicy>>,
 *   provider_names: Record<string, string> }} Settings
 *   `provider_policies`: of other taggers by their ids, "everywhere" and by collection (provider_profiles.js); `provider_names`: of those that
 *   people have named themselves.
 *   `null` where the model's card, or the language of the page, decides. `deny` has the tags and categories that are hidden, `rules` those
 *   that have another name or are merged.
 */

/** How large pictures are in the grid, the smallest first. @typedef {(typeof CARD_SIZES)[number]} CardSize */
export const CARD_SIZES = /** @type {const} */ (["small", "medium", "large"]);

/** Under which the choices about exports are stored, beside the settings: they come with a part of the page that comes late. */
export const EXPORTS_KEY = "exports";

/** The names of other taggers that are on, on this device. */
export const PROVIDERS_ON_KEY = "providers_on";
export const BROWSER_MODEL_KEY = "browser_model_on";

/** @type {Readonly<Settings>} */
export const DEFAULTS = Object.freeze({
    threshold: null,
    max_tags: null,
    allow: [],
    deny: [],
    rules: [],
    tag_language: null,
    is_finding_objects: true,
    is_stopping_at_errors: false,
    relaunches: 5,
    relaunch_window_s: 60,
    model: null,
    card_size: "medium",
    max_megapixels: null,
    provider_policies: {},
    provider_names: {},
});

/** What each number may be, the ends included. */
export const RANGES = Object.freeze({
    threshold: [0.01, 0.99],
    max_tags: [1, 50],
    relaunches: [0, 100],
    relaunch_window_s: [1, 3600],
    max_megapixels: [1, 268],
});

/** More entries than this in a list are nobody's wish. */
const MAX_ENTRIES = 2_000;

/** JPEG and TIFF know no longer sides; the pixels are what takes memory. */
const MAX_SIDE = 65_500;

/** What the engine is told, beyond its own limits. @param {Settings} settings @returns {Partial<import("../core/engine_api.d.ts").Limits>} */
export const limitsOf = ({ max_megapixels: millions }) =>
    millions === null ? {} : { max_pixels: millions * 1_000_000, max_side: MAX_SIDE };

/** @param {unknown} stored @returns {Settings} */
export function validated(stored) {
    const given = /** @type {Record<string, unknown>} */ (Object(stored));
    const settings = { ...DEFAULTS };
    for (const name of /** @type {const} */ (["threshold", "max_tags", "max_megapixels"]))
        settings[name] = number(name, given[name]);
    for (const name of /** @type {const} */ (["relaunches", "relaunch_window_s"]))
        settings[name] = number(name, given[name]) ?? DEFAULTS[name];
    for (const name of /** @type {const} */ (["allow", "deny"])) settings[name] = textsIn(given[name]);
    settings.rules = rules(given["rules"]);
    for (const name of /** @type {const} */ (["tag_language", "model"])) settings[name] = text(given[name]);
    settings.is_stopping_at_errors = given["is_stopping_at_errors"] === true;
    settings.is_finding_objects = given["is_finding_objects"] !== false;
    settings.card_size = CARD_SIZES.find((size) => size === given["card_size"]) ?? DEFAULTS.card_size;
    settings.provider_policies = mapped(given["provider_policies"], (all) => mapped(all, providerPolicy));
    settings.provider_names = mapped(given["provider_names"], (name) => text(name) ?? undefined);
    return settings;
}

/** @template T @param {unknown} value @param {(one: unknown) => T | undefined} read @returns {Record<string, T>} */
function mapped(value, read) {
    const all = Object.entries(Object(value)).slice(0, MAX_ENTRIES);
    return Object.fromEntries(
        all.flatMap(([name, one]) => {
            const known = read(one);
            return known === undefined ? [] : [[name, known]];
        }),
    );
}

/** @param {unknown} stored @returns {ProviderPolicy | undefined} */
function providerPolicy(stored) {
    const { threshold, max_tags: n, is_shown: isShown } = Object(stored);
    if (!(threshold >= 0 && threshold <= 1 && n >= 1 && n <= 200)) return undefined;
    return { threshold, max_tags: Math.round(n), is_shown: isShown !== false };
}

/** @param {keyof typeof RANGES} name @param {unknown} value */
function number(name, value) {
    const [least = 0, most = 0] = RANGES[name];
    if (typeof value !== "number" || !(value >= least && value <= most)) return null;
    return name === "threshold" ? value : Math.round(value);
}

/** @param {unknown} value */
const text = (value) => (typeof value === "string" && value.length > 0 && value.length <= 200 ? value : null);

/** @param {unknown} value @returns {string[]} */
export function textsIn(value) {
    if (!Array.isArray(value)) return [];
    return [...new Set(value.filter((entry) => text(entry) !== null))].slice(0, MAX_ENTRIES);
}

/** @param {unknown} value @returns {Rule[]} */
function rules(value) {
    if (!Array.isArray(value)) return [];
    return value.flatMap((one) => rule(Object(one)) ?? []).slice(0, MAX_ENTRIES);
}

/** @param {{tag?: unknown, action?: unknown}} stored @returns {Rule | null} */
function rule({ tag: stored, action }) {
    const tag = tagRef(stored);
    const { kind, name, into } = /** @type {Record<string, unknown>} */ (Object(action));
    const newName = text(name);
    const target = tagRef(into);
    if (tag && kind === "rename" && newName !== null) return { tag, action: { kind, name: newName } };
    if (tag && kind === "merge" && target) return { tag, action: { kind, into: target } };
    return null;
}

/** @param {unknown} value @returns {TagRef | null} */
function tagRef(value) {
    const { id, name } = /** @type {Record<string, unknown>} */ (Object(value));
    const [known, called] = [text(id), text(name)];
    return known !== null && called !== null ? { id: known, name: called } : null;
}
