/** What another program reads in pictures, and what of a picture is not metadata. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";

/** Whether exiftool is on this machine (Debian's package libimage-exiftool-perl). */
export const hasExiftool = () => {
    try {
        execFileSync("exiftool", ["-ver"]);
        return true;
    } catch {
        return false;
    }
};

/**
 * The lists of keywords of a picture; the file must be one that exiftool finds nothing wrong with that it did not find before.
 * @param {string} path @param {string} original
 */
export function keywordsIn(path, original) {
    const read = (/** @type {string} */ file) => {
        const names = [
            "-XMP-dc:Subject",
            "-XMP-lr:HierarchicalSubject",
            "-XMP-digiKam:TagsList",
            "-Validate",
            "-Warning",
            "-Error",
        ];
        const [found] = JSON.parse(
            execFileSync("exiftool", ["-json", "-validate", "-a", ...names, file], { encoding: "utf8" }),
        );
        const list = (/** @type {string} */ name) => [found[name] ?? []].flat().map(String);
        return {
            subject: list("Subject"),
            lightroom: list("HierarchicalSubject"),
            digikam: list("TagsList"),
            wrong: [...list("Validate"), ...list("Warning"), ...list("Error")],
        };
    };
    const { wrong, ...lists } = read(path);
    assert.deepEqual(wrong, read(original).wrong, path);
    return lists;
}

/** Title, description and alternative text of a file; empty ones where it has none. @param {string} path */
export function textsIn(path) {
    const names = ["-XMP-dc:Title", "-XMP-dc:Description", "-XMP-iptcCore:AltTextAccessibility"];
    const [found] = JSON.parse(execFileSync("exiftool", ["-json", ...names, path], { encoding: "utf8" }));
    return [found.Title ?? "", found.Description ?? "", found.AltTextAccessibility ?? ""];
}

/** The bytes that the picture itself consists of. @param {Buffer} file */
export function pixelsOf(file) {
    if (file[0] === 0xff) return file.subarray(file.indexOf(Uint8Array.of(0xff, 0xda)));
    const isPng = file[0] === 0x89;
    /** @type {Buffer[]} */
    const found = [];
    for (let at = isPng ? 8 : 12; at < file.length; ) {
        const name = file.toString("latin1", isPng ? at + 4 : at, isPng ? at + 8 : at + 4);
        const length = isPng ? file.readUInt32BE(at) : file.readUInt32LE(at + 4);
        if (["IHDR", "PLTE", "tRNS", "IDAT", "VP8 ", "VP8L", "ALPH", "ANMF"].includes(name))
            found.push(file.subarray(at + 8, at + 8 + length));
        at += isPng ? 12 + length : 8 + length + (length % 2);
    }
    assert.ok(found.length > 0, "no pixels found");
    return Buffer.concat(found);
}
