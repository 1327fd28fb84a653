/**
 * The package in node: workers are threads, and the files lie beside this one.
 * @import { Get } from "../../core/engine.js"
 * @import { Shell } from "./tagger.js"
 * @import { Picture } from "./api.d.ts"
 */
import { readFile } from "node:fs/promises";
import { availableParallelism, totalmem } from "node:os";
import { basename } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { fetchFile } from "../../core/engine.js";
import { poolSize } from "../../core/pool_size.js";
import { CodedError } from "../../core/protocol.js";
import { TaggerError as Thrown } from "./errors.js";
import { startThread } from "./node_thread.mjs";
import { addressOf, fetchPicture, readBytes } from "./picture_files.js";
import { taggerFor } from "./tagger.js";

const IS_ADDRESS = /^(https?|data|blob|file):/i;

/** @type {Get} */
async function getFile(url, how) {
    if (url.protocol !== "file:") return fetchFile(url, how);
    const name = basename(url.pathname);
    const bytes = await readFile(url).catch((error) => {
        throw new CodedError("engine_unreachable", `${name} could not be read: ${error.message}`);
    });
    return new Response(bytes, name.endsWith(".wasm") ? { headers: { "content-type": "application/wasm" } } : {});
}

/** @param {Picture} picture @param {AbortSignal | undefined} signal */
async function readPicture(picture, signal) {
    const known = readBytes(picture);
    // Threads take plain blobs; a File is more.
    if (known) return { ...known, file: new Blob([known.file]) };
    if (typeof picture !== "string" && !(picture instanceof URL))
        throw new CodedError("file_unreadable", `A ${typeof picture} is no picture, nor its path or address.`);
    const name = String(picture);
    if (typeof picture === "string" && !IS_ADDRESS.test(picture)) return readPath(picture, name, signal);
    const url = addressOf(picture);
    return url.protocol === "file:"
        ? readPath(fileURLToPath(url), name, signal)
        : fetchPicture(picture, undefined, signal);
}

/** @param {string} path @param {string} name @param {AbortSignal | undefined} signal */
async function readPath(path, name, signal) {
    const bytes = await readFile(path, signal ? { signal } : {}).catch((error) => {
        signal?.throwIfAborted();
        throw new CodedError("file_unreadable", `${name} could not be read: ${error.message}`);
    });
    return { file: new Blob([bytes]), name };
}

/** @type {Shell} */
const node = {
    get: getFile,
    base: () => pathToFileURL(`${process.cwd()}/`),
    startWorker: async (script, name) => startThread(script, name),
    workers: () => poolSize({ cores: availableParallelism(), memoryGb: totalmem() / 2 ** 30 }),
    read: readPicture,
};

export const Tagger = /** @satisfies {typeof import("./api.d.ts").Tagger} */ (taggerFor(node));
export const TaggerError =
    /** @satisfies {abstract new (made: never, language: never) => import("./api.d.ts").TaggerError} */ (Thrown);
