// What a library keeps, as the session takes it up, and what other taggers have just found.

/** A row of the library's table of tags. `ref`: a vocabulary's id of the tag, or "own:" and the word. */
export type StoredTag = { id: number; ref: string; name: string; language?: string | null };
/** What counts more than the policy for what one run of a provider found: the least number shown, and how many tags per picture. */
export type OwnLimits = { threshold?: number | null; max_tags?: number | null };
/**
 * `components`: names, by the position that the run's candidates and boxes mean. `has_confidence`: whether a provider gave numbers. `thresholds`: of an own
 * tagger's run, the least confidence shown by the tag's reference, 0.5 where there is none.
 */
export type StoredRun = {
    id: number; kind?: "model" | "provider" | "head"; has_confidence?: boolean; own?: OwnLimits; thresholds?: Record<string, number> | null;
    tagger: string; version: string; pipeline: number; components: readonly string[];
};
/**
 * What a library keeps of tagged pictures, by columns; a picture comes once with a run of a model, and once with each run of own taggers and providers that shows. `facts`: JSON, a list of `PictureFacts`, each with `timings_ms`. `runs`: ids in
 * `run_rows`. `lengths`, `box_lengths`: bytes of each picture's candidates (13 each) and boxes (25 each), which lie one after the other.
 */
export type StoredTaggings = {
    ids: Uint32Array;
    facts: string;
    runs: Uint32Array;
    run_rows: readonly StoredRun[];
    lengths: Uint32Array;
    candidates: Uint8Array;
    box_lengths: Uint32Array;
    boxes: Uint8Array;
};

/**
 * What a provider found in a picture. `is_added`: what its earlier runs found goes on to show. `confidence`: null where it gives no number.
 */
export type ProviderTagging = {
    provider: string; has_confidence: boolean; run: number; is_added?: boolean; own?: OwnLimits;
    tags: readonly { id: string; name: string; language?: string | null; confidence: number | null }[];
};

/**
 * What an own tagger has just found in pictures that were added, by columns, in place of all that it found in them before. `head`: its id; `run`: 0
 * where nothing of it is kept. `places`: in `tags`, so many of each picture as its length says.
 */
export type HeadTaggings = {
    head: string; run: number;
    tags: readonly { id: string; name: string; language?: string | null; threshold: number }[];
    ids: Uint32Array; lengths: Uint32Array; places: Uint16Array; confidences: Float32Array;
};
