/**
 * The files of an export as the one that was planned (exports.js). Only the batch worker imports this: it packs.
 * @import { ExportFile, ExportFormat } from "./engine_api.d.ts"
 */
import { downloadZip } from "client-zip";
import { FORMATS, ZIP, nothing_to_export } from "./exports.js";

/**
 * @param {ExportFormat} format @param {number} n_pictures how many were asked for, as the name promises
 * @param {readonly ExportFile[]} files what the engine made of them @returns {Promise<Blob>}
 */
export async function one_file(format, n_pictures, files) {
    const [only] = files;
    if (!only) throw nothing_to_export();
    const { type, name_beside } = FORMATS[format];
    if (!name_beside || n_pictures === 1) return new Blob([only.content], { type: `${type};charset=utf-8` });
    const lastModified = new Date();
    const zip = await downloadZip(files.map(({ name, content }) => ({ name, input: content, lastModified }))).blob();
    return zip.slice(0, zip.size, ZIP);
}
