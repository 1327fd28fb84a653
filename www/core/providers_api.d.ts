// What the providers module exports: see engine_api.d.ts.

import type {
    Compared,
    Comparison,
    HttpRequest,
    ModelQuestion,
    ModelReply,
    OsgiFacts,
    PictureNeed,
    ProviderAnswer,
    ProviderNote,
    ProviderPicture,
    ProviderPreset,
    ProviderResult,
    ProviderToken,
} from "../../wasm/src/types.d.ts";

/** How one provider is asked. */
export class Provider {
    /** `setup`: JSON. Throws where its form is wrong. */
    constructor(setup: string);
    /** JSON, as it is kept. */
    setup(): string;
    notes(): ProviderNote[];
    /** In the order in which they are asked. */
    origins(): string[];
    pictureNeed(): PictureNeed;
    /** How many pictures of these sizes in bytes go into each request. */
    batches(sizes: Uint32Array): Uint32Array;
    /** What the provider bills for so many pictures. */
    units(n: number): number;
    hasConfidence(): boolean;
    isBilled(): boolean;
    /** `secrets`: JSON. */
    request(secrets: string, pictures: ProviderPicture[], language: string): HttpRequest;
    answer(status: number, headers: [string, string][], body: Uint8Array, n: number): ProviderAnswer;
    needsToken(): boolean;
    tokenRequest(secrets: string): HttpRequest;
    token(status: number, headers: [string, string][], body: Uint8Array): ProviderToken;
    /** The smallest request that tells whether credentials and rights are in order. */
    probe(secrets: string, language: string): HttpRequest;
    free(): void;
}
export function presets(): ProviderPreset[];
/** What the browser's own model is asked of one picture; and what its replies to these say together. */
export function questions(setup: string, vocabulary: string[], language: string): ModelQuestion[];
export function readReplies(replies: ModelReply[]): ProviderResult;
export function compareSources(compared: Compared): Comparison;
export function readOsgi(files: { name: string; text: string }[]): OsgiFacts;
export default function init(source: { module_or_path: WebAssembly.Module }): Promise<{ memory: WebAssembly.Memory }>;
