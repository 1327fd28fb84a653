/**
 * The files of an export as the one that was planned (exports.js). Only the session worker imports this: it packs.
 * @import { ExportFile, ExportFormatFacts } from "./engine_api.d.ts"
 */
import { downloadZip } from "client-zip";
import { ZIP, nothing_to_export } from "./exports.js";

/**
 * @param {ExportFormatFacts} format @param {number} n_pictures how many were asked for, as the name promises
 * @param {readonly ExportFile[]} files what the session made of them @returns {Promise<Blob>}
 */
export async function pack({ media_type, ending }, n_pictures, files) {
    const [only] = files;
    if (!only) throw nothing_to_export();
    if (ending === null || n_pictures === 1) return new Blob([only.content], { type: `${media_type};charset=utf-8` });
    const lastModified = new Date();
    const zip = await downloadZip(files.map(({ name, content }) => ({ name, input: content, lastModified }))).blob();
    return zip.slice(0, zip.size, ZIP);
}
