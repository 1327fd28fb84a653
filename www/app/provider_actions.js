/**
 * What only other taggers do: fetched with them.
 * @import { Actions } from "./actions.js"
 * @import { Tools } from "./actions/parts.js"
 * @import { DialogActions } from "./dialog_actions.js"
 * @import { WorkActions } from "./work_actions.js"
 */
import { createBrowserDownload } from "./actions/browser_download.js";
import { createModelTrial } from "./actions/model_trial.js";
import { createProviderAsking } from "./actions/provider_asking.js";
import { createProviderComparing } from "./actions/provider_comparing.js";
import { createProviderJobs } from "./actions/provider_jobs.js";
import { createProviderKeys } from "./actions/provider_keys.js";
import { createProviderTrial } from "./actions/provider_trial.js";
import { createProviders } from "./actions/providers.js";
import { createRequestLog } from "./actions/request_log.js";
import { effect, untracked } from "../vendor/signals.js";
import { keptProviders } from "./provider_state.js";
import { storedJobs } from "./state.js";

/** @typedef {ReturnType<typeof createProviderActions>} ProviderActions */

/** All actions, for the views of this part: there before any of them is drawn. @type {Actions & WorkActions & DialogActions & ProviderActions} */
export let actions;

/** @param {Tools} tools */
export function startProviderActions(tools) {
    const all = /** @type {Actions & WorkActions & DialogActions} */ (tools.actions);
    actions = Object.assign(all, createProviderActions(tools));
    void actions.refreshKeys();
    void actions.refreshBrowserModel();
    effect(() => {
        void storedJobs.value;
        untracked(() => void actions.refreshJobs());
    });
    return actions;
}

/** @param {Tools} tools */
function createProviderActions(tools) {
    const { context, actions } = tools;
    const { logCheck, ...log } = createRequestLog(context);
    const { secretsOf, ...keys } = createProviderKeys(context);
    const ofCap = (/** @type {string} */ id) => capOf(id);
    const { compareSources, ...providers } = createProviders(context, actions, {
        ...keys,
        secretsOf,
        capOf: ofCap,
        logCheck,
    });
    /** @type {import("./actions/provider_planning.js").How} */
    const how = {
        profileOf: providers.profileOf,
        reach: providers.reach,
        secretsOf,
        limitOf: (id) => ({ cap: keptProviders.value.caps[id] ?? null }),
    };
    const { capOf, planJob, planning, startJob, ...jobs } = createProviderJobs(tools, how);
    const tries = createProviderTrial(context, how, planning);
    return {
        ...jobs,
        ...keys,
        ...log,
        ...createBrowserDownload(context),
        ...createModelTrial(context, /** @type {Actions & WorkActions & DialogActions} */ (actions)),
        ...providers,
        ...createProviderAsking(providers, { planJob, startJob }, tries),
        ...createProviderComparing(context, { compareSources }),
    };
}
