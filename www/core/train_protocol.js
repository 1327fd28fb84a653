/**
 * Every call between the page and the trainer, typed once, as protocol.js has those of the other workers. On the wire it is the same.
 * @import {
 *   Due, EmbeddingColumns, Guidelines, OwnFoundColumns, OwnHeadFacts, ReportWords, Schedule, TrainOptions, TrainingColumns, TrainingHistory } from "./train_api.d.ts"
 *
 * `background`: everyday pictures to tell the examples from, null where the network has none.
 * @typedef {{set: TrainingColumns, background: ArrayBuffer | null}} Taught
 *
 * Heads and reports are JSON, as they are kept (docs/formats/head.md, docs/formats/report.md). `load` comes first; `hold` before `train`, `guidelines`
 * and `change`, which are about the set that is held. `head` is read anew where it is another than the last time.
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
 *   live: [{lock: string}, null],
 * }} TrainCalls
 *
 * @typedef {{[K in keyof TrainCalls]: {seq: number, name: K, params: TrainCalls[K][0]}}[keyof TrainCalls]} TrainCall
 */
export {};
