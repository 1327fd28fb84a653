/**
 * Every call between the page and the store, typed once: name → [params, result]. What is kept, and in which shapes: docs/formats/library.md.
 *
 * Every call may be made twice with the same outcome: when the tab that owns the database goes, the next one answers what is still open.
 * So whoever makes a thing gives its id: `reserve_ids` for files, `Store.newId()` for steps and requests; the client does it for collections, copies
 * and jobs.
 * @import { Corrections, PictureFacts, Timings } from "../core/engine_api.d.ts"
 * @import { RelaunchLimit } from "../core/relaunch.js"
 * @import { OwnCalls } from "./own_protocol.js"
 *
 * `view`: what was looked at last, the page's own. `n_files`: without those that were taken off.
 * @typedef {{id: number, name: string, folder: string | null, made_ms: number, opened_ms: number | null, view: unknown, n_files: number}} Collection
 * In the list of all: `n_tagged` and `n_failed` of its files; `bytes`: about what deleting it would free, with thumbnails.
 * @typedef {Collection & {n_tagged: number, n_failed: number, bytes: number}} ListedCollection
 *
 * What can be undone, or done again where `is_undone`. `data` is null where it is long, and in the answer of `steps`: then `step_data` has it.
 * @typedef {{id: number, key: string, params: unknown, kind: string, data: unknown}} NewStep
 * @typedef {NewStep & {is_undone: boolean, done_ms: number}} Step
 * A step that is undone, or done again; refused with `step_passed` where another one is next by now: then nothing of the change is made.
 * @typedef {{id: number, is_undone: boolean}} Move
 * What goes with a change, in its transaction.
 * @typedef {{step?: NewStep | undefined, move?: Move | undefined}} WithStep
 *
 * @typedef {"waiting" | "tagged" | "failed" | "stopped"} FileState
 * @typedef {{id: number, path: string, size: number, modified_ms: number, state?: FileState}} NewFile
 * Files by columns. `states`: places in FILE_STATES. `sha256s`: 32 bytes each, zeros where the file was not read. `facts`: of those that were read,
 * with the timings of the run that shows, and of none where it is asked for in brief; `looks`: 0 where none shows. `failures`, `corrections`: by id, of those that have any.
 * @typedef {{
 *   ids: Uint32Array<ArrayBuffer>, paths: string[], sizes: Float64Array<ArrayBuffer>, modified_ms: Float64Array<ArrayBuffer>,
 *   states: Uint8Array<ArrayBuffer>, looks: Uint8Array<ArrayBuffer>, facts: (StoredFacts | null)[],
 *   failures: Record<number, {code: string, detail: string}>, corrections: Record<number, Corrections> }} Files
 * @typedef {PictureFacts & {taken_ms?: number, timings_ms?: Timings}} StoredFacts
 *
 * `id`: of the model; what it shows is preferred.
 * @typedef {{id: string, version: string, pipeline: number}} ModelRef
 * Which files: these, or `n` of a collection from the place `from` on.
 * @typedef {{collection: number, ids?: readonly number[] | Uint32Array, from?: number, n?: number}} Which
 * What shows, as the session's `restore` takes it: files without a tagging are not in `ids`.
 * Of a file perhaps several: first what the model's run found, of all files; then what shows of own taggers and providers, one after the other.
 * `has_confidence`: whether the tagger gives numbers of its own; without, all are 1. `own`: what a provider's run was begun with besides what is set.
 * `thresholds`: of a head's run, by the tag's reference.
 * @typedef {{
 *   id: number, kind: RunKind, tagger: string, version: string, pipeline: number, components: string[],
 *   has_confidence: boolean, own: {threshold: number | null, max_tags: number | null}, thresholds: Record<string, number> | null }} RunRow
 * @typedef {{
 *   ids: Uint32Array<ArrayBuffer>, runs: Uint32Array<ArrayBuffer>, run_rows: RunRow[], facts: string,
 *   lengths: Uint32Array<ArrayBuffer>, candidates: Uint8Array<ArrayBuffer>,
 *   box_lengths: Uint32Array<ArrayBuffer>, boxes: Uint8Array<ArrayBuffer> }} StoredTaggings
 * @typedef {{id: number, ref: string, name: string, language: string | null}} StoredTag
 *
 * Who tagged: a model of this device, a provider elsewhere, or the head of an own tagger.
 * @typedef {"model" | "provider" | "head"} RunKind
 * `tags`: what the positions in candidates mean; `language`: of their names. `settings`: what it was begun under, with the tagger's `name`.
 * @typedef {{
 *   kind?: RunKind, tagger: string, version: string, pipeline: number, components: readonly string[],
 *   tags: readonly {id: string, name: string}[], language: string, settings: unknown }} NewRun
 * @typedef {{
 *   id: number, kind: string, tagger: string, version: string, pipeline: number, begun_ms: number, ended_ms: number | null,
 *   undone_ms: number | null, n_assets: number, name: string | null, tried: number[] }} Run
 *
 * What a run found in a file; positions in the `tags` of its run. `embedding` and `thumbnail` stay as they are where they are left out.
 * @typedef {{
 *   tags: Uint16Array, scores: Float32Array, confidences: Float32Array, components: Uint8Array }} Candidates
 * @typedef {{tags: Uint16Array, confidences: Float32Array, regions: Float32Array, components: Uint8Array }} StoredBoxes
 * @typedef {{
 *   file: number, run: number, sha256: string, size: number, facts: Omit<StoredFacts, "sha256" | "timings_ms">, timings: Timings, looks: 1 | 2,
 *   candidates: Candidates, boxes: StoredBoxes, embedding?: {scale: number, vector: Int8Array, backbone: string} | undefined,
 *   thumbnail?: Blob | undefined }} TaggedFile
 * @typedef {{file: number, failure: {code: string, detail: string}}} FailedFile
 *
 * A run of a provider that is under way. `settings`: of its run; `n_done`: of its files those that wait for nothing any more.
 * @typedef {{
 *   run: number, provider: string, name: string | null, collection: number, settings: Record<string, unknown>, begun_ms: number,
 *   n_files: number, n_waiting: number, n_failed: number, n_done: number }} Job
 * `run`: of kind "provider", with `tags: []`; its settings have `mode`, and `is_billed: false` where asking twice costs nothing. Of files with
 * the same content only the first is awaited: an answer is about the content.
 * @typedef {{run: NewRun, collection: number, files: readonly number[] | Uint32Array}} NewJob
 * A file that a job waits for. `is_asked`: in a request of a tab that lives; `failure`: it waits until it is asked again, or given up;
 * `is_maybe_paid`: asking again may cost a second time.
 * @typedef {{file: number, is_asked: boolean, failure: {code: string, detail: string, is_maybe_paid: boolean} | null}} Awaited
 *
 * `files`: those that are asked about; of a run. `n_units`: what the provider bills, at most. `cap`: the most units that it may ask for since then.
 * @typedef {"tag" | "try" | "check" | "token"} RequestPurpose
 * @typedef {"answered" | "refused" | "unreached" | "lost"} RequestOutcome
 * @typedef {{
 *   id: number, run: number | null, purpose: RequestPurpose, provider: string, host: string, files?: readonly number[] | undefined,
 *   n_pictures: number, n_units: number, n_bytes: number, cap?: {most: number, since_ms: number} | undefined }} NewRequest
 * @typedef {{
 *   id: number, status: number | null, outcome: RequestOutcome, n_billed: number, n_maybe: number, detail: string | null,
 *   n_bytes?: number | undefined, results: readonly ProviderResult[] }} RequestEnd `n_bytes`: of the body, where that is known by now
 * A file without a result waits again, or fails with `provider_answer_lost` where the request was lost and is billed. `picture`: of a file that
 * no run has read yet: without, its answer has no place. `back`: it waits again.
 * @typedef {{file: number, failure: {code: string, detail: string, is_maybe_paid?: boolean}}} UnansweredFile
 * @typedef {{file: number, found: ProviderFound, picture?: NewPicture | undefined} | UnansweredFile | {file: number, back: true}} ProviderResult
 * @typedef {{tags: readonly FoundTag[], texts: readonly {field: TextField, text: string}[], language?: string | null}} ProviderFound
 * `score`: the provider's own number, null where it has none.
 * @typedef {{id: string, name: string, language?: string | null, score: number | null, confidence: number | null}} FoundTag
 * @typedef {{sha256: string, size: number, facts: Omit<StoredFacts, "sha256" | "timings_ms">}} NewPicture
 * @typedef {{
 *   id: number, run: number | null, purpose: RequestPurpose, provider: string, host: string, n_pictures: number, n_units: number,
 *   n_bytes: number, sent_ms: number, ended_ms: number | null, status: number | null, outcome: RequestOutcome | null, n_billed: number,
 *   n_maybe: number, detail: string | null }} RequestRow
 * @typedef {{provider: string, n_requests: number, n_units: number, n_billed: number, n_maybe: number, n_bytes: number}} RequestTotals
 *
 * The texts of a file, of each field the one that shows first: a person's always wins, "" where they want none; then a provider's.
 * @typedef {"title" | "description" | "alt_text"} TextField
 * @typedef {{id: number, texts: {
 *   field: TextField, text: string, source: "person" | "provider", language: string | null, provider: string | null, run: number | null}[]}} FileTexts
 *
 * What is known of a file by path, size and date in the collection (`file`), or by its size alone (`is_size_known`: then its hash tells).
 * @typedef {{file: number | null, is_size_known: boolean}} Known
 * `adopt`: the file holds this asset, and is tagged; false where no run of the model that shows has tagged that.
 * An asset by its hash: the collection's files with it, in their order.
 * @typedef {{sha256: string, files: {id: number, path: string}[]}} KnownAsset
 *
 * What is in a backup, after every check. `bytes`: of the file.
 * @typedef {{
 *   collections: {name: string, n_files: number}[], n_files: number, n_corrections: number, has_thumbnails: boolean, bytes: number,
 *   made_ms: number | null }} BackupFacts
 *
 * What a rescue leaves of a damaged library (docs/formats/library.md, "Rescue"). `n_before`: as its ledger says, null where that cannot be read.
 * `is_certain`: the rows are those that were written. `n_waiting`: files that are to be tagged again.
 * @typedef {{name: string, n_before: number | null, n_kept: number, is_certain: boolean}} RescuedTable
 * @typedef {{tables: RescuedTable[], n_waiting: number}} RescueFacts
 *
 * `library`: which it is; another one after a restore. `has_others`: whether there are other collections. `n_jobs`: runs of
 * providers that can go on; `n_own`: own taggers, removed ones too.
 * @typedef {{kept: "opfs" | "memory", reason: string | null, library: string, has_others: boolean, collection: Collection, n_files: number, n_jobs: number, n_own: number, steps: Step[], settings: Record<string, unknown>}} Opened
 *
 * @typedef {{
 *   open: [{collection?: number}, Opened],
 *   order: [{collection: number}, Uint32Array<ArrayBuffer>],
 *   files: [Which & {model?: ModelRef, is_brief?: boolean}, Files],
 *   reserve_ids: [{n: number}, number],
 *   add_files: [{collection: number, files: readonly NewFile[]} & WithStep, null],
 *   set_states: [{ids: readonly number[], state: FileState}, null],
 *   find_known: [{collection: number, files: readonly {path: string, size: number, modified_ms: number}[]}, Known[]],
 *   find_assets: [{collection: number, sha256s: readonly string[]}, (KnownAsset | null)[]],
 *   adopt: [{file: number, sha256: string, model: ModelRef}, boolean],
 *   touch_files: [{files: readonly {id: number, size: number, modified_ms: number}[]}, null],
 *   remove_files: [{ids: readonly number[], removed: boolean, order?: readonly number[]} & WithStep, null],
 *   begin_run: [NewRun, number],
 *   end_run: [{run: number}, null],
 *   record: [{results: readonly (TaggedFile | FailedFile)[], is_last?: boolean}, null],
 *   taggings: [Which & {model: ModelRef}, StoredTaggings],
 *   tags: [Record<string, never>, StoredTag[]],
 *   runs: [Record<string, never>, Run[]],
 *   outdated: [{collection: number, model: ModelRef}, Uint32Array<ArrayBuffer>],
 *   undo_run: [{run: number, undone: boolean} & WithStep, null],
 *   begin_job: [NewJob, number],
 *   begin_tried_job: [NewJob & {tried: readonly ProviderResult[]}, {run: number, files: number[]}],
 *   jobs: [Record<string, never>, Job[]],
 *   awaited: [{run: number}, Awaited[]],
 *   know_content: [{run: number, file: number, picture: NewPicture}, boolean],
 *   ask_again: [{run: number, files: readonly number[] | null}, null],
 *   fail_awaited: [{run: number, failures: readonly {file: number, code: string, detail: string}[]}, null],
 *   end_job: [{run: number}, null],
 *   begin_request: [NewRequest, null],
 *   end_request: [RequestEnd, {files: number[]}],
 *   requests: [{before?: number, n: number}, RequestRow[]],
 *   request_totals: [{since_ms: number}, RequestTotals[]],
 *   texts: [{ids: readonly number[] | Uint32Array}, FileTexts[]],
 *   set_texts: [{changes: readonly {file: number, field: TextField, text: string | null}[]} & WithStep, null],
 *   correct: [{changes: readonly {id: number, corrections: Corrections}[], settings?: Record<string, unknown>} & WithStep, null],
 *   add_step: [{step: NewStep}, null],
 *   steps: [Record<string, never>, Step[]],
 *   step_data: [{id: number}, unknown],
 *   save_view: [{collection: number, view: unknown}, null],
 *   settings: [Record<string, never>, Record<string, unknown>],
 *   save_settings: [{settings: Record<string, unknown>} & WithStep, null],
 *   collections: [Record<string, never>, ListedCollection[]],
 *   make_collection: [{id?: number, name: string, folder?: string | null}, number],
 *   rename_collection: [{id: number, name: string, folder?: string | null}, null],
 *   open_collection: [{id: number}, Opened],
 *   empty_collection: [{id: number}, {bytes: number}],
 *   delete_collection: [{id: number}, {bytes: number}],
 *   copy_files: [{ids: readonly number[], collection: number, first_id?: number}, {n: number}],
 *   usage: [Record<string, never>, {database: number, thumbnails: number, squares: number, n_squares: number}],
 *   backup_size: [{thumbnails: boolean}, number],
 *   backup: [{thumbnails: boolean}, Blob],
 *   inspect_backup: [{file: Blob}, BackupFacts],
 *   restore: [{file: Blob}, null],
 *   verify: [Record<string, never>, {damaged: string[]}],
 *   damaged_file: [Record<string, never>, Blob],
 *   inspect_rescue: [Record<string, never>, RescueFacts],
 *   rescue: [Record<string, never>, null],
 *   start_anew: [Record<string, never>, null],
 * } & OwnCalls} StoreCalls
 *   `usage`: in bytes; `squares`, of which there are `n_squares`, are part of the `database`.
 *
 * What a tab has changed, for the others. `by`: that tab. `files`: whose rows, results or corrections are others now; those that came
 * are among them. `texts`: files whose texts are others. `looks`: which run shows may be another, of any file, and so its texts. `emptied`: the collection whose files are gone for good.
 * `is_replaced`: the library is another one, and ids mean other things. Runs, jobs, requests, collections, steps,
 * settings, own taggers with their versions and trainings: only that they have changed.
 * `damaged`: tables in which the worker has found damage, for every tab.
 * @typedef {{
 *   by: string, files?: number[], collections?: true, runs?: true, steps?: true, settings?: true, looks?: true, texts?: number[],
 *   jobs?: true, requests?: true, emptied?: number, own?: true,
 *   is_replaced?: true, damaged?: string[] }} Change
 *
 * How the store is opened. `scope` is the page's address: another page on the same origin has a library of its own.
 * @typedef {{
 *   scope: string, startWorker: () => Promise<Worker>, loadModule: () => Promise<WebAssembly.Module>, relaunch: RelaunchLimit,
 *   onChange?: (change: Change) => void, onStalled?: (isStalled: boolean) => void, onUnwritten?: (error: unknown) => void,
 *   untilShown?: () => Promise<unknown>, whyInMemory?: string | undefined }} StoreOptions
 *   `onChange`: what other tabs did. `onStalled`: there is no room, what is to be written waits for it; or all of that is written now
 *   `untilShown`: once what was found first is on screen; a library that is begun waits for that with its worker (beginning.js). `onUnwritten`:
 *   what was answered then, and cannot be written. `whyInMemory`: of a shell that keeps nothing, whatever the browser could
 * `by`: who has changed something, where it is not this tab. `again`: the first of those that waited for room; `hasWaited`: any of them.
 *
 * @typedef {{
 *   name: keyof StoreCalls, params: any, library: string | null, again: boolean, hasWaited?: boolean, resolve: (answer: any) => void,
 *   reject: (error: unknown) => void, by?: string }} Open
 *
 * How the worker is started: `directory` in the browser's private file system, null, with the `reason`, for memory; `channel` to other tabs.
 * `beginning`: what was answered before it was there (beginning.js): the library's id, so many ids of files, and its first run.
 * @typedef {{library: string, n_ids: number, run: NewRun | null}} StoreBeginning
 * @typedef {{
 *   module: WebAssembly.Module, directory: string | null, reason: string | null, channel: string, beginning?: StoreBeginning | null }} StoreStart
 * @typedef {{kept: "opfs" | "memory", reason: string | null}} StorePlace
 * `begun`: its run as the library has it; null where another library is here; left where it cannot be opened.
 * @typedef {StorePlace & {begun: {run: number | null} | "left" | null}} StoreStarted
 * What goes over the worker's border: the calls as above, by whom, and for which library.
 * @typedef {{[K in keyof StoreCalls]: [{by: string, library: string | null, params: StoreCalls[K][0]}, StoreCalls[K][1]]} & {
 *   start: [StoreStart, StoreStarted], live: [{lock: string}, null] }} WorkerCalls
 * @typedef {{[K in keyof WorkerCalls]: {seq: number, name: K, params: WorkerCalls[K][0]}}[keyof WorkerCalls]} StoreRequest
 */
import { WAITING_OWN_CALLS } from "./own_protocol.js";

/** The states of a file, as they are stored and in the order of `Files.states`. @type {readonly FileState[]} */
export const FILE_STATES = ["waiting", "tagged", "failed", "stopped"];

/** Rises whenever calls change their meaning: tabs with different pages open do not talk. */
export const STORE_PROTOCOL = 4;

/**
 * Calls that wait where there is no room, in their order, and are asked again; every other tells who asked that there is none.
 * @type {ReadonlySet<keyof StoreCalls>}
 */
export const WAITING_CALLS = new Set(
    /** @type {const} */ ([
        "reserve_ids",
        "add_files",
        "touch_files",
        "set_states",
        "remove_files",
        "begin_run",
        "end_run",
        "record",
        "correct",
        "add_step",
        "steps", // has all that this tab did before
        "save_view",
        "save_settings",
        "undo_run",
        "begin_job",
        "begin_tried_job",
        "know_content",
        "ask_again",
        "fail_awaited",
        "end_job",
        "begin_request",
        "end_request",
        "set_texts",
        ...WAITING_OWN_CALLS,
    ]),
);

/** Calls that make something, with the ids that the client gives it. @type {ReadonlySet<keyof StoreCalls>} */
export const MAKING_CALLS = new Set(
    /** @type {const} */ (["make_collection", "copy_files", "begin_job", "begin_tried_job", "begin_training"]),
);

/** Calls after which there is more room. @type {ReadonlySet<keyof StoreCalls>} */
export const FREEING_CALLS = new Set(
    /** @type {const} */ ([
        "empty_collection",
        "delete_collection",
        "delete_own_tagger",
        "delete_head",
        "delete_squares",
        "restore",
        "rescue",
        "start_anew",
    ]),
);
