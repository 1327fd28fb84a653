// Tagsmith: what is in a picture, found on the device. Described in README.md.

import type { Report } from "../../core/report.d.ts";

export type * from "../../core/report.d.ts";

/** A type of the browser, where there is one. */
type Known<Name extends string> = typeof globalThis extends Record<Name, { prototype: infer Type }> ? Type : never;

/**
 * A picture: a file, its bytes, its address, or what shows it. A string is an address; in node it may also be a path. Of an `<img>` the file is
 * fetched again, as a canvas would have other pixels; canvases, bitmaps and frames are taken as they are.
 */
export type Picture =
    | Blob
    | ArrayBuffer
    | ArrayBufferView
    | string
    | URL
    | Known<"HTMLImageElement">
    | Known<"HTMLCanvasElement">
    | Known<"HTMLVideoElement">
    | Known<"OffscreenCanvas">
    | Known<"ImageBitmap">
    | Known<"ImageData">
    | Known<"VideoFrame">;

/** What shows, and how. Whatever is left out is as the model's card says. */
export interface Shown {
    /** The least probability of a tag, 0 to 1. */
    threshold?: number | undefined;
    /** At most so many tags. */
    maxTags?: number | undefined;
    /** Only these and what is below them: ids of tags, and categories as `"category:animal"`. */
    allow?: readonly string[] | undefined;
    /** None of these. */
    deny?: readonly string[] | undefined;
    /** Of the tags' names, one of `Tagger.languages`; "en". */
    language?: string | undefined;
    /** Whether objects are looked for, with how many and where; true, as far as the model can. Takes about as long again. */
    objects?: boolean | undefined;
}

export interface TagOptions extends Shown {
    /** Stops waiting; the promise rejects with its reason, an `AbortError` if it has none. */
    signal?: AbortSignal | undefined;
    /** `path` in the report; else the file's name or the address. */
    name?: string | undefined;
}

type Content = Blob | ArrayBuffer | ArrayBufferView;

/** A model that is in memory: card and vocabulary as JSON, parsed or not, and the ONNX file. `companions`: what its card names besides, by path from its folder. */
export interface ModelFiles {
    card: Content | string | object;
    vocabulary: Content | string | object;
    model: Content;
    companions?: Record<string, Content> | undefined;
}

/** Bytes that have come of those that the first picture needs; `total` is null where nobody knows. */
export interface Progress {
    loaded: number;
    total: number | null;
}

export interface TaggerOptions extends Shown {
    /** Another model: the address of a folder with model.json, vocabulary.json and model.onnx, or those files. */
    model?: string | URL | ModelFiles | undefined;
    /** How many pictures are looked at side by side; one less than the cores, at most 6. */
    workers?: number | undefined;
    /** What one look at a picture may take; 30,000. */
    timeoutMs?: number | undefined;
    /** The folder in which the files of this package lie, where they were moved. */
    assets?: string | URL | undefined;
    onProgress?: ((progress: Progress) => void) | undefined;
    /** Gives the loading up. */
    signal?: AbortSignal | undefined;
}

/** What all promises here reject with, besides an aborted signal's reason. */
export interface TaggerError extends Error {
    readonly name: string;
    /** Stable: "picture_damaged", "policy_invalid", "engine_unreachable" … */
    readonly code: string;
    /** What is wrong, in English or Swedish. */
    readonly title: string;
    /** What to do. */
    readonly remedy: string;
    /** One English sentence about this case. */
    readonly detail: string;
    readonly subject: string | undefined;
}

export interface Tagger {
    /** Of the model. */
    readonly model: { id: string; version: string; name: string };
    /** In which tags have names. */
    readonly languages: readonly string[];
    tag(picture: Picture, options?: TagOptions): Promise<Report>;
    /** In the order in which they came, taken a few at a time. One that fails has an error in its place. */
    tagAll<Input extends Picture>(
        pictures: Iterable<Input> | AsyncIterable<Input>,
        options?: Omit<TagOptions, "name">,
    ): AsyncGenerator<Tagged<Input>, void, undefined>;
    /** Ends all workers. */
    close(): void;
}

export type Tagged<Input> =
    | { input: Input; report: Report; error?: undefined }
    | { input: Input; error: TaggerError; report?: undefined };

export declare const Tagger: {
    /** Loads engine and model; the first picture is then tagged at once. */
    create(options?: TaggerOptions): Promise<Tagger>;
};

/** For `instanceof`; nobody else makes one. */
export declare const TaggerError: abstract new (made: never) => TaggerError;
