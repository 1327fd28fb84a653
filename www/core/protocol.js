/**
 * Every call between the page and its workers, typed once: name → [params, result]. Client and worker both derive from `Calls`.
 *
 * On the wire: `{seq, name, params}` → `{seq, ok}` | `{seq, error}` | `{seq, progress}`, a share in [0, 1]. A worker that knows it is lost says
 * `{crash}` and answers nothing more.
 * @import {
 *   Change, Corrections, Details, DraftChoices, DraftedModel, Explanation, ExportFormat, Filter, Limits, ModelDraft, ModelFacts, OwnTag, Policy,
 *   Preset, Summary, Tag, Tagging } from "./engine_api.d.ts"
 */

/** @import { Parts } from "./engine.js" */

/**
 * What a tagger gives for a picture: the tagging with its thumbnail encoded, without the embedding (nothing asks for it yet).
 * @typedef {Omit<Tagging, "thumbnail" | "embedding"> & {thumbnail: Blob}} TaggedPicture
 *
 * What the batch keeps of a picture.
 * @typedef {Omit<Tagging, "thumbnail" | "embedding">} KeptTagging
 *
 * @typedef {{code: string, detail: string, subject?: string | undefined}} Failure
 *
 * @typedef {{id: number, path: string, tagging: KeptTagging}} Put
 * @typedef {{id: number, path: string, code: string, detail: string}} Fail
 *
 * One turn of the batch: what was taken off, what came, what a person says, perhaps a new policy. And what is looked at: `ids` are the
 * pictures whose tags are on screen, `opened` the one whose details are, `filter` chooses pictures, `before` is the policy to compare with. Without `is_changed` nothing is new but what is
 * looked at, and the answer leaves out what is counted over all pictures.
 * @typedef {{
 *   removes: number[], puts: Put[], fails: Fail[], corrections: {id: number, corrections: Corrections}[], policy: Policy | null,
 *   ids: number[], opened: number | null, filter: Filter | null, before: Policy | null, is_changed: boolean }} Turn
 * @typedef {{
 *   tags: Tag[][], details: Details | null,
 *   counted: {summary: Summary, found: Uint32Array<ArrayBuffer> | null, change: Change | null} | null }} Look
 *
 * @typedef {{module: WebAssembly.Module, card: string, vocabulary: string}} Start
 * @typedef {{ms: number, facts: ModelFacts}} TaggerReady
 * @typedef {{limits: Limits, error_codes: string[], pipeline_version: number}} BatchReady
 *
 * @typedef {{
 *   start_tagger: [Start & {model: ArrayBuffer, parts: Parts, limits: Partial<Limits>}, TaggerReady],
 *   tag: [{file: Blob, is_thorough?: boolean}, TaggedPicture],
 *   explain: [{file: Blob, tag: string}, Explanation],
 *   start_batch: [Start, BatchReady],
 *   update: [Turn, Look],
 *   tags: [{ids: number[]}, Tag[][]],
 *   complete: [{typed: string, n: number}, OwnTag[]],
 *   own_tag: [{text: string}, OwnTag],
 *   name_entries: [{entries: string[]}, {names: (string | null)[], categories: string[]}],
 *   report: [{format: ExportFormat, ids: number[]}, Blob],
 *   start_engine: [{module: WebAssembly.Module}, {presets: Preset[]}],
 *   inspect_model: [{model: Blob | ArrayBuffer}, ModelDraft],
 *   parse_labels: [{text: string, file_name: string, n_classes?: number | undefined}, string[]],
 *   draft_model: [{model: Blob | ArrayBuffer, labels: string[], choices: DraftChoices}, DraftedModel],
 *   live: [{lock: string}, null],
 * }} Calls
 *
 * @typedef {{[K in keyof Calls]: {seq: number, name: K, params: Calls[K][0]}}[keyof Calls]} Request
 * @typedef {{seq: number, ok: unknown} | {seq: number, error: Failure} | {seq: number, progress: number} | {crash: string}} Answer
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
export function failure_of(thrown, code) {
    const error = /** @type {{code?: unknown, detail?: unknown, subject?: unknown, message?: unknown}} */ (Object(thrown));
    if (typeof error.code === "string") {
        const subject = typeof error.subject === "string" ? error.subject : undefined;
        return { code: error.code, detail: String(error.detail ?? error.message ?? ""), subject };
    }
    return { code, detail: String(error.message ?? thrown) };
}
