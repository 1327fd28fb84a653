/**
 * The files of an export, made by the exports module. Only the session worker imports this, and the module comes with the first export:
 * spreadsheets weigh more than everything else that a session does.
 * @import { ExportFile } from "./engine_api.d.ts"
 * @import { ExportPreview, ExportRequest, PictureRequest } from "./protocol.js"
 * @import { Session } from "./session_api.d.ts"
 */
import initExports, { Export, mergeSidecar, writeKeywords } from "tagsmith-exports";
import { bytesOf } from "./bytes.js";

/** So many reports are on their way from one module to the other at once. */
const CHUNK_SIZE = 500;

/** @type {Promise<unknown> | null} */
let started = null;

/** @param {Session} session @param {ExportRequest} request @returns {Promise<ExportFile[]>} */
export async function exportFiles(session, request) {
    return (await fill(session, request)).finish();
}

/**
 * The first `n` files, how many there are in all, and the paths of pictures that share a file if it has their names without the
 * extensions. Where they do, the files shown have the full names: a preview refuses nothing.
 * @param {Session} session @param {ExportRequest & {n: number}} request @returns {Promise<ExportPreview>}
 */
export async function previewFiles(session, { n, ...request }) {
    const { format, options } = request;
    const usual = format.replaces_extension ? "stem" : "full";
    const names = (options.names ?? usual) === "stem" ? "stem_or_full" : (options.names ?? null);
    const filled = await fill(session, { ...request, options: { ...options, names } });
    const [nFiles, collisions] = [filled.nFiles(), filled.nameCollisions()];
    return { n_files: nFiles, collisions, files: filled.finish().slice(0, n) };
}

/** A copy of the picture with its tags inside. @param {Session} session @param {PictureRequest} request */
export async function copyWithKeywords(session, { module, id, file }) {
    await startExports(module);
    return new Blob([writeKeywords(await bytesOf(file), reportOf(session, id))], { type: file.type });
}

/** The sidecar that is there, with the picture's tags in it. @param {Session} session @param {PictureRequest} request */
export async function mergedSidecar(session, { module, id, file }) {
    await startExports(module);
    return new Blob([mergeSidecar(await bytesOf(file), reportOf(session, id))], { type: file.type });
}

/** @param {Session} session @param {number} id */
const reportOf = (session, id) => session.reports(Uint32Array.of(id));

/** What failed is tried again by the next export. @param {WebAssembly.Module} module */
export function startExports(module) {
    started ??= initExports({ module_or_path: module }).catch((error) => {
        started = null;
        throw error;
    });
    return started;
}

/** @param {Session} session @param {ExportRequest} request */
async function fill(session, { module, format, options, ids }) {
    await startExports(module);
    const filled = new Export(format.name, { language: session.language(), ...options });
    try {
        for (let first = 0; first < ids.length; first += CHUNK_SIZE)
            filled.add(session.reports(Uint32Array.from(ids.slice(first, first + CHUNK_SIZE))));
        return filled;
    } catch (error) {
        filled.free();
        throw error;
    }
}
