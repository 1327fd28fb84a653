/**
 * The request log, as the library has it; and the rows of what is sent for a check, each written before it is sent.
 * @import { Context } from "../context.js"
 * @import { CheckReply } from "../../core/provider_protocol.js"
 * @import { NewRequest, RequestEnd } from "../../db/protocol.js"
 */
import { failureOf } from "../../core/protocol.js";
import { batch } from "../../vendor/signals.js";
import { monthTotals, providerPage, providersFailure, requestLog } from "../provider_state.js";

/** So many rows are shown at a time. */
const N = 100;

const NOT_SENT = Object.freeze({ status: null, outcome: /** @type {const} */ ("unreached"), n_billed: 0, n_maybe: 0 });
const LOST = Object.freeze({ status: null, outcome: /** @type {const} */ ("lost"), n_billed: 0, n_maybe: 1 });

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
     * The row of a check is written before anything is sent; those of tokens that were fetched on the way, once they are known.
     * @param {string} provider @param {string} host @param {() => Promise<CheckReply>} check
     */
    async function logCheck(provider, host, check) {
        const id = await begin({ purpose: "check", provider, host, n_pictures: 1, n_units: 1 });
        try {
            const { steps, sent, also } = await check();
            const failed = steps.find(({ ok }) => ok === false)?.failure ?? null;
            await end(id, sent ?? NOT_SENT, failed?.code ?? null);
            for (const { purpose, host, detail, ...way } of also) {
                const row = { purpose, provider, host, n_pictures: 0, n_units: 0, n_bytes: way.n_bytes };
                await end(await begin(row), { ...way, n_billed: 0, n_maybe: 0 }, detail);
            }
            return steps;
        } catch (error) {
            await end(id, LOST, failureOf(error, "provider_answer_lost").code);
            throw error;
        }
    }

    /** @param {Omit<NewRequest, "id" | "run" | "n_bytes"> & {n_bytes?: number}} row */
    async function begin(row) {
        const id = (await library.openStore()).newId();
        await library.call("begin_request", { id, run: null, n_bytes: 0, ...row });
        return id;
    }

    /** @param {number} id @param {Pick<RequestEnd, "status" | "outcome" | "n_billed" | "n_maybe">} became @param {string | null} detail */
    const end = (id, { status, outcome, n_billed, n_maybe }, detail) =>
        library.call("end_request", { id, status, outcome, n_billed, n_maybe, detail, results: [] });

    return { logCheck, moreRequests, showLog };
}
