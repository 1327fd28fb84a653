/**
 * What the part "providers" knows, as signals. Views read; app/actions/providers.js and app/actions/provider_jobs.js write.
 * @import { Comparison, ProviderPreset } from "../core/engine_api.d.ts"
 * @import { Failure } from "../core/protocol.js"
 * @import { RequestRow, RequestTotals } from "../db/protocol.js"
 * @import { ComparedPicture, Spent } from "./providers/comparing.js"
 *
 * @typedef {"google" | "microsoft" | "adobe" | "http" | "browser"} ProviderKind
 * @typedef {"only_empty" | "add" | "replace"} JobMode
 * How one provider is asked, as providers.wasm takes it: docs/formats of the set-ups. Never with a secret.
 * @typedef {{kind: ProviderKind} & Record<string, unknown>} Setup
 * One that people know: the four kinds, the browser's own, and each endpoint of their own. `name`: as it is shown.
 * @typedef {{id: string, kind: ProviderKind, name: string}} Provider
 *
 * What is set for a provider at one level; what is not set is as it is above. `setup`: the fields that differ.
 * @typedef {{
 *   enabled?: boolean | undefined, setup?: Record<string, unknown>, threshold?: number | undefined, max_tags?: number | undefined,
 *   language?: string | undefined, mode?: JobMode | undefined }} ProviderValues
 * @typedef {"default" | "everywhere" | "collection" | "job"} LevelName
 * What holds, and which level says so.
 * @typedef {{id: string, kind: ProviderKind, name: string, setup: Setup, threshold: number, max_tags: number, language: string, mode: JobMode}} Profile
 *
 * A step of a check. `ok` is null for what could not be tried.
 * @typedef {"form" | "reach" | "sign_in" | "rights" | "answer"} StepName
 * @typedef {{step: StepName, ok: boolean | null, failure: Failure | null}} CheckStep
 * @typedef {{status: "running" | "done", steps: readonly CheckStep[], at_ms: number}} ProviderCheck
 *
 * What of a provider's set-up was understood, without asking anyone. `failure`: why it cannot be used as it is.
 * @typedef {{code: string, params: Readonly<Record<string, string | number>>}} Note
 * @typedef {{
 *   setup: Setup | null, notes: readonly Note[], origins: readonly string[], has_confidence: boolean, is_billed: boolean,
 *   failure: Failure | null}} Description
 *
 * `memory`: until the page closes. `locked`: kept, and not opened in this visit.
 * @typedef {"none" | "memory" | "kept" | "locked"} KeyPlace
 *
 * What somebody wants to have tagged; what it comes to. `own`: what is set for this time alone, and `mode` as it holds with that; `answered`: of these a
 * trial has an answer already; `n_try`: on so many it can be tried first. `asked`: the pictures that are tagged; the numbers are of those that go.
 * @typedef {{
 *   provider: string, ids: readonly number[], mode: JobMode, only_doubted: boolean, never: {collections: readonly number[], folders: readonly string[]},
 *   own?: ProviderValues, answered?: ReadonlySet<number>, n_try?: number}} Wanted
 * @typedef {{n_pictures: number, n_bytes: number, n_units: number}} Sums
 * @typedef {Wanted & Sums & {
 *   asked: readonly number[], tried: Sums & {ids: readonly number[]}, host: string, max_side: number, has_confidence: boolean,
 *   left_out: {not_empty: number, sure: number, never: number, unreadable: number, no_file: number}, cap_left: number | null, is_billed: boolean}} Plan
 *
 * `waiting`: begun in an earlier visit, and not gone on with. `is_maybe_paid`: asking again may cost a second time.
 * @typedef {{code: string, detail: string, files: readonly number[], is_maybe_paid: boolean}} FailureGroup
 * @typedef {{
 *   run: number, provider: string, name: string, collection: number, host: string, status: "running" | "paused" | "waiting" | "ended",
 *   n_files: number, n_done: number, n_waiting: number, n_failed: number, failures: readonly FailureGroup[], problem: Failure | null}} JobView
 *
 * A tagger that has looked at `n` of the pictures that are meant.
 * @typedef {{id: string, n: number, isChosen: boolean}} ComparedSource
 * `ids`: the pictures that are meant. `result`: of those that all of the chosen have looked at; null where there is none. `pair`: the two
 * whose differences are shown, as many pictures as `nShown`.
 * @typedef {{
 *   ids: readonly number[], isReading: boolean, failure: Failure | null, sources: readonly ComparedSource[],
 *   result: {pictures: readonly ComparedPicture[], comparison: Comparison, spent: ReadonlyMap<string, Spent>} | null,
 *   pair: {a: string, b: string} | null, nShown: number}} Comparing
 */
import { signal } from "../vendor/signals.js";
import { NOTHING_KEPT } from "./provider_profiles.js";

/** What is set, for every provider and level. */
export const keptProviders = signal(NOTHING_KEPT);
/** Why no provider can be asked from this page; null where one can, undefined until that is known. */
export const providersBlocked = signal(/** @type {Failure | null | undefined} */ (undefined));
/** Where the dialog is: its list, one of the providers, or the request log. */
export const providerPage = signal(
    /** @type {{name: "list"} | {name: "provider", id: string} | {name: "log"}} */ ({ name: "list" }),
);
/** At which level the fields of the dialog are set. */
export const providerLevel = signal(/** @type {"everywhere" | "collection"} */ ("everywhere"));
/** By provider, as it holds for the collection that is shown. */
export const descriptions = signal(/** @type {ReadonlyMap<string, Description>} */ (new Map()));
export const checks = signal(/** @type {ReadonlyMap<string, ProviderCheck>} */ (new Map()));
export const keyPlaces = signal(/** @type {ReadonlyMap<string, KeyPlace>} */ (new Map()));
/** What a passphrase could not do: by provider. */
export const keyFailures = signal(/** @type {ReadonlyMap<string, string>} */ (new Map()));
/** The ready-made set-ups for endpoints; null until they are known. */
export const presets = signal(/** @type {readonly ProviderPreset[] | null} */ (null));
/** The browser's own model; null where it has none. `share`: how much of it is downloaded. */
export const browserModel = signal(
    /** @type {{status: "unavailable" | "downloadable" | "downloading" | "available", share: number, failure: Failure | null} | null} */ (
        null
    ),
);
/** What was found in files of an AEM set-up. */
export const osgiNotes = signal(/** @type {readonly Note[]} */ ([]));
/** What was changed about what was typed last, before it was kept. */
export const addressNotes = signal(/** @type {readonly string[]} */ ([]));
/** What could not be done about a provider, until something else is done there. */
export const providersFailure = signal(/** @type {Failure | null} */ (null));

/** What is asked about before anything is sent. `failure`: why it cannot be. */
export const asking = signal(
    /** @type {{wanted: Wanted, plan: Plan | null, isStarting: boolean, failure: Failure | null} | null} */ (null),
);
/**
 * What was tried before anything is written: the pictures, what was answered, and what that would change, null until it is known. It is of the wish that
 * is asked about, and gone with it.
 * @typedef {{
 *   status: "asking" | "stopping" | "ended", ids: readonly number[], n_done: number, problem: Failure | null, provider: string, has_confidence: boolean,
 *   results: ReadonlyMap<number, import("../db/protocol.js").ProviderResult>, diffs: ReadonlyMap<number, import("./providers/trial_diff.js").PictureDiff> | null}} Trial
 */
export const trial = signal(/** @type {Trial | null} */ (null));
/**
 * A model of this device that is to be tried, `key` among those that are kept; `threshold` and `max_tags` are null where they are as set.
 * @typedef {{
 *   key: string | null, ids: readonly number[], n_try: number, threshold: number | null, max_tags: number | null, isStarting: boolean,
 *   failure: Failure | null}} ModelWish
 */
export const modelWish = signal(/** @type {ModelWish | null} */ (null));
export const jobs = signal(/** @type {readonly JobView[]} */ ([]));
/** The newest first; null until they are known. */
export const requestLog = signal(/** @type {{rows: readonly RequestRow[], isAll: boolean} | null} */ (null));
export const monthTotals = signal(/** @type {readonly RequestTotals[] | null} */ (null));
/** What is compared; null where nobody compares. */
export const comparing = signal(/** @type {Comparing | null} */ (null));
/** What the pictures look like that are compared, by id, where nothing else on the page shows it. */
export const comparedThumbnails = signal(/** @type {ReadonlyMap<number, string>} */ (new Map()));
