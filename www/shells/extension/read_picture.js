/**
 * The bytes of a picture in a page: its file as it is wherever that can be had, since the same file has the same tags everywhere; pixels
 * only of what a page draws itself.
 * @import { PagePicture } from "./picture_of.js"
 * @import { FailureKey } from "./words.js"
 *
 * `url` instead of `blob`: only the extension may fetch it, with the person's leave for its origin.
 * @typedef {{path: string, blob: Blob} | {path: string, url: string}} ReadPicture
 */
import { MAX_BYTES } from "./messages.js";

/** A sentence of the extension's own instead of tags. */
export class ReadError extends Error {
    /** @param {FailureKey} code @param {Record<string, string>} [params] */
    constructor(code, params = {}) {
        super(code);
        this.code = code;
        this.params = params;
    }
}

/** @param {PagePicture} picture @param {AbortSignal} signal @returns {Promise<ReadPicture>} */
export async function readPicture({ element, kind, url }, signal) {
    if (kind === "film") throw new ReadError("film");
    if (kind === "svg") throw new ReadError("drawing");
    if (kind === "canvas") return { path: `${location.href}#canvas`, blob: await drawn(element) };
    if (!url) throw new ReadError("no_picture");
    const { protocol } = new URL(url, document.baseURI);
    if (protocol === "data:") return { path: "data:", blob: await fetched(url, signal) };
    if (protocol === "blob:") return { path: url, blob: await fetched(url, signal) };
    if (protocol !== "http:" && protocol !== "https:") throw new ReadError("address_forbidden", { scheme: protocol });
    const path = url.split("#")[0] ?? url;
    try {
        return { path, blob: await fetched(url, signal) };
    } catch (error) {
        if (error instanceof ReadError || signal.aborted) throw error;
        // Its host has not said that other sites may read it, or, in Firefox, the page's policy forbids all fetching.
        return { path, url };
    }
}

/** The page has loaded it already, so that most often nothing is asked of the network. @param {string} url @param {AbortSignal} signal */
async function fetched(url, signal) {
    const isOwn = /^(data|blob):/.test(url);
    const response = await fetch(url, { signal, ...(!isOwn && { cache: "force-cache" }) }).catch((error) => {
        if (isOwn && !signal.aborted) throw new ReadError("gone");
        throw error;
    });
    if (!response.ok) throw new ReadError("refused", { status: String(response.status) });
    if (Number(response.headers.get("content-length") ?? 0) > MAX_BYTES) throw tooLarge();
    const blob = await response.blob();
    if (blob.size > MAX_BYTES) throw tooLarge();
    return blob;
}

const tooLarge = () => new ReadError("too_large", { limit: String(MAX_BYTES / 2 ** 20) });

/**
 * The pixels of a picture whose file is out of reach; the browser gives those of the page's own site.
 * @param {string} url @returns {Promise<Blob | null>}
 */
export async function pixelsOf(url) {
    const img = new Image();
    img.src = url;
    try {
        await img.decode();
        const canvas = document.createElement("canvas");
        Object.assign(canvas, { width: img.naturalWidth, height: img.naturalHeight });
        canvas.getContext("2d")?.drawImage(img, 0, 0);
        return await drawn(canvas);
    } catch {
        return null;
    }
}

/** @param {Element} canvas @returns {Promise<Blob>} as PNG, which loses nothing */
async function drawn(canvas) {
    try {
        /** @type {Blob | null} */
        const blob = await new Promise((resolve) =>
            /** @type {HTMLCanvasElement} */ (canvas).toBlob(resolve, "image/png"),
        );
        if (blob) return blob;
    } catch {
        // A SecurityError: something of another site was drawn into it.
    }
    throw new ReadError("protected");
}
