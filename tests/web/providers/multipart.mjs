/**
 * Bodies of the type multipart/form-data, read as strictly as RFC 7578 is written: every part with its name, each boundary on a line of its
 * own with CRLF, an end, nothing after it.
 * @import { Call } from "./refusals.mjs"
 *
 * @typedef {{name: string, filename: string | null, type: string | null, content: Buffer}} Part
 */
import { Refusal, needType } from "./refusals.mjs";

/** @param {Call} call @returns {Part[]} */
export function readMultipart(call) {
    needType(call, /^multipart\/form-data;/i);
    const [, quoted, plain] = /;\s*boundary=(?:"([^"]{1,70})"|([^\s;"]{1,70}))\s*$/i.exec(
        call.headers["content-type"] ?? "",
    ) ?? [null, null, null];
    const boundary = quoted ?? plain;
    if (!boundary) throw new Refusal(400, "The multipart body has no boundary.");
    const text = call.body.toString("latin1"); // a character a byte: places are places in the body
    const line = `--${boundary}`;
    if (!text.startsWith(`${line}\r\n`)) throw new Refusal(400, "The multipart body does not begin with its boundary.");
    /** @type {Part[]} */
    const parts = [];
    let at = line.length + 2;
    for (;;) {
        const end = text.indexOf(`\r\n${line}`, at);
        if (end < 0) throw new Refusal(400, "The multipart body has no end.");
        parts.push(readPart(text.slice(at, end), call.body.subarray(at, end)));
        const after = end + 2 + line.length;
        const rest = text.slice(after, after + 4);
        if (rest.startsWith("\r\n")) at = after + 2;
        else if (/^--(\r\n)?$/.test(text.slice(after))) return parts;
        else throw new Refusal(400, "A boundary of the multipart body has something on its line.");
    }
}

/** @param {string} text @param {Buffer} bytes @returns {Part} */
function readPart(text, bytes) {
    const end = text.indexOf("\r\n\r\n");
    if (end < 0) throw new Refusal(400, "A part has no headers.");
    const headers = text.slice(0, end).split("\r\n");
    const disposition = headers.find((header) => /^content-disposition:/i.test(header)) ?? "";
    const name = /^content-disposition: form-data; name="([^"]+)"/i.exec(disposition)?.[1];
    if (!name) throw new Refusal(400, "A part has no name.");
    const filename = /; filename="([^"]*)"/i.exec(disposition)?.[1] ?? null;
    if (filename !== null && !/^[a-z0-9_]+(\.jpe?g)?$/i.test(filename))
        throw new Refusal(400, `The name of a file, "${filename}", tells more than it needs to.`);
    const type = headers.find((header) => /^content-type:/i.test(header))?.replace(/^content-type:\s*/i, "") ?? null;
    return { name, filename, type, content: bytes.subarray(end + 4) };
}

/** @param {readonly Part[]} parts @param {string} name @param {boolean} isFile @returns {Part} the only one of that name */
export function onePart(parts, name, isFile) {
    const some = parts.filter((part) => part.name === name);
    const [part] = some;
    if (!part || some.length > 1)
        throw new Refusal(400, `There must be one part "${name}", and there are ${some.length}.`);
    if ((part.filename !== null) !== isFile) throw new Refusal(400, `"${name}" must ${isFile ? "" : "not "}be a file.`);
    return part;
}
