/**
 * Other taggers: which are on, how each is asked, at which level that is set, and whether it works. A provider that is on may be reached
 * from this page at its own addresses and no others; nothing is sent to it here but what a check needs.
 * @import { Context } from "../context.js"
 * @import { Description, Provider, ProviderValues } from "../provider_state.js"
 * @import { KeptProviders } from "../provider_profiles.js"
 * @import { SharedActions } from "./parts.js"
 */
import { ProviderClient } from "../../core/provider_client.js";
import { failureOf } from "../../core/protocol.js";
import { message } from "../../i18n/messages.js";
import { batch } from "../../vendor/signals.js";
import {
    EVERYWHERE,
    PROVIDERS_KEY,
    allProviders,
    placeOf,
    policiesOf,
    profileAt,
    providerNamed,
    validatedProviders,
    valuesAt,
    withEndpoint,
    withValues,
    withoutEndpoint,
} from "../provider_profiles.js";
import * as known from "../provider_state.js";
import { numberOf } from "../providers/never_leave.js";
import { withoutKeys } from "../providers/without_keys.js";
import { BROWSER_MODEL_KEY, PROVIDERS_ON_KEY } from "../settings.js";
import * as state from "../state.js";
import { showDialog } from "./places.js";
import { HeldOrigins } from "./reach.js";
import { createProviderChecks } from "./provider_checks.js";

/** What the files of an AEM set-up have. */
const OSGI_FIELDS = [
    "authorization_server",
    "client_id",
    "organization_id",
    "technical_account_id",
    "scopes",
    "service_url",
];

/** What is no word about a set-up: there was nobody to read it. */
const UNDESCRIBED = new Set(["worker_crashed", "provider_unavailable_here"]);
/** @typedef {ReturnType<typeof createProviders>} ProvidersActions */

/**
 * @param {Context} context @param {Pick<SharedActions, "set">} actions
 * @param {{forgetKey: (id: string) => Promise<void>} & Pick<import("./provider_checks.js").CheckTools, "secretsOf" | "capOf" | "logCheck">} tools
 */
export function createProviders(context, { set }, { forgetKey, secretsOf, capOf, logCheck }) {
    const { library, platform } = context;
    const kept = known.keptProviders;
    const read = () => void (kept.value = validatedProviders(platform.loadSetting(PROVIDERS_KEY)));
    read();
    // What another tab has said holds here at once, and is not written over: what never leaves, and what is off.
    platform.onSetting(PROVIDERS_KEY, () => {
        read();
        if (reader) void describeAll().catch(() => {});
    });
    /** A worker that can reach nobody: it reads set-ups. @type {Promise<ProviderClient> | null} */
    let reader = null;
    /** One after the other: which addresses may be reached. */
    let syncing = Promise.resolve();
    const held = new HeldOrigins();

    const shownPlace = () => placeOf(library.libraryId, library.collection);
    const levelPlace = () => (known.providerLevel.value === "collection" ? shownPlace() : "");
    const levelName = () => (known.providerLevel.value === "collection" ? shownPlace() : EVERYWHERE);
    const libraryId = () => library.libraryId;
    /** Those that can be had here: a browser may know of a model that its device cannot run. */
    const listedProviders = () => {
        const { status = "unavailable" } = known.browserModel.value ?? {};
        return allProviders(kept.value).filter(({ kind }) => kind !== "browser" || status !== "unavailable");
    };
    /** As it holds for a collection, that on screen unless it is said, and for a job. @param {string} id @param {number} [collection] @param {ProviderValues} [own] the job's */
    const profileOf = (id, collection = library.collection, own = {}) => {
        const provider = providerNamed(kept.value, id);
        return provider ? profileAt(kept.value, provider, placeOf(library.libraryId, collection), own) : null;
    };
    const enabledProviders = () => listedProviders().filter(({ id }) => profileOf(id)?.enabled);

    function open() {
        // One that has crashed is started anew.
        reader ??= ProviderClient.open(providersOf(), [], () => void (reader = null)).catch((error) => {
            reader = null;
            throw error;
        });
        return reader;
    }

    /** @throws where this page can have none */
    function providersOf() {
        if (platform.providers) return platform.providers;
        throw Object.assign(new Error("This page has no way to ask a provider."), {
            code: "provider_unavailable_here",
        });
    }

    /** When the dialog opens. */
    async function openProviders() {
        try {
            const reason = await providersOf().whyNot();
            known.providersBlocked.value = reason ? { code: "provider_unavailable_here", detail: reason } : null;
            if (reason) return;
            set(policiesOf(kept.value)); // what the form says holds, also where nobody has changed anything
            await describeAll();
            known.presets.value ??= await (await open()).presets();
        } catch (error) {
            known.providersBlocked.value = failureOf(error, "provider_unavailable_here");
        }
    }

    /** What can be known of every set-up without asking anyone. */
    async function describeAll() {
        const all = await Promise.all(
            listedProviders().map(async (provider) => {
                const { setup } = profileAt(kept.value, provider, levelPlace() || shownPlace());
                return /** @type {const} */ ([provider.id, await describe(setup)]);
            }),
        );
        known.descriptions.value = new Map(all);
    }

    /** @param {import("../provider_state.js").Setup} setup @returns {Promise<Description>} */
    async function describe(setup) {
        try {
            return { ...(await (await open()).describe(setup)), failure: null };
        } catch (error) {
            const failure = failureOf(error, "provider_setup_invalid");
            return { setup: null, notes: [], origins: [], has_confidence: true, is_billed: true, failure };
        }
    }

    /** @param {KeptProviders} next */
    async function keep(next) {
        kept.value = next;
        platform.saveSetting(PROVIDERS_KEY, next);
        set(policiesOf(next));
        await describeAll().catch(() => {}); // why it cannot be is said above the list
        syncing = syncing.then(sync).catch((error) => {
            known.providersFailure.value = failureOf(error, "provider_unavailable_here");
        });
        await syncing;
    }

    /** Which addresses a set-up has must be known before others are taken away. @param {import("../provider_state.js").Setup} setup @throws where nobody could be asked, twice */
    async function describedSurely(setup) {
        const first = await describe(setup);
        if (!UNDESCRIBED.has(first.failure?.code ?? "")) return first;
        const { failure, ...second } = await describe(setup);
        if (failure && UNDESCRIBED.has(failure.code)) throw Object.assign(new Error(failure.detail), failure);
        return second;
    }

    /** The addresses of those that are on anywhere, and no others, may be reached. */
    async function sync() {
        const providers = providersOf();
        const on = listedProviders().flatMap((provider) =>
            ["", ...Object.keys(kept.value.levels)]
                .map((place) => profileAt(kept.value, provider, place))
                .filter(({ enabled }) => enabled),
        );
        const all = await Promise.all(on.map(({ setup }) => describedSurely(setup)));
        const wanted = new Set([...all.flatMap(({ origins }) => origins), ...held.origins]);
        const now = await providers.enabled();
        const gone = now.filter((origin) => !wanted.has(origin));
        if (gone.length > 0) await providers.disable(gone);
        const fresh = [...wanted].filter((origin) => !now.includes(origin));
        if (fresh.length > 0) await providers.enable(fresh);
        // What the browser brings is of this device.
        const names = [...new Set(on.filter(({ kind }) => kind !== "browser").map(({ name }) => name))];
        platform.saveSetting(PROVIDERS_ON_KEY, names);
        state.providersOn.value = names;
        state.isBrowserModelOn.value = on.some(({ kind }) => kind === "browser");
        platform.saveSetting(BROWSER_MODEL_KEY, state.isBrowserModelOn.value);
    }

    /** Beside those of providers that are on. @type {import("./reach.js").Reach} */
    async function reach(origins, isOn) {
        const letGo = held.hold(origins, isOn);
        const release = () => {
            letGo();
            syncing = syncing.then(sync).catch(() => {}); // what could not be taken back is taken back the next time
        };
        try {
            await syncing;
            await providersOf().enable([...origins]);
            return release;
        } catch (error) {
            release();
            throw error;
        }
    }

    /** Where it is set for this collection already, it is set there. @param {string} id @param {boolean} isOn */
    function enableProvider(id, isOn) {
        known.providersFailure.value = null;
        const isOwn = valuesAt(kept.value, shownPlace(), id).enabled !== undefined;
        const isPage = known.providerPage.value.name === "provider";
        const level = isPage ? levelName() : isOwn ? shownPlace() : EVERYWHERE;
        return keep(withValues(kept.value, level, id, { enabled: isOn }));
    }

    /** At the level that is chosen. What was checked before does not hold any more. @param {string} id @param {ProviderValues} news */
    async function setProvider(id, news) {
        const [level, place] = [levelName(), levelPlace()]; // another may be chosen before it is understood
        if (!news.setup) return keep(withValues(kept.value, level, id, news));
        known.checks.value = new Map([...known.checks.value].filter(([other]) => other !== id));
        const withThem = (/** @type {Record<string, unknown>} */ setup) =>
            withValues(kept.value, level, id, { ...news, setup });
        const provider = /** @type {Provider} */ (providerNamed(kept.value, id));
        const plain = await bare(news.setup, (setup) => profileAt(withThem(setup), provider, place));
        await keep(withThem(plain));
    }

    /** Without a key that came with them, which is told; also one that is in an address. @param {Record<string, unknown>} fields of a set-up @param {(fields: Record<string, unknown>) => import("../provider_state.js").Profile} profileWith */
    async function bare(fields, profileWith) {
        const { setup: plain, hadKey } = withoutKeys(fields);
        const { setup, notes } = await describe(profileWith(plain).setup);
        const isInAddress = setup !== null && notes.some(({ code }) => code === "key_removed_from_address");
        known.addressNotes.value = hadKey || isInAddress ? ["key_removed_from_address"] : [];
        return isInAddress ? Object.fromEntries(Object.keys(fields).map((name) => [name, setup[name]])) : plain;
    }

    /** @param {"everywhere" | "collection"} level */
    function setProviderLevel(level) {
        known.providerLevel.value = level;
        void describeAll();
    }

    /** Either may be typed first. @param {string} id @param {{amount?: number, currency?: string}} news `amount`: not a number for none */
    function setPrice(id, { amount, currency }) {
        const { [id]: before = { amount: null, currency: "" }, ...others } = kept.value.prices;
        const set = amount === undefined ? before.amount : amount >= 0 ? amount : null;
        const price = { amount: set, currency: (currency ?? before.currency).trim() || "USD" };
        const isNone = price.amount === null && price.currency === "USD";
        return keep({ ...kept.value, prices: isNone ? others : { ...others, [id]: price } });
    }

    /** @param {string} id @param {number} n not a number for none */
    function setCap(id, n) {
        const { [id]: _, ...others } = kept.value.caps;
        return keep({ ...kept.value, caps: n >= 0 ? { ...others, [id]: Math.round(n) } : others });
    }

    /** @param {number} collection */
    function toggleNever(collection) {
        const { collections: all } = kept.value.never;
        const others = all.filter((place) => numberOf(place) !== collection);
        const collections = others.length < all.length ? others : [...all, placeOf(library.libraryId, collection)];
        return keep({ ...kept.value, never: { ...kept.value.never, collections } });
    }

    /** One a line. @param {string} text */
    function setNeverFolders(text) {
        const folders = [...new Set(text.split("\n").map((line) => line.trim()))].filter(Boolean);
        return keep({ ...kept.value, never: { ...kept.value.never, folders } });
    }

    /** Those of which the library tells, also of endpoints that are gone. @returns {Promise<string[]>} */
    async function endpointsKnown() {
        const [runs, totals] = await Promise.all([
            library.call("runs", {}),
            library.call("request_totals", { since_ms: 0 }),
        ]);
        return [...runs.map(({ tagger }) => tagger), ...totals.map(({ provider }) => provider)];
    }

    /** @param {string} presetId "" for an empty one */
    async function addEndpoint(presetId) {
        const history = await endpointsKnown().catch(() => []); // without a library there is none
        const preset = known.presets.value?.find(({ id }) => id === presetId);
        const { kind: _, ...setup } = preset?.setup ?? { kind: "http" };
        const base = preset?.name ?? message(state.language.value, "endpoint_unnamed");
        const names = new Set(kept.value.others.map(({ name }) => name));
        let name = base;
        for (let n = 2; names.has(name); n++) name = `${base} ${n}`;
        const made = withEndpoint(kept.value, { name, preset: preset?.id ?? null, setup }, history);
        known.providerLevel.value = "everywhere";
        openProvider(made.id, made.kept);
        return keep(made.kept);
    }

    /** @param {string} id @param {string} name */
    function renameEndpoint(id, name) {
        const others = kept.value.others.map((one) =>
            one.id === id && name.trim() ? { ...one, name: name.trim() } : one,
        );
        return keep({ ...kept.value, others });
    }

    /** With its key: the next one may get the same id, and goes to another address. @param {string} id */
    async function removeEndpoint(id) {
        known.providerPage.value = { name: "list" };
        await keep(withoutEndpoint(kept.value, id));
        await forgetKey(id);
    }

    /** @param {string} id @param {KeptProviders} [next] */
    function openProvider(id, next = kept.value) {
        batch(() => {
            kept.value = next;
            known.providersFailure.value = null;
            known.osgiNotes.value = [];
            known.providerPage.value = { name: "provider", id };
            if (state.dialog.value !== "providers") showDialog("providers");
        });
    }

    function showProviders() {
        batch(() => {
            known.providersFailure.value = null;
            known.providerPage.value = { name: "list" };
            if (state.dialog.value !== "providers") showDialog("providers");
        });
    }

    /** Whoever opens the dialog again begins with the list. */
    const leaveProviders = () => void (known.providerPage.value = { name: "list" });

    /** @param {string} id @param {readonly File[]} files of an AEM set-up */
    async function readOsgi(id, files) {
        try {
            known.providersFailure.value = null;
            const texts = await Promise.all(files.map(async (file) => ({ name: file.name, text: await file.text() })));
            const { setup, client_secret: secret, notes } = await (await open()).readOsgi(texts);
            const nUnknown = notes.filter(({ code }) => code === "osgi_file_unknown").length;
            known.osgiNotes.value = [
                { code: "osgi_read", params: { n: files.length - nUnknown } },
                ...notes,
                ...(secret ? [{ code: "osgi_secret_found", params: {} }] : []),
            ];
            const found = Object.entries(setup).filter(([name, value]) => name !== "kind" && value !== "");
            const fields = Object.fromEntries(found.filter(([name]) => OSGI_FIELDS.includes(name)));
            await setProvider(id, { setup: fields });
        } catch (error) {
            known.providersFailure.value = failureOf(error, "provider_setup_invalid");
        }
    }

    const { checkProvider } = createProviderChecks(context, {
        describe: async (setup) => (await open()).describe(setup),
        async reaching(origins) {
            const opened = syncing.then(async () => {
                await providersOf().enable([...origins]);
                return ProviderClient.open(providersOf(), origins);
            });
            syncing = opened.then(
                () => {},
                () => {},
            );
            return opened;
        },
        settle: () => void (syncing = syncing.then(sync).catch(() => {})),
        ...{ profileOf, secretsOf, capOf, logCheck },
    });

    /** @param {import("../../core/engine_api.d.ts").Compared} compared */
    const compareSources = async (compared) => (await open()).compare(compared);

    return {
        addEndpoint,
        bare,
        checkProvider,
        compareSources,
        enableProvider,
        enabledProviders,
        levelPlace,
        leaveProviders,
        libraryId,
        listedProviders,
        openProvider,
        openProviders,
        profileOf,
        reach,
        readOsgi,
        removeEndpoint,
        renameEndpoint,
        setCap,
        setNeverFolders,
        setPrice,
        setProvider,
        setProviderLevel,
        showProviders,
        shownPlace,
        toggleNever,
    };
}
