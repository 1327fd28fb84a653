// What the engine exports (docs/ARCHITECTURE.md, "The engine in JS"). Hand-written, so that the page is checked against the
// contract and not against whatever build happens to lie in target/; the build maps the name "tagsmith-engine" to that build.

export type Limits = { max_file_bytes: number; max_side: number; max_pixels: number };
export type Timings = { decode: number; resize: number; infer: number; tags: number };
export type Tagging = {
    sha256: string;
    width: number;
    height: number;
    format: string;
    /** Vocabulary indices of the candidates, the surest first. */
    tags: Uint16Array<ArrayBuffer>;
    scores: Float32Array<ArrayBuffer>;
    confidences: Float32Array<ArrayBuffer>;
    /** Which part of the model says so. */
    sources: Uint8Array<ArrayBuffer>;
    embedding: Float32Array<ArrayBuffer> | undefined;
    timings_ms: Timings;
    /** Upright RGBA, longer side at most 360. */
    thumbnail: { width: number; height: number; pixels: Uint8ClampedArray<ArrayBuffer> };
};
export type ModelFacts = {
    id: string;
    version: string;
    name: string;
    n_classes: number;
    n_tags: number;
    languages: string[];
    policy: { threshold: number; max_tags: number; parents: number; settings?: Settings };
    can_be_thorough: boolean;
};
/** Thresholds in people's words: 95, 90 and 75 of 100 shown tags are right. */
export type Settings = { sure: number; balanced: number; generous: number };
export type Policy = { threshold: number; max_tags: number; allow: string[]; deny: string[]; language: string };
/** `frequent`: the tags on most pictures, parents included. `histogram`: 50 bins over [0, 1]. */
export type Summary = {
    pictures: number;
    failed: number;
    with_tags: number;
    corrected: number;
    tags: number;
    frequent: TagCount[];
    histogram: Uint32Array<ArrayBuffer>;
};
export type TagCount = { id: string; name: string; pictures: number };
/** What a policy shows more and less than another one; `edge`: pictures that gain or lose a tag, nearest to the threshold first. */
export type Change = {
    tags_gained: number;
    tags_lost: number;
    pictures_gained: number;
    pictures_lost: number;
    edge: { id: number; tag: string; name: string; confidence: number; is_gained: boolean }[];
};
/** `score` is null where the model has none for a tag that a person gave. */
export type Tag = {
    id: string;
    name: string;
    category: string | null;
    confidence: number;
    score: number | null;
    source: "auto" | "manual";
    from: string;
    parents: { id: string; name: string }[];
};
/** A tag by a person: an id of the vocabulary, or "own:" and the word. */
export type OwnTag = { id: string; name: string };
export type Corrections = { own: readonly OwnTag[]; rejected: readonly string[] };
export type Details = { nearly: Tag[]; rejected: OwnTag[] };
export type Filter = { kind: "untagged" } | { kind: "failed" } | { kind: "corrected" } | { kind: "tag"; id: string };

export type ExportFormat = "csv" | "json" | "jsonl" | "captions" | "xmp";
/** `name` is harmless wherever it is unpacked: relative, parts divided by "/", no two of an export alike on any system. */
export type ExportFile = { name: string; content: string };

export type Layout = "nchw" | "nhwc";
export type Activation = "softmax" | "sigmoid" | "none";
/** What a guess rests on: the file itself, or what most networks of its kind do. */
export type Basis = "graph" | "usual";
/** A usual way to normalise pixels, in pixel units: value = (pixel - mean) / std. */
export type Preset = { id: string; mean: [number, number, number]; std: [number, number, number]; source: string };
/** One output, and what follows if it is the one with the scores. */
export type OutputDraft = {
    name: string;
    /** Sides that depend on the input are null. */
    shape: (number | null)[] | null;
    /** Null where it is no vector, or of unknown length. */
    n_classes: number | null;
    activation: Activation;
    activation_basis: Basis;
    embedding: string | null;
    feature_map: string | null;
};
export type ModelDraft = {
    /** Height and width are null where any size goes. */
    input: { name: string; layout: Layout; layout_basis: Basis; height: number | null; width: number | null };
    outputs: OutputDraft[];
    /** Name of the output that most likely holds the scores. */
    scores: string;
    /** `preset`: the id of one of the presets. */
    normalisation: { preset: string; mean: [number, number, number]; std: [number, number, number]; basis: Basis };
};
export type Fit =
    | { kind: "squash" }
    | { kind: "centre_crop"; shorter_side: number }
    | { kind: "letterbox"; pad: [number, number, number] };
/** What a person says of a model. */
export type DraftChoices = {
    name: string;
    height: number;
    width: number;
    layout: Layout;
    colour: "rgb" | "bgr";
    mean: [number, number, number];
    std: [number, number, number];
    fit: Fit;
    filter: "bicubic" | "bilinear";
    activation: Activation;
    scores: string;
    threshold: number;
    max_tags: number;
};
/** JSON, as `new Tagger()` takes it. */
export type DraftedModel = { card: string; vocabulary: string };

/** How much each place of a picture speaks for a tag. */
export type Explanation = {
    /** Places a row, and rows. */
    width: number;
    height: number;
    /** Row by row from the top: 1 where most speaks for the tag, 0 where nothing does. */
    heat: Float32Array<ArrayBuffer>;
    /** What the places cover together: left, top, width, height, as fractions of the upright picture. May reach over its edges. */
    region: [number, number, number, number];
};

export class Tagger {
    /** `model_sha256`: the hash of the model, where the caller has it already; `parts`: what the card names besides, by path from its folder. */
    constructor(card: string, vocabulary: string, model: Uint8Array, model_sha256?: string, parts?: Record<string, Uint8Array>);
    facts(): ModelFacts;
    /** From now on, pictures are looked at in parts too, or not. */
    set_thorough(is_thorough: boolean): void;
    /** `sha256`: the hash of the file, where the caller has it already. */
    tag(bytes: Uint8Array, limits: Limits, sha256?: string, on_decoded?: () => void): Tagging;
    tag_pixels(pixels: ImageData, sha256: string, format: string, limits: Limits): Tagging;
    /** Where the model saw a tag, by its id. */
    explain(bytes: Uint8Array, tag_id: string, limits: Limits): Explanation;
    explain_pixels(pixels: ImageData, tag_id: string, limits: Limits): Explanation;
}
export class Batch {
    constructor(card: string, vocabulary: string);
    put(id: number, path: string, tagging: Omit<Tagging, "thumbnail" | "embedding">): void;
    fail(id: number, path: string, code: string, detail: string): void;
    remove(id: number): void;
    apply(policy: Policy): Summary;
    summary(): Summary;
    /** What the policy in force shows more and less than `before` did. */
    compare(before: Policy): Change;
    /** Replaces what a person says of a picture; holds for the id, whatever is put there later. */
    correct(id: number, corrections: Corrections): void;
    tags(ids: Uint32Array): Tag[][];
    details(id: number): Details;
    find(filter: Filter): Uint32Array<ArrayBuffer>;
    completions(typed: string, n: number): OwnTag[];
    /** The tag that a person means by `text`. */
    own_tag(text: string): OwnTag;
    categories(): string[];
    /** Names of tag ids in the policy's language; null for what the vocabulary does not know. */
    names(ids: string[]): (string | null)[];
    /** Captions and sidecars: a file for each tagged picture; the others: one file. */
    report(format: ExportFormat, ids: Uint32Array): ExportFile[];
}
export function sha256(bytes: Uint8Array): string;
export function default_limits(): Limits;
export function error_codes(): string[];
export function inspect_model(model: Uint8Array): ModelDraft;
/** `n_classes`: how many the network has, where that is known. */
export function parse_labels(text: string, file_name: string, n_classes?: number): string[];
/** Loads the model once: what this gives works. */
export function draft_model(model: Uint8Array, model_sha256: string, labels: string[], choices: DraftChoices): DraftedModel;
export function normalisation_presets(): Preset[];
export function pipeline_version(): number;
export default function init(source: { module_or_path: WebAssembly.Module }): Promise<unknown>;
