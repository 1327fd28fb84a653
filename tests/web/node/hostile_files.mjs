/** Files of few bytes that state much, as in cli/tests/hostile_files. */

/** RGBA of 32-bit floats in one strip, of which there is nothing. @param {number} side */
export function tiffWithoutData(side) {
    const tags = [
        [256, side],
        [257, side],
        [258, 32],
        [259, 1],
        [262, 2],
        [273, 8],
        [277, 4],
        [279, 0xfffffff0],
        [339, 3],
    ];
    const file = Buffer.alloc(10 + 12 * tags.length + 4);
    file.write("II*\0\x08\0\0\0", "latin1");
    file.writeUInt16LE(tags.length, 8);
    for (const [idx, [tag = 0, value = 0]] of tags.entries()) {
        file.writeUInt16LE(tag, 10 + 12 * idx);
        file.writeUInt16LE(4, 12 + 12 * idx);
        file.writeUInt32LE(1, 14 + 12 * idx);
        file.writeUInt32LE(value, 18 + 12 * idx);
    }
    return file;
}

/** A frame of up to 65,535 pixels a side on a canvas of one. @param {number} width @param {number} height */
export function gifWithFrame(width, height) {
    const sides = Buffer.alloc(4);
    sides.writeUInt16LE(width);
    sides.writeUInt16LE(height, 2);
    const head = Buffer.from("GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xFF\xFF\xFF,\0\0\0\0", "latin1");
    return Buffer.concat([head, sides, Buffer.from("\0\x02\x02D\x01\0;", "latin1")]);
}

/** A bitmap of OS/2 compressed in a way that only OS/2 knew. @param {number} width @param {number} height */
export function os2Bitmap(width, height) {
    const file = Buffer.alloc(80);
    file.write("BM");
    file.writeUInt32LE(78, 10);
    file.writeUInt32LE(64, 14);
    file.writeInt32LE(width, 18);
    file.writeInt32LE(height, 22);
    file.writeUInt16LE(1, 26);
    file.writeUInt16LE(24, 28);
    file.writeUInt32LE(4, 30);
    return file;
}

/** One pixel, lossless, which says that it uses the last of so many groups of prefix codes. @param {number} nGroups */
export function webpWithCodeGroups(nGroups) {
    /** @type {number[]} */
    const bytes = [];
    let word = 0;
    let n = 0;
    const write = (/** @type {number} */ value, /** @type {number} */ width) => {
        for (let bit = 0; bit < width; bit++) {
            word |= ((value >> bit) & 1) << n;
            if (++n < 8) continue;
            bytes.push(word);
            word = n = 0;
        }
    };
    /** A code of one symbol, which takes no bits. @param {number} symbol */
    const single = (symbol) => write(1 | (1 << 2) | (symbol << 3), 11);
    /** A code of 256 symbols: their lengths are coded by a code with one symbol, 8, which is the twelfth in its order. */
    const allOfEightBits = () => {
        write((12 - 4) << 1, 5);
        for (let place = 1; place <= 12; place++) write(Number(place === 12), 3);
        write(0, 1);
    };
    // Signature, two sides minus 1, no alpha, version; no transform, no cache, several groups in blocks of 512, no cache.
    for (const [value = 0, width = 0] of [
        [0x2f, 8],
        [0, 32],
        [0, 2],
        [1, 1],
        [7, 3],
        [0, 1],
    ])
        write(value, width);
    for (const symbol of [(nGroups - 1) & 0xff, (nGroups - 1) >> 8, 0, 0, 0]) single(symbol);
    for (let idx = 0; idx < nGroups; idx++) {
        single(0);
        for (let code = 0; code < 3; code++) allOfEightBits();
        single(0);
    }
    write(0, 32);
    bytes.push(word, ...(bytes.length % 2 === 0 ? [0] : []));
    const head = Buffer.from("RIFF\0\0\0\0WEBPVP8L\0\0\0\0", "latin1");
    head.writeUInt32LE(bytes.length + 12, 4);
    head.writeUInt32LE(bytes.length, 16);
    return Buffer.concat([head, Buffer.from(bytes)]);
}
