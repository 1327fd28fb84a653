/**
 * The files of a job, whichever collection is on screen: one that came in during this visit is at hand, of the others the browser may have
 * a way to the file.
 * @import { Library } from "../library.js"
 * @import { NeverLeave } from "../providers/never_leave.js"
 */
import { CodedError } from "../../core/protocol.js";
import { fileOf as openSource } from "../../db/handles.js";
import { isFileOf } from "../entries.js";
import { mayLeave } from "../providers/never_leave.js";
import * as state from "../state.js";

/** @param {Library} library @param {number} collection @param {readonly number[]} ids */
export async function createJobFiles(library, collection, ids) {
    const { libraryId } = library;
    const stored = await library.call("files", { collection, ids, is_brief: true });
    /** @type {Map<number, {id: number, path: string, size: number, modified_ms: number}>} */
    const known = new Map();
    for (const [idx, id] of stored.ids.entries()) {
        const [path = "", size = 0, modifiedMs = 0] = [stored.paths[idx], stored.sizes[idx], stored.modified_ms[idx]];
        known.set(id, { id, path, size, modified_ms: modifiedMs });
    }

    /** @param {number} id @returns {Promise<File>} @throws file_needed where somebody has to choose it once more */
    async function fileOf(id) {
        const isHere = library.libraryId === libraryId && library.collection === collection;
        const file = (isHere ? state.pictureOf(id)?.file : null) ?? (await fileBehind(id));
        if (file) return file;
        throw new CodedError("file_needed", known.get(id)?.path ?? "");
    }

    /** @param {number} id */
    async function fileBehind(id) {
        const wanted = known.get(id);
        const source = wanted && (await library.handles.get([wanted])).get(id);
        const file = source && (await openSource(source).catch(() => null)); // moved, deleted, or no leave for it
        return file && isFileOf(file, wanted) ? file : null;
    }

    return {
        fileOf,
        /** What is not known does not leave. @param {number} id @param {NeverLeave} never */
        mayLeave(id, never) {
            const file = known.get(id);
            return (
                library.libraryId === libraryId &&
                file !== undefined &&
                mayLeave({ collection, path: file.path }, never)
            );
        },
    };
}
