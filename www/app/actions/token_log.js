/**
 * Requests for tokens in the request log: each row is written before it is sent. They cost nothing, and tell where somebody signed in.
 * @import { TokenLog } from "../../core/provider_protocol.js"
 * @import { Context } from "../context.js"
 */

/** @param {Pick<Context, "library" | "openStore">} context @param {{provider: string, run: number | null}} of @returns {TokenLog} */
export const tokenLog =
    ({ library, openStore }, { provider, run }) =>
    async ({ host, n_bytes }) => {
        const id = (await openStore()).newId();
        const counts = { n_pictures: 0, n_units: 0, n_bytes };
        await library.call("begin_request", { id, run, purpose: "token", provider, host, files: [], ...counts });
        return ({ status, outcome, n_bytes, detail }) => {
            const end = { id, status, outcome, n_bytes, detail };
            return library.call("end_request", { ...end, n_billed: 0, n_maybe: 0, results: [] });
        };
    };
