/** Brotli and gzip, by zlib's own threads: as many files at a time as there are cores. */
import { readFile, writeFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";

const brotli_async = promisify(brotliCompress);
const gzip_async = promisify(gzip);

/** Pictures are compressed already. */
export const is_compressible = (/** @type {string} */ name) => /\.(html|js|css|json|svg|wasm|onnx|txt|webmanifest)$/.test(name);

/** @param {Uint8Array} content @param {number} quality up to 11 */
export function brotli(content, quality) {
    const params = {
        [constants.BROTLI_PARAM_QUALITY]: quality,
        [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
        [constants.BROTLI_PARAM_SIZE_HINT]: content.length,
    };
    return brotli_async(content, { params });
}

/** @param {Uint8Array} content @param {number} level up to 9 */
export const gzip_at = (content, level) => gzip_async(content, { level });

/** Writes `NAME.br` and `NAME.gz` beside every file that gets smaller by it. @param {string} folder @param {string[]} names */
export async function compress_beside(folder, names) {
    /** @type {(() => Promise<void>)[]} */
    const tasks = [];
    for (const name of names.filter(is_compressible)) {
        const path = join(folder, name);
        tasks.push(() => write_smaller(path, ".br", (content) => brotli(content, 11)));
        tasks.push(() => write_smaller(path, ".gz", (content) => gzip_at(content, 9)));
    }
    const work = async () => {
        for (let task = tasks.shift(); task; task = tasks.shift()) await task();
    };
    await Promise.all(Array.from({ length: Math.min(4, availableParallelism()) }, work));
}

/** @param {string} path @param {string} end @param {(content: Uint8Array) => Promise<Uint8Array>} compress */
async function write_smaller(path, end, compress) {
    const content = await readFile(path);
    const smaller = await compress(content);
    if (smaller.length < content.length) await writeFile(path + end, smaller);
}
