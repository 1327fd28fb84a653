/**
 * Embeddings that training and tagging with own tags lack: made by the taggers of the page, and kept.
 * @import { EmbeddedReply } from "../../core/protocol.js"
 * @import { EmbeddedFile } from "../../db/own_protocol.js"
 * @import { Context } from "../context.js"
 *
 * `keepsSquares`: so that the set can be trained for another network; `isOver`: whether nobody wants it any more; `owner`: who
 * cancels it.
 * @typedef {{keepsSquares: boolean, onDone: () => void, isOver: () => boolean, owner: unknown, onFailed?: (file: number, error: unknown) => void}} How
 */
import { fileOf as openSource } from "../../db/handles.js";
import { isFileOf } from "../entries.js";
import * as state from "../state.js";

/** So many are committed together. */
const CHUNK = 16;

/** @param {Pick<Context, "library" | "pool">} context */
export function createEmbedding({ library, pool }) {
    /**
     * @param {readonly number[]} files @param {{name: string}} backbone @param {How} how
     * @returns {Promise<number[]>} those that could not be embedded
     */
    async function embed(files, { name: backbone }, { keepsSquares, onDone, isOver, owner, onFailed = () => {} }) {
        /** @type {number[]} */
        const leftOut = [];
        const { libraryId } = library;
        for (let first = 0; first < files.length; first += CHUNK) {
            const some = files.slice(first, first + CHUNK);
            const ways = await waysTo(some);
            const unread = await neverRead(
                some.filter((file) => ways.has(file)),
                backbone,
            );
            const squares = new Map();
            const kept = await library.call("squares", { files: some.filter((file) => !ways.has(file)) });
            for (const [idx, file] of kept.files.entries()) squares.set(file, kept.squares[idx]);
            const made = some.map(async (file) => {
                try {
                    const blob = await ways.get(file)?.();
                    const square = blob ? null : squares.get(file);
                    if (!blob && !square)
                        throw new DOMException("Neither the file nor its square is at hand.", "NotFoundError");
                    const reply = await (blob
                        ? pool.embed(file, blob, { isUnread: unread.has(file), owner })
                        : pool.embed(file, new Blob([square]), { isSquare: true, owner }));
                    return await embedded(file, reply, keepsSquares && blob !== undefined);
                } catch (error) {
                    if (Object(error).name === "AbortError") throw error;
                    leftOut.push(file);
                    onFailed(file, error);
                    return null;
                } finally {
                    onDone();
                }
            });
            const done = (await settled(made)).flatMap((one) => one ?? []);
            if (isOver() || library.libraryId !== libraryId) throw new DOMException("Cancelled.", "AbortError");
            if (done.length > 0) await library.call("record_embeddings", { backbone, embedded: done });
        }
        return leftOut;
    }

    /** Those of which the library knows no more than that they are there: the model has never tagged them. @param {readonly number[]} files @param {string} backbone */
    async function neverRead(files, backbone) {
        const known = await library.call("training_files", { files, backbone, n_features: 0, of: "all" });
        return new Set(known.files.filter((_, idx) => known.assets[idx] === 0));
    }

    /**
     * How to come to the files of pictures, whichever collection is on screen; without those that the browser has no way to.
     * @param {readonly number[]} files @returns {Promise<Map<number, () => Promise<File | undefined>>>}
     */
    async function waysTo(files) {
        /** @type {Map<number, () => Promise<File | undefined>>} */
        const ways = new Map();
        const away = [];
        for (const file of files) {
            const here = state.pictureOf(file)?.file;
            if (here) ways.set(file, async () => here);
            else away.push(file);
        }
        if (away.length === 0) return ways;
        const stored = await library.call("files", { collection: library.collection, ids: away, is_brief: true });
        const known = Array.from(stored.ids, (id, idx) => ({
            ...{ id, path: stored.paths[idx] ?? "", size: stored.sizes[idx] ?? 0 },
            modified_ms: stored.modified_ms[idx] ?? 0,
        }));
        const sources = await library.handles.get(known);
        for (const one of known) {
            const source = sources.get(one.id);
            const file = source && (await openSource(source).catch(() => null)); // moved, deleted, or no leave for it
            if (file && isFileOf(file, one)) ways.set(one.id, async () => file);
        }
        return ways;
    }

    return { embed, waysTo };
}

/** @param {number} file @param {EmbeddedReply} reply @param {boolean} keepsSquare @returns {Promise<EmbeddedFile>} */
async function embedded(file, { views, square, picture }, keepsSquare) {
    const names = ["", "mirror"];
    return {
        file,
        ...(picture && { picture }),
        views: views.map(({ scale, vector }, idx) => ({ name: names[idx] ?? "", scale, vector })),
        square: keepsSquare ? new Uint8Array(await square.arrayBuffer()) : null,
    };
}

/** All of them, though one was cancelled: what others made is not lost at an error, which comes after them. @template T @param {Promise<T>[]} all */
async function settled(all) {
    const ends = await Promise.allSettled(all);
    const failed = ends.find((end) => end.status === "rejected");
    if (failed?.status === "rejected") throw failed.reason;
    return ends.flatMap((end) => (end.status === "fulfilled" ? [end.value] : []));
}
