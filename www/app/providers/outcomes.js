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
 *   status: number | null, n_bytes?: number | undefined, outcome: Outcome, n_billed: number, n_maybe: number,
 *   results: readonly ({found: Found} | {failure: ProviderFailure})[] | null, failure: ProviderFailure | null}} Reply
 *
 * What is kept of a failure: its words, and whether asking again may cost a second time. @typedef {{code: string, detail: string, is_maybe_paid: boolean}} KeptFailure
 *
 * `again`: it waits, and is asked again by itself. `alone`: the same, without the others of its batch. `fail`: until a person says otherwise. `stop`: it
 * waits, and nothing more is asked of this provider, as it would be answered in the same way.
 * @typedef {"again" | "alone" | "fail" | "stop"} Course
 */

import { failureOf } from "../../core/protocol.js";

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
    "provider_never_leaves",
    // The request was not sent, as it could not be logged.
    "library_unwritten",
]);

/** Whether every other request would go the same way. @param {string} code */
export const isOfAll = (code) => OF_ALL.has(code);

/** May be one picture's, which is found out by asking for each alone. */
const OF_ONE = new Set(["provider_picture_refused", "provider_request_refused"]);

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

export const NEVER_LEAVES = {
    code: "provider_never_leaves",
    detail: "Some of these pictures never leave this device.",
};

/** @param {ProviderFailure} failure @returns {KeptFailure} */
export const keptOf = ({ code, detail, billed }) => ({ code, detail, is_maybe_paid: billed !== "no" });

/** @type {ProviderFailure} */
export const NO_RESULTS = {
    code: "provider_answer_unreadable",
    detail: "The answer says nothing of this picture.",
    retry: "never",
    billed: "maybe",
};

/** The worker is gone: whether the request was sent, nobody knows. @param {unknown} error @param {number} nUnits @returns {Reply} */
export function lost(error, nUnits) {
    const { detail } = failureOf(error, "provider_answer_lost");
    const failure = /** @type {const} */ ({ code: "provider_answer_lost", detail, retry: "never", billed: "maybe" });
    return { status: null, n_bytes: undefined, outcome: "lost", n_billed: 0, n_maybe: nUnits, results: null, failure };
}
