/**
 * Every call between the page and a provider worker, typed once, as protocol.js has those of the other workers. On the wire it is the same.
 * @import {
 *   Compared, Comparison, ModelQuestion, ModelReply, OsgiFacts, PictureNeed, ProviderFailure, ProviderNote, ProviderPreset, ProviderResult } from "../../wasm/src/types.d.ts"
 *
 * How a provider is asked, without secrets: `kind` says which (src/providers/).
 * @typedef {{kind: "google" | "microsoft" | "adobe" | "http" | "browser"} & Record<string, unknown>} Setup
 * They are in messages and memory only. @typedef {{key?: string, secret?: string, token?: string}} Secrets
 * @typedef {{setup: Setup, notes: ProviderNote[], origins: string[], need: PictureNeed, has_confidence: boolean, is_billed: boolean}} Described
 *
 * What became of a request. "answered": there is an answer, of whatever kind; "refused": the provider wants no such request; "unreached":
 * nothing of it left the device, or nothing of it arrived; "lost": it may have arrived, and the answer did not.
 * @typedef {"answered" | "refused" | "unreached" | "lost"} Outcome
 * A row of the request log, as far as the worker knows it. `n_bytes`: of the body.
 * @typedef {{status: number | null, n_bytes: number, ms: number, outcome: Outcome}} Sent
 * Requests that were made on the way, without being asked for: a token that had run out, and what was refused before it was renewed. None
 * of them is billed.
 * @typedef {Sent & {purpose: "token" | "tag" | "check", host: string, detail: string | null}} SentOnTheWay
 *
 * `results` are in the order of the pictures. `n_billed` and `n_maybe` are units: counted, and perhaps counted.
 * @typedef {Sent & {results: ProviderResult[] | null, failure: ProviderFailure | null, n_billed: number, n_maybe: number, also: SentOnTheWay[]}} SendReply
 *
 * A step of the check of a set-up, in their order; `ok` is null for what the steps before leave unknown.
 * @typedef {"form" | "reach" | "sign_in" | "rights" | "answer"} CheckStepName
 * @typedef {{step: CheckStepName, ok: boolean | null, failure: ProviderFailure | null}} CheckStep
 * `sent`: null where nothing was; the smallest request there is, with a picture of a few pixels.
 * @typedef {{steps: CheckStep[], sent: (Sent & {n_billed: number, n_maybe: number}) | null, also: SentOnTheWay[]}} CheckReply
 *
 * @typedef {{blob: Blob, width: number, height: number}} SentPicture
 * `load` comes first. `send` and `check` have an `id` for `abort`; they answer then, too.
 * @typedef {{
 *   load: [{module: WebAssembly.Module}, null],
 *   describe: [{setup: Setup}, Described],
 *   presets: [Record<string, never>, ProviderPreset[]],
 *   questions: [{setup: Setup, vocabulary: string[], language: string}, ModelQuestion[]],
 *   read_replies: [{replies: ModelReply[]}, ProviderResult],
 *   compare: [{compared: Compared}, Comparison],
 *   read_osgi: [{files: {name: string, text: string}[]}, OsgiFacts],
 *   start: [{setup: Setup, secrets: Secrets, timeout_ms: number}, Described],
 *   set_secrets: [{secrets: Secrets}, null],
 *   plan: [{sizes: number[], setup?: Setup}, {batches: number[], units: number}],
 *   send: [{id: number, pictures: SentPicture[], language: string}, SendReply],
 *   check: [{id: number, language: string}, CheckReply],
 *   abort: [{id: number}, null],
 *   live: [{lock: string}, null],
 * }} ProviderCalls
 *
 * @typedef {{[K in keyof ProviderCalls]: {seq: number, name: K, params: ProviderCalls[K][0]}}[keyof ProviderCalls]} ProviderCall
 */

/** In their order. @type {readonly CheckStepName[]} */
export const CHECK_STEPS = ["form", "reach", "sign_in", "rights", "answer"];

/**
 * @param {string} code @param {string} detail
 * @param {{retry?: ProviderFailure["retry"], billed?: ProviderFailure["billed"]}} [how] not to be asked again by itself, and not billed
 * @returns {ProviderFailure}
 */
export const failed = (code, detail, { retry = "never", billed = "no" } = {}) => ({ code, detail, retry, billed });
