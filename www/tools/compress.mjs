/**
 * Brotli and gzip, by zlib's own threads: as many files at a time as there are cores. What was compressed once is kept by the hash of its
 * content, so that a build compresses only what has changed.
 *
 * @typedef {"best" | "fast"} Effort "best" for what people download; "fast" for tests, which only need that the files are there
 */
import { createHash } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";

const brotliAsync = promisify(brotliCompress);
const gzipAsync = promisify(gzip);

const KEPT = fileURLToPath(new URL("../../target/compressed", import.meta.url));
const LEVELS = { best: { br: 11, gz: 9 }, fast: { br: 4, gz: 1 } };

/** @param {string} text @returns {text is Effort} */
export const isEffort = (text) => Object.hasOwn(LEVELS, text);

/** Pictures are compressed already. */
export const isCompressible = (/** @type {string} */ name) =>
    /\.(html|js|css|json|svg|wasm|onnx|bin|txt|webmanifest)$/.test(name);

/** @param {Uint8Array} content @param {number} quality up to 11 */
export function brotli(content, quality) {
    const params = {
        [constants.BROTLI_PARAM_QUALITY]: quality,
        [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
        [constants.BROTLI_PARAM_SIZE_HINT]: content.length,
    };
    return brotliAsync(content, { params });
}

/** @param {Uint8Array} content @param {number} level up to 9 */
export const gzipAt = (content, level) => gzipAsync(content, { level });

/**
 * Writes `NAME.br` and `NAME.gz` beside every file that gets smaller by it.
 * @param {string} folder @param {string[]} names @param {Effort} effort @param {string} [kept] folder of what was compressed before
 */
export async function compressBeside(folder, names, effort, kept = KEPT) {
    await mkdir(kept, { recursive: true });
    const { br, gz } = LEVELS[effort];
    /** @type {(() => Promise<void>)[]} */
    const tasks = [];
    for (const name of names.filter(isCompressible)) {
        const path = join(folder, name);
        tasks.push(() => writeSmaller(path, `br${br}`, kept, (content) => brotli(content, br)));
        tasks.push(() => writeSmaller(path, `gz${gz}`, kept, (content) => gzipAt(content, gz)));
    }
    const work = async () => {
        for (let task = tasks.shift(); task; task = tasks.shift()) await task();
    };
    await Promise.all(Array.from({ length: Math.min(4, availableParallelism()) }, work));
}

/** @param {string} path @param {string} kind "br11" @param {string} kept @param {(content: Uint8Array) => Promise<Uint8Array>} compress */
async function writeSmaller(path, kind, kept, compress) {
    const content = await readFile(path);
    const hash = createHash("sha256").update(content).digest("hex");
    const before = join(kept, `${hash}.${kind}`);
    let smaller = await readFile(before).catch(() => null);
    if (!smaller) {
        smaller = Buffer.from(await compress(content));
        // Renamed into place: a build that breaks off leaves nothing half written behind.
        const unfinished = `${before}.${process.pid}`;
        await writeFile(unfinished, smaller);
        await rename(unfinished, before);
    }
    if (smaller.length < content.length) await writeFile(`${path}.${kind.slice(0, 2)}`, smaller);
}
