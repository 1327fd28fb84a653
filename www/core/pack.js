/**
 * The files of an export as the one that was planned (exports.js). Only the session worker imports this: it packs.
 * @import { ExportFile, ExportFormatFacts } from "./engine_api.d.ts"
 */
import { downloadZip } from "client-zip";
import { ZIP, nothingToExport } from "./exports.js";

/**
 * @param {ExportFormatFacts} format @param {number} nPictures how many were asked for, as the name promises
 * @param {readonly ExportFile[]} files what the session made of them @returns {Promise<Blob>}
 */
export async function pack({ media_type: mediaType, ending }, nPictures, files) {
    const [only] = files;
    if (!only) throw nothingToExport();
    if (ending === null || nPictures === 1)
        return new Blob([only.content], {
            type: typeof only.content === "string" ? `${mediaType};charset=utf-8` : mediaType,
        });
    const lastModified = new Date();
    const zip = await downloadZip(files.map(({ name, content }) => ({ name, input: content, lastModified }))).blob();
    return zip.slice(0, zip.size, ZIP);
}
