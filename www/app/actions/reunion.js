/**
 * Files that come in again: a picture of an earlier visit, whose file is not at hand, gets it back. It is found by path, size and date, or
 * by its content under whatever name, and nothing is done twice.
 * @import { FoundFile } from "../../platform/platform.d.ts"
 * @import { KnownAsset } from "../../db/protocol.js"
 * @import { Context } from "../context.js"
 * @import { FileActions } from "./files.js"
 * @import { PictureActions } from "./pictures.js"
 */
import { canHash, hashes } from "../known_files.js";
import * as state from "../state.js";
import { notify } from "./notices.js";

/** @typedef {ReturnType<typeof createReunion>} Reunion */

/**
 * @param {Pick<Context, "library">} context @param {Pick<PictureActions, "claim" | "hashOf">} pictures @param {Pick<FileActions, "giveFile">} files
 * @param {(ids: readonly number[]) => void} goOn with pictures that waited for their files
 */
export function createReunion({ library }, { claim, hashOf }, { giveFile }, goOn) {
    const sha256Of = hashes(hashOf);

    /** Whether there may be pictures without their files, or elsewhere in the library. */
    const isNeeded = () =>
        !library.isOpen || library.hasOthers || state.orderedIds.value.some((id) => !state.pictureOf(id)?.file);

    /**
     * Gives pictures their files back. `fresh`: what is new; `same`: what is here already, with its file.
     * @param {readonly FoundFile[]} found @returns {Promise<{fresh: FoundFile[], same: FoundFile[]}>}
     */
    async function part(found) {
        await library.shown();
        if (!isNeeded()) return { fresh: [...found], same: [] };
        /** @type {{fresh: FoundFile[], same: FoundFile[]}} */
        const groups = { fresh: [], same: [] };
        /** @type {number[]} */
        const again = [];
        const known = await library.call("find_known", { collection: library.collection, files: found.map(asKnown) });
        /** @type {FoundFile[]} */
        const doubtful = [];
        const needed = neededByPath();
        for (const [idx, one] of found.entries()) {
            const { file = null, is_size_known: isSizeKnown = false } = known[idx] ?? {};
            const id = needed.get(one.path) ?? file;
            const picture = id === null ? undefined : state.pictureOf(id);
            if (picture && !picture.file) again.push(give(picture.id, one));
            else if (picture) groups.same.push(claimed(picture.id, one));
            else (isSizeKnown && canHash() ? doubtful : groups.fresh).push(one);
        }
        for (const one of doubtful) {
            const sha256 = await sha256Of(one.file);
            const asset = sha256 === null ? null : await assetOf(sha256);
            const picture = asset && pictureOf(asset, one.path);
            if (picture && !picture.file) again.push(give(picture.id, one));
            else if (picture) groups.same.push(claimed(picture.id, one));
            else groups.fresh.push(one);
            if (asset && !picture) library.noteContent(one.file, asset.sha256); // another collection's, or taken off
        }
        if (again.length > 0) tell(again);
        return groups;
    }

    /** What is here already: whoever brought it may ask as which picture. @param {number} id @param {FoundFile} found */
    function claimed(id, found) {
        claim(id, found.file);
        return found;
    }

    /** @param {string} sha256 */
    async function assetOf(sha256) {
        const [asset = null] = await library.call("find_assets", { collection: library.collection, sha256s: [sha256] });
        return asset;
    }

    /** The picture of the collection that has this content: of several the one of this path, else one that has no file yet. @param {KnownAsset} asset @param {string} path */
    function pictureOf({ files }, path) {
        const pictures = files.flatMap(({ id }) => state.pictureOf(id) ?? []);
        return pictures.find((picture) => picture.path === path) ?? pictures.find(({ file }) => !file) ?? pictures[0];
    }

    /** @param {number} id @param {FoundFile} found */
    function give(id, { file, source }) {
        const { size, modified_ms: date, path = "" } = state.pictureOf(id) ?? {};
        const { lastModified: modifiedMs } = file;
        giveFile(id, file);
        claim(id, file);
        if (source) void library.handles.put([{ id, source: { path, ...source } }]);
        if (size !== file.size || date !== modifiedMs)
            library.write("touch_files", { files: [{ id, size: file.size, modified_ms: modifiedMs }] });
        return id;
    }

    /** @param {readonly number[]} ids */
    function tell(ids) {
        notify("said_files_again", { n: ids.length });
        goOn(ids);
    }

    return { isNeeded, part };
}

/** Pictures that were never read: whatever lies there now is what they are. @returns {Map<string, number>} */
function neededByPath() {
    const { locked = [], missing = [] } = state.filesNeeded.value ?? {};
    const unread = [...locked, ...missing].flatMap((id) => state.pictureOf(id) ?? []).filter(({ looks }) => !looks);
    return new Map(unread.map(({ id, path }) => [path, id]));
}

/** @param {FoundFile} found */
const asKnown = ({ file, path }) => ({ path, size: file.size, modified_ms: file.lastModified });
