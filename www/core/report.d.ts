// A report as docs/formats/report.md describes it: what is found in one picture.

/** Left, top, width and height in fractions of the upright picture. */
export type Box = [number, number, number, number];

export type ReportTag = {
    id: string;
    /** In the language that was asked for. */
    name: string;
    category: string | null;
    /** A probability, 0 to 1. */
    confidence: number;
    /** As the network gives it. */
    score: number | null;
    source: "auto" | "custom" | "cloud" | "manual";
    /** "classes", "head:ID" or "detector:ID". */
    from: string;
    also_from?: string[];
    /** Ids of more general tags, the nearest first. */
    parents: string[];
    /** How many were found, and where, the surest first; left out where nothing counts them. */
    count?: number;
    boxes?: Box[];
    counted_parents?: { id: string; count: number; boxes: Box[] }[];
};

export type Report = {
    path: string;
    /** Of the file. */
    sha256: string;
    /** Of the upright picture, in pixels. */
    width: number;
    height: number;
    format: string;
    /** The file ended, or was damaged, before its last row. */
    incomplete?: true;
    /** Not the engine decoded it, so that other browsers may give other tags. */
    decoder?: "browser";
    /** When the camera took it, in ms from 1970 by its clock. */
    taken_ms?: number;
    model: { id: string; version: string };
    /** Rises whenever the same file could give other scores. */
    pipeline: number;
    /** The surest first. */
    tags: ReportTag[];
    timings_ms: { decode: number; resize: number; infer: number; tags: number; objects?: number };
};
