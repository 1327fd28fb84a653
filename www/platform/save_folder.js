/**
 * Folders that files are saved into: one that the person points out, or one that pictures came from. Each file goes where its path says,
 * below the folder; where the folder itself is the first part of the path, as it is of pictures that came from it, that part is left out.
 * @import { SaveFolder } from "./platform.d.ts"
 *
 * @typedef {FileSystemHandle & {requestPermission?: (wanted: {mode: "readwrite"}) => Promise<PermissionState>}} Asking
 * @typedef {(wishes: {id: string, mode: "readwrite"}) => Promise<FileSystemDirectoryHandle>} Choose
 */
import { CodedError } from "../core/protocol.js";

/** Folders that pictures came from, by name. @type {Map<string, FileSystemDirectoryHandle>} */
const known = new Map();

/** Keeps a folder in mind that pictures come from. @param {FileSystemDirectoryHandle} folder */
export const rememberFolder = (folder) => void known.set(folder.name, folder);

export const rememberedFolders = () => [...known.keys()];

/** Null where the browser has no folders. @returns {((name?: string) => Promise<SaveFolder | null>) | null} */
export function findSaveFolder() {
    const { showDirectoryPicker: choose } = /** @type {{showDirectoryPicker?: Choose}} */ (
        /** @type {unknown} */ (globalThis)
    );
    return choose ? (name) => openFolder(choose, name) : null;
}

/** @param {Choose} choose @param {string} [name] of a folder that pictures came from @returns {Promise<SaveFolder | null>} */
async function openFolder(choose, name) {
    const remembered = name === undefined ? undefined : known.get(name);
    try {
        const folder = remembered ?? (await choose({ id: "export", mode: "readwrite" }));
        return (await mayWrite(folder)) ? saveFolder(folder) : null;
    } catch (error) {
        if (Object(error).name === "AbortError") return null;
        throw notSaved(name ?? "The folder", error);
    }
}

/** @param {Asking} folder */
async function mayWrite(folder) {
    return ((await folder.requestPermission?.({ mode: "readwrite" })) ?? "granted") === "granted";
}

/** @param {FileSystemDirectoryHandle} root @returns {SaveFolder} */
function saveFolder(root) {
    /** The folder of a file, and its name there. @param {string} path @param {boolean} create */
    async function placeOf(path, create) {
        const parts = path.split("/");
        if (parts.length > 1 && parts[0] === root.name) parts.shift();
        const name = parts.pop() ?? path;
        let folder = root;
        for (const part of parts) folder = await folder.getDirectoryHandle(part, { create });
        return { folder, name };
    }

    return {
        name: root.name,
        async read(path) {
            try {
                const { folder, name } = await placeOf(path, false);
                return await (await folder.getFileHandle(name)).getFile();
            } catch (error) {
                if (Object(error).name === "NotFoundError") return null;
                throw notSaved(path, error);
            }
        },
        async write(path, content) {
            try {
                const { folder, name } = await placeOf(path, true);
                const file = await folder.getFileHandle(name, { create: true });
                await new Blob([content]).stream().pipeTo(await file.createWritable()); // what fails leaves the file as it was
            } catch (error) {
                throw notSaved(path, error);
            }
        },
    };
}

/** @param {string} what @param {unknown} error */
const notSaved = (what, error) =>
    new CodedError("file_not_saved", `${what} could not be written: ${Object(error).message ?? error}`);
