// What the training module exports; see engine_api.d.ts.

import type {
    BackboneRef,
    Due,
    EmbeddingColumns,
    OwnFoundColumns,
    OwnHeadFacts,
    Schedule,
    TrainOptions,
    TrainingColumns,
    TrainingHistory,
} from "../../wasm/src/train_types.d.ts";

export type * from "../../wasm/src/train_types.d.ts";

/** Examples, and what is made of them. */
export class Teaching {
    /** `background`: the file of everyday pictures that comes with the network, where it has one. */
    constructor(set: TrainingColumns, background?: Uint8Array);
    free(): void;
    /** `on_progress` is told a share in [0, 1]. JSON of the head and of the report. */
    train(options: TrainOptions, on_progress: (share: number) => void): { head: string; report: string };
    /** How far the examples are what training needs. */
    guidelines(): string;
    /** Examples of which somebody said something else since, or for the first time; their tags are those of the set. */
    change(changed: TrainingColumns): void;
    /** JSON of the head refitted to what was changed; thresholds and calibration are those of `last`. */
    draft(last: string): string;
}
/** A head of own tags. */
export class OwnTagger {
    /** `head`: JSON. */
    constructor(head: string);
    free(): void;
    facts(): OwnHeadFacts;
    /** Throws where the head is one of another network. */
    checkBackbone(backbone: BackboneRef): void;
    tag(embeddings: EmbeddingColumns): OwnFoundColumns;
    /** Of a tag by its id; undefined where the head has none such. */
    direction(tag_id: string): Float32Array<ArrayBuffer> | undefined;
}
/** Whether a tagger is to be trained by itself at `now_ms`; `offset`: how many minutes local time is ahead of UTC at a moment. */
export function due(schedule: Schedule, history: TrainingHistory, now_ms: number, offset: (ms: number) => number): Due;
/** A report, JSON, as a spreadsheet; `words`: JSON of `ReportWords`. */
export function reportXlsx(report: string, words: string): Uint8Array<ArrayBuffer>;
export function reportCsv(report: string): string;
export default function init(source: { module_or_path: WebAssembly.Module }): Promise<{ memory: WebAssembly.Memory }>;
