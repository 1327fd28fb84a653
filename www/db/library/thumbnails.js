/**
 * Thumbnails by the hash of their picture: files in the browser's private file system, or in memory where there is none.
 * www/db/thumbnails.js reads them in the page.
 */
import { thumbnailPath } from "../thumbnail_path.js";

/**
 * @typedef {{
 *   put(sha256: string, picture: Blob): Promise<void>, get(sha256: string): Promise<Blob | null>, delete(sha256: string): Promise<void>,
 *   bytes(): Promise<number>, clear(): Promise<void>}} Thumbnails
 */

/** @returns {Thumbnails} */
export function memoryThumbnails() {
    /** @type {Map<string, Blob>} */
    const all = new Map();
    return {
        put: async (sha256, picture) => void all.set(sha256, picture),
        get: async (sha256) => all.get(sha256) ?? null,
        delete: async (sha256) => void all.delete(sha256),
        bytes: async () => [...all.values()].reduce((sum, { size }) => sum + size, 0),
        clear: async () => all.clear(),
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
    return {
        async put(sha256, picture) {
            const bytes = new Uint8Array(await picture.arrayBuffer());
            const { folder, file } = await place(sha256);
            const handle = await folder.getFileHandle(file, { create: true });
            const access = await handle.createSyncAccessHandle();
            try {
                access.truncate(0);
                access.write(bytes, { at: 0 });
            } finally {
                access.close();
            }
        },
        async get(sha256) {
            const { folder, file } = await place(sha256);
            const handle = await folder.getFileHandle(file).catch(() => null);
            return handle?.getFile() ?? null;
        },
        async delete(sha256) {
            const { folder, file } = await place(sha256);
            await folder.removeEntry(file).catch(() => {});
        },
        async bytes() {
            let sum = 0;
            for await (const folder of root.values())
                if (folder.kind === "directory")
                    for await (const file of folder.values())
                        if (file.kind === "file") sum += (await file.getFile()).size;
            return sum;
        },
        async clear() {
            folders.clear();
            for await (const name of root.keys()) await root.removeEntry(name, { recursive: true });
        },
    };
}
