// What the exports module exports: see engine_api.d.ts.

import type {
    ExportChoices,
    ExportFile,
    ExportFormat,
    ExportOptions,
    ImportedWords,
    WordsHealth,
} from "../../wasm/src/types.d.ts";

/** An export that is being made. */
export class Export {
    constructor(format: ExportFormat, options: ExportChoices);
    /** What `Session.reports()` gave. */
    add(reports: string): void;
    /** Paths that would share a file if it were named by the stem: a group for each such file. */
    nameCollisions(): string[][];
    /** How many files there are so far. */
    nFiles(): number;
    /** Captions, sidecars and copies: a file for each picture that has one; the others: one file. The export is gone then. */
    finish(): ExportFile[];
    free(): void;
}
/** A copy of a picture with the tags of its report inside; `reports` is what `Session.reports()` gave for it. */
export function writeKeywords(file: Uint8Array, reports: string): Uint8Array<ArrayBuffer>;
/** A sidecar by whatever program, with the tags of the picture's report among its keywords. */
export function mergeSidecar(existing: Uint8Array, reports: string): Uint8Array<ArrayBuffer>;
/** A vocabulary of another program as a list of words; `name`: of the file. */
export function readWords(file: Uint8Array, name: string, language?: string | null): ImportedWords;
/** Words of a list (JSON) that may be the same, and the word that each of `names` nearly is. */
export function nearWords(words: string, names: string[]): WordsHealth;
export function defaultExportOptions(): ExportOptions;
export default function init(source: { module_or_path: WebAssembly.Module }): Promise<unknown>;
