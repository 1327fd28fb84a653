/** Files of PNG pictures whose pixels a test makes. */
import { crc32, deflateSync } from "node:zlib";

/** @param {number} width @param {number} height @param {readonly Buffer[]} rows each a zero and then red, green and blue of every pixel */
export function pngFile(width, height, rows) {
    const header = Buffer.from([...long(width), ...long(height), 8, 2, 0, 0, 0]);
    const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
    return Buffer.concat([
        signature,
        chunk("IHDR", header),
        chunk("IDAT", deflateSync(Buffer.concat(rows))),
        chunk("IEND", Buffer.alloc(0)),
    ]);
}

/** Big-endian. @param {number} number */
const long = (number) => [number >>> 24, (number >>> 16) & 255, (number >>> 8) & 255, number & 255];

/** @param {string} type @param {Buffer} content */
function chunk(type, content) {
    const body = Buffer.concat([Buffer.from(type), content]);
    return Buffer.concat([Buffer.from(long(content.length)), body, Buffer.from(long(crc32(body)))]);
}
