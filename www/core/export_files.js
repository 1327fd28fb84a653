/**
 * The files of an export, made by the exports module. Only the session worker imports this, and the module comes with the first export:
 * spreadsheets weigh more than everything else that a session does.
 * @import { ExportFile } from "./engine_api.d.ts"
 * @import { ExportRequest } from "./protocol.js"
 * @import { Session } from "./session_api.d.ts"
 */
import initExports, { Export } from "tagsmith-exports";

/** So many reports are on their way from one module to the other at once. */
const CHUNK_SIZE = 500;

/** @type {Promise<unknown> | null} */
let started = null;

/** @param {Session} session @param {ExportRequest} request @returns {Promise<ExportFile[]>} */
export async function exportFiles(session, request) {
    return (await fill(session, request)).finish();
}

/**
 * The files of the first `n` pictures. Where pictures share a name, these have their full names: a preview refuses nothing.
 * @param {Session} session @param {ExportRequest & {n: number}} request @returns {Promise<ExportFile[]>}
 */
export async function previewFiles(session, { n, ...request }) {
    const { format, options, ids } = request;
    const usual = format.replaces_extension ? "stem" : "full";
    const names = (options.names ?? usual) === "stem" ? "stem_or_full" : (options.names ?? null);
    return exportFiles(session, { ...request, options: { ...options, names }, ids: ids.slice(0, n) });
}

/** Paths of pictures that share a file if it has their names without the extensions. @param {Session} session @param {ExportRequest} request */
export async function nameCollisions(session, request) {
    if (request.format.ending === null) return [];
    const filled = await fill(session, request);
    try {
        return filled.nameCollisions();
    } finally {
        filled.free();
    }
}

/** @param {Session} session @param {ExportRequest} request */
async function fill(session, { module, format, options, ids }) {
    started ??= initExports({ module_or_path: module });
    await started;
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
