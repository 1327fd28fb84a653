// What training says of a set and of itself, as the training module writes it: ids are files, tags are places in the document's own `tags`.
import type { TagRef } from "../core/engine_api.d.ts";

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
    tags: { tag: TagRef; light: Light; n_examples: number; checks: GuidelineCheck[] }[];
    duplicates: { kind: "exact" | "near"; ids: number[]; tags: number[] }[];
};
export type Figure = { value: number; low: number; high: number };
export type TagReport = {
    tag: TagRef;
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
    curve: { threshold: number; precision: number; recall: number }[];
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
