/** A thumbnail as it is kept and shown. Runs in the worker. */

/** @param {import("./engine_api.d.ts").Thumbnail} thumbnail */
export async function encodeThumbnail({ width, height, pixels }) {
    const canvas = new OffscreenCanvas(width, height);
    // Read back at once: a canvas on the GPU would only make a detour.
    canvas.getContext("2d", { willReadFrequently: true })?.putImageData(new ImageData(pixels, width, height), 0, 0);
    const small = await canvas.convertToBlob({ type: "image/webp", quality: 0.82 });
    // Where a browser writes no WebP it gives a PNG, several times as large.
    return small.type === "image/webp" ? small : canvas.convertToBlob({ type: "image/jpeg", quality: 0.82 });
}
