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

const NOT_SENT = Object.freeze({
    status: null,
    outcome: /** @type {const} */ ("unreached"),
    n_bytes: 0,
    n_billed: 0,
    n_maybe: 0,
});
const LOST = Object.freeze({ status: null, outcome: /** @type {const} */ ("lost"), n_billed: 0 });

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
     * The row of a check is written before anything is sent. How many bytes its picture of a few pixels comes to is known afterwards.
     * @param {{provider: string, host: string, n_units: number, cap: NewRequest["cap"]}} row @param {() => void} release of the units that were set aside: from here on the log counts them
     * @param {() => Promise<CheckReply>} check
     */
    async function logCheck({ provider, host, n_units, cap }, release, check) {
        const id = (await library.openStore()).newId();
        const row = { id, run: null, purpose: /** @type {const} */ ("check"), provider, host, cap };
        await library.call("begin_request", { ...row, n_pictures: 1, n_units, n_bytes: 0 }).finally(() => release());
        try {
            const { steps, sent } = await check();
            const failed = steps.find(({ ok }) => ok === false)?.failure ?? null;
            await end(id, sent ?? NOT_SENT, failed?.code ?? null);
            return steps;
        } catch (error) {
            await end(id, { ...LOST, n_maybe: n_units }, failureOf(error, "provider_answer_lost").code);
            throw error;
        }
    }

    /** @param {number} id @param {Pick<RequestEnd, "status" | "outcome" | "n_billed" | "n_maybe" | "n_bytes">} became @param {string | null} detail */
    const end = (id, { status, outcome, n_bytes, n_billed, n_maybe }, detail) =>
        library.call("end_request", { id, status, outcome, n_bytes, n_billed, n_maybe, detail, results: [] });

    return { logCheck, moreRequests, showLog };
}
