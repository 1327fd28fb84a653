/**
 * The files of pictures: one that came in during this visit is at hand. Of the others the browser may have a way to the file, which may
 * have changed meanwhile, or ask for leave; else somebody has to choose it once more.
 * @import { Context } from "../context.js"
 * @import { PictureEntry } from "../state.js"
 */
import { CodedError } from "../../core/protocol.js";
import * as state from "../state.js";

/** @typedef {ReturnType<typeof createFiles>} FileActions */

/** @param {Pick<Context, "handles">} context */
export function createFiles({ handles }) {
    /** The picture has its file. @param {number} id @param {File} file */
    function giveFile(id, file) {
        const cell = state.pictures.get(id);
        if (cell && cell.value.file !== file) cell.value = { ...cell.value, file };
    }

    /** @param {number} id @returns {Promise<File | null>} null where somebody has to choose it */
    async function fileOf(id) {
        const picture = state.pictureOf(id);
        if (!picture || picture.file) return picture?.file ?? null;
        const handle = (await handles.get([id])).get(id);
        if (!handle || !(await isAllowed(handle))) return null;
        const file = await handle.getFile().catch(() => null); // moved, or deleted
        if (!file || !isSame(file, picture)) return null;
        giveFile(id, file);
        return file;
    }

    /** @param {number} id @returns {Promise<File>} @throws file_needed */
    async function neededFile(id) {
        const file = await fileOf(id);
        if (file) return file;
        throw new CodedError("file_needed", state.pictureOf(id)?.path ?? "");
    }

    return { fileOf, giveFile, neededFile };
}

/** Another content is another picture. @param {File} file @param {PictureEntry} picture */
const isSame = (file, { size, modified_ms: modifiedMs }) => file.size === size && file.lastModified === modifiedMs;

/** @param {FileSystemFileHandle & {queryPermission?: (how: {mode: "read"}) => Promise<PermissionState>}} handle */
const isAllowed = async (handle) => (await handle.queryPermission?.({ mode: "read" })) !== "prompt";
