/** Of a JPEG, what its pixels need. Browsers write more into one: sizes and dates as a camera would, a comment, a profile. */

const START = 0xd8;
const SCAN = 0xda;
const COMMENT = 0xfe;
/** JFIF, which says how the colours are meant. */
const JFIF = 0xe0;

/**
 * The same file without segments of applications and comments; as it is where it is no JPEG.
 * @param {Uint8Array<ArrayBuffer>} bytes @returns {Uint8Array<ArrayBuffer>[]} one after the other
 */
export function bareJpeg(bytes) {
    if (bytes[0] !== 0xff || bytes[1] !== START) return [bytes];
    const parts = [bytes.subarray(0, 2)];
    let at = 2;
    while (bytes[at] === 0xff && bytes[at + 1] !== SCAN) {
        const marker = bytes[at + 1] ?? 0;
        const length = ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0);
        if (length < 2 || at + 2 + length > bytes.length) break;
        const isKept = marker !== COMMENT && (marker === JFIF || marker < 0xe0 || marker > 0xef);
        if (isKept) parts.push(bytes.subarray(at, at + 2 + length));
        at += 2 + length;
    }
    parts.push(bytes.subarray(at));
    return parts;
}
