/**
 * Every call between the page and the trainer, typed once, as protocol.js has those of the other workers. On the wire it is the same.
 * @import {
 *   Due, EmbeddingColumns, GuidelineState, Guidelines, ImportPlan, OwnFoundColumns, OwnHeadFacts, ReportWords, Schedule, TagSource, TrainOptions, TrainingColumns, TrainingHistory } from "./train_api.d.ts"
 *
 * `background`: everyday pictures to tell the examples from, null where the network has none.
 * @typedef {{set: TrainingColumns, background: ArrayBuffer | null}} Taught
 *
 * A training set of another program: an archive, or the files of a folder. `source`: where tags are read from, null for where they most likely are.
 * @typedef {{name: string, archive: Blob | null, files: readonly {path: string, file: Blob}[], source: TagSource | null}} ForeignSet
 *
 * Heads and reports are JSON, as they are kept (docs/formats/head.md, docs/formats/report.md). `load` comes first; `hold` before `train`, `guidelines`
 * and `change`, which are about the set that is held. `head` is read anew where it is another than the last time.
 * `plan_set` opens a set, whose pictures `read_set` reads, by their place in `paths`, until `close_set`.
 * @typedef {{
 *   load: [{module: WebAssembly.Module}, null],
 *   hold: [Taught, null],
 *   train: [{options: TrainOptions}, {head: string, report: string}],
 *   guidelines: [Record<string, never>, Guidelines],
 *   change: [{changed: TrainingColumns | null, last: string}, {head: string, ms: number}],
 *   facts: [{head: string}, OwnHeadFacts],
 *   tag: [{head: string, backbone: {id: string, version: string}, embeddings: EmbeddingColumns}, OwnFoundColumns],
 *   direction: [{head: string, tag: string}, Float32Array | null],
 *   due: [{schedule: Schedule, history: TrainingHistory, now_ms: number}, Due],
 *   report_file: [{report: string, kind: "xlsx" | "csv", words: ReportWords}, Uint8Array<ArrayBuffer> | string],
 *   plan_set: [ForeignSet, {plan: ImportPlan, paths: string[]}],
 *   read_set: [{entry: number}, ArrayBuffer],
 *   close_set: [Record<string, never>, null],
 *   own_tags_onnx: [{model: ArrayBuffer, card: string, head: string}, Uint8Array<ArrayBuffer>],
 *   tagger_file: [{head: string, lights: readonly GuidelineState[], set: TrainingColumns | null}, string],
 *   read_tagger_file: [{json: string}, {head: string, lights: GuidelineState[], set: TrainingColumns | null}],
 *   live: [{lock: string}, null],
 * }} TrainCalls
 *
 * @typedef {{[K in keyof TrainCalls]: {seq: number, name: K, params: TrainCalls[K][0]}}[keyof TrainCalls]} TrainCall
 */
export {};
