/** What is measured: the built page and the files beside it. */
import { existsSync, readdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

export const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** For run.mjs to show as it is, without a stack. */
export class BenchError extends Error {}

/** @typedef {{dir: string, names: Record<string, string>}} Built a built page, and its plain names → names in `dir` */

/** @param {string} [dir] dist/page where it is there, else target/page @returns {Promise<Built>} */
export async function findPage(dir) {
    const wanted = dir ? [resolve(dir)] : [join(ROOT, "dist/page"), join(ROOT, "target/page")];
    const found = wanted.find((folder) => existsSync(join(folder, "assets.json")));
    if (!found) throw new BenchError(`There is no built page in ${wanted.join(" or ")}. Build it first: cargo x dist`);
    return { dir: found, names: JSON.parse(await readFile(join(found, "assets.json"), "utf8")) };
}

/** The golden pictures, in the order of their names; `path` within tests/cases. @returns {Promise<{name: string, path: string, content: Buffer}[]>} */
export async function readGoldenPictures() {
    const cases = join(ROOT, "tests/cases");
    const folders = readdirSync(cases, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    const pictures = folders.flatMap(({ name: folder }) => {
        const file = readdirSync(join(cases, folder)).find((file) => file.startsWith("picture."));
        return file ? [{ name: file.replace("picture", folder), path: `${folder}/${file}` }] : [];
    });
    if (pictures.length === 0) throw new BenchError(`There are no golden pictures in ${cases}.`);
    pictures.sort((a, b) => (a.name < b.name ? -1 : 1));
    return Promise.all(
        pictures.map(async (picture) => ({ ...picture, content: await readFile(join(cases, picture.path)) })),
    );
}
