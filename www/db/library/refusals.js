/**
 * What SQLite's result codes mean here. Of its files it says only that one could not be read or written; whether there was no room is known
 * to the browser, whose last refusal is remembered.
 */

const IO_ERROR = 10;
/** Chromium's own -8 for a full disk, which it gives in place of the number of bytes that were written. */
const NO_SPACE = 2 ** 32 - 8;
/** All others are a defect of ours. @type {Record<number, string>} */
const CODES = {
    9: "library_damaged", // only `limitSteps` interrupts
    11: "library_damaged",
    13: "storage_full",
    18: "library_damaged", // longer than any value that was written
    24: "library_damaged",
    26: "library_damaged",
};

/** @param {unknown} error of the browser's */
export const isForRoom = (error) => Object(error).name === "QuotaExceededError";

let wasForRoom = false;

/** To be called once, before files are opened. */
export function watchFiles() {
    const { prototype } = /** @type {any} */ (globalThis).FileSystemSyncAccessHandle;
    const { write, truncate, flush } = prototype;
    /** @template T @param {() => T} act @returns {T} */
    const watched = (act) => {
        try {
            return act();
        } catch (error) {
            wasForRoom = isForRoom(error);
            throw error;
        }
    };
    prototype.write = function (/** @type {ArrayBufferView} */ bytes, /** @type {unknown} */ options) {
        const n = watched(() => write.call(this, bytes, options));
        if (n < bytes.byteLength || n === NO_SPACE) wasForRoom = true; // a full disk takes a part of it
        return n;
    };
    prototype.truncate = function (/** @type {number} */ size) {
        return watched(() => truncate.call(this, size));
    };
    prototype.flush = function () {
        return watched(() => flush.call(this));
    };
}

/** Our code for SQLite's, null where there is none. @param {number} result @returns {string | null} */
export function codeOf(result) {
    const code = result & 0xff;
    if (code !== IO_ERROR) return CODES[code] ?? null;
    const isFull = wasForRoom;
    wasForRoom = false;
    return isFull ? "storage_full" : "store_failed";
}
