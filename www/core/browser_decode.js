/**
 * Pictures in formats that the engine leaves to the browser (AVIF, HEIC, SVG, rare kinds of JPEG). Runs in the worker.
 * @import { Limits } from "./engine_api.d.ts"
 */
import { CodedError, failure_of } from "./protocol.js";

/**
 * @param {Uint8Array<ArrayBuffer>} bytes @param {Limits} limits
 * @param {unknown} original the engine's error, whose subject is the format; thrown on where the browser cannot help either
 */
export async function decode_by_browser(bytes, limits, original) {
    const start = performance.now();
    const format = (failure_of(original, "").subject ?? "").toLowerCase();
    const type = format === "svg" ? "image/svg+xml" : `image/${format}`;
    const bitmap = await createImageBitmap(new Blob([bytes], { type })).catch(() => {
        throw original;
    });
    try {
        ensure_within(bitmap, limits);
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
function ensure_within({ width, height }, { max_side, max_pixels }) {
    const size = `${width} × ${height}`;
    if (Math.max(width, height) > max_side) {
        throw new CodedError("picture_side_too_long", `The picture is ${size}; a side may have ${max_side} pixels.`);
    }
    if (width * height > max_pixels) {
        throw new CodedError("picture_too_many_pixels", `The picture is ${size}; at most ${max_pixels} pixels are decoded.`);
    }
}
