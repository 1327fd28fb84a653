// What the engine exports. The data types are those of wasm/src/types.d.ts; the functions are listed by hand, so that the page is checked
// without a build. tests/web/node/border.test.mjs compares this with the bindings that were built.

import type {
    Companions,
    DraftedModel,
    EmbeddedViews,
    Explanation,
    ForBrowser,
    ImportChoices,
    ImportedModel,
    Limits,
    ModelFacts,
    NormalisationPreset,
    ShrunkPicture,
    TagOptions,
    TaggedPicture,
    Tagging,
    Thumbnail,
} from "../../wasm/src/types.d.ts";

export type * from "../../wasm/src/types.d.ts";
export type * from "../../wasm/src/stored_types.d.ts";

export class Tagger {
    /** `model_sha256`: the hash of the model, where the caller has it already; `companions`: what the card names besides, by path from its folder. */
    constructor(card: string, vocabulary: string, model: Uint8Array, model_sha256?: string, companions?: Companions);
    facts(): ModelFacts;
    /** `sha256`: the hash of the file, where the caller has it already. */
    tag(bytes: Uint8Array, options: TagOptions, sha256?: string, on_decoded?: () => void): TaggedPicture;
    tagPixels(pixels: ImageData, sha256: string, format: string, options: TagOptions): TaggedPicture;
    /** Loads the detector of objects; `lookAgain` needs it. */
    loadObjects(companions: Companions): void;
    /** The tags of both looks together; `first`: what `tag` gave. */
    lookAgain(bytes: Uint8Array, first: Tagging, limits: Limits, on_decoded?: () => void): Tagging;
    lookAgainPixels(pixels: ImageData, first: Tagging, limits: Limits): Tagging;
    /** Where the model saw a tag, by its id. */
    explain(bytes: Uint8Array, tag_id: string, limits: Limits): Explanation;
    explainPixels(pixels: ImageData, tag_id: string, limits: Limits): Explanation;
    /** Where an own tag was seen, by its head's direction. */
    explainDirection(bytes: Uint8Array, direction: Float32Array, limits: Limits): Explanation;
    explainDirectionPixels(pixels: ImageData, direction: Float32Array, limits: Limits): Explanation;
    /** For training. `is_square`: the square of a picture whose original is out of reach. */
    embedViews(bytes: Uint8Array, limits: Limits, is_square: boolean): EmbeddedViews;
    embedViewsPixels(pixels: ImageData, limits: Limits): EmbeddedViews;
}
/** What the picture of a file looks like; no network runs. */
export function memoryEstimate(bytes: Uint8Array, limits: Limits): number;
export function preview(bytes: Uint8Array, limits: Limits): Thumbnail;
/** A picture as another tagger takes it: its longer side at most `max_side`, its shorter at least `min_side` as far as that goes. */
export function shrink(bytes: Uint8Array, max_side: number, min_side: number, limits: Limits): ShrunkPicture;
export function shrinkPixels(pixels: ImageData, max_side: number, min_side: number, limits: Limits): Thumbnail;
export function previewPixels(pixels: ImageData, limits: Limits): Thumbnail;
/** Whether the browser may be asked for a file that the engine refuses; throws where it is larger than the limits. */
export function forBrowser(bytes: Uint8Array, limits: Limits): ForBrowser | undefined;
export function sha256(bytes: Uint8Array): string;
export function defaultLimits(): Limits;
export function errorCodes(): string[];
export function pipelineVersion(): number;
/** The names of the files beside an ONNX file that hold its weights. */
export function weightFiles(model: Uint8Array): string[];
/** A model without a card, until it has one. */
export class ModelImport {
    /** `read`: a file beside the model, by its name. */
    constructor(model: Uint8Array, read: (name: string) => Uint8Array | undefined);
    free(): void;
    /** With its weights inside. */
    model(): Uint8Array;
    /** What the file and its neighbours say. */
    draft(name: string, neighbours: [string, Uint8Array][]): DraftedModel;
    /** Loads the network, unless it is loaded for such choices. */
    load(choices: ImportChoices): void;
    /** The picture to try the network on. */
    lookAt(bytes: Uint8Array, limits: Limits): void;
    lookAtPixels(pixels: ImageData, limits: Limits): void;
    /** The best classes of the picture; the network must have been loaded. */
    bestClasses(choices: ImportChoices, n_labels: number): { class: number; score: number }[];
    /** Loads the model once: what this gives works. */
    finish(model_sha256: string, labels: string[], choices: ImportChoices): ImportedModel;
}
export function normalisationPresets(): NormalisationPreset[];
export default function init(source: { module_or_path: WebAssembly.Module }): Promise<{ memory: WebAssembly.Memory }>;
