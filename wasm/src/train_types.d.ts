// What crosses the border to the training module, beside types.d.ts: declared here because only who trains reads it.

/** As `TagRef` of types.d.ts. */
export type OwnTagRef = { id: string; name: string; language?: string };
export type BackboneRef = { id: string; version: string; sha256?: string | null };
/** Embeddings in a row, each of as many features as the others. */
export type EmbeddingColumns = { scales: Float32Array; vectors: Int8Array };
/**
 * Examples, one thing a column: `ids` are the caller's; `sha256s` has 32 bytes each; `sides` the longer side of each original, 0 where it is unknown;
 * `n_views` how many of `views` are each one's, of which the first is the picture itself; `n_given` and `n_rejected` how many of `given` and `rejected` are,
 * which are places in `tags`. `others`: pictures of the library that are no examples, with their ids.
 */
export type TrainingColumns = {
    backbone: BackboneRef;
    n_features: number;
    tags: readonly OwnTagRef[];
    ids: Uint32Array;
    sha256s: Uint8Array;
    sides: Uint32Array;
    n_views: Uint8Array;
    views: EmbeddingColumns;
    n_given: Uint16Array;
    given: Uint16Array;
    n_rejected: Uint16Array;
    rejected: Uint16Array;
    other_ids: Uint32Array;
    others: EmbeddingColumns;
};
/** `id` and `name`: of the own tagger. */
export type TrainOptions = {
    seed: number;
    title: string;
    comment: string;
    name: string;
    id: string;
    version: number;
    made_ms: number;
};
/** What a head finds, by pictures in their order: `lengths` are how many tags each has, places in the head's; confidences of tags recorded, the surest first. */
export type OwnFoundColumns = {
    lengths: Uint32Array<ArrayBuffer>;
    tags: Uint16Array<ArrayBuffer>;
    confidences: Float32Array<ArrayBuffer>;
};
export type OwnTag = {
    tag: OwnTagRef;
    threshold: number;
    is_completely_trained: boolean;
    n_examples: number;
    n_rejected: number;
};
/** What a head says of itself. */
export type OwnHeadFacts = {
    id: string;
    name: string;
    version: number;
    title: string;
    comment: string;
    made_ms: number;
    backbone: BackboneRef;
    n_features: number;
    has_familiarity: boolean;
    tags: OwnTag[];
};
export type Schedule = { weekly: { day: number; minute: number } | null; after_n: number | null };
/** When each training began, `set_ms` when the schedule was set: for the time before nothing is owed. `n_new`: pictures newly tagged since the newest. */
export type TrainingHistory = { trained_ms: number[]; set_ms: number; n_new: number };
/** `why`: it is due now; `next_ms`: the next time of the week. */
export type Due = { why: "weekly" | "after_n" | null; fell_due_ms: number | null; next_ms: number | null };

// What training says of a set and of itself: ids are those of the examples, tags are places in the document's own `tags`.

/** `none`: not judged. */
export type Light = "green" | "yellow" | "red" | "none";
export type GuidelineName =
    | "examples"
    | "size"
    | "coherence"
    | "coverage"
    | "completeness"
    | "duplicates"
    | "distraction";
export type GuidelineCheck = {
    guideline: GuidelineName;
    light: Light;
    n: number;
    n_needed: number;
    concerned: { id: number; like: number | null; twin: number | null }[];
    kinds: { ids: number[]; n_needed: number }[];
};
export type Guidelines = {
    tags: { tag: OwnTagRef; light: Light; n_examples: number; checks: GuidelineCheck[] }[];
    duplicates: { kind: "exact" | "near"; ids: number[]; tags: number[] }[];
};
export type Figure = { value: number; low: number; high: number };
export type TagReport = {
    tag: OwnTagRef;
    status: "trained" | "incomplete" | "left_out";
    reasons: { code: "more_examples" | "more_distinct" | "often_wrong" | "too_few" | "none_here"; n: number }[];
    n_examples: number;
    n_distinct: number;
    n_rejected: number;
    threshold: number | null;
    precision: Figure | null;
    recall: Figure | null;
    ap: Figure | null;
    best: number[];
    worst: number[];
    /** `precision`: null where nothing would be shown. */
    curve: { threshold: number; precision: number | null; recall: number }[];
};
export type TrainingReport = {
    schema: 1;
    tagger: { id: string; name: string; version: number };
    title: string;
    comment: string;
    made_ms: number;
    seed: number;
    backbone: { id: string; version: string };
    n_examples: number;
    n_distinct: number;
    n_others: number;
    has_familiarity: boolean;
    accuracy: Figure | null;
    map: Figure | null;
    ece: number | null;
    tags: TagReport[];
    pairs: { tag: number; taken_for: number; n: number; share: number; ids: number[] }[];
    suspects: { id: number; kind: "wrong" | "missing"; tag: number; like: number | null; confidence: number }[];
    reliability: { confidence: number; share: number; n: number }[];
};
/** How a report is written for people: `pictures` are names, by id; `utc_offset_min` from UTC to local time. */
export type ReportWords = { language: string; pictures: Record<number, string>; utc_offset_min: number };
/** A file in a folder or an archive, and how long it says it is. */
export type SetEntry = { path: string; bytes: number };
/** One that was read; `entry`: its place in the list. */
export type SetDocument = { entry: number; bytes: Uint8Array };
/** Where tags are read from. */
export type TagSource = "teachable_machine" | "custom_vision" | "table" | "sidecars" | "folders";
/** Why files are not learnt from. */
export type LeftOutOfSet = "no_tag" | "missing" | "unsafe_path" | "same_path";
/** What a folder or an archive of another program has. `tags` of a picture are places in `tags`; of a reason some `paths` are named. */
export type ImportPlan = {
    name: string;
    source: TagSource;
    sources: TagSource[];
    tags: { name: string; n: number }[];
    pictures: { entry: number; tags: number[] }[];
    left_out: { reason: LeftOutOfSet; n: number; paths: string[] }[];
};
/** What one guideline said of one tag, by its id. */
export type GuidelineState = { tag: string; guideline: string; light: string };
