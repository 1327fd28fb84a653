/** Files of pictures in a worker: read within the limits, decoded by the engine or, for what it leaves to that, by the browser. */
import { forBrowser, memoryEstimate, sha256 as engineSha256 } from "tagsmith-engine";
import { decodeByBrowser } from "./browser_decode.js";
import { bytesOf } from "./bytes.js";
import { CodedError, failureOf } from "./protocol.js";

/** Bytes that decoding takes, above which one picture waits for another, in whatever worker. */
const LARGE = 128 << 20;

/** @param {Blob} file @param {import("./engine_api.d.ts").Limits} limits */
export async function readFile(file, { max_file_bytes: most }) {
    if (file.size > most) {
        // Said before reading: the file may be larger than the memory.
        const detail = `The file has ${file.size} bytes; at most ${most} are read.`;
        throw new CodedError("picture_file_too_large", detail);
    }
    return bytesOf(file);
}

/**
 * The engine's decoder, and the browser's for what it leaves to that. Large pictures come one after the other: the workers share the memory
 * of one machine.
 * @template T
 * @param {{bytes: Uint8Array<ArrayBuffer>, limits: import("./engine_api.d.ts").Limits, wait: (isWaiting: boolean) => void}} file
 * @param {() => T | Promise<T>} byEngine @param {(decoded: Awaited<ReturnType<typeof decodeByBrowser>>) => T | Promise<T>} byBrowser
 * @returns {Promise<T>}
 */
export async function withDecoding({ bytes, limits, wait }, byEngine, byBrowser) {
    const decode = () => byEither({ bytes, limits }, byEngine, byBrowser);
    const { locks } = navigator;
    // Without locks, which only a secure context has, the limits of each picture remain.
    if (!locks || memoryEstimate(bytes, limits) < LARGE) return decode();
    wait(true);
    return locks.request("tagsmith-large-picture", () => {
        wait(false);
        return decode();
    });
}

/**
 * @template T
 * @param {{bytes: Uint8Array<ArrayBuffer>, limits: import("./engine_api.d.ts").Limits}} file @param {() => T | Promise<T>} byEngine
 * @param {(decoded: Awaited<ReturnType<typeof decodeByBrowser>>) => T | Promise<T>} byBrowser
 * @returns {Promise<T>}
 */
async function byEither({ bytes, limits }, byEngine, byBrowser) {
    try {
        return await byEngine();
    } catch (error) {
        const { code } = failureOf(error, "");
        const isRefused = code === "picture_format_unsupported" || code === "picture_damaged";
        const file = isRefused ? forBrowser(bytes, limits) : undefined;
        if (!file) throw error;
        return byBrowser(await decodeByBrowser(bytes, file, error));
    }
}

/**
 * SHA-256 in hex. The browser's is several times as fast as the engine's, which stands in where the page is not a secure context.
 * @param {Uint8Array<ArrayBuffer>} bytes
 */
export async function hashOf(bytes) {
    if (!globalThis.crypto?.subtle) return engineSha256(bytes);
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
    return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
