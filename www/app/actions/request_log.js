/**
 * The request log, as the library has it; and the rows of what is sent for a check, each written before it is sent.
 * @import { Context } from "../context.js"
 * @import { CheckStep } from "../provider_state.js"
 */
import { failureOf } from "../../core/protocol.js";
import { batch } from "../../vendor/signals.js";
import { monthTotals, providerPage, providersFailure, requestLog } from "../provider_state.js";

/** So many rows are shown at a time. */
const N = 100;

/** @typedef {ReturnType<typeof createRequestLog>} RequestLogActions */

/** @param {Pick<Context, "library">} context */
export function createRequestLog({ library }) {
    function showLog() {
        batch(() => {
            requestLog.value = null;
            providerPage.value = { name: "log" };
        });
        void Promise.all([read([]), readMonth()]).catch(said);
    }

    /** @param {unknown} error */
    const said = (error) => void (providersFailure.value = failureOf(error, "library_unreadable"));

    /** @param {readonly import("../../db/protocol.js").RequestRow[]} before which are shown already, the newest first */
    async function read(before) {
        const last = before.at(-1);
        const rows = await library.call("requests", { n: N, ...(last && { before: last.id }) });
        requestLog.value = { rows: [...before, ...rows], isAll: rows.length < N };
    }

    const moreRequests = () => read(requestLog.value?.rows ?? []).catch(said);

    async function readMonth() {
        const now = new Date();
        const since = new Date(now.getFullYear(), now.getMonth(), 1).getTime();
        monthTotals.value = await library.call("request_totals", { since_ms: since });
    }

    /**
     * @param {string} provider @param {string} host @param {() => Promise<CheckStep[]>} check
     * @returns {Promise<CheckStep[]>}
     */
    async function logCheck(provider, host, check) {
        const id = (await library.openStore()).newId();
        const row = { id, run: null, purpose: /** @type {const} */ ("check"), provider, host, files: [] };
        await library.call("begin_request", { ...row, n_pictures: 1, n_units: 1, n_bytes: 0 });
        try {
            const steps = await check();
            const isOf = (/** @type {string} */ name) => steps.find(({ step }) => step === name);
            const failed = steps.find(({ ok }) => ok === false);
            const isReached = isOf("reach")?.ok === true;
            await end(
                id,
                !isReached ? "unreached" : failed ? "refused" : "answered",
                failed ? 0 : 1,
                failed?.failure?.code,
            );
            return steps;
        } catch (error) {
            await end(id, "lost", 0, failureOf(error, "provider_answer_lost").code);
            throw error;
        }
    }

    /** @param {number} id @param {"answered" | "refused" | "unreached" | "lost"} outcome @param {number} nBilled @param {string} [detail] */
    const end = (id, outcome, nBilled, detail) =>
        library.call("end_request", {
            id,
            status: null,
            outcome,
            n_billed: nBilled,
            n_maybe: outcome === "lost" ? 1 : 0,
            detail: detail ?? null,
            results: [],
        });

    return { logCheck, moreRequests, showLog };
}
