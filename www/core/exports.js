/**
 * Which pictures go into an export, and what the file is called. A table or a list is one file; of captions and sidecars there is one
 * for each picture, and more than one go in a ZIP.
 *
 * The name must be there before the content: a browser lets a page ask where to save only right after a click.
 * @import { ExportFormat } from "./engine_api.d.ts"
 *
 * @typedef {{id: number, name: string, state: string}} Exportable
 * @typedef {{ids: number[], name: string, type: string}} ExportPlan
 */
import { CodedError } from "./protocol.js";

export const ZIP = "application/zip";
/** @type {Record<ExportFormat, {type: string, name_beside?: (picture: string) => string}>} `name_beside`: one file for each picture */
export const FORMATS = {
    csv: { type: "text/csv" },
    json: { type: "application/json" },
    jsonl: { type: "application/x-ndjson" },
    captions: { type: "text/plain", name_beside: (picture) => `${picture.replace(/(?<=.)\.[^.]*$/, "")}.txt` },
    xmp: { type: "application/rdf+xml", name_beside: (picture) => `${picture}.xmp` },
};

/**
 * What to export of `pictures`, and as what. Pictures that failed are rows of a table; they have no caption and no sidecar.
 * @param {ExportFormat} format @param {readonly Exportable[]} pictures @param {Date} now @returns {ExportPlan}
 */
export function plan_export(format, pictures, now) {
    const { type, name_beside } = FORMATS[format];
    const wanted = pictures.filter(({ state }) => state === "done" || (state === "failed" && !name_beside));
    const [only] = wanted;
    if (!only) throw nothing_to_export();
    const ids = wanted.map(({ id }) => id);
    const day = now.toISOString().slice(0, 10);
    if (!name_beside) return { ids, name: `tagsmith-${ids.length}-${day}.${format}`, type };
    if (ids.length === 1) return { ids, name: name_beside(only.name), type };
    return { ids, name: `tagsmith-${format}-${ids.length}-${day}.zip`, type: ZIP };
}

export const nothing_to_export = () => new CodedError("nothing_to_export", "None of the pictures has been tagged.");
