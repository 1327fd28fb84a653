/**
 * Which pictures go into an export, and what the file is called. A table or a list is one file; of captions and sidecars there is one
 * for each picture, and several go in a ZIP.
 *
 * The name must be there before the content: a browser lets a page ask where to save only right after a click.
 * @import { ExportFormatFacts } from "./engine_api.d.ts"
 *
 * @typedef {{id: number, name: string, state: string, hasOwnTags?: boolean}} Exportable
 * @typedef {{ids: number[], name: string, type: string}} ExportPlan
 */
import { CodedError } from "./protocol.js";

export const ZIP = "application/zip";

/**
 * What to export of `pictures`, and as what. Pictures that failed are rows of a table; they have a caption or a sidecar, as those that wait
 * do, if a person gave them tags.
 * @param {ExportFormatFacts} format @param {readonly Exportable[]} pictures @param {Date} now @returns {ExportPlan}
 */
export function planExport(
    { name, media_type: mediaType, ending, replaces_extension: replacesExtension },
    pictures,
    now,
) {
    const wanted = pictures.filter(
        ({ state, hasOwnTags }) => state === "done" || hasOwnTags || (state === "failed" && ending === null),
    );
    const [only] = wanted;
    if (!only) throw nothingToExport();
    const ids = wanted.map(({ id }) => id);
    const day = now.toISOString().slice(0, 10);
    if (ending === null) return { ids, name: `tagsmith-${ids.length}-${day}.${name}`, type: mediaType };
    if (ids.length > 1) return { ids, name: `tagsmith-${name}-${ids.length}-${day}.zip`, type: ZIP };
    const stem = replacesExtension ? only.name.replace(/(?<=.)\.[^.]*$/, "") : only.name;
    return { ids, name: stem + ending, type: mediaType };
}

export const nothingToExport = () => new CodedError("nothing_to_export", "None of the pictures has been tagged.");
