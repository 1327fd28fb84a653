// What the providers module exports: see engine_api.d.ts.

import type { Answered, HttpRequest, Note, OsgiFacts, Preset, ProviderFailure, Token } from "./provider_protocol.js";
import type { PictureNeed } from "./protocol.js";

/** How one provider is asked. */
export class Provider {
    /** `setup`: JSON. Throws where its form is wrong. */
    constructor(setup: string);
    /** JSON, as it is kept. */
    setup(): string;
    notes(): Note[];
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
    request(
        secrets: string,
        pictures: { bytes: Uint8Array; media_type: string; width: number; height: number }[],
        language: string,
    ): HttpRequest;
    answer(status: number, headers: [string, string][], body: Uint8Array, n: number): Answered;
    needsToken(): boolean;
    tokenRequest(secrets: string): HttpRequest;
    token(status: number, headers: [string, string][], body: Uint8Array): Token | { failure: ProviderFailure };
    /** The smallest request that tells whether credentials and rights are in order. */
    probe(secrets: string, language: string): HttpRequest;
    free(): void;
}
export function presets(): Preset[];
export function readOsgi(files: { name: string; text: string }[]): OsgiFacts;
export default function init(source: { module_or_path: WebAssembly.Module }): Promise<{ memory: WebAssembly.Memory }>;
