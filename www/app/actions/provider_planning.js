/**
 * What somebody wants to have tagged by a provider, counted before anything of it leaves: which pictures go and why others stay, about how
 * many bytes, how many units, where to, and what is left of the month.
 * @import { Context } from "../context.js"
 * @import { Secrets } from "../../core/provider_protocol.js"
 * @import { Plan, Profile, ProviderValues, Setup, Wanted } from "../provider_state.js"
 * @import { FileActions } from "./files.js"
 * @import { Reach, Release } from "./reach.js"
 *
 * What is set: of each provider (as it holds for a collection, that on screen unless it is said, and for a job with values of its own), its
 * credentials, and the most units of a month. `reach`: addresses that only such a job may ask.
 * @typedef {{profileOf: (id: string, collection?: number, own?: ProviderValues) => (Profile & {enabled: boolean}) | null, reach: Reach, secretsOf: (id: string) => Secrets | null, limitOf: (id: string) => {cap: number | null}}} How
 */
import { ProviderClient } from "../../core/provider_client.js";
import { CodedError } from "../../core/protocol.js";
import { Cap, unitsUsed } from "../providers/cap.js";
import { doubted } from "../providers/doubts.js";
import { mayLeave, neverOf } from "../providers/never_leave.js";
import { bytesAbout, choose, spread } from "../providers/plan.js";
import { keptProviders } from "../provider_state.js";
import * as state from "../state.js";

/** @param {Context} context @param {Pick<FileActions, "openFiles" | "unlockFiles">} files @param {How} how */
export function createPlanning(
    { library, platform, session },
    { openFiles, unlockFiles },
    { profileOf, limitOf, reach },
) {
    /** One a provider, as two jobs may ask the same. @type {Map<string, Cap>} */
    const caps = new Map();

    /** @param {string} provider */
    function capOf(provider) {
        const used = async (/** @type {number} */ sinceMs) =>
            unitsUsed(await library.call("request_totals", { since_ms: sinceMs }), provider);
        const cap = caps.get(provider) ?? new Cap(() => limitOf(provider).cap, used, Date.now);
        caps.set(provider, cap);
        return cap;
    }

    /** @param {string} id @param {number} [collection] @param {ProviderValues} [own] */
    function neededProfile(id, collection, own) {
        const profile = profileOf(id, collection, own);
        if (profile) return profile;
        throw new CodedError("provider_not_enabled", "There is no such provider any more.");
    }

    /** As it is set at this moment. */
    const neverNow = () => neverOf(keptProviders.value.never);

    /** What a job's own values may reach that nobody else does. @param {ProviderValues} own @param {readonly string[]} origins @param {() => boolean} isOn @returns {Promise<Release>} */
    const reachOwn = async ({ enabled, setup }, origins, isOn) =>
        enabled === undefined && !setup ? () => {} : reach(origins, isOn);

    /** With a worker that can reach nobody. @template T @param {(client: ProviderClient) => Promise<T>} ask */
    async function reading(ask) {
        if (!platform.providers)
            throw new CodedError("provider_unavailable_here", "This page has no way to a provider.");
        const client = await ProviderClient.open(platform.providers, []);
        try {
            return await ask(client);
        } finally {
            client.stop();
        }
    }

    /** Where it goes: the last of its origins gets the pictures. @param {Setup} setup */
    async function wayTo(setup) {
        const { origins } = await reading((client) => client.describe(setup));
        return { origins, host: hostOf(origins) };
    }

    /** To be called right after a click, as the browser may ask about files. @param {Wanted} wanted @returns {Promise<Plan>} @throws why the provider cannot be asked */
    async function planJob(wanted) {
        const { ids, mode, only_doubted: isOnlyDoubted, provider, own = {}, answered, n_try: nTry = 0 } = wanted;
        const { setup } = neededProfile(provider, undefined, own);
        const { collection } = library;
        const { locked, ...files } = await openFiles(ids);
        if (locked.length > 0) await unlockFiles(locked);
        const open = new Set([...files.open, ...(locked.length > 0 ? (await openFiles(locked)).open : [])]);
        const tags = await tagsOf(mode === "only_empty" || isOnlyDoubted ? ids : []);
        const sure = state.operatingPoints.value.sure;
        const doubts = new Set(isOnlyDoubted ? doubted(ids, (id) => tags.get(id) ?? null, sure) : ids);
        const never = neverNow();
        const { asked, left_out } = choose(ids, {
            mayLeave(id) {
                const picture = { collection, path: state.pictureOf(id)?.path ?? "" };
                return mayLeave(picture, wanted.never) && mayLeave(picture, never);
            },
            // What could not be decoded for the local model cannot be shrunk for another one.
            isReadable: (id) => state.pictureOf(id)?.state !== "failed",
            isEmpty: (id) => mode !== "only_empty" || (tags.get(id) ?? []).length === 0,
            isDoubted: (id) => doubts.has(id),
            hasFile: (id) => open.has(id),
        });
        const sent = answered ? asked.filter((id) => !answered.has(id)) : asked;
        const counted = await reading(async (client) => {
            const { need, is_billed, has_confidence, origins } = await client.describe(setup);
            const count = async (/** @type {readonly number[]} */ some) => {
                const sizes = some.map((id) => bytesAbout(state.pictureOf(id)?.facts, need));
                const { units } = some.length > 0 ? await client.plan(sizes, setup) : { units: 0 };
                return { n_pictures: some.length, n_bytes: sizes.reduce((sum, size) => sum + size, 0), n_units: units };
            };
            const tried = spread(ofOwnContent(sent), nTry);
            return {
                ...(await count(sent)),
                tried: { ids: tried, ...(await count(tried)) },
                max_side: need.max_side,
                ...{ is_billed, has_confidence },
                host: hostOf(origins),
            };
        });
        const left = await capOf(provider).left();
        const cap_left = Number.isFinite(left) ? left : null;
        return { ...wanted, asked, left_out, cap_left, ...counted };
    }

    /** What shows of pictures; nothing of those that were never looked at. @param {readonly number[]} ids */
    async function tagsOf(ids) {
        /** @type {Map<number, import("../../core/engine_api.d.ts").Tag[]>} */
        const found = new Map();
        if (ids.length === 0) return found;
        for await (const { id, tags } of session.tagsOf(ids)) {
            if (tags.length > 0 || state.pictureOf(id)?.state === "done") found.set(id, tags);
        }
        return found;
    }

    return { capOf, neededProfile, neverNow, planJob, reachOwn, wayTo };
}

/** The first of those with the same content: its answer would be theirs, too. @param {readonly number[]} ids */
function ofOwnContent(ids) {
    const known = new Set();
    return ids.filter((id) => {
        const { sha256 } = state.pictureOf(id)?.facts ?? {};
        const isNew = sha256 === undefined || !known.has(sha256);
        known.add(sha256);
        return isNew;
    });
}

/** The last of them gets the pictures; of a provider in this browser there is none. @param {readonly string[]} origins */
function hostOf(origins) {
    const last = origins.at(-1);
    return last === undefined ? "" : new URL(last).host;
}
