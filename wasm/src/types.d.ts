// What crosses the border between Rust and JavaScript: the one declaration of these types. It becomes part of the .d.ts of
// each module, the page imports it, and tests/js_types.rs compares it with what the Rust structs serialise to.

/** `null`: as much as the format carries. */
export type Limits = {
    max_file_bytes: number;
    max_side: number | null;
    max_pixels: number | null;
    max_bytes: number;
    max_ms: number;
};
/** A file for the browser's decoder, with the size in its header. */
export type ForBrowser = { format: string; width: number; height: number };
export type TagOptions = { limits: Limits };
/** `objects`: of the second look, with decoding the file again. */
export type Timings = { decode: number; resize: number; infer: number; tags: number; objects?: number };
export type PictureFacts = {
    sha256: string;
    width: number;
    height: number;
    format: string;
    /** The file ended, or was damaged, before its last row. */
    incomplete?: boolean;
    /** Not the engine decoded it, so that other browsers may give other tags. */
    decoder?: "browser";
    /** When the camera took it, in ms from 1970 by its clock, of which no time zone is known. */
    taken_ms?: number;
};
/** What detectors found, one thing a box: `regions` has left, top, width, height of each, as fractions of the upright picture. */
export type Boxes = {
    tags: Uint16Array<ArrayBuffer>;
    components: Uint8Array<ArrayBuffer>;
    confidences: Float32Array<ArrayBuffer>;
    regions: Float32Array<ArrayBuffer>;
};
/** What is kept of a tagged picture: candidates by vocabulary index, the surest first, and the component that predicts each. */
export type Tagging = PictureFacts & {
    tags: Uint16Array<ArrayBuffer>;
    scores: Float32Array<ArrayBuffer>;
    confidences: Float32Array<ArrayBuffer>;
    components: Uint8Array<ArrayBuffer>;
    boxes: Boxes;
    timings_ms: Timings;
};
/** Upright RGBA, longer side at most 256. */
export type Thumbnail = { width: number; height: number; pixels: Uint8ClampedArray<ArrayBuffer> };
/** Upright RGBA of the size that was asked for, and the facts of the file, in which the hash is empty. */
export type ShrunkPicture = Thumbnail & { facts: PictureFacts };
/** The vector before the network's last layer: a value is that of `vector` times `scale`. */
export type Embedding = { scale: number; vector: Int8Array<ArrayBuffer> };
/** What a picture is trained by: its embedding, then that of its mirror image. `longer_side`: of the original in pixels; 0 where only its square is there. */
export type EmbeddedViews = { views: Embedding[]; square: Thumbnail; longer_side: number };
export type TaggedPicture = Tagging & {
    embedding: Embedding | undefined;
    thumbnail: Thumbnail;
};
/** How much each place of a picture speaks for a tag. */
export type Explanation = {
    /** Places per row, and rows. */
    width: number;
    height: number;
    /** Row by row from the top: 1 where most speaks for the tag, 0 where nothing does. */
    heat: Float32Array<ArrayBuffer>;
    /** What the places cover together: left, top, width, height, as fractions of the upright picture. May reach over its edges. */
    region: [number, number, number, number];
};
/** The files that a card names beside model and vocabulary, by path from its folder. */
export type Companions = Record<string, Uint8Array>;
export type ModelFacts = {
    id: string;
    version: string;
    name: string;
    n_classes: number;
    n_tags: number;
    languages: string[];
    /** Who proposes tags, by the position that candidates and boxes name. */
    components: string[];
    policy: { threshold: number; max_tags: number; parents: number; settings?: OperatingPoints };
    /** Its card names a detector of objects, for `loadObjects()`. */
    has_second_look: boolean;
    /** Then its confidences may mean nothing. */
    is_preparation_guessed: boolean;
};
/** Thresholds at which 95, 90 and 75 of 100 shown tags are right. */
export type OperatingPoints = { sure: number; balanced: number; generous: number };

/**
 * `providers`: by id; of those without an entry up to 50 tags are shown, however sure. `heads`: by the own tagger's id; of those without an entry
 * every tag is shown that reaches its threshold.
 */
export type Policy = {
    threshold: number; max_tags: number; allow: string[]; deny: string[]; language: string; providers?: Record<string, ProviderPolicy>;
    heads?: Record<string, HeadPolicy>;
};
/** What is shown of a provider's tags; `threshold`, 0 to 1, means nothing to one that gives no numbers. */
export type ProviderPolicy = { threshold: number; max_tags: number; is_shown: boolean };
/** What is shown of an own tagger's tags. */
export type HeadPolicy = { is_shown: boolean };
/**
 * `waiting`: not tagged yet. `untagged`: tagged, and without a tag of their own. `frequent`: the tags on most pictures, parents included.
 * `tags`, `with_tags`: without what only providers say. `histogram`: 50 bins over [0, 1].
 */
export type Summary = {
    pictures: number;
    waiting: number;
    failed: number;
    untagged: number;
    with_tags: number;
    corrected: number;
    reviewed: number;
    tags: number;
    frequent: TagCount[];
    histogram: Uint32Array<ArrayBuffer>;
};
export type TagCount = { id: string; name: string; pictures: number };
/** What a policy shows more and less than another one; `edge`: pictures that gain or lose a tag, nearest to the threshold first. */
export type Change = {
    tags_gained: number; tags_lost: number; pictures_gained: number; pictures_lost: number; edge: EdgePicture[];
};
export type EdgePicture = { id: number; tag: string; name: string; confidence: number; is_gained: boolean };
/**
 * `count`: how many were found, null where no detector found any; `boxes`: where, as left, top, width, height in fractions of the upright
 * picture, the surest first, at most 50.
 */
export type Found = { count: number | null; boxes: [number, number, number, number][] };
/**
 * `score` is null where the model has none for a tag that a person gave, and where a provider gives no numbers. `source` is "custom" where an own
 * tagger says it, and `from` "head:ID" then; "cloud" where only providers do, and `from` "provider:ID". `also_from`: the own taggers and providers
 * that say it too. A parent that no detector names has no boxes.
 */
export type Tag = {
    id: string;
    name: string;
    category: string | null;
    confidence: number;
    score: number | null;
    source: "auto" | "custom" | "cloud" | "manual";
    from: string;
    also_from: string[];
    parents: ({ id: string; name: string } & Found)[];
} & Found;
/** A tag by a person: an id of the vocabulary, or "own:" and the word. `language`: in which a free word was typed. */
export type TagRef = { id: string; name: string; language?: string };
/** `in_bulk`: given to many pictures at once, so it says nothing about what the model found or missed in this one. */
export type AddedTag = { id: string; name: string; language?: string; in_bulk?: boolean };
/** `reviewed`: the person is done with the picture's tags. */
export type Corrections = { own: readonly AddedTag[]; rejected: readonly string[]; reviewed?: boolean };
/** What a person decides about a tag once, for all pictures. `hide`: the model never shows it; its tag may be `category:NAME`. */
export type Rule = { tag: TagRef; action: RuleAction };
export type RuleAction = { kind: "rename"; name: string } | { kind: "merge"; into: TagRef } | { kind: "hide" };
/** Why a tag is not shown; `shown_from`: the confidence from which a vague one would be. */
/** One of a person's own words, or a heading that only sorts those below it. */
export type StrictWord = {
    id: string; name: string; names?: Record<string, string>; aliases?: string[]; ids?: string[]; parents?: string[]; heading?: boolean;
};
/** What one tag shows as, decided by hand; nothing where there is no `into`. */
export type WordRule = { tag: TagRef; into: string | null };
/** A strict vocabulary: docs/formats/words.md. */
export type StrictWords = { schema: number; title: string; language?: string; words: StrictWord[]; rules?: WordRule[] };
/** What shows as which word, what is parked, and on how many pictures each word is, in the order of the list. */
export type StrictReport = { mapped: MappedTag[]; suggestions: Suggestion[]; pictures: number[] };
export type MappedTag = { tag: TagRef; into: string; why: "hand" | "id" | "name" | "alias" };
/** A tag that no word stands for. */
export type Suggestion = { tag: TagRef; pictures: number };
/** A vocabulary of another program, and what of it could not be a word. */
export type ImportedWords = { format: WordsFormat; words: StrictWords; n_left_out: number; left_out: LeftOutWord[] };
export type WordsFormat = "words" | "text" | "paths" | "xmp" | "table" | "skos";
export type LeftOutWord = { text: string; reason: "too_long" | "empty" | "too_deep" | "too_many" };
/** Words that may be the same, the nearest first; and for each name that was asked about the word that it nearly is. */
export type WordsHealth = { near: NearWords[]; nearest: (string | null)[] };
export type NearWords = { one: string; other: string; why: "same" | "spelling" | "plural" | "letter" };
export type HiddenReason = "threshold" | "vague" | "rival" | "limit";
export type HiddenTag = Tag & { reason: HiddenReason; shown_from: number | null };
/** `voices`: who says each shown tag, of pictures in which own taggers or providers found something. `texts`: of each field the one that shows first. */
export type Details = { nearly: HiddenTag[]; rejected: TagRef[]; voices: Voices[]; texts: PictureText[] };
/** `id`: the tag's. */
export type Voices = { id: string; by: Voice[] };
/**
 * `from`: a component, or "person". `confidence`: calibrated where the model or an own tagger says it, else the provider's own number; null where there is none.
 * `score`: the model's raw one. `run`: the provider's or own tagger's.
 */
export type Voice = { from: string; confidence: number | null; score: number | null; run: number | null };
/** What each tagger says of a picture by itself, whatever was rejected; `own`: null where the person gave no tag to this one. */
export type PictureSources = { own: SourceTags | null; sources: SourceTags[] };
/** `from`: "model", "head:ID", "provider:ID" or "person". `runs`: the provider's or own tagger's. `above`: ids of what counts as said with `tags`. */
export type SourceTags = { from: string; runs: number[]; tags: SourceTag[]; above: string[] };
export type SourceTag = { id: string; name: string };
export type TextField = "title" | "description" | "alt_text";
/** A person's `text` always shows; empty, it says that none is wanted. Of providers' the newest run's does. */
export type PictureText = {
    field: TextField; text: string; source: "person" | "provider"; provider?: string | null; run?: number | null; language?: string | null;
};
export type PictureFilter =
    | { kind: "untagged" }
    | { kind: "failed" }
    | { kind: "waiting" }
    | { kind: "corrected" }
    | { kind: "reviewed" }
    | { kind: "tag"; id: string; at_least?: number };
export type Sort = "added" | "name" | "newest" | "oldest" | "most_tags" | "fewest_tags" | "least_sure";
/**
 * Each word begins a word of a shown tag's name, in any language, or of the title or description, or is in the path; "cat>=2" means at least two cats. All `filters` hold and
 * none of `without`.
 */
export type Query = { words: string; filters: readonly PictureFilter[]; without: readonly PictureFilter[]; sort: Sort };

export type ExportFormat = "xlsx" | "csv-excel" | "keywords" | "xmp" | "captions" | "csv" | "json" | "jsonl";
/**
 * `extension`: of a file with all reports, without the dot. `ending`: of the files, where each picture has one, after its name or in
 * place of its extension; null for one file for all. `always_stem`: extensions in whose place the ending comes in any case.
 */
export type ExportFormatFacts = {
    name: ExportFormat;
    extension: string;
    media_type: string;
    ending: string | null;
    replaces_extension: boolean;
    always_stem: string[];
};
/** `photo.txt`, `photo.jpg.txt`, or the second only where pictures would share the first. */
export type Naming = "stem" | "full" | "stem_or_full";
/** `language`: of headings and alternative texts. `names`: of files beside pictures; null as usual for the format. */
export type ExportOptions = { language: string; names: Naming | null; captions: CaptionOptions; table: TableOptions };
/** `prefix`: written first and as it is. `parents`: whether they follow. `never`: names or ids that are never written. */
export type CaptionOptions = {
    prefix: string;
    separator: string;
    underscores: boolean;
    lower_case: boolean;
    parents: boolean;
    order: "confidence" | "name" | "own_first";
    never: string[];
};
/** `decimal_comma`: whether the reader's language writes 0,5. `problems`: sentences by error code, in place of the English ones. */
export type TableOptions = { decimal_comma: boolean; problems: Record<string, string> };
/** What is chosen; the rest is as usual. */
export type ExportChoices = Partial<Omit<ExportOptions, "captions" | "table">> & {
    captions?: Partial<CaptionOptions>;
    table?: Partial<TableOptions>;
};
/**
 * `name` is harmless wherever it is unpacked: relative, segments divided by "/", no two of an export alike on any system. `content` of
 * copies with keywords: the keywords, one a line. `picture`: position of its report; null where one file is of all.
 */
export type ExportFile = { name: string; content: string | Uint8Array<ArrayBuffer>; picture: number | null };

export type Layout = "nchw" | "nhwc";
export type Activation = "softmax" | "sigmoid" | "none";
/** What a value rests on: the ONNX file, one beside it, what networks of its kind do, or nothing. */
export type Basis = "graph" | "neighbour" | "usual" | "guess";
/** What a card's colour, mean and std rest on. */
export type Preparation = "stated" | "usual" | "confirmed" | "guess";
/** A usual way to normalise pixels, in pixel units: value = (pixel - mean) / std. */
export type NormalisationPreset = { id: string; mean: [number, number, number]; std: [number, number, number]; colour: Colour | null; source: string };
export type Colour = "rgb" | "bgr";
export type ResampleFilter = "bicubic" | "bilinear" | "lanczos" | "hamming" | "box" | "nearest";
/** One output, and what follows if it is the one with the scores. Sides that depend on the input are null. */
export type OutputInspection = {
    name: string;
    shape: (number | null)[] | null;
    /** Null where it is no vector, or of unknown length. */
    n_classes: number | null;
    activation: Activation;
    activation_basis: Basis;
    embedding: string | null;
    feature_map: string | null;
};
/** Height and width are null where any size goes. */
export type InputInspection = { name: string; layout: Layout; layout_basis: Basis; height: number | null; width: number | null };
/** `preset`: the id of one of the presets. */
export type NormalisationGuess = { preset: string; mean: [number, number, number]; std: [number, number, number]; basis: Basis };
/** `scores`: name of the output that most likely holds the scores. */
export type ModelInspection = {
    input: InputInspection;
    outputs: OutputInspection[];
    scores: string;
    normalisation: NormalisationGuess;
};
export type Fit =
    | { kind: "squash" }
    | { kind: "squash_crop"; height: number; width: number }
    | { kind: "centre_crop"; shorter_side: number }
    | { kind: "letterbox"; pad: [number, number, number] };
/** A value and what it rests on; `source`: the file beside the model that tells it. */
export type Drafted<T> = { value: T; basis: Basis; source: string | null };
/** How pixels become numbers: value = (pixel - mean) / std, in pixel units, in the order of `colour`. */
export type PixelValues = { colour: Colour; mean: [number, number, number]; std: [number, number, number] };
/** `candidates`: plausible pixel values where they are a guess, the likeliest first. `unread`: files that say nothing. */
export type ModelDraft = {
    size: Drafted<{ height: number; width: number }>;
    layout: Drafted<Layout>;
    pixels: Drafted<PixelValues>;
    fit: Drafted<Fit>;
    filter: Drafted<ResampleFilter>;
    activation: Drafted<Activation>;
    labels: Drafted<string[]> | null;
    labels_failure: { file: string; code: string; detail: string; n_labels: number | null } | null;
    unread: string[];
    candidates: PixelValues[];
    scores: string;
};
/** `choices`: of a person who changes nothing. */
export type DraftedModel = { inspection: ModelInspection; draft: ModelDraft; choices: ImportChoices };
/** What a person says about a model. */
export type ImportChoices = {
    name: string;
    height: number;
    width: number;
    layout: Layout;
    colour: Colour;
    mean: [number, number, number];
    std: [number, number, number];
    fit: Fit;
    filter: ResampleFilter;
    /** What colour, mean and std rest on. */
    preparation: Preparation;
    activation: Activation;
    scores: string;
    threshold: number;
    max_tags: number;
};
/** JSON, as `new Tagger()` takes it. */
export type ImportedModel = { card: string; vocabulary: string };

/** What another tagger takes: pixels of the sides, bytes of the file, and its format. */
export type PictureNeed = { max_side: number; min_side: number; max_bytes: number; media_type: string };
/** What a person should know of a set-up: a code that has words, and what they name. */
export type ProviderNote = { code: string; params: Record<string, string> };
export type ProviderPicture = { bytes: Uint8Array; media_type: string; width: number; height: number };
export type HttpRequest = {
    method: string;
    url: string;
    headers: [string, string][];
    body: Uint8Array<ArrayBuffer>;
};
/** Why there are no tags: whether asking again helps, and whether the provider counts it as an answer. */
export type ProviderFailure = {
    code: string;
    detail: string;
    retry: "never" | "backoff" | { after_ms: number };
    billed: "no" | "maybe" | "yes";
};
/** What was found in one picture, the surest first; confidences are in [0, 1], null where the provider gives none. */
export type FoundInPicture = {
    tags: { name: string; confidence: number | null }[];
    title: string | null;
    description: string | null;
    alt_text: string | null;
    language: string | null;
};
export type ProviderResult = { found: FoundInPicture } | { failure: ProviderFailure };
/** Of the pictures in their order, or of the whole request. */
export type ProviderAnswer = { results: ProviderResult[] } | { failure: ProviderFailure };
export type ProviderToken = { token: string; expires_in_s: number } | { failure: ProviderFailure };
/** A set-up that is ready but for what only its user knows; `setup` is one as JSON. */
export type ProviderPreset = {
    id: string;
    name: string;
    setup: Record<string, unknown>;
    secrets: string[];
    are_secrets_optional: boolean;
    to_fill: string[];
    key_from: string;
    billing: string;
    is_own_machine: boolean;
    not_verified: string;
};
/** What the two files of an AEM set-up say: `setup` without its kind. */
export type OsgiFacts = { setup: Record<string, unknown>; client_secret: string | null; notes: ProviderNote[] };
/** A prompt for the browser's own model, with the JSON schema of the reply. */
export type ModelQuestion = { prompt: string; constraint: Record<string, unknown>; words: string[]; language: string };
export type ModelReply = { question: ModelQuestion; reply: string };
/**
 * Sources over the same pictures, and the person's own tags of each; null where there is no answer, or no tag. `above`: what counts as said
 * with the tags.
 */
export type Compared = {
    sources: { id: string; pictures: ({ tags: string[]; above: string[]; ms: number | null } | null)[]; n_units: number }[];
    own: ({ tags: string[]; above: string[] } | null)[];
};
/** `n_judged`: pictures that the person tagged; `n_said`, `n_right`: tags there. `interval`: of the precision, for 95 of 100. */
export type SourceRow = {
    id: string; n_answered: number; n_without_tags: number; n_tags: number; n_different_tags: number; n_units: number;
    median_ms: number | null; n_judged: number; n_said: number; n_right: number; precision: number | null;
    interval: [number, number] | null; recall: number | null;
};
/**
 * `agreement`: tags that both say among those that either says, the mean over pictures that both answered. `differing`: positions of those
 * pictures that they do not agree on, least first.
 */
export type PairRow = {
    a: string; b: string; n_pictures: number; agreement: number | null; n_both: number; n_only_a: number; n_only_b: number;
    differing: number[];
};
export type Comparison = { n_pictures: number; sources: SourceRow[]; pairs: PairRow[] };
