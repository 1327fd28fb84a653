/**
 * Folders walked through: dropped ones by their entries, chosen ones by a handle. Both in chunks, each folder in the order of its
 * names as people count, and every file with its way from the folder: the same folder gives the same grid either way.
 * @import { FoundFile } from "./platform.d.ts"
 *
 * @typedef {{name: string, open: () => Promise<File | null>} | {name: string, list: () => Promise<Item[]>}} Item a file or a folder
 * @typedef {FileSystemDirectoryHandle & {values(): AsyncIterable<FileSystemHandle>}} DirectoryHandle
 */
import { rememberFolder } from "./save_folder.js";

/** How many files are handed on at a time. */
const CHUNK_SIZE = 200;

/** @param {DataTransfer} drop */
export function droppedFiles(drop) {
    // Entries and files must be taken before the first await: the drop is emptied when its event ends.
    const items = Array.from(drop.items, (item) => {
        const entry = item.webkitGetAsEntry();
        const file = item.getAsFile();
        if (entry?.isDirectory) return fromEntry(entry);
        return { name: file?.name ?? "", open: async () => file };
    });
    return inChunks(items);
}

/** Null where the browser has no such chooser. @returns {(() => AsyncGenerator<FoundFile[]>) | null} */
export function findFolderChooser() {
    const { showDirectoryPicker: choose } =
        /** @type {{showDirectoryPicker?: (options: object) => Promise<DirectoryHandle>}} */ (globalThis);
    return choose ? () => chosenFolder(choose) : null;
}

/** @param {(options: object) => Promise<DirectoryHandle>} choose */
async function* chosenFolder(choose) {
    const folder = await choose({ id: "pictures", mode: "read", startIn: "pictures" });
    rememberFolder(folder);
    yield* inChunks([fromHandle(folder)]);
}

/** @param {Item[]} items in the order they were given */
async function* inChunks(items) {
    /** @type {FoundFile[]} */
    let chunk = [];
    for await (const found of walk(items, "")) {
        chunk.push(found);
        if (chunk.length < CHUNK_SIZE) continue;
        yield chunk;
        chunk = [];
    }
    if (chunk.length > 0) yield chunk;
}

/** @param {Item[]} items @param {string} way @returns {AsyncGenerator<FoundFile>} */
async function* walk(items, way) {
    for (const item of items) {
        const path = way + item.name;
        if ("list" in item) {
            const inside = await item.list();
            yield* walk(
                inside.sort((a, b) => a.name.localeCompare(b.name, undefined, { numeric: true })),
                `${path}/`,
            );
        } else {
            const file = await item.open();
            if (file) yield { file, path };
        }
    }
}

/** @param {FileSystemEntry} entry @returns {Item} what we may not read counts as empty */
function fromEntry(entry) {
    const { name } = entry;
    if (entry.isDirectory) {
        const folder = /** @type {FileSystemDirectoryEntry} */ (entry);
        return { name, list: async () => (await readAll(folder)).map(fromEntry) };
    }
    const { file } = /** @type {FileSystemFileEntry} */ (entry);
    return { name, open: () => new Promise((resolve) => file.call(entry, resolve, () => resolve(null))) };
}

/** @param {FileSystemDirectoryEntry} folder @returns {Promise<FileSystemEntry[]>} */
async function readAll(folder) {
    const reader = folder.createReader();
    /** @type {FileSystemEntry[]} */
    const all = [];
    for (;;) {
        // A reader gives at most a hundred at a time, and nothing at the end.
        const some = await new Promise((resolve) => reader.readEntries(resolve, () => resolve([])));
        if (some.length === 0) return all;
        all.push(...some);
    }
}

/** @param {FileSystemHandle} handle @returns {Item} what we may not read counts as empty */
function fromHandle(handle) {
    const { name } = handle;
    if (handle.kind === "directory") return { name, list: () => list(/** @type {DirectoryHandle} */ (handle)) };
    return { name, open: () => /** @type {FileSystemFileHandle} */ (handle).getFile().catch(() => null) };
}

/** @param {DirectoryHandle} folder */
async function list(folder) {
    /** @type {Item[]} */
    const items = [];
    try {
        for await (const handle of folder.values()) items.push(fromHandle(handle));
    } catch {
        // Taken away while it was read: what was found counts.
    }
    return items;
}
