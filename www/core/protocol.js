/**
 * Every call between the page and its workers, typed once: name → [params, result]. Client and worker both derive from `Calls`.
 *
 * On the wire: `{seq, name, params}` → `{seq, ok}` | `{seq, error}` | `{seq, progress}`, a share in [0, 1]. Both answers say how many bytes the
 * `memory` of the engine or the session's module has, which never shrinks. While a large picture waits for another one, the worker says `{seq, isWaiting}`, and its time does
 * not count. A worker that knows it is lost says `{crash, stage}` and answers nothing more.
 * @import {
 *   Change, Corrections, Details, DraftedModel, Explanation, ExportChoices, ExportFile, ExportFormatFacts, ImportChoices, ImportedModel, Limits, ModelFacts,
 *   Embedding, HeadTaggings, NormalisationPreset, PictureFacts, PictureNeed, PictureSources, PictureText, Policy, ProviderTagging, Query, Rule, StoredTag, StoredTaggings, Summary, Tag,
 *   TagCount, TagRef, Tagging, ImportedWords, StrictReport, WordsHealth } from "./engine_api.d.ts"
 */

/** @import { CompanionBuffers } from "./engine.js" @import { Report } from "./report.d.ts" */

/**
 * What a tagger gives for a picture: the tagging with its thumbnail encoded, an empty file where none was wanted, and the embedding.
 * @typedef {Tagging & {thumbnail: Blob, embedding?: Embedding | undefined}} TaggedReply
 *
 * What a picture is trained by: its embedding and those of its views, its square as a file, and the longer side of the original, 0 where that is out of reach.
 * `picture`: what is to be known of a file that was never read; null where that was not asked for.
 * @typedef {{views: Embedding[], square: Blob, longer_side: number, picture: Pick<Shrunk, "sha256" | "size" | "facts"> | null}} EmbeddedReply
 *
 * @typedef {{code: string, detail: string, subject?: string | undefined}} Failure
 *
 * @typedef {{id: number, tagging: Tagging}} TaggedResult
 * @typedef {{id: number, code: string, detail: string}} FailedResult
 * A picture that was added; `modified_ms` is the date of its file, or 0.
 * @typedef {{id: number, path: string, modified_ms: number}} AddedPicture
 *
 * @typedef {{id: number, found: ProviderTagging}} ProviderResult
 * @typedef {{id: number, texts: readonly PictureText[]}} TextsOf
 *
 * What is kept of pictures: that they are there, what was found in them, or why nothing was, and what people say of them. `tags`: the table
 * that `taggings` name their tags by, where it may be another than before. `texts`: of those that have any.
 * @typedef {{
 *   tags: readonly StoredTag[] | null, adds: AddedPicture[], fails: FailedResult[], corrections: {id: number, corrections: Corrections}[],
 *   taggings: StoredTaggings | null, texts?: readonly TextsOf[] }} Filling
 *
 * Which tags are listed with their numbers of pictures: those whose name begins with `typed`, at most `n`.
 * @typedef {{typed: string, n: number}} TagList
 *
 * One update of the session: pictures that were removed and added, results, texts, corrections, perhaps a new policy or new rules, and with them
 * the strict vocabulary (`words`, as JSON, or null for none). And what is
 * looked at: `ids` are the pictures whose tags are on screen, `opened` the one whose details are, `query` chooses pictures and their
 * order, `list` tags, `before` is the policy to compare with. Without `isChanged` nothing is new but what is looked at, and the answer
 * leaves out what is counted over all pictures.
 * @typedef {{
 *   removes: number[], adds: AddedPicture[], puts: TaggedResult[], fails: FailedResult[],
 *   provider_puts: ProviderResult[], head_puts: HeadTaggings[], texts: TextsOf[], corrections: {id: number, corrections: Corrections}[],
 *   rules: readonly Rule[] | null, words?: string | null, policy: Policy | null, ids: number[], opened: number | null, query: Query | null, list: TagList | null, before: Policy | null, isChanged: boolean }} Update
 * @typedef {{
 *   summary: Summary, found: Uint32Array<ArrayBuffer> | null, listed: TagCount[] | null, change: Change | null }} Counted
 * `wordsFailure`: why a strict vocabulary cannot be in force.
 * @typedef {{tags: Tag[][], details: Details | null, counted: Counted | null, wordsFailure?: Failure | null}} Snapshot
 *
 * An export: `module` is the one that writes files, and `ids` the pictures in their order.
 * @typedef {{module: WebAssembly.Module, format: ExportFormatFacts, options: ExportChoices, ids: number[]}} ExportRequest
 * The first of its files, how many there are, and the paths of pictures that would share one.
 * @typedef {{files: ExportFile[], n_files: number, collisions: string[][]}} ExportPreview
 * What is there already of a picture's file: the picture, or its sidecar.
 * @typedef {{module: WebAssembly.Module, id: number, file: Blob}} PictureRequest
 *
 * @typedef {{module: WebAssembly.Module, card: string, vocabulary: string}} Start
 * @typedef {{ms: number, facts: ModelFacts}} TaggerReady
 * @typedef {{facts: ModelFacts, export_formats: ExportFormatFacts[], error_codes: string[], pipeline_version: number}} SessionReady
 *
 * A picture as it leaves the device, and the facts of its file, so that one which was never tagged can be recorded.
 * @typedef {{blob: Blob, width: number, height: number, sha256: string, size: number, facts: Omit<PictureFacts, "sha256">}} Shrunk
 *
 * @typedef {{
 *   start_tagger: [Start & {model: ArrayBuffer, companions: CompanionBuffers, limits: Partial<Limits>}, TaggerReady],
 *   tag: [{file: Blob, has_thumbnail?: boolean, limits?: Partial<Limits>}, TaggedReply],
 *   start_objects: [{companions: CompanionBuffers}, null],
 *   look_again: [{file: Blob, first: Tagging, limits?: Partial<Limits>}, Tagging],
 *   preview: [{file: Blob, limits?: Partial<Limits>}, Blob],
 *   embed_views: [{file: Blob, is_square: boolean, is_unread: boolean, limits?: Partial<Limits>}, EmbeddedReply],
 *   explain: [{file: Blob, tag: string | Float32Array, limits?: Partial<Limits>}, Explanation],
 *   start_session: [Start, SessionReady],
 *   fill: [Filling, null],
 *   update: [Update, Snapshot],
 *   report_of: [{path: string, tagging: Tagging, policy: Policy}, Report],
 *   tags: [{ids: number[]}, Tag[][]],
 *   sources: [{ids: number[]}, PictureSources[]],
 *   complete: [{typed: string, n: number}, TagRef[]],
 *   tag_ref: [{text: string, byName: boolean}, TagRef],
 *   tag_refs: [{texts: string[], language: string | null}, (TagRef | null)[]],
 *   strict_report: [{module: WebAssembly.Module}, StrictReport],
 *   read_words: [{module: WebAssembly.Module, file: Blob, name: string, language: string | null}, ImportedWords],
 *   near_words: [{module: WebAssembly.Module, words: string, names: string[]}, WordsHealth],
 *   name_entries: [{entries: string[]}, {names: (string | null)[], categories: string[]}],
 *   report: [ExportRequest, Blob],
 *   preview_report: [ExportRequest & {n: number}, ExportPreview],
 *   report_files: [ExportRequest, ExportFile[]],
 *   copy_with_keywords: [PictureRequest, Blob],
 *   merge_sidecar: [PictureRequest, Blob],
 *   add_to_zip: [{name: string, content: Blob | string}, null],
 *   close_zip: [Record<string, never>, Blob],
 *   start_shrinker: [{module: WebAssembly.Module}, null],
 *   shrink: [{file: Blob, need: PictureNeed, limits?: Partial<Limits>}, Shrunk],
 *   start_importer: [{module: WebAssembly.Module}, {presets: NormalisationPreset[]}],
 *   inspect_model: [{model: File, files: File[]}, DraftedModel],
 *   load_model: [{choices: ImportChoices}, null],
 *   try_choices: [{picture: Blob | null, choices: ImportChoices, n_labels: number}, {class: number, score: number}[]],
 *   import_model: [{labels: string[], choices: ImportChoices}, ImportedModel & {model: ArrayBuffer | null}],
 *   with_weights: [{model: File, files: File[]}, {model: ArrayBuffer, sha256: string}],
 *   live: [{lock: string}, null],
 * }} Calls
 *
 * @typedef {{[K in keyof Calls]: {seq: number, name: K, params: Calls[K][0]}}[keyof Calls]} Request
 * What a tagger was at: a crash is the picture's or the model's.
 * @typedef {"picture" | "network"} Stage
 * @typedef {{seq: number, ok: unknown, memory: number} | {seq: number, error: Failure, memory: number} | {seq: number, progress: number} |
 *   {seq: number, isWaiting: boolean} | {crash: string, stage: Stage}} Reply
 */

/** How far a picture is that was decoded and is now looked at by the network. */
export const DECODED = 0.5;

/**
 * An error with a stable `code`, for programs and catalogues, a `detail`, one English sentence about this case, and perhaps a `subject`,
 * what it is about where that has the same name in every language: a format, an operator.
 */
export class CodedError extends Error {
    /** @param {string} code @param {string} detail @param {string} [subject] */
    constructor(code, detail, subject) {
        super(detail);
        this.name = "CodedError";
        this.code = code;
        this.detail = detail;
        this.subject = subject;
    }
}

/**
 * The code and detail of anything thrown. What carries no code of its own gets `code`.
 * @param {unknown} thrown @param {string} code @returns {Failure}
 */
export function failureOf(thrown, code) {
    const error = /** @type {{code?: unknown, detail?: unknown, subject?: unknown, message?: unknown}} */ (
        Object(thrown)
    );
    if (typeof error.code === "string") {
        const subject = typeof error.subject === "string" ? error.subject : undefined;
        return { code: error.code, detail: String(error.detail ?? error.message ?? ""), subject };
    }
    return { code, detail: String(error.message ?? thrown) };
}
