/**
 * What taggers found. A commit costs about as much for a hundred pictures as for one, so the first is committed at once, and what
 * arrives within the window after it goes into one transaction. What nothing follows ends the window. An answer says that it is committed.
 * @import { FailedFile, TaggedFile } from "../protocol.js"
 * @import { Library } from "./library.js"
 */
import { CodedError } from "../../core/protocol.js";
import fileFailed from "../queries/file_failed.sql";
import fileTagged from "../queries/file_tagged.sql";
import putAsset from "../queries/put_asset.sql";
import putEmbedding from "../queries/put_embedding.sql";
import putTagging from "../queries/put_tagging.sql";
import { libraryReplaced } from "./library.js";
import { bytesOfHex, packBoxes, packCandidates } from "./packed.js";

const WINDOW_MS = 250;
/** What keeps one from being written keeps all. */
const OF_ALL = ["storage_full", "library_replaced"];

const unknownRun = () => new CodedError("run_unknown", "The run was not begun through this worker, or was undone.");

/**
 * @typedef {readonly (TaggedFile | FailedFile)[]} Results
 * @typedef {{results: Results, by: string, thumbnails: Promise<unknown>, resolve: (done: null) => void, reject: (error: unknown) => void}} Waiting
 */

export class Recorder {
    #library;
    /** @type {Waiting[]} */
    #waiting = [];
    /** Whether a window is open: then what comes waits for its end. */
    #isOpen = false;
    /** Ends the window. */
    #wake = () => {};
    /** Whether what waits is the last, and came while there was no window to end. */
    #isHurried = false;
    #isEnded = false;

    /** @param {Library} library */
    constructor(library) {
        this.#library = library;
    }

    /** @param {Results} results @param {string} by @param {boolean} [isLast] whether nothing follows @returns {Promise<null>} */
    record(results, by, isLast = false) {
        for (const result of results)
            if ("run" in result && !this.#library.runTags.has(result.run)) return Promise.reject(unknownRun());
        return new Promise((resolve, reject) => {
            // Thumbnails are on their way while the window is open; the one of a picture that is committed is there.
            const thumbnails = Promise.all(results.map((result) => this.#keepThumbnail(result)));
            this.#waiting.push({ results, by, thumbnails, resolve, reject });
            if (!this.#isOpen) void this.#begin();
            else if (isLast) {
                this.#isHurried = true;
                this.#wake();
            }
        });
    }

    /** Its library is no more: nothing more is written. */
    end() {
        this.#isEnded = true;
        this.#wake();
    }

    async #begin() {
        this.#isOpen = true;
        while (this.#waiting.length > 0) {
            this.#isHurried = false;
            await this.#commit(this.#waiting.splice(0));
            if (this.#isHurried) continue;
            await new Promise((resolve) => {
                const timer = setTimeout(resolve, WINDOW_MS, null);
                this.#wake = () => {
                    clearTimeout(timer);
                    resolve(null);
                };
            });
        }
        this.#isOpen = false;
    }

    /** @param {Waiting[]} waiting */
    async #commit(waiting) {
        await Promise.all(waiting.map(({ thumbnails }) => thumbnails));
        try {
            if (this.#isEnded) throw libraryReplaced();
            this.#write(waiting);
        } catch (error) {
            const { code = "" } = /** @type {{code?: string}} */ (error);
            if (waiting.length === 1 || OF_ALL.includes(code)) return waiting.forEach(({ reject }) => reject(error));
            // One that cannot be written does not take the others with it.
            for (const one of waiting) await this.#commit([one]);
            return;
        }
        for (const { results, by, resolve } of waiting) {
            this.#library.announce(by, { files: results.map(({ file }) => file) });
            resolve(null);
        }
    }

    /** @param {Waiting[]} waiting */
    #write(waiting) {
        const { db } = this.#library;
        const now = Date.now();
        db.transaction(() => {
            for (const result of waiting.flatMap(({ results }) => results)) {
                if ("failure" in result) db.run(fileFailed, [result.file, result.failure.code, result.failure.detail]);
                else this.#writeTagged(result, now);
            }
        });
    }

    /** @param {TaggedFile} result @param {number} now */
    #writeTagged({ file, run, sha256, size, facts, timings, looks, candidates, boxes, embedding }, now) {
        const { db, tags, runTags } = this.#library;
        // Deleted for good in another tab: then nothing of it stays.
        if (db.number("SELECT count(*) FROM file WHERE id = ?1", [file]) === 0) return;
        const { width, height, format, incomplete = false, decoder = null, taken_ms: taken = null } = facts;
        const values = [bytesOfHex(sha256), size, width, height, format, incomplete ? 1 : 0, decoder, taken];
        const asset = /** @type {number} */ (db.first(putAsset, values, (row) => row.real(0)));
        const named = runTags.get(run);
        if (!named) throw unknownRun(); // undone since it was sent
        const tagId = (/** @type {number} */ position) => {
            const tag = named.tags[position];
            if (!tag) throw new CodedError("inference_failed", `Candidate ${position} is not among the run's tags.`);
            return tags.idOf({ id: tag.id, name: tag.name, language: named.language });
        };
        const packed = [packCandidates(candidates, tagId), packBoxes(boxes, tagId)];
        db.run(putTagging, [
            asset,
            run,
            looks,
            JSON.stringify(timings),
            .../** @type {[Uint8Array, Uint8Array]} */ (packed),
            now,
        ]);
        if (embedding) db.run(putEmbedding, [asset, embedding.backbone, embedding.scale, embedding.vector]);
        db.run(fileTagged, [file, asset]);
    }

    /** A picture without a thumbnail is still tagged. @param {TaggedFile | FailedFile} result */
    async #keepThumbnail(result) {
        if ("failure" in result || !result.thumbnail) return;
        await this.#library.thumbnails.put(result.sha256, result.thumbnail).catch(() => {});
    }
}
