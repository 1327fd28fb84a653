/**
 * Pictures that the engine leaves to the browser: AVIF, HEIC, and JPEGs of rare kinds or with damage that it cannot mend. Runs in the worker.
 * @import { ForBrowser } from "./engine_api.d.ts"
 */

/**
 * @param {Uint8Array<ArrayBuffer>} bytes @param {ForBrowser} file its format, and its size, which is within the limits
 * @param {unknown} original the engine's error, thrown on where the browser cannot help either
 */
export async function decodeByBrowser(bytes, { format, ...size }, original) {
    const start = performance.now();
    const bitmap = await createImageBitmap(new Blob([bytes], { type: `image/${format}` })).catch(() => {
        throw original;
    });
    try {
        // It may be turned, or trimmed; more than was checked it may not be.
        if (bitmap.width * bitmap.height > size.width * size.height) throw original;
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
