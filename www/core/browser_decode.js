/**
 * Pictures that the engine leaves to the browser: AVIF, HEIC, and JPEGs of rare kinds or with damage that it cannot mend. Runs in the worker.
 * @import { ForBrowser } from "./engine_api.d.ts"
 */

/** Pixels above which a picture is drawn smaller: the engine gets a copy of them, and no network needs more. */
const ENOUGH = 16e6;

/**
 * The pixels, and the size of the whole picture.
 * @param {Uint8Array<ArrayBuffer>} bytes @param {ForBrowser} file its format, and its size, which is within the limits
 * @param {unknown} original the engine's error, thrown on where the browser cannot help either
 */
export async function decodeByBrowser(bytes, { format, ...size }, original) {
    if (!globalThis.createImageBitmap) throw original; // no browser at all
    const start = performance.now();
    const bitmap = await createImageBitmap(new Blob([bytes], { type: `image/${format}` })).catch(() => {
        throw original;
    });
    try {
        // It may be turned, or trimmed; more than was checked it may not be.
        if (bitmap.width * bitmap.height > size.width * size.height) throw original;
        const { width, height } = bitmap;
        const scale = Math.min(1, Math.sqrt(ENOUGH / (width * height)));
        const across = Math.max(1, Math.round(width * scale));
        const down = Math.max(1, Math.round(height * scale));
        const canvas = new OffscreenCanvas(across, down);
        const context = canvas.getContext("2d", { willReadFrequently: true });
        if (!context) throw original;
        context.imageSmoothingQuality = "high";
        context.drawImage(bitmap, 0, 0, across, down);
        const pixels = context.getImageData(0, 0, across, down);
        return { pixels, width, height, format, ms: performance.now() - start };
    } finally {
        bitmap.close();
    }
}
