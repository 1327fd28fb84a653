/**
 * Pictures as people have them in a browser.
 * @import { Picture } from "./api.d.ts"
 */
import { CodedError } from "../../core/protocol.js";
import { fetchPicture, readBytes } from "./picture_files.js";

/** @typedef {Exclude<CanvasImageSource, SVGImageElement>} Drawn */

/**
 * @param {Picture} picture @param {AbortSignal | undefined} signal
 * @returns {Promise<{file: Blob, name: string | undefined}>}
 * @throws {CodedError} `file_unreadable`
 */
export async function readPicture(picture, signal) {
    const known = readBytes(picture);
    if (known) return known;
    if (typeof picture === "string" || picture instanceof URL) return fetchPicture(picture, document.baseURI, signal);
    // By its name: what comes from a frame is of other classes.
    switch (Object.prototype.toString.call(picture).slice("[object ".length, -1)) {
        case "HTMLImageElement": {
            const { currentSrc, src } = /** @type {HTMLImageElement} */ (picture);
            return fetchPicture(currentSrc || src, document.baseURI, signal);
        }
        case "HTMLCanvasElement":
        case "HTMLVideoElement":
        case "OffscreenCanvas":
        case "ImageBitmap":
        case "VideoFrame":
            return { file: await drawn(/** @type {Drawn} */ (picture)), name: undefined };
        case "ImageData":
            return { file: await drawn(await createImageBitmap(/** @type {ImageData} */ (picture))), name: undefined };
        default:
            throw new CodedError("file_unreadable", `A ${typeof picture} is no picture, nor its address.`);
    }
}

/** As a PNG, which loses nothing. @param {Drawn} picture */
async function drawn(picture) {
    const { width, height } = sizeOf(picture);
    if (!width || !height) throw new CodedError("picture_empty", "It has no pixels yet.");
    try {
        const canvas = new OffscreenCanvas(width, height);
        canvas.getContext("2d")?.drawImage(picture, 0, 0);
        return await canvas.convertToBlob({ type: "image/png" });
    } catch (error) {
        throw new CodedError("file_unreadable", `Its pixels cannot be read: ${/** @type {Error} */ (error).message}`);
    }
}

/** @param {Drawn} picture */
function sizeOf(picture) {
    if ("videoWidth" in picture) return { width: picture.videoWidth, height: picture.videoHeight };
    if ("displayWidth" in picture) return { width: picture.displayWidth, height: picture.displayHeight };
    return { width: Number(picture.width), height: Number(picture.height) };
}
