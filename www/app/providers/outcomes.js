/**
 * What is to become of a job when a request has ended, by what the core says of it: of the pictures of the request, and of the job.
 * @import { Retry } from "./retry.js"
 *
 * What the provider worker says of a request that went wrong, or of one picture of it (src/providers, `Failure`).
 * @typedef {{code: string, detail: string, retry: Retry, billed: "no" | "maybe" | "yes"}} ProviderFailure
 *
 * What it found in a picture; tags the surest first (src/providers, `Found`).
 * @typedef {{name: string, confidence: number | null}} FoundTag
 * @typedef {{tags: FoundTag[], title: string | null, description: string | null, alt_text: string | null, language: string | null}} Found
 * What became of a request (core/provider_protocol.js). `results`: one a picture, where it was answered.
 * @typedef {"answered" | "refused" | "unreached" | "lost"} Outcome
 * @typedef {{
 *   status: number | null, n_bytes: number, outcome: Outcome, n_billed: number, n_maybe: number,
 *   results: readonly ({found: Found} | {failure: ProviderFailure})[] | null, failure: ProviderFailure | null}} Reply
 *
 * `again`: it waits, and is asked again by itself. `alone`: the same, without the others of its batch. `fail`: until a person says otherwise. `stop`: it
 * waits, and nothing more is asked of this provider, as it would be answered in the same way.
 * @typedef {"again" | "alone" | "fail" | "stop"} Course
 */

/** The set-up's, the account's or the network's fault, and no picture's. */
const OF_ALL = new Set([
    "provider_setup_invalid",
    "provider_endpoint_retired",
    "provider_key_missing",
    "provider_key_wrong",
    "provider_key_expired",
    "provider_key_revoked",
    "provider_not_permitted",
    "provider_region_wrong",
    "provider_quota_used_up",
    "provider_throttled",
    "provider_unavailable",
    "provider_unreachable",
    "provider_blocked",
    "provider_offline",
    "provider_clock_wrong",
    "provider_language_unsupported",
    "provider_model_missing",
    "provider_local_refused",
    "provider_cap_reached",
    "provider_unavailable_here",
    "provider_not_enabled",
]);

/** Whether every other request would go the same way. @param {string} code */
export const isOfAll = (code) => OF_ALL.has(code);

/** May be one picture's, which is found out by asking for each alone. */
const OF_ONE = new Set(["provider_picture_refused", "provider_request_refused"]);

/** Perhaps paid for, and not answered: asking again may cost a second time. */
const MAYBE_PAID = new Set([
    "provider_answer_lost",
    "provider_timed_out",
    "provider_answer_unreadable",
    // What is known not to have arrived waits, and does not fail: these were sent.
    "provider_unreachable",
    "provider_blocked",
]);

/** Whether asking again for pictures that failed so may cost a second time. @param {string} code */
export const isMaybePaid = (code) => MAYBE_PAID.has(code);

/**
 * A request went wrong as a whole.
 * @param {ProviderFailure} failure @param {{isBilled: boolean, nPictures: number, wait: number | null}} how `wait`: as `waitBefore` has it
 * @returns {Course}
 */
export function courseOfRequest({ code, billed }, { isBilled, nPictures, wait }) {
    if (isBilled && billed !== "no") return "fail";
    if (OF_ONE.has(code) && nPictures > 1) return "alone";
    if (wait !== null) return "again";
    return OF_ALL.has(code) ? "stop" : "fail";
}

/** One picture of a request that was answered went wrong. @param {ProviderFailure} failure @param {{isBilled: boolean, wait: number | null}} how @returns {Course} */
export const courseOfPicture = ({ billed }, { isBilled, wait }) =>
    wait === null || (isBilled && billed !== "no") ? "fail" : "again";
