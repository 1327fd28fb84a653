/**
 * A picture on its way to another tagger: its pixels as the engine decodes them, no larger than that tagger makes use of, in a new JPEG that
 * holds nothing else. The place, the date and the camera stay here. Runs in the worker.
 * @import { Limits, PictureFacts, PictureNeed, Thumbnail } from "./engine_api.d.ts"
 * @import { Shrunk } from "./protocol.js"
 */
import { shrink, shrinkPixels } from "tagsmith-engine";
import { bareJpeg } from "./jpeg_parts.js";
import { CodedError } from "./protocol.js";
import { hashOf, readFile, withDecoding } from "./reading.js";

/** The first is all that taggers see; the last is where blocks begin to show. */
const QUALITIES = [0.88, 0.75, 0.6, 0.45];
/** Where even that is too large the picture is made smaller, until too little is left. */
const SMALLER = 0.7;
const LEAST_SIDE = 32;

/** Small enough to be decoded at a fraction of its size, where its format allows that. */
const LOOK_SIDE = 32;

/** What a file says of its picture, for whoever needs no pixels of it. @param {Uint8Array} bytes @param {Limits} limits */
export const factsOf = (bytes, limits) => withoutHash(shrink(bytes, LOOK_SIDE, 1, limits).facts);

/** @param {PictureFacts} facts @returns {Omit<PictureFacts, "sha256">} */
function withoutHash({ sha256: _, ...known }) {
    return known;
}

/**
 * @param {Blob} file @param {PictureNeed} need @param {{limits: Limits, wait: (isWaiting: boolean) => void}} how
 * @returns {Promise<Shrunk>}
 */
export async function shrinkFile(file, need, { limits, wait }) {
    const bytes = await readFile(file, limits);
    const hashing = hashOf(bytes);
    const { max_side: most, min_side: least } = need;
    const { facts, ...pixels } = await withDecoding(
        { bytes, limits, wait },
        () => {
            const { facts, ...pixels } = shrink(bytes, most, least, limits);
            return { ...pixels, facts: withoutHash(facts) };
        },
        ({ pixels, width, height, format }) => ({
            ...shrinkPixels(pixels, most, least, limits),
            facts: { width, height, format, decoder: /** @type {const} */ ("browser") },
        }),
    );
    return { ...(await encoded(pixels, need)), sha256: await hashing, size: file.size, facts };
}

/** @param {Thumbnail} picture @param {PictureNeed} need */
async function encoded({ width, height, pixels }, { max_bytes: most, media_type: type }) {
    let canvas = new OffscreenCanvas(width, height);
    canvas.getContext("2d", { willReadFrequently: true })?.putImageData(new ImageData(pixels, width, height), 0, 0);
    for (;;) {
        for (const quality of QUALITIES) {
            const blob = await bareFile(canvas, type, quality);
            if (blob.size <= most) return { blob, width: canvas.width, height: canvas.height };
        }
        const smaller = [canvas.width, canvas.height].map((side) => Math.max(1, Math.round(side * SMALLER)));
        const [across = 1, down = 1] = smaller;
        if (Math.max(across, down) < LEAST_SIDE)
            throw new CodedError("provider_picture_refused", `The picture cannot be made smaller than ${most} bytes.`);
        const next = new OffscreenCanvas(across, down);
        const context = next.getContext("2d", { willReadFrequently: true });
        if (context) context.imageSmoothingQuality = "high";
        context?.drawImage(canvas, 0, 0, across, down);
        canvas = next;
    }
}

/** @param {OffscreenCanvas} canvas @param {string} type @param {number} quality */
async function bareFile(canvas, type, quality) {
    const file = await canvas.convertToBlob({ type, quality });
    return new Blob(bareJpeg(new Uint8Array(await file.arrayBuffer())), { type: file.type });
}
