/**
 * The files of an export as the one that was planned (exports.js). Only the session worker imports this: it packs.
 * @import { ExportFile, ExportFormatFacts } from "./engine_api.d.ts"
 */
import { downloadZip } from "client-zip";
import { ZIP, nothingToExport } from "./exports.js";

/** So much of a ZIP is held in memory; the browser may keep the rest on the disk. */
const PART_BYTES = 8 << 20;

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
    const zip = new ZipWriter();
    for (const { name, content } of files) await zip.add(name, content);
    return zip.finish();
}

/** A ZIP that gets one file after the other, and never has more than one of them in memory. */
export class ZipWriter {
    /** @type {{name: string, input: ExportFile["content"] | Blob, taken: () => void}[]} */
    #waiting = [];
    #isEnded = false;
    #wake = () => {};
    #blob = collect(downloadZip(this.#files()));

    /** Until the file is in. @param {string} name @param {ExportFile["content"] | Blob} input */
    async add(name, input) {
        const taken = new Promise((resolve) => {
            this.#waiting.push({ name, input, taken: () => resolve(null) });
            this.#wake();
        });
        await Promise.race([taken, this.#blob]); // which fails where the content cannot be read
    }

    finish() {
        this.#isEnded = true;
        this.#wake();
        return this.#blob;
    }

    async *#files() {
        const lastModified = new Date();
        for (;;) {
            const next = this.#waiting.shift();
            if (next) {
                yield { name: next.name, input: next.input, lastModified };
                next.taken(); // another one is asked for
            } else if (this.#isEnded) return;
            else await new Promise((resolve) => (this.#wake = () => resolve(null)));
        }
    }
}

/** @param {Response} zip */
async function collect({ body }) {
    if (!body) throw new TypeError("A ZIP has a body.");
    const reader = body.getReader();
    /** @type {Blob[]} */
    const parts = [];
    /** @type {Uint8Array<ArrayBuffer>[]} */
    let pieces = [];
    let size = 0;
    for (;;) {
        const { done, value } = await reader.read();
        if (value) size += pieces.push(value) && value.length;
        if (size < PART_BYTES && !done) continue;
        parts.push(new Blob(pieces));
        if (done) return new Blob(parts, { type: ZIP });
        pieces = [];
        size = 0;
    }
}
