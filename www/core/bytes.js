/** The content of a file, or the word that it cannot be read. */
import { CodedError } from "./protocol.js";

/** @param {Blob | ArrayBuffer} file */
export async function bytesOf(file) {
    if (file instanceof ArrayBuffer) return new Uint8Array(file);
    const buffer = await file.arrayBuffer().catch((error) => {
        throw new CodedError("file_unreadable", `The file could not be read: ${error.message}`);
    });
    return new Uint8Array(buffer);
}
