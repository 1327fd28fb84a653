/**
 * Bytes as text of an HTML file in windows-1252, where every byte is a character. Two of them do not come through a parser as they are, and two
 * pairs would mean something to it: so the bytes go in blocks, each combined (XOR) with one byte, which stands before it, so that none of
 * these is in it. That makes them 0.3 % larger; base64, which any encoding of text takes, 33 %.
 */

/** The parser turns the first into a sign for what is damaged, and the second into a line feed. */
const NEVER = [0x00, 0x0d];
const LESS = 0x3c;
/** After `<` these end the element, or begin a comment in it: "/", "!". */
const AFTER_LESS = [0x2f, 0x21];
/**
 * Of bytes without a pattern, 320 leave some twenty of the 256 keys. Of 80 no bytes at all can take away more than 242: each at most one key for
 * what must never be there, and one for a pair.
 */
const SIZES = /** @type {const} */ ({ L: 320, S: 80 });

/** @param {Uint8Array} bytes @returns {Uint8Array<ArrayBuffer>} the bytes of the text in windows-1252, the first of which says how large the blocks are */
export const toText = (bytes) => inBlocks(bytes, "L") ?? /** @type {Uint8Array<ArrayBuffer>} */ (inBlocks(bytes, "S"));

/** Null where a block leaves no key. @param {Uint8Array} bytes @param {keyof typeof SIZES} size */
function inBlocks(bytes, size) {
    const text = new Uint8Array(1 + bytes.length + Math.ceil(bytes.length / SIZES[size]));
    text[0] = size.charCodeAt(0);
    let n = 1;
    for (let at = 0; at < bytes.length; at += SIZES[size]) {
        const block = bytes.subarray(at, at + SIZES[size]);
        const key = keyOf(block, text[n - 1] ?? 0);
        if (key === undefined) return null;
        text[n++] = key;
        for (const byte of block) text[n++] = byte ^ key;
    }
    return text;
}

/** @param {Uint8Array} block @param {number} before the byte in front of its key */
function keyOf(block, before) {
    const isUsed = new Uint8Array(256);
    for (const never of NEVER) for (const byte of [0, ...block]) isUsed[byte ^ never] = 1;
    for (const after of AFTER_LESS) {
        if (before === LESS) isUsed[after] = 1;
        for (const [idx, byte] of block.entries())
            if ((byte ^ (block[idx + 1] ?? 0)) === (LESS ^ after)) isUsed[byte ^ LESS] = 1;
    }
    // What ends with `<` would make something of what comes next, and so would a key that is one.
    isUsed[LESS] = isUsed[(block.at(-1) ?? 0) ^ LESS] = 1;
    const key = isUsed.indexOf(0);
    return key < 0 ? undefined : key;
}

/** The byte by the character that it is in windows-1252. */
function bytesByCode() {
    const all = Uint8Array.from({ length: 256 }, (_, byte) => byte);
    const codes = Array.from(new TextDecoder("windows-1252").decode(all), (letter) => letter.charCodeAt(0));
    const bytes = new Uint8Array(Math.max(...codes) + 1);
    for (const [byte, code] of codes.entries()) bytes[code] = byte;
    return bytes;
}

/** @param {string} text as the page has it @returns {Uint8Array<ArrayBuffer>} */
export function toBytes(text) {
    const byCode = bytesByCode();
    const size = SIZES[/** @type {keyof typeof SIZES} */ (text[0])] ?? SIZES.L;
    const bytes = new Uint8Array(text.length);
    let n = 0;
    for (let at = 1; at < text.length; at += size + 1) {
        const key = byCode[text.charCodeAt(at)] ?? 0;
        const end = Math.min(at + size + 1, text.length);
        for (let idx = at + 1; idx < end; idx++) bytes[n++] = (byCode[text.charCodeAt(idx)] ?? 0) ^ key;
    }
    return bytes.subarray(0, n);
}
