/** Pictures made in the browser, so that no large file has to lie in the repository. */

/** @param {string} url @param {number} width @param {number} height the picture, cut to these proportions */
async function draw(url, width, height) {
    const bitmap = await createImageBitmap(await (await fetch(url)).blob());
    const context = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
    const scale = Math.max(width / bitmap.width, height / bitmap.height);
    const [wide, high] = [bitmap.width * scale, bitmap.height * scale];
    context.imageSmoothingQuality = "high";
    context.drawImage(bitmap, (width - wide) / 2, (height - high) / 2, wide, high);
    return context;
}

/**
 * A picture that every resize leaves alone, with the pixels of its centre: so both sides feed their network the very same numbers.
 * @param {string} url @param {number} side what the card makes the shorter side @param {number} crop
 */
export async function makeExactInput(url, side, crop) {
    const context = await draw(url, side, side);
    const edge = (side - crop) / 2;
    const pixels = context.getImageData(edge, edge, crop, crop);
    return { file: await context.canvas.convertToBlob({ type: "image/png" }), pixels };
}

/** Strength of the grain: gives about as many bytes as a telephone's camera does for 12 megapixels. */
const GRAIN = 20;

/** A photograph of 4032 × 3024 pixels with grain like a camera's, as a JPEG of quality 0.9. @param {string} url */
export async function makePhotograph(url) {
    const context = await draw(url, 4032, 3024);
    const { canvas } = context;
    const pixels = context.getImageData(0, 0, canvas.width, canvas.height);
    let seed = 1;
    for (let i = 0; i < pixels.data.length; i += 4) {
        seed = (Math.imul(seed, 1664525) + 1013904223) | 0;
        const grain = ((seed >>> 16) / 65536 - 0.5) * GRAIN;
        for (let channel = 0; channel < 3; channel++) pixels.data[i + channel] += grain;
    }
    context.putImageData(pixels, 0, 0);
    return canvas.convertToBlob({ type: "image/jpeg", quality: 0.9 });
}
