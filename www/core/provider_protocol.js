/**
 * Every call between the page and a provider worker, typed once, as protocol.js has those of the other workers. On the wire it is the same.
 * @import { PictureNeed } from "./protocol.js"
 *
 * How a provider is asked, without secrets: `kind` says which (src/providers/).
 * @typedef {{kind: "google" | "microsoft" | "adobe" | "http" | "browser"} & Record<string, unknown>} Setup
 * They are in messages and memory only. @typedef {{key?: string, secret?: string, token?: string}} Secrets
 * What a person should know of a set-up. @typedef {{code: string, params: Record<string, string>}} Note
 * A set-up that is ready but for what only its user knows. @typedef {{id: string, name: string, setup: Setup}} Preset
 * What two files of another system's configuration say. @typedef {Record<string, unknown>} OsgiFacts
 * @typedef {{setup: Setup, notes: Note[], origins: string[], need: PictureNeed, has_confidence: boolean, is_billed: boolean}} Described
 *
 * @typedef {{method: string, url: string, headers: [string, string][], body: Uint8Array<ArrayBuffer>}} HttpRequest
 * Why there are no tags: `retry` says whether asking again helps, `billed` whether the provider counts it as an answer.
 * @typedef {{code: string, detail: string, retry: "never" | "backoff" | {after_ms: number}, billed: "no" | "maybe" | "yes"}} ProviderFailure
 * What was found in one picture; the surest first, 0 to 1.
 * @typedef {{tags: {name: string, confidence: number | null}[], title: string | null, description: string | null, alt_text: string | null,
 *   language: string | null}} FoundInPicture
 * @typedef {{found: FoundInPicture} | {failure: ProviderFailure}} PictureResult
 * @typedef {{results: PictureResult[]} | {failure: ProviderFailure}} Answered
 * @typedef {{token: string, expires_in_s: number}} Token
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
 * @typedef {Sent & {results: PictureResult[] | null, failure: ProviderFailure | null, n_billed: number, n_maybe: number, also: SentOnTheWay[]}} SendReply
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
 *   presets: [Record<string, never>, Preset[]],
 *   read_osgi: [{files: {name: string, text: string}[]}, OsgiFacts],
 *   start: [{setup: Setup, secrets: Secrets, timeout_ms: number}, Described],
 *   set_secrets: [{secrets: Secrets}, null],
 *   plan: [{sizes: number[]}, {batches: number[], units: number}],
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
