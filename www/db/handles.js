/**
 * Handles of the files that are tagged, for a browser that gives them: what it takes to read a file again after a reload. SQLite cannot
 * store them, so they lie in an IndexedDB beside it; without them everything works, and files are asked for once more.
 *
 * A folder is kept once, with the way to each file below it.
 * @typedef {{path: string, handle: FileSystemFileHandle} | {path: string, folder: FileSystemDirectoryHandle, inside: readonly string[]}} Source
 *   `path`: as in the library; `inside`: the folders from there to the file, and its name
 * @typedef {{path: string, handle?: FileSystemFileHandle, folder?: number, inside?: readonly string[]}} Entry
 */
import { answerOf, begin, openIndexed } from "./indexed.js";

const FILES = "files";
const FOLDERS = "folders";
/** More than so many are read as a range: one request each takes longer than reading what lies between them. */
const FEW = 50;
/** So many of a range are in memory at once. */
const CHUNK_SIZE = 5_000;

export class Handles {
    /** @type {Promise<IDBDatabase | null>} */
    #db;
    /** Numbers of folders that are kept. @type {{id: number, handle: FileSystemDirectoryHandle}[] | null} */
    #folders = null;

    /** @param {string} scope as that of the store */
    constructor(scope) {
        this.#db = openIndexed(`tagsmith-handles ${scope}`, [FILES, FOLDERS]);
    }

    /** @param {readonly {id: number, source: Source}[]} files by their ids in the library */
    async put(files) {
        const db = await this.#db;
        if (!db || files.length === 0) return;
        /** @type {(Entry & {id: number})[]} */
        const entries = [];
        /** The browser is asked once for each folder, not for each file: until this is written, a reload asks for the files. @type {Map<FileSystemDirectoryHandle, number>} */
        const folders = new Map();
        for (const { id, source } of files) {
            if ("handle" in source) {
                entries.push({ id, ...source });
                continue;
            }
            const folder = folders.get(source.folder) ?? (await this.#folderId(db, source.folder));
            folders.set(source.folder, folder);
            entries.push({ id, path: source.path, folder, inside: source.inside });
        }
        const { transaction, done } = begin(db, FILES, "readwrite");
        for (const { id, ...entry } of entries) transaction.objectStore(FILES).put(entry, id);
        await done.catch(() => {}); // no room: then the files are asked for once more
    }

    /**
     * What is kept for these files. An entry of another path is of another library, and not given.
     * @param {readonly {id: number, path: string}[]} files @returns {Promise<Map<number, Source>>}
     */
    async get(files) {
        /** @type {Map<number, Source>} */
        const found = new Map();
        const db = await this.#db;
        if (!db) return found;
        const folders = new Map((await this.#known(db)).map(({ id, handle }) => [id, handle]));
        const pathOf = new Map(files.map(({ id, path }) => [id, path]));
        for await (const [id, entry] of entriesOf(db.transaction(FILES).objectStore(FILES), [...pathOf.keys()])) {
            const path = entry.path;
            if (pathOf.get(id) !== path) continue;
            const folder = entry.folder === undefined ? undefined : folders.get(entry.folder);
            if (entry.handle) found.set(id, { path, handle: entry.handle });
            else if (folder && entry.inside) found.set(id, { path, folder, inside: entry.inside });
        }
        return found;
    }

    /** @param {readonly number[]} ids */
    async delete(ids) {
        const db = await this.#db;
        if (!db) return;
        const { transaction, done } = begin(db, FILES, "readwrite");
        for (const id of ids) transaction.objectStore(FILES).delete(id);
        await done;
    }

    async clear() {
        const db = await this.#db;
        if (!db) return;
        this.#folders = null;
        const { transaction, done } = begin(db, [FILES, FOLDERS], "readwrite");
        for (const name of [FILES, FOLDERS]) transaction.objectStore(name).clear();
        await done;
    }

    /** @param {IDBDatabase} db @param {FileSystemDirectoryHandle} handle */
    async #folderId(db, handle) {
        const known = await this.#known(db);
        for (const { id, handle: other } of known) if (await other.isSameEntry(handle)) return id;
        const id = Math.max(0, ...known.map((one) => one.id)) + 1;
        const { transaction, done } = begin(db, FOLDERS, "readwrite");
        transaction.objectStore(FOLDERS).put(handle, id);
        await done.catch(() => {});
        known.push({ id, handle });
        return id;
    }

    /** @param {IDBDatabase} db */
    async #known(db) {
        if (this.#folders) return this.#folders;
        const store = db.transaction(FOLDERS).objectStore(FOLDERS);
        const [ids, handles] = await Promise.all([answerOf(store.getAllKeys()), answerOf(store.getAll())]);
        this.#folders = handles.map((handle, idx) => ({ id: Number(ids[idx]), handle }));
        return this.#folders;
    }
}

/**
 * The entries of these files, and where there are many of them those between, too.
 * @param {IDBObjectStore} store @param {readonly number[]} ids @returns {AsyncGenerator<[number, Entry]>}
 */
async function* entriesOf(store, ids) {
    if (ids.length <= FEW) {
        const entries = await Promise.all(ids.map((id) => answerOf(/** @type {IDBRequest<Entry>} */ (store.get(id)))));
        for (const [idx, id] of ids.entries()) if (entries[idx]) yield [id, entries[idx]];
        return;
    }
    const sorted = Float64Array.from(ids).sort();
    const last = sorted.at(-1) ?? 0;
    for (let next = sorted[0] ?? 0; next <= last; ) {
        const range = IDBKeyRange.bound(next, last);
        const [keys, entries] = await Promise.all([
            answerOf(store.getAllKeys(range, CHUNK_SIZE)),
            answerOf(/** @type {IDBRequest<Entry[]>} */ (store.getAll(range, CHUNK_SIZE))),
        ]);
        for (const [idx, entry] of entries.entries()) yield [Number(keys[idx]), entry];
        if (keys.length < CHUNK_SIZE) return;
        next = Number(keys.at(-1)) + 1;
    }
}

/** The file behind a handle, as it is now; rejects with NotFoundError, NotAllowedError. @param {Source} source @returns {Promise<File>} */
export async function fileOf(source) {
    if ("handle" in source) return source.handle.getFile();
    let folder = source.folder;
    for (const name of source.inside.slice(0, -1)) folder = await folder.getDirectoryHandle(name);
    return (await folder.getFileHandle(source.inside.at(-1) ?? "")).getFile();
}
