/**
 * What the export menu and the export dialog know. Views read; only actions write.
 * @import { ExportFormatFacts } from "../core/engine_api.d.ts"
 * @import { ExportPreview, Failure } from "../core/protocol.js"
 * @import { ChosenExports } from "./export_choices.js"
 *
 * A picture whose file could not be made, or not be put in place. `hasSidecar`: it has got a sidecar instead.
 * @typedef {{path: string, error: Failure, hasSidecar: boolean}} LeftOut
 *
 * `asking`: whether the files named in `names`, which are there already, are to be replaced. `done`: only where something is left to say.
 * @typedef {{
 *   status: "choosing" | "asking" | "writing" | "done", nDone: number, n: number, names: readonly string[], leftOut: readonly LeftOut[],
 *   error: Failure | null }} ExportRun
 *
 * The first files as they will be. `keywords` are what is in them where that is no text to read; `n_planned`: how many pictures are tagged.
 * @typedef {ExportPreview & {n_planned: number, keywords: readonly string[] | null}} ShownPreview
 *
 * How many pictures are meant, how many of them are tagged already or could not be, and how many have their first tags only, as they are
 * going to be looked at again.
 * @typedef {{ids: readonly number[], n: number, nReady: number, nLooks: number, isSelection: boolean}} ExportScope
 */
import { computed, signal } from "../vendor/signals.js";
import { USUAL } from "./export_choices.js";
import { gridIds, pictureOf, selectedIds } from "./state.js";

/** @type {ExportRun} */
export const IDLE = { status: "choosing", nDone: 0, n: 0, names: [], leftOut: [], error: null };

/** The format that the dialog is about. */
export const exportFormat = signal(/** @type {ExportFormatFacts | null} */ (null));
export const exportChoices = signal(/** @type {Readonly<ChosenExports>} */ (USUAL));
export const exportPreview = signal(/** @type {ShownPreview | {error: Failure} | null} */ (null));
export const exportRun = signal(IDLE);

/** What is exported: the selection, else everything in the grid. */
export const exportScope = computed(() => {
    const isSelection = selectedIds.value.length > 0;
    const ids = isSelection ? selectedIds.value : gridIds.value;
    const isReady = (/** @type {number} */ id) => ["done", "failed"].includes(pictureOf(id)?.state ?? "");
    const nLooks = ids.filter((id) => pictureOf(id)?.look).length;
    return /** @type {ExportScope} */ ({ ids, n: ids.length, nReady: ids.filter(isReady).length, nLooks, isSelection });
});
