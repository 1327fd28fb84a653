/**
 * Every call between the page and a provider worker, typed once, as protocol.js has those of the other workers. On the wire it is the same.
 * @import {
 *   Compared, Comparison, ModelQuestion, ModelReply, OsgiFacts, PictureNeed, ProviderFailure, ProviderNote, ProviderPreset, ProviderResult } from "../../wasm/src/types.d.ts"
 *
 * How a provider is asked, without secrets: `kind` says which (src/providers/).
 * @typedef {{kind: "google" | "microsoft" | "adobe" | "http" | "browser"} & Record<string, unknown>} Setup
 * They are in messages and memory only. @typedef {{key?: string, secret?: string, token?: string}} Secrets
 * @typedef {{setup: Setup, notes: ProviderNote[], origins: string[], need: PictureNeed, has_confidence: boolean, is_billed: boolean, signs_in: boolean}} Described `signs_in`: with requests for tokens
 *
 * What became of a request. "answered": there is an answer, of whatever kind; "refused": the provider wants no such request; "unreached":
 * nothing of it left the device, or nothing of it arrived; "lost": it may have arrived, and the answer did not.
 * @typedef {"answered" | "refused" | "unreached" | "lost"} Outcome
 * A row of the request log, as far as the worker knows it. `n_bytes`: of the body.
 * @typedef {{status: number | null, n_bytes: number, ms: number, outcome: Outcome}} Sent
 * What a request for a token would send, and what came of it. None is billed.
 * @typedef {{host: string, n_bytes: number}} TokenWanted
 * @typedef {Sent & {detail: string | null}} SignedIn
 * Writes the row of such a request before it is sent, and gives what writes its end.
 * @typedef {(wanted: TokenWanted) => Promise<(end: SignedIn) => Promise<unknown>>} TokenLog
 *
 * `results` are in the order of the pictures. `n_billed` and `n_maybe` are units: counted, and perhaps counted.
 * @typedef {Sent & {results: ProviderResult[] | null, failure: ProviderFailure | null, n_billed: number, n_maybe: number}} SendReply
 *
 * A step of the check of a set-up, in their order; `ok` is null for what the steps before leave unknown.
 * @typedef {"form" | "reach" | "sign_in" | "rights" | "answer"} CheckStepName
 * @typedef {{step: CheckStepName, ok: boolean | null, failure: ProviderFailure | null}} CheckStep
 * `sent`: null where nothing was; the smallest request there is, with a picture of a few pixels.
 * @typedef {{steps: CheckStep[], sent: (Sent & {n_billed: number, n_maybe: number}) | null}} CheckReply
 *
 * @typedef {{blob: Blob, width: number, height: number}} SentPicture
 * `load` comes first. `sign_in` comes before `send` and `check` where a token is wanted. `send` and `check` have an `id` for `abort`; they answer then, too.
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
 *   token_wanted: [{checked: string | null}, TokenWanted | null],
 *   sign_in: [Record<string, never>, SignedIn],
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
