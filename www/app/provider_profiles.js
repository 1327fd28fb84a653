/**
 * What people have set for other taggers: by level, field by field, so that a collection may differ from what holds everywhere in one
 * field and follow it in all others. What is stored may be of another version, or written by someone else: it is checked value by value.
 * @import { Settings } from "./settings.js"
 * @import { LevelName, Profile, Provider, ProviderKind, ProviderValues, Setup } from "./provider_state.js"
 *
 * `others`: endpoints of one's own; `last_endpoint`: the highest number that one has had. `levels`: "everywhere", and collections by `placeOf`. `prices`: what a thousand units cost, as
 * somebody typed it. `caps`: the most units in a month. `never`: what never leaves this device, whatever is asked for: collections by
 * `placeOf`, and folders by the beginning of a path.
 * @typedef {{amount: number | null, currency: string}} Price `amount`: null where so far only the currency was typed
 * @typedef {{
 *   others: readonly {id: string, name: string, preset: string | null}[], last_endpoint: number, levels: Readonly<Record<string, Readonly<Record<string, ProviderValues>>>>,
 *   prices: Readonly<Record<string, Price>>, caps: Readonly<Record<string, number>>,
 *   never: {collections: readonly string[], folders: readonly string[]}}} KeptProviders
 */
import { KNOWN_NAMES, providerName } from "./provider_names.js";
import { resolve } from "./providers/settings_levels.js";

/** Under which the browser keeps it. A set-up belongs to this device, as a model does; keys are kept elsewhere, if at all. */
export const PROVIDERS_KEY = "providers";
export const EVERYWHERE = "everywhere";
/** More endpoints than this are nobody's wish; nor more folders and collections that never leave, of which none may be forgotten. */
const MAX_KEPT = 200;
const MAX_NEVER = 20_000;
const MAX_TEXT = 4_000;
const ENDPOINT = /^http-(\d{1,4})$/;
const MAX_ENDPOINT = 9_999;
const MODES = /** @type {const} */ (["only_empty", "add", "replace"]);

/** @type {ProviderValues} */
const NO_VALUES = Object.freeze({});

/** @type {KeptProviders} */
export const NOTHING_KEPT = Object.freeze({
    others: [],
    last_endpoint: 0,
    levels: {},
    prices: {},
    caps: {},
    never: { collections: [], folders: [] },
});

/** The names of those that need none by a person. */
export const FIXED = Object.freeze(
    /** @type {readonly Provider[]} */ ([
        { id: "google", kind: "google", name: KNOWN_NAMES["google"] },
        { id: "microsoft", kind: "microsoft", name: KNOWN_NAMES["microsoft"] },
        { id: "adobe", kind: "adobe", name: KNOWN_NAMES["adobe"] },
        {
            id: "browser",
            kind: "browser",
            /** In the language of this moment. */
            get name() {
                return providerName("browser");
            },
        },
    ]),
);

/** What holds where nobody has said anything: all fields, as a form shows what it does not ask for, too. @type {Readonly<Record<ProviderKind, Setup>>} */
const SETUPS = Object.freeze({
    google: {
        kind: "google",
        host: "https://vision.googleapis.com",
        project: null,
        location: null,
        model: "builtin/stable",
        max_results: 20,
        key_in_query: false,
    },
    microsoft: {
        kind: "microsoft",
        endpoint: "",
        version: "3.2",
        api_version: "2023-10-01",
        model_version: "latest",
        captions: true,
    },
    adobe: {
        kind: "adobe",
        authorization_server: "https://ims-na1.adobelogin.com",
        client_id: "",
        technical_account_id: "",
        organization_id: "",
        scopes: "",
        service_url: "https://smartcontent.adobe.io/na",
        sign_in: "token",
        relay: "",
        path: "/services/v2/predict",
        engine: "",
        names: "",
        confidences: "",
        scale: 1,
    },
    http: {
        kind: "http",
        preset: null,
        url: "",
        headers: [],
        body: "bytes",
        model: "",
        prompt: "",
        names: "",
        confidences: null,
        scale: 1,
        text: null,
        is_own_machine: false,
    },
    browser: { kind: "browser", words: "vocabulary", texts: ["title", "description", "alt_text"] },
});
const DEFAULTS = Object.freeze(
    /** @type {const} */ ({ enabled: false, threshold: 0.5, max_tags: 20, language: "en", mode: "add" }),
);

/** Of which library, as another has other collections under the same numbers. @param {string | null} library @param {number} collection */
export const placeOf = (library, collection) => `${library ?? ""}/${collection}`;

/** @param {KeptProviders} kept @returns {readonly Provider[]} */
export const allProviders = ({ others }) => [
    ...FIXED,
    ...others.map(({ id, name }) => ({ id, name, kind: /** @type {const} */ ("http") })),
];

/** @param {KeptProviders} kept @param {string} id */
export const providerNamed = (kept, id) => allProviders(kept).find((one) => one.id === id);

/** @param {KeptProviders} kept @param {string} level @param {string} id @returns {ProviderValues} */
export const valuesAt = (kept, level, id) => kept.levels[level]?.[id] ?? NO_VALUES;

/**
 * What holds for a collection, field by field, and which level says so. Fields of the set-up are called `setup.NAME`.
 * @param {KeptProviders} kept @param {Provider} provider @param {string} place of the collection @param {ProviderValues} [job] what is asked for once
 * @returns {Readonly<Record<string, {value: unknown, from: LevelName}>>}
 */
export function effective(kept, { id, kind }, place, job = {}) {
    return resolve([
        { level: "default", values: flat({ ...DEFAULTS, setup: SETUPS[kind] }) },
        { level: "everywhere", values: flat(valuesAt(kept, EVERYWHERE, id)) },
        { level: "collection", values: flat(valuesAt(kept, place, id)) },
        { level: "job", values: flat(job) },
    ]);
}

/** The same without where it comes from. @param {KeptProviders} kept @param {Provider} provider @param {string} place @param {ProviderValues} [job] @returns {Profile & {enabled: boolean}} */
export function profileAt(kept, provider, place, job = {}) {
    const { enabled, threshold, max_tags, language, mode, ...fields } = Object.fromEntries(
        Object.entries(effective(kept, provider, place, job)).map(([name, { value }]) => [name, value]),
    );
    const setup = Object.fromEntries(Object.entries(fields).map(([name, value]) => [name.slice(SETUP.length), value]));
    return /** @type {Profile & {enabled: boolean}} */ ({
        ...provider,
        ...{ enabled, threshold, max_tags, language, mode },
        setup: { ...setup, kind: provider.kind },
    });
}

const SETUP = "setup.";

/** @param {ProviderValues} values @returns {Record<string, unknown>} */
function flat({ setup = {}, ...values }) {
    const fields = Object.entries(setup).map(([name, value]) => [SETUP + name, value]);
    return { ...values, ...Object.fromEntries(fields) };
}

/**
 * What of it the session needs, kept with what else is set: under which numbers tags of providers show, by level, and what those are
 * called that people have named.
 * @param {KeptProviders} kept @returns {Pick<Settings, "provider_policies" | "provider_names">}
 */
export function policiesOf(kept) {
    const policies = Object.keys({ [EVERYWHERE]: null, ...kept.levels }).map((level) => [
        level,
        Object.fromEntries(
            allProviders(kept)
                .filter(({ id }) => level === EVERYWHERE || valuesAt(kept, level, id) !== NO_VALUES)
                .map((provider) => {
                    const { threshold, max_tags } = profileAt(kept, provider, level === EVERYWHERE ? "" : level);
                    return [provider.id, { threshold, max_tags, is_shown: true }];
                }),
        ),
    ]);
    return {
        provider_policies: Object.fromEntries(policies),
        provider_names: Object.fromEntries(kept.others.map(({ id, name }) => [id, name])),
    };
}

/**
 * Sets fields at one level; `undefined` lets a field follow the level above.
 * @param {KeptProviders} kept @param {string} level @param {string} id @param {ProviderValues} news @returns {KeptProviders}
 */
export function withValues(kept, level, id, news) {
    const all = merged(valuesAt(kept, level, id), news);
    return { ...kept, levels: { ...kept.levels, [level]: { ...kept.levels[level], [id]: all } } };
}

/** The values of one level with others; what is `undefined` by now is not set any more. @param {ProviderValues} before @param {ProviderValues} news @returns {ProviderValues} */
export function merged({ setup, ...values }, { setup: newSetup, ...newValues }) {
    const fields = without({ ...setup, ...newSetup });
    return without({ ...values, ...newValues, ...(Object.keys(fields).length > 0 && { setup: fields }) });
}

/** @template {object} T @param {T} values @returns {T} those that are set */
const without = (values) =>
    /** @type {T} */ (Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)));

/**
 * An endpoint of one's own, as one of the ready-made ones or empty. Its id was nobody's before: tags, requests and the month of one that was
 * removed would be taken for its own.
 * @param {KeptProviders} kept @param {{name: string, preset: string | null, setup: Record<string, unknown>}} made
 * @param {Iterable<string>} [known] ids of which the library tells
 */
export function withEndpoint(kept, { name, preset, setup }, known = []) {
    const taken = new Set([...kept.others.map(({ id }) => id), ...known].map(endpointNumber));
    let n = Math.max(kept.last_endpoint, ...taken) + 1;
    // A library that comes from elsewhere may know the last number.
    if (n > MAX_ENDPOINT) for (n = 1; taken.has(n); ) n++;
    const id = `http-${n}`;
    const last_endpoint = Math.max(kept.last_endpoint, n);
    const added = { ...kept, last_endpoint, others: [...kept.others, { id, name, preset }] };
    return { id, kept: withValues(added, EVERYWHERE, id, { setup }) };
}

/** 0 for what is none. @param {string} id */
const endpointNumber = (id) => Number(ENDPOINT.exec(id)?.[1] ?? 0);

/** @param {KeptProviders} kept @param {string} id @returns {KeptProviders} */
export function withoutEndpoint(kept, id) {
    const drop = (/** @type {Readonly<Record<string, any>>} */ from) =>
        Object.fromEntries(Object.entries(from).filter(([name]) => name !== id));
    return {
        ...kept,
        others: kept.others.filter((one) => one.id !== id),
        levels: Object.fromEntries(Object.entries(kept.levels).map(([level, all]) => [level, drop(all)])),
        prices: drop(kept.prices),
        caps: drop(kept.caps),
    };
}

/** @param {unknown} stored @returns {KeptProviders} */
export function validatedProviders(stored) {
    const { others, last_endpoint: last, levels, prices, caps, never } = object(stored);
    return {
        others: list(others).flatMap((one) => {
            const { id, name, preset } = object(one);
            return ENDPOINT.test(String(id)) && isText(name)
                ? [{ id: String(id), name, preset: isText(preset) ? preset : null }]
                : [];
        }),
        last_endpoint: isIn(last, 0, MAX_ENDPOINT) ? Math.round(last) : 0,
        levels: mapped(levels, (all) => mapped(all, values)),
        prices: mapped(prices, (one) => {
            const { amount, currency } = object(one);
            const isSound = (amount === null || isIn(amount, 0, 1e6)) && isText(currency);
            return isSound ? { amount, currency: currency.slice(0, 8) } : undefined;
        }),
        caps: mapped(caps, (one) => (isIn(one, 0, 1e9) ? Math.round(one) : undefined)),
        never: {
            collections: list(object(never)["collections"], MAX_NEVER).filter(isText),
            folders: list(object(never)["folders"], MAX_NEVER).filter(isText),
        },
    };
}

/** @param {unknown} stored @returns {ProviderValues} */
function values(stored) {
    const { enabled, setup, threshold, max_tags, language, mode } = object(stored);
    return without(
        /** @type {ProviderValues} */ ({
            enabled: typeof enabled === "boolean" ? enabled : undefined,
            threshold: isIn(threshold, 0, 1) ? threshold : undefined,
            max_tags: isIn(max_tags, 1, 200) ? Math.round(max_tags) : undefined,
            language: isText(language) ? language : undefined,
            mode: MODES.find((one) => one === mode),
            // What the fields of a set-up may be is the core's to say: it refuses with a sentence.
            setup: setup === undefined ? undefined : object(setup),
        }),
    );
}

/** What a run was begun with for itself, as its settings keep it; a library may be somebody else's. @param {Readonly<Record<string, unknown>>} settings @returns {ProviderValues} */
export const ownOf = (settings) => values(settings["own"]);

/** @param {unknown} value @returns {Record<string, unknown>} */
const object = (value) =>
    typeof value === "object" && value !== null && !Array.isArray(value)
        ? /** @type {Record<string, unknown>} */ (value)
        : {};
/** @param {unknown} value @param {number} [most] @returns {unknown[]} */
const list = (value, most = MAX_KEPT) => (Array.isArray(value) ? value.slice(0, most) : []);
/** @param {unknown} value @returns {value is string} */
const isText = (value) => typeof value === "string" && value.length > 0 && value.length <= MAX_TEXT;
/** @param {unknown} value @param {number} least @param {number} most @returns {value is number} */
const isIn = (value, least, most) => typeof value === "number" && value >= least && value <= most;
/** @template T @param {unknown} value @param {(one: unknown) => T | undefined} read @returns {Record<string, T>} */
function mapped(value, read) {
    const all = Object.entries(object(value)).slice(0, MAX_KEPT);
    return Object.fromEntries(
        all.flatMap(([name, one]) => {
            const known = read(one);
            return known === undefined || name === "__proto__" ? [] : [[name, known]];
        }),
    );
}
