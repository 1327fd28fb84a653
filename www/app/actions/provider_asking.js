/**
 * What is asked before pictures leave: who is to tag which of them, and what that comes to. Nothing is sent before it is confirmed.
 * @import { Wanted } from "../provider_state.js"
 * @import { ProviderJobActions } from "./provider_jobs.js"
 * @import { ProvidersActions } from "./providers.js"
 */
import { failureOf } from "../../core/protocol.js";
import { batch } from "../../vendor/signals.js";
import { neverOf } from "../providers/never_leave.js";
import { asking, keptProviders } from "../provider_state.js";
import * as state from "../state.js";
import { showDialog } from "./places.js";

/**
 * @param {Pick<ProvidersActions, "enabledProviders" | "openProviders" | "profileOf">} providers
 * @param {Pick<ProviderJobActions, "planJob" | "startJob">} jobs
 */
export function createProviderAsking({ enabledProviders, openProviders, profileOf }, { planJob, startJob }) {
    /** What was counted for something that is not wanted any more is dropped. */
    let nAsked = 0;

    /** @param {readonly number[]} ids the pictures that are meant */
    async function askProvider(ids) {
        const [provider] = enabledProviders();
        const { id = "", mode = "add" } = (provider && profileOf(provider.id)) ?? {};
        const wanted = /** @type {Wanted} */ ({
            provider: id,
            ids,
            mode,
            only_doubted: false,
            never: neverOf(keptProviders.value.never),
        });
        batch(() => {
            asking.value = { wanted, plan: null, isStarting: false, failure: null };
            showDialog("ask_provider");
        });
        await openProviders(); // what is known of each set-up
        if (id) void plan();
    }

    /** @param {Partial<Pick<Wanted, "provider" | "mode" | "only_doubted">>} news */
    function changeAsking(news) {
        if (!asking.value) return;
        const { provider } = news;
        const mode = provider ? profileOf(provider)?.mode : undefined;
        const wanted = { ...asking.value.wanted, ...(mode && { mode }), ...news };
        asking.value = { wanted, plan: null, isStarting: false, failure: null };
        void plan();
    }

    async function plan() {
        const mine = ++nAsked;
        const { value: now } = asking;
        if (!now) return;
        const isWanted = () => mine === nAsked && asking.value;
        try {
            const counted = await planJob(now.wanted);
            if (isWanted()) asking.value = { ...now, plan: counted };
        } catch (error) {
            if (isWanted()) asking.value = { ...now, failure: failureOf(error, "provider_setup_invalid") };
        }
    }

    async function startAsked() {
        const { value: now } = asking;
        if (!now?.plan || now.isStarting || now.plan.n_pictures === 0) return;
        asking.value = { ...now, isStarting: true };
        try {
            await startJob(now.plan);
            if (state.dialog.value === "ask_provider") showDialog(null);
        } catch (error) {
            asking.value = { ...now, isStarting: false, failure: failureOf(error, "library_unwritten") };
        }
    }

    function dropAsking() {
        nAsked++;
        asking.value = null;
    }

    return { askProvider, changeAsking, dropAsking, startAsked };
}
