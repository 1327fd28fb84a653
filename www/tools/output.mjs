/**
 * Files of a build: their names, templates that name them, and the folder that they are written to.
 * @import { Files } from "./packing.mjs"
 * @typedef {{named: Files, names: Record<string, string>}} Named files by the name they lie under, and that name by the plain one
 */
import { existsSync } from "node:fs";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, extname, join } from "node:path";
import { sha256 } from "./kept.mjs";
import { BuildError } from "./sources.mjs";

/** Lies in every folder built here: which file is which, and the leave to delete them next time. */
export const MANIFEST = "assets.json";

/** Named by its content already. */
const CHUNK = /^part\.[A-Z0-9]{8}\.js$/;

/** @param {Files} files @param {boolean} hash @returns {Named} */
export function nameAll(files, hash) {
    /** @type {Named} */
    const all = { named: new Map(), names: {} };
    for (const [name, content] of files) nameFile(name, content, hash, all);
    return all;
}

/**
 * A name that changes with the content may be cached for ever.
 * @param {string} name @param {Uint8Array} content @param {boolean} hash @param {Named} all
 */
export function nameFile(name, content, hash, { named, names }) {
    const extension = extname(name);
    names[name] =
        hash && !CHUNK.test(name)
            ? `${name.slice(0, -extension.length)}.${sha256(content).slice(0, 10)}${extension}`
            : name;
    named.set(names[name], content);
}

/** Puts values where a template names them: `"%name%"`. @param {string} template @param {(name: string) => string | undefined} valueFor */
export function filled(template, valueFor) {
    return template.replace(/"%([\w.-]+)%"/g, (_, name) => {
        const value = valueFor(name);
        if (value === undefined) throw new BuildError(`A template of the page asks for "${name}", which is not built.`);
        return `"${value.replaceAll("&", "&amp;").replaceAll('"', "&quot;")}"`;
    });
}

/** @param {string} out @param {Files} files @param {Record<string, string>} names */
export async function writeAll(out, files, names) {
    await mkdir(out, { recursive: true });
    await clearFormer(out, new Set(files.keys()));
    for (const [name, content] of files) {
        const path = join(out, name);
        // A server that watches keeps what it has compressed as long as the file is the same.
        const isSame = existsSync(path) && Buffer.compare(await readFile(path), content) === 0;
        if (!isSame) await writeFile(path, content);
    }
    await writeFile(join(out, MANIFEST), `${JSON.stringify(names, null, 4)}\n`);
}

/** Deletes what a former build left and this one does not write; never anything else. @param {string} out @param {Set<string>} kept */
async function clearFormer(out, kept) {
    const manifest = join(out, MANIFEST);
    if (!existsSync(manifest)) return;
    const former = /** @type {string[]} */ (Object.values(JSON.parse(await readFile(manifest, "utf8"))));
    for (const name of former.filter((name) => dirname(name) === ".")) {
        for (const end of [".br", ".gz"]) await rm(join(out, name + end), { force: true });
        if (!kept.has(name)) await rm(join(out, name), { force: true });
    }
}
