/**
 * Thumbnails as the page reads them: files of the browser's private file system, which stay on disk until they are drawn.
 * The store's worker writes them (library/thumbnails.js).
 */
import { THUMBNAILS, directoryName, thumbnailPath } from "./paths.js";

export class StoredThumbnails {
    #scope;
    /** Folders that are there; one that is not is looked for again. @type {Map<string, FileSystemDirectoryHandle>} */
    #folders = new Map();

    /** @param {string} scope as that of the store */
    constructor(scope) {
        this.#scope = scope;
    }

    /** An address for an `img`, to be revoked by whoever asked; null where there is no thumbnail. @param {string} sha256 @returns {Promise<string | null>} */
    async url(sha256) {
        const file = await this.get(sha256);
        return file && URL.createObjectURL(file);
    }

    /** @param {string} sha256 @returns {Promise<File | null>} */
    async get(sha256) {
        const [name, file] = thumbnailPath(sha256);
        try {
            const folder = this.#folders.get(name) ?? (await this.#open(name));
            this.#folders.set(name, folder);
            const picture = await (await folder.getFileHandle(file)).getFile();
            return picture.size > 0 ? picture : null; // empty where there was no room for it
        } catch {
            return null; // not there, or nothing may be stored
        }
    }

    /** Makes nothing: a folder would say that something is kept. @param {string} name */
    async #open(name) {
        let folder = await navigator.storage.getDirectory();
        for (const part of [directoryName(this.#scope), THUMBNAILS, name])
            folder = await folder.getDirectoryHandle(part);
        return folder;
    }
}
