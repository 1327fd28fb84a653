/**
 * The check of a set-up: the smallest call that tells whether it works, bound by the month's cap as every other, and in the log before it is
 * sent. A provider that is turned off may be reached for the check alone.
 * @import { Described, Secrets, Setup } from "../../core/provider_protocol.js"
 * @import { Cap } from "../providers/cap.js"
 * @import { Context } from "../context.js"
 * @import { CheckStep, Profile } from "../provider_state.js"
 * @import { RequestLogActions } from "./request_log.js"
 *
 * `reaching`: a worker that reaches these addresses, which starts before anybody else takes them away; `settle`: they are not reachable any more,
 * unless they are for other reasons.
 * @typedef {{
 *   describe: (setup: Setup) => Promise<Described>, reaching: (origins: readonly string[]) => Promise<ProviderClient>, settle: () => void,
 *   profileOf: (id: string) => Profile | null, secretsOf: (id: string) => Secrets, capOf: (id: string) => Cap, logCheck: RequestLogActions["logCheck"] }} CheckTools
 */
import { ProviderClient } from "../../core/provider_client.js";
import { failureOf } from "../../core/protocol.js";
import { CHECK_STEPS } from "../../core/provider_protocol.js";
import { checks } from "../provider_state.js";
import { tokenLog } from "./token_log.js";

/** A check that takes longer has failed. */
const CHECK_TIMEOUT_MS = 30_000;

/** @type {readonly CheckStep[]} */
const CAPPED = CHECK_STEPS.map((step) => {
    if (step !== "rights") return { step, ok: step === "form" ? true : null, failure: null };
    const detail = "A check may cost what one picture does, and no more may be asked for this month.";
    return { step, ok: false, failure: { code: "provider_cap_reached", detail } };
});

/** @param {Context} context @param {CheckTools} tools */
export function createProviderChecks(context, { describe, reaching, settle, profileOf, secretsOf, capOf, logCheck }) {
    /** The smallest call that tells whether it works; it may cost what one picture does. @param {string} id */
    async function checkProvider(id) {
        const profile = profileOf(id);
        if (!profile) return;
        const show = (/** @type {readonly CheckStep[]} */ steps, /** @type {"running" | "done"} */ status) =>
            void (checks.value = new Map([...checks.value, [id, { status, steps, at_ms: Date.now() }]]));
        show([], "running");
        /** @type {ProviderClient | null} */
        let client = null;
        try {
            const { setup, language } = profile;
            const { origins } = await describe(setup);
            client = await reaching(origins);
            const asked = client;
            const log = tokenLog(context, { provider: id, run: null });
            const secrets = secretsOf(id);
            const { is_billed } = await asked.start({ setup, secrets, timeoutMs: CHECK_TIMEOUT_MS, log });
            const n_units = is_billed ? (await asked.plan([1])).units : 0;
            const release = is_billed ? await capOf(id).reserve(n_units) : () => {};
            if (!release) return show(CAPPED, "done");
            const row = { provider: id, host: new URL(origins.at(-1) ?? "").host, n_units, cap: capOf(id).limit };
            show(await logCheck(row, release, () => asked.check(language)), "done");
        } catch (error) {
            const failure = failureOf(error, "provider_setup_invalid");
            // Another tab may have asked for the last of it since it was set aside in this one.
            const isCapped = failure.code === "provider_cap_reached";
            show(isCapped ? CAPPED : [{ step: "form", ok: false, failure }], "done");
        } finally {
            client?.stop();
            settle();
        }
    }

    return { checkProvider };
}
