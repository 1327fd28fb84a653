/**
 * The files of pictures: one that came in during this visit is at hand. Of the others the browser may have a way to the file, which may
 * have changed meanwhile, or ask for leave; else somebody has to choose it once more.
 * @import { Source } from "../../db/handles.js"
 * @import { Context } from "../context.js"
 * @import { PictureEntry } from "../state.js"
 *
 * @typedef {FileSystemHandle & {
 *   queryPermission?: (how: {mode: "read"}) => Promise<PermissionState>,
 *   requestPermission?: (how: {mode: "read"}) => Promise<PermissionState> }} AskedHandle
 */
import { CodedError } from "../../core/protocol.js";
import { fileOf as openSource } from "../../db/handles.js";
import { isFileOf } from "../entries.js";
import * as state from "../state.js";

/** @typedef {ReturnType<typeof createFiles>} FileActions */

/** @param {Pick<Context, "library">} context */
export function createFiles({ library }) {
    /** The picture has its file. @param {number} id @param {File} file */
    function giveFile(id, file) {
        const cell = state.pictures.get(id);
        if (cell && cell.value.file !== file)
            cell.value = { ...cell.value, file, size: file.size, modified_ms: file.lastModified };
    }

    /**
     * Opens what the browser lets be opened. `locked`: those that it would ask about.
     * @param {readonly number[]} ids @returns {Promise<{open: number[], locked: number[], missing: number[]}>}
     */
    async function openFiles(ids) {
        const groups = {
            open: /** @type {number[]} */ ([]),
            locked: /** @type {number[]} */ ([]),
            missing: /** @type {number[]} */ ([]),
        };
        const pictures = ids.flatMap((id) => state.pictureOf(id) ?? []);
        const sources = await library.handles.get(pictures.filter(({ file }) => !file));
        /** By folder: there may be many files in it. @type {Map<FileSystemHandle, Promise<boolean>>} */
        const asked = new Map();
        for (const picture of pictures) {
            const { id, file } = picture;
            const source = sources.get(id);
            if (file) groups.open.push(id);
            else if (!source) groups.missing.push(id);
            else if (!(await isAllowed(rootOf(source), asked))) groups.locked.push(id);
            else groups[(await openOne(picture, source)) ? "open" : "missing"].push(id);
        }
        return groups;
    }

    /** @param {PictureEntry} picture @param {Source} source */
    async function openOne(picture, source) {
        const file = await openSource(source).catch(() => null); // moved, or deleted
        if (!file || !isFileOf(file, picture)) return null;
        giveFile(picture.id, file);
        return file;
    }

    /** Asks for leave to open them; to be called right after a click. @param {readonly number[]} ids */
    async function unlockFiles(ids) {
        const sources = await library.handles.get(ids.flatMap((id) => state.pictureOf(id) ?? []));
        const roots = new Set([...sources.values()].map(rootOf));
        for (const root of roots) await root.requestPermission?.({ mode: "read" }).catch(() => "denied");
    }

    /** @param {number} id @returns {Promise<File | null>} null where somebody has to choose it */
    async function fileOf(id) {
        const known = state.pictureOf(id)?.file;
        if (known) return known;
        await openFiles([id]);
        return state.pictureOf(id)?.file ?? null;
    }

    /** @param {number} id @returns {Promise<File>} @throws file_needed */
    async function neededFile(id) {
        const file = await fileOf(id);
        if (file) return file;
        throw new CodedError("file_needed", state.pictureOf(id)?.path ?? "");
    }

    return { fileOf, giveFile, neededFile, openFiles, unlockFiles };
}

/** What leave is asked for. @param {Source} source @returns {AskedHandle} */
const rootOf = (source) => ("folder" in source ? source.folder : source.handle);

/** @param {AskedHandle} root @param {Map<FileSystemHandle, Promise<boolean>>} asked */
function isAllowed(root, asked) {
    const answer =
        asked.get(root) ??
        Promise.resolve(root.queryPermission?.({ mode: "read" }) ?? "granted").then((state) => state === "granted");
    asked.set(root, answer);
    return answer;
}
