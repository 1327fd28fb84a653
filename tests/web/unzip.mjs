/** The files of a ZIP, read and checked (lengths, checksums) by another program than the one that wrote it. */
import { execFileSync } from "node:child_process";

const PROGRAM = `
import json, sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as archive:
    assert archive.testzip() is None
    print(json.dumps({name: archive.read(name).decode(sys.argv[2]) for name in archive.namelist()}))`;

/** @param {string} path @param {"utf-8" | "latin-1"} [text] how all of it is read: pictures are no UTF-8 @returns {Record<string, string>} name → text */
export const unzip = (path, text = "utf-8") =>
    JSON.parse(
        execFileSync("python3", ["-W", "error", "-c", PROGRAM, path, text], { encoding: "utf8", maxBuffer: 1 << 26 }),
    );

/** The keywords of each XMP sidecar of a ZIP. @param {string} path @returns {Record<string, string[]>} name of the picture → keywords */
export function keywordsOf(path) {
    const files = Object.entries(unzip(path)).map(([name, text]) => {
        const bag = /<dc:subject>(.*?)<\/dc:subject>/s.exec(text)?.[1] ?? "";
        return [name.replace(/\.xmp$/, ""), Array.from(bag.matchAll(/<rdf:li>(.*?)<\/rdf:li>/g), ([, word]) => word)];
    });
    return Object.fromEntries(files);
}
