// What the exports module exports: see engine_api.d.ts.

import type { ExportChoices, ExportFile, ExportFormat, ExportOptions } from "../../wasm/src/types.d.ts";

/** An export that is being made. */
export class Export {
    constructor(format: ExportFormat, options: ExportChoices);
    /** What `Session.reports()` gave. */
    add(reports: string): void;
    /** Paths that would share a file if it were named by the stem: a group for each such file. */
    nameCollisions(): string[][];
    /** Captions and sidecars: a file for each picture that has one; the others: one file. The export is gone then. */
    finish(): ExportFile[];
    free(): void;
}
export function defaultExportOptions(): ExportOptions;
export default function init(source: { module_or_path: WebAssembly.Module }): Promise<unknown>;
