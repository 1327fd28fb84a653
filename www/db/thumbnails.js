/**
 * Thumbnails as the page reads them: files of the browser's private file system, which stay on disk until they are drawn.
 * The store's worker writes them (library/thumbnails.js).
 */
import { THUMBNAILS, directoryName, thumbnailPath } from "./paths.js";

export class StoredThumbnails {
    #folder;
    /** @type {Map<string, Promise<FileSystemDirectoryHandle | null>>} */
    #folders = new Map();

    /** @param {string} scope as that of the store */
    constructor(scope) {
        this.#folder = openFolder(scope);
    }

    /** An address for an `img`, to be revoked by whoever asked; null where there is no thumbnail. @param {string} sha256 @returns {Promise<string | null>} */
    async url(sha256) {
        const file = await this.get(sha256);
        return file && URL.createObjectURL(file);
    }

    /** @param {string} sha256 @returns {Promise<File | null>} */
    async get(sha256) {
        const [name, file] = thumbnailPath(sha256);
        if (!this.#folders.has(name))
            this.#folders.set(
                name,
                this.#folder.then((all) => all && orNull(all.getDirectoryHandle(name))),
            );
        const folder = await this.#folders.get(name);
        // A folder that comes later is looked for again.
        if (!folder) this.#folders.delete(name);
        const handle = folder ? await orNull(folder.getFileHandle(file)) : null;
        return handle && orNull(handle.getFile());
    }
}

/** @param {string} scope @returns {Promise<FileSystemDirectoryHandle | null>} */
async function openFolder(scope) {
    const root = await orNull((async () => navigator.storage.getDirectory())());
    const own = root && (await orNull(root.getDirectoryHandle(directoryName(scope), { create: true })));
    return own && orNull(own.getDirectoryHandle(THUMBNAILS, { create: true }));
}

/** @template T @param {Promise<T>} made @returns {Promise<T | null>} */
const orNull = (made) => made.catch(() => null);
