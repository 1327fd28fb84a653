/** ONNX files written by hand: as much of the format (Protocol Buffers) as the networks of the tests need. */

/** @param {number} number @returns {number[]} */
const varint = (number) => (number < 128 ? [number] : [(number & 127) | 128, ...varint(number >>> 7)]);

/** A field: numbers as they are, everything else with its length. @param {number} id @param {number | string | Buffer} value */
export function field(id, value) {
    if (typeof value === "number") return Buffer.from([...varint(id << 3), ...varint(value)]);
    const bytes = Buffer.from(value);
    return Buffer.concat([Buffer.from([...varint((id << 3) | 2), ...varint(bytes.length)]), bytes]);
}

/** @param {...Buffer} fields */
export const message = (...fields) => Buffer.concat(fields);

/** `ValueInfoProto` of float32. @param {string} name @param {number[]} shape */
export function value(name, shape) {
    const dims = shape.map((size) => field(1, field(1, size)));
    return message(field(1, name), field(2, field(1, message(field(1, 1), field(2, message(...dims))))));
}

/** `AttributeProto`: a whole number, or several. @param {string} name @param {number | number[]} value */
const attribute = (name, value) =>
    typeof value === "number"
        ? message(field(1, name), field(3, value), field(20, 2))
        : message(field(1, name), ...value.map((one) => field(8, one)), field(20, 7));

/** `NodeProto`. @param {string} operator @param {string | string[]} inputs @param {string} output @param {Record<string, number | number[]>} [attributes] */
export const node = (operator, inputs, output, attributes = {}) =>
    message(
        ...[inputs].flat().map((input) => field(1, input)),
        field(2, output),
        field(3, `node_${output}`),
        field(4, operator),
        ...Object.entries(attributes).map(([name, value]) => field(5, attribute(name, value))),
    );

/** `TensorProto` of float32. @param {string} name @param {number[]} shape @param {number[]} values */
export const tensor = (name, shape, values) =>
    message(
        ...shape.map((size) => field(1, size)),
        field(2, 1),
        field(8, name),
        field(9, Buffer.from(Float32Array.from(values).buffer)),
    );

/** A file with one graph. @param {string} name @param {{nodes: Buffer[], constants?: Buffer[], inputs: Buffer[], outputs: Buffer[]}} graph */
export function onnxFile(name, { nodes, constants = [], inputs, outputs }) {
    const graph = message(
        ...nodes.map((one) => field(1, one)),
        field(2, name),
        ...constants.map((one) => field(5, one)),
        ...inputs.map((one) => field(11, one)),
        ...outputs.map((one) => field(12, one)),
    );
    return new Uint8Array(message(field(1, 8), field(7, graph), field(8, message(field(1, ""), field(2, 13)))));
}
