/** JPEGs as bytes, whole in their form, of any size, with whatever segments a test wants in them. What they show is nothing. */

/** @param {number} marker @param {Buffer | string} content */
export function segment(marker, content) {
    const bytes = Buffer.from(content);
    const head = Buffer.from([0xff, marker, 0, 0]);
    head.writeUInt16BE(bytes.length + 2, 2);
    return Buffer.concat([head, bytes]);
}

/** @param {number} seed what tells it from others @param {{width?: number, height?: number, more?: Buffer[], bytes?: number}} [how] */
export function jpeg(seed, { width = 64, height = 64, more = [], bytes = 16 } = {}) {
    const frame = Buffer.from([8, 0, 0, 0, 0, 1, 1, 0x11, 0]);
    frame.writeUInt16BE(height, 1);
    frame.writeUInt16BE(width, 3);
    const scan = Buffer.alloc(bytes, seed % 251);
    scan.writeUInt32BE(seed);
    return Buffer.concat([
        ...[Buffer.from([0xff, 0xd8]), segment(0xe0, "JFIF\0\x01\x02\0\0\x01\0\x01\0\0"), ...more],
        ...[segment(0xc0, frame), segment(0xda, Buffer.from([1, 1, 0, 0, 63, 0])), scan, Buffer.from([0xff, 0xd9])],
    ]);
}
