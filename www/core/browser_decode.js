/**
 * Pictures in formats that the engine leaves to the browser (AVIF, HEIC, JPEG XL, SVG, rare kinds of JPEG). Runs in the worker.
 * @import { Limits } from "./engine_api.d.ts"
 */
import { CodedError, failureOf } from "./protocol.js";

/** The names of formats in reports and types, where they are not the label. @type {Record<string, string>} */
const NAMES = { "jpeg xl": "jxl", "jpeg 2000": "jp2" };

/**
 * @param {Uint8Array<ArrayBuffer>} bytes @param {Limits} limits
 * @param {unknown} original the engine's error, whose subject is the format; thrown on where the browser cannot help either
 */
export async function decodeByBrowser(bytes, limits, original) {
    const start = performance.now();
    const label = (failureOf(original, "").subject ?? "").toLowerCase();
    const format = NAMES[label] ?? label;
    const type = format === "svg" ? "image/svg+xml" : `image/${format}`;
    const bitmap = await createImageBitmap(new Blob([bytes], { type })).catch(() => {
        throw original;
    });
    try {
        ensureWithin(bitmap, limits);
        const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
        const context = canvas.getContext("2d", { willReadFrequently: true });
        if (!context) throw original;
        context.drawImage(bitmap, 0, 0);
        const pixels = context.getImageData(0, 0, bitmap.width, bitmap.height);
        return { pixels, format, ms: performance.now() - start };
    } finally {
        bitmap.close();
    }
}

/** @param {{width: number, height: number}} size @param {Limits} limits */
function ensureWithin({ width, height }, { max_side: maxSide, max_pixels: maxPixels }) {
    const size = `${width} × ${height}`;
    if (Math.max(width, height) > maxSide) {
        throw new CodedError("picture_side_too_long", `The picture is ${size}; a side may have ${maxSide} pixels.`);
    }
    if (width * height > maxPixels) {
        throw new CodedError(
            "picture_too_many_pixels",
            `The picture is ${size}; at most ${maxPixels} pixels are decoded.`,
        );
    }
}
