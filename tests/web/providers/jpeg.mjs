/**
 * A JPEG as it may leave the device: whole, and without anything that is not pixels. Only JFIF's own segment and Adobe's mark of the
 * colour transform are let through; Exif, XMP, ICC, IPTC and comments are refused.
 */
import { Refusal } from "./refusals.mjs";

/** APP0 (JFIF) and APP14 (Adobe). */
const ALLOWED = new Set([0xe0, 0xee]);
const NAMES = new Map([
    [0xe1, "APP1: Exif or XMP"],
    [0xe2, "APP2: a colour profile"],
    [0xed, "APP13: IPTC"],
    [0xfe, "COM: a comment"],
]);

/** @param {Buffer} bytes */
export const isJpeg = (bytes) => bytes.length > 3 && bytes.readUIntBE(0, 3) === 0xffd8ff;

/**
 * Its size in pixels, once it has been walked through to its end.
 * @param {Buffer} bytes @param {number} maxSide the longest side that is of use to whoever gets it
 */
export function checkJpeg(bytes, maxSide) {
    if (!isJpeg(bytes)) throw new Refusal(400, "The picture is no JPEG.");
    if (bytes.readUInt16BE(bytes.length - 2) !== 0xffd9)
        throw new Refusal(400, "The JPEG has no end, or more after it.");
    let at = 2;
    /** @type {{width: number, height: number} | null} */
    let size = null;
    for (;;) {
        if (at + 4 > bytes.length || bytes[at] !== 0xff)
            throw new Refusal(400, "The JPEG has no segment where one must be.");
        const marker = /** @type {number} */ (bytes[at + 1]);
        const length = bytes.readUInt16BE(at + 2);
        const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
        const isApplication = marker >= 0xe0 && marker <= 0xef;
        if ((isApplication && !ALLOWED.has(marker)) || marker === 0xfe)
            throw new Refusal(400, `The JPEG has metadata (${NAMES.get(marker) ?? `APP${marker - 0xe0}`}).`);
        if (isFrame) size = { height: bytes.readUInt16BE(at + 5), width: bytes.readUInt16BE(at + 7) };
        if (marker === 0xda) break;
        at += 2 + length;
    }
    if (!size || size.width === 0 || size.height === 0) throw new Refusal(400, "The JPEG has no size.");
    const longer = Math.max(size.width, size.height);
    if (longer > maxSide) throw new Refusal(400, `The picture is ${longer} pixels long, ${maxSide} are of use.`);
    return size;
}
