/**
 * Pictures that are files already, or can be fetched: in browsers and in node.
 * @import { Picture } from "./api.d.ts"
 */
import { CodedError } from "../../core/protocol.js";

/** @param {Picture} picture @returns {{file: Blob, name: string | undefined} | null} */
export function readBytes(picture) {
    if (picture instanceof Blob) {
        const { name, webkitRelativePath } = /** @type {Partial<File>} */ (picture);
        return { file: picture, name: webkitRelativePath || name || undefined };
    }
    if (picture instanceof ArrayBuffer || ArrayBuffer.isView(picture))
        return { file: new Blob([/** @type {ArrayBuffer} */ (picture)]), name: undefined };
    return null;
}

/** @param {string | URL} address @param {string | URL | undefined} base @param {AbortSignal | undefined} signal */
export async function fetchPicture(address, base, signal) {
    const name = String(address);
    const url = addressOf(address, base);
    /** @param {Error} error @returns {never} */
    const refuse = (error) => {
        signal?.throwIfAborted();
        throw new CodedError("file_unreadable", `${shortened(name)} could not be fetched: ${error.message}`);
    };
    const answer = await fetch(url, signal ? { signal } : {}).catch(refuse);
    if (!answer.ok)
        throw new CodedError("file_unreadable", `${shortened(name)}: the server answered ${answer.status}.`);
    return { file: await answer.blob().catch(refuse), name: shortened(name) };
}

/** @param {string | URL} address @param {string | URL} [base] */
export function addressOf(address, base) {
    try {
        return new URL(address, base);
    } catch {
        throw new CodedError("file_unreadable", `${shortened(String(address))} is no address.`);
    }
}

/** A `data:` address holds the whole picture. @param {string} name */
const shortened = (name) => (name.length > 200 ? `${name.slice(0, 40)}…` : name);
