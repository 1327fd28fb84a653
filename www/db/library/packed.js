/**
 * What a run found, as the blobs of docs/formats/library.md: column after column, little-endian.
 * @import { Candidates, StoredBoxes } from "../protocol.js"
 */
import { CodedError } from "../../core/protocol.js";

/** @param {Candidates} found @param {(position: number) => number} tagId @returns {Uint8Array} 13 bytes each */
export function packCandidates({ tags, scores, confidences, components }, tagId) {
    const n = sameLength(tags, scores, confidences, components);
    const packed = new Uint8Array(13 * n);
    putTags(packed, tags, tagId);
    putFloats(packed, 4 * n, scores);
    putFloats(packed, 8 * n, confidences);
    packed.set(components, 12 * n);
    return packed;
}

/** @param {StoredBoxes} boxes @param {(position: number) => number} tagId @returns {Uint8Array} 25 bytes each */
export function packBoxes({ tags, confidences, regions, components }, tagId) {
    const n = sameLength(tags, confidences, components);
    if (regions.length !== 4 * n) throw misfit();
    const packed = new Uint8Array(25 * n);
    putTags(packed, tags, tagId);
    putFloats(packed, 4 * n, confidences);
    putFloats(packed, 8 * n, regions);
    packed.set(components, 24 * n);
    return packed;
}

/** @param {Uint8Array} packed @param {Uint16Array} tags @param {(position: number) => number} tagId */
function putTags(packed, tags, tagId) {
    const view = new DataView(packed.buffer);
    tags.forEach((position, idx) => view.setUint32(4 * idx, tagId(position), true));
}

/** @param {Uint8Array} packed @param {number} at @param {Float32Array} values */
function putFloats(packed, at, values) {
    const view = new DataView(packed.buffer);
    values.forEach((value, idx) => view.setFloat32(at + 4 * idx, value, true));
}

/** @param {{length: number}} first @param {{length: number}[]} others */
function sameLength({ length }, ...others) {
    if (others.some((other) => other.length !== length)) throw misfit();
    return length;
}

const misfit = () => new CodedError("inference_failed", "The columns of a tagging have different lengths.");

/** Bytes that grow at their end. */
export class Sink {
    #bytes = new Uint8Array(1 << 16);
    #length = 0;

    /** How many bytes these are. @param {Uint8Array} bytes copied */
    add(bytes) {
        const length = this.#length + bytes.length;
        if (length > this.#bytes.length) {
            const grown = new Uint8Array(Math.max(2 * this.#bytes.length, length));
            grown.set(this.#bytes.subarray(0, this.#length));
            this.#bytes = grown;
        }
        this.#bytes.set(bytes, this.#length);
        this.#length = length;
        return bytes.length;
    }

    taken() {
        return this.#bytes.slice(0, this.#length);
    }
}

/** Numbers that grow at their end. */
export class NumberSink {
    #numbers;
    #length = 0;

    /** @param {number} n about so many */
    constructor(n) {
        this.#numbers = new Uint32Array(Math.max(1, n));
    }

    /** @param {number} number a u32 */
    add(number) {
        if (this.#length === this.#numbers.length) {
            const grown = new Uint32Array(2 * this.#length);
            grown.set(this.#numbers);
            this.#numbers = grown;
        }
        this.#numbers[this.#length++] = number;
    }

    taken() {
        return this.#numbers.slice(0, this.#length);
    }
}

/** @param {string} hex @returns {Uint8Array<ArrayBuffer>} */
export function bytesOfHex(hex) {
    if (!/^([0-9a-f]{2})*$/.test(hex)) throw new CodedError("inference_failed", "A hash is no hexadecimal number.");
    return Uint8Array.from({ length: hex.length / 2 }, (_, idx) =>
        Number.parseInt(hex.slice(2 * idx, 2 * idx + 2), 16),
    );
}
