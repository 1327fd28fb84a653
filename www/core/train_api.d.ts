// What the training module exports; see engine_api.d.ts.

import type {
    BackboneRef,
    Due,
    EmbeddingColumns,
    GuidelineState,
    ImportPlan,
    OwnFoundColumns,
    OwnHeadFacts,
    Schedule,
    SetDocument,
    SetEntry,
    TagSource,
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
/** An archive (ZIP) of which only what is asked for is read; only a worker can. */
export class PackedSet {
    constructor(blob: Blob);
    free(): void;
    entries(): SetEntry[];
    /** Throws for one that has more than `most` bytes, is damaged or encrypted. */
    read(entry: number, most: number): Uint8Array<ArrayBuffer>;
}
/** The entries whose content `planTrainingSet` has to have, by their places. */
export function documentsOfTrainingSet(entries: readonly SetEntry[]): Uint32Array;
export function planTrainingSet(
    name: string,
    entries: readonly SetEntry[],
    documents: readonly SetDocument[],
    source: TagSource | null,
): ImportPlan;
/** A network, its card and a head, both JSON, as one ONNX file. */
export function ownTagsOnnx(model: Uint8Array, card: string, head: string): Uint8Array<ArrayBuffer>;
/** The file in which an own tagger travels, JSON. `lights`: JSON of `GuidelineState[]`; `set`: what it learnt from, where that goes along. */
export function taggerFile(head: string, lights: string, set: TrainingColumns | null): string;
/** Throws where anything in it cannot be. JSON of the head; `set`: what it learnt from, its ids are places. */
export function readTaggerFile(json: string): { head: string; lights: GuidelineState[]; set: TrainingColumns | null };
export default function init(source: { module_or_path: WebAssembly.Module }): Promise<{ memory: WebAssembly.Memory }>;
