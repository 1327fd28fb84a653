/**
 * What is asked before pictures leave: who is to tag which of them, how for this time, and what that comes to. It can be tried on a few first.
 * Nothing is sent before it is confirmed.
 * @import { Plan, ProviderValues, Wanted } from "../provider_state.js"
 * @import { ProviderJobActions } from "./provider_jobs.js"
 * @import { createProviderTrial } from "./provider_trial.js"
 * @import { ProvidersActions } from "./providers.js"
 */
import { failureOf } from "../../core/protocol.js";
import { batch } from "../../vendor/signals.js";
import { neverOf } from "../providers/never_leave.js";
import { merged } from "../provider_profiles.js";
import { asking, keptProviders, trial } from "../provider_state.js";
import * as state from "../state.js";
import { showDialog } from "./places.js";

/** On so many pictures it can be tried; the first is what is offered. */
export const TRIAL_SIZES = Object.freeze([10, 5, 20]);
/** What only changes how answers are taken up: they need not be asked for again. */
const OF_ANSWERS = ["threshold", "max_tags", "mode"];

/**
 * @param {Pick<ProvidersActions, "bare" | "enabledProviders" | "openProviders" | "profileOf">} providers
 * @param {Pick<ProviderJobActions, "planJob" | "startJob">} jobs
 * @param {ReturnType<typeof createProviderTrial>} tries
 */
export function createProviderAsking(
    { bare, enabledProviders, openProviders, profileOf },
    { planJob, startJob },
    { beginTrial, dropTrial, requestsOf, showDiffs, stopTrial, triedResults },
) {
    /** What was counted for something that is not wanted any more is dropped. */
    let nAsked = 0;
    /** Which opening of the dialog it is. */
    let nOpened = 0;

    /** @param {readonly number[]} ids the pictures that are meant */
    async function askProvider(ids) {
        const [provider] = enabledProviders();
        const { id = "", mode = "add" } = (provider && profileOf(provider.id)) ?? {};
        const wanted = /** @type {Wanted} */ ({
            ...{ provider: id, ids, mode, own: {}, n_try: TRIAL_SIZES[0] },
            only_doubted: false,
            never: neverOf(keptProviders.value.never),
        });
        nOpened++;
        batch(() => {
            asking.value = { wanted, plan: null, isStarting: false, failure: null };
            showDialog("ask_provider");
        });
        await openProviders(); // what is known of each set-up
        if (id) void plan();
    }

    /** @param {Partial<Pick<Wanted, "provider" | "only_doubted" | "n_try">>} news */
    function changeAsking(news) {
        if (!asking.value) return;
        const { wanted } = asking.value;
        if (news.provider === undefined) return want({ ...wanted, ...news });
        dropTrial();
        const mode = profileOf(news.provider)?.mode ?? wanted.mode;
        want({ ...wanted, ...news, own: {}, mode });
    }

    /** Sets fields for this time alone; `undefined` lets one follow what is set. @param {ProviderValues} news */
    async function setAsked(news) {
        const before = asking.value;
        if (!before) return;
        const mine = nOpened;
        const { provider, own = {} } = before.wanted;
        const profileWith = (/** @type {ProviderValues} */ values) =>
            /** @type {NonNullable<ReturnType<typeof profileOf>>} */ (profileOf(provider, undefined, values));
        if (news.setup) {
            nAsked++;
            asking.value = { ...before, plan: null }; // what was counted before is not what is wanted any more
        }
        const setup = news.setup && (await bare(news.setup, (setup) => profileWith(merged(own, { ...news, setup }))));
        // Other fields may have been set meanwhile.
        const now = asking.value?.wanted;
        if (!now || mine !== nOpened || now.provider !== provider) return;
        const next = merged(now.own ?? {}, { ...news, ...(setup && { setup }) });
        if (Object.keys(news).some((name) => !OF_ANSWERS.includes(name))) dropTrial();
        want({ ...now, own: next, mode: profileWith(next).mode });
    }

    /** @param {Wanted} wanted */
    function want(wanted) {
        asking.value = { wanted, plan: null, isStarting: false, failure: null };
        void plan();
        if (trial.value?.status === "ended") void showDiffs(wanted).catch(fail);
    }

    /** @param {unknown} error */
    function fail(error) {
        if (asking.value) asking.value = { ...asking.value, failure: failureOf(error, "provider_setup_invalid") };
    }

    async function plan() {
        const mine = ++nAsked;
        const { value: now } = asking;
        if (!now) return;
        const isWanted = () => mine === nAsked && asking.value;
        try {
            const answered = new Set(triedResults().map(({ file }) => file));
            const counted = await planJob({ ...now.wanted, ...(answered.size > 0 && { answered }) });
            if (isWanted()) asking.value = { ...now, plan: counted };
        } catch (error) {
            if (isWanted()) asking.value = { ...now, failure: failureOf(error, "provider_setup_invalid") };
        }
    }

    /** On a few of the pictures; what is answered is counted as answered from then on. */
    async function tryAsked() {
        const wish = asking.value?.plan;
        if (!wish || isTrying() || wish.tried.ids.length === 0) return;
        await beginTrial(wish);
        if (asking.value) want(asking.value.wanted);
    }

    const isTrying = () => trial.value !== null && trial.value.status !== "ended";

    /** With what was tried, as it is. @param {{isTriedAlone?: boolean}} [how] nothing more is sent */
    async function startAsked({ isTriedAlone = false } = {}) {
        const { value: now } = asking;
        if (!now?.plan || now.isStarting || isTrying() || now.plan.asked.length === 0) return;
        const asked = new Set(now.plan.asked);
        const tried = triedResults().filter(({ file }) => asked.has(file));
        /** @type {Plan} */
        const wish = isTriedAlone ? { ...now.plan, asked: tried.map(({ file }) => file) } : now.plan;
        if (wish.asked.length === 0) return;
        asking.value = { ...now, isStarting: true };
        try {
            await startJob(wish, { results: tried, requests: requestsOf(tried) });
            if (state.dialog.value === "ask_provider") showDialog(null);
        } catch (error) {
            asking.value = { ...now, isStarting: false, failure: failureOf(error, "library_unwritten") };
        }
    }

    function dropAsking() {
        nAsked++;
        asking.value = null;
        dropTrial();
    }

    return { askProvider, changeAsking, dropAsking, setAsked, startAsked, stopTrial, tryAsked };
}
