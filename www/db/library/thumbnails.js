/**
 * Thumbnails by the hash of their picture: files in the browser's private file system, or in memory where there is none.
 * www/db/thumbnails.js reads them in the page.
 */
import { thumbnailPath } from "../paths.js";

/**
 * @typedef {{
 *   put(sha256: string, picture: Blob): Promise<void>, get(sha256: string): Promise<Blob | null>, delete(sha256: string): Promise<number>,
 *   bytesOf(sha256: string): Promise<number>, keepOnly(keptIn: KeptIn, options?: Sweep): Promise<void>}} Thumbnails
 * What stays, by folder.
 * @typedef {(folder: string) => ReadonlySet<string>} KeptIn
 * `before`: younger ones stay, as their pictures may not be committed yet; `quiet`: awaited before each folder.
 * @typedef {{before?: number, quiet?: () => Promise<unknown>}} Sweep
 */

/** @returns {Thumbnails} */
export function memoryThumbnails() {
    /** @type {Map<string, Blob>} */
    const all = new Map();
    const bytesOf = async (/** @type {string} */ sha256) => all.get(sha256)?.size ?? 0;
    return {
        put: async (sha256, picture) => void all.set(sha256, picture),
        get: async (sha256) => all.get(sha256) ?? null,
        bytesOf,
        async delete(sha256) {
            const bytes = await bytesOf(sha256);
            all.delete(sha256);
            return bytes;
        },
        async keepOnly(keptIn) {
            for (const sha256 of all.keys()) if (!keptIn(thumbnailPath(sha256)[0]).has(sha256)) all.delete(sha256);
        },
    };
}

/** @param {FileSystemDirectoryHandle} root @returns {Thumbnails} */
export function storedThumbnails(root) {
    /** Two hex digits make 256 folders, so that none has too many files. @type {Map<string, Promise<FileSystemDirectoryHandle>>} */
    const folders = new Map();
    /** @param {string} sha256 */
    const place = async (sha256) => {
        const [name, file] = thumbnailPath(sha256);
        if (!folders.has(name)) folders.set(name, root.getDirectoryHandle(name, { create: true }));
        return { folder: await /** @type {Promise<FileSystemDirectoryHandle>} */ (folders.get(name)), file };
    };
    /** @param {string} sha256 @returns {Promise<File | null>} */
    const get = async (sha256) => {
        const { folder, file } = await place(sha256);
        const handle = await folder.getFileHandle(file).catch(() => null);
        const picture = await handle?.getFile();
        return picture?.size ? picture : null; // empty where it was cut off
    };
    const bytesOf = async (/** @type {string} */ sha256) => (await get(sha256))?.size ?? 0;
    return {
        get,
        bytesOf,
        async put(sha256, picture) {
            const bytes = new Uint8Array(await picture.arrayBuffer());
            const { folder, file } = await place(sha256);
            const access = await (await folder.getFileHandle(file, { create: true })).createSyncAccessHandle();
            try {
                access.truncate(0);
                if (access.write(bytes, { at: 0 }) < bytes.length) throw new DOMException("", "QuotaExceededError");
            } catch (error) {
                access.truncate(0);
                throw error;
            } finally {
                access.close();
            }
        },
        async delete(sha256) {
            const bytes = await bytesOf(sha256);
            const { folder, file } = await place(sha256);
            if (bytes > 0) await folder.removeEntry(file);
            return bytes;
        },
        async keepOnly(keptIn, { before = Number.POSITIVE_INFINITY, quiet } = {}) {
            for await (const folder of root.values()) {
                if (folder.kind !== "directory") continue;
                await quiet?.();
                const kept = keptIn(folder.name);
                for await (const file of folder.values())
                    if (file.kind === "file" && !kept.has(file.name) && (await file.getFile()).lastModified < before)
                        await folder.removeEntry(file.name);
            }
        },
    };
}
