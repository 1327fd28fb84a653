/**
 * Folders walked through: dropped ones by their entries, chosen ones by a handle. Both in chunks, each folder in the order of its
 * names as people count, and every file with its way from the folder: the same folder gives the same grid either way. What could not be
 * read is told as well, by its way, and holds up nothing else. Hidden and system folders are told, and not entered.
 * @import { Found, FoundSource } from "./platform.d.ts"
 *
 * `error` ends a list before its end: what was found until then counts.
 * @typedef {{items: Item[], error?: unknown}} Inside
 * @typedef {({name: string, open: () => Promise<File | null>} | {name: string, list: () => Promise<Inside>}) &
 *   {handle?: Promise<FileSystemHandle | null>}} Item a file or a folder; `handle`: of what was dropped or chosen itself
 * @typedef {FileSystemDirectoryHandle & {values(): AsyncIterable<FileSystemHandle>}} DirectoryHandle
 */
import { isSystemFolder } from "../core/left_out_names.js";
import { rememberFolder } from "./save_folder.js";

/** How many files are handed on at a time. */
const CHUNK_SIZE = 200;

/** @param {DataTransfer} drop @param {{byHandles?: boolean}} [how] `byHandles`: on a page that was opened from a disk Chromium reads no entry, and its handles all the same */
export function droppedFiles(drop, { byHandles = false } = {}) {
    // Entries and files must be taken before the first await: the drop is emptied when its event ends.
    const items = Array.from(drop.items, (item) => {
        const entry = item.webkitGetAsEntry();
        const file = item.getAsFile();
        const handle = handleOf(item);
        if (entry?.isDirectory) return { ...(byHandles ? fromEither(entry, handle) : fromEntry(entry)), handle };
        return { name: file?.name ?? "", open: async () => file, handle };
    });
    return inChunks(items);
}

/** What a file can be opened by after a reload; not every browser has it. @param {DataTransferItem} item @returns {Promise<FileSystemHandle | null>} */
async function handleOf(item) {
    try {
        return (
            (await /** @type {{getAsFileSystemHandle?: () => Promise<FileSystemHandle | null>}} */ (
                item
            ).getAsFileSystemHandle?.()) ?? null
        );
    } catch {
        return null;
    }
}

/** Null where the browser has no such chooser. @returns {(() => AsyncGenerator<Found[]>) | null} */
export function findFolderChooser() {
    const { showDirectoryPicker: choose } =
        /** @type {{showDirectoryPicker?: (options: object) => Promise<DirectoryHandle>}} */ (globalThis);
    return choose ? () => chosenFolder(choose) : null;
}

/** @param {(options: object) => Promise<DirectoryHandle>} choose */
async function* chosenFolder(choose) {
    const folder = await choose({ id: "pictures", mode: "read", startIn: "pictures" });
    rememberFolder(folder);
    yield* inChunks([{ ...fromHandle(folder), handle: Promise.resolve(folder) }]);
}

/** @param {Item[]} items in the order they were given */
async function* inChunks(items) {
    /** @type {Found[]} */
    let chunk = [];
    for (const item of items) {
        for await (const found of walk([item], "")) {
            chunk.push(await withSource(found, item));
            if (chunk.length < CHUNK_SIZE) continue;
            yield chunk;
            chunk = [];
        }
    }
    if (chunk.length > 0) yield chunk;
}

/** @param {Found} found @param {Item} root what it was found in, or itself @returns {Promise<Found>} */
async function withSource(found, root) {
    const handle = "file" in found ? ((await root.handle) ?? null) : null;
    if (!handle) return found;
    /** @type {FoundSource} */
    const source =
        handle.kind === "directory"
            ? {
                  folder: /** @type {FileSystemDirectoryHandle} */ (handle),
                  inside: found.path.split("/").slice(1),
              }
            : { handle: /** @type {FileSystemFileHandle} */ (handle) };
    return { .../** @type {import("./platform.d.ts").FoundFile} */ (found), source };
}

/** @param {Item[]} items @param {string} way @returns {AsyncGenerator<Found>} */
async function* walk(items, way) {
    for (const item of items) {
        const path = way + item.name;
        if ("list" in item && way !== "" && isSystemFolder(item.name)) {
            yield { path: `${path}/`, isLeftOut: true };
        } else if ("list" in item) {
            const { items: inside, error } = await item.list();
            if (error) yield unread(`${path}/`, error);
            yield* walk(
                inside.sort((a, b) => a.name.localeCompare(b.name, undefined, { numeric: true })),
                `${path}/`,
            );
        } else {
            try {
                const file = await item.open();
                if (file) yield { file, path };
            } catch (error) {
                yield unread(path, error);
            }
        }
    }
}

/** @param {string} path @param {unknown} error */
const unread = (path, error) => ({ path, error: String(Object(error).name) });

/** @param {FileSystemEntry} entry @returns {Item} */
function fromEntry(entry) {
    const { name } = entry;
    if (entry.isDirectory) {
        const folder = /** @type {FileSystemDirectoryEntry} */ (entry);
        return { name, list: () => readAll(folder) };
    }
    const { file } = /** @type {FileSystemFileEntry} */ (entry);
    return { name, open: () => new Promise((resolve, reject) => file.call(entry, resolve, reject)) };
}

/** By its handle, where the browser has one. @param {FileSystemEntry} entry @param {Promise<FileSystemHandle | null>} handle @returns {Item} */
const fromEither = (entry, handle) => ({
    name: entry.name,
    async list() {
        const folder = /** @type {DirectoryHandle | null} */ (await handle);
        return folder ? list(folder) : readAll(/** @type {FileSystemDirectoryEntry} */ (entry));
    },
});

/** @param {FileSystemDirectoryEntry} folder @returns {Promise<Inside>} */
async function readAll(folder) {
    const reader = folder.createReader();
    /** @type {Item[]} */
    const items = [];
    try {
        for (;;) {
            // A reader gives at most a hundred at a time, and nothing at the end.
            const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
            if (some.length === 0) return { items };
            items.push(...some.map(fromEntry));
        }
    } catch (error) {
        return { items, error };
    }
}

/** @param {FileSystemHandle} handle @returns {Item} */
function fromHandle(handle) {
    const { name } = handle;
    if (handle.kind === "directory") return { name, list: () => list(/** @type {DirectoryHandle} */ (handle)) };
    return { name, open: () => /** @type {FileSystemFileHandle} */ (handle).getFile() };
}

/** @param {DirectoryHandle} folder @returns {Promise<Inside>} */
async function list(folder) {
    /** @type {Item[]} */
    const items = [];
    try {
        for await (const handle of folder.values()) items.push(fromHandle(handle));
        return { items };
    } catch (error) {
        return { items, error };
    }
}
