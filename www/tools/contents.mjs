/**
 * What shells bring besides scripts: icons, the model and the catalog.
 * @import { Files } from "./packing.mjs"
 */
import { existsSync } from "node:fs";
import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { foreignAddresses, parseCatalog, writeFrame } from "./catalog.mjs";
import { companionName, companionPaths, objectPaths } from "./companions.mjs";
import { bundle } from "./packing.mjs";
import { BuildError, WWW } from "./sources.mjs";

/** The model that comes with every shell. */
export const MODEL = "efficientnet-lite0";
export const BACKGROUND = "background.bin";

/** The drawing and what tools/icons.mjs made of it. @param {Files} files */
export async function addIcons(files) {
    const shell = join(WWW, "shells/page");
    files.set("icon.svg", await readFile(join(shell, "icon.svg")));
    for (const name of (await readdir(join(shell, "icons"))).sort())
        files.set(name, await readFile(join(shell, "icons", name)));
}

/** @param {Files} files @param {string} folder */
export async function addModel(files, folder) {
    const read = async (/** @type {string} */ name) => {
        const path = join(folder, name);
        if (!existsSync(path))
            throw new BuildError(`The model is not complete: ${path} is missing. Make it with: cargo x model`);
        return readFile(path);
    };
    for (const name of ["model.onnx", "model.json", "vocabulary.json"]) files.set(name, await read(name));
    const card = files.get("model.json");
    for (const path of [...companionPaths(card), ...objectPaths(card)])
        files.set(companionName(path), await read(path));
    // Everyday pictures, to tell examples of own tags from; a network may come without.
    if (existsSync(join(folder, BACKGROUND))) files.set(BACKGROUND, await read(BACKGROUND));
}

/** @param {string} models */
const catalogPath = (models) => join(models, "catalog.json");

/** Without one there are no other models. @param {string} models */
export async function readCatalog(models) {
    const path = catalogPath(models);
    return existsSync(path) ? readFile(path, "utf8") : '{"version":1,"models":[]}';
}

/** Where other models can be had, and the proxy frame for their hosts. Without a catalog there are none. @param {Files} files @param {string} models @param {{minify: boolean}} options @returns {Promise<boolean>} whether there are any */
export async function addCatalog(files, models, { minify }) {
    const json = await readCatalog(models);
    try {
        const catalog = parseCatalog(json);
        const addresses = foreignAddresses(catalog);
        const define = { TAGSMITH_CATALOG: JSON.stringify(addresses) };
        const script = await bundle({
            entryPoints: [join(WWW, "shells/page/catalog.js")],
            format: "iife",
            define,
            minify,
        });
        const template = await readFile(join(WWW, "shells/page/catalog.html"), "utf8");
        files.set("catalog.json", new TextEncoder().encode(json));
        files.set(
            "catalog.html",
            new TextEncoder().encode(writeFrame(template, new TextDecoder().decode(script), catalog)),
        );
        return Object.keys(addresses).length > 0;
    } catch (error) {
        throw new BuildError(`${catalogPath(models)}: ${/** @type {Error} */ (error).message}`);
    }
}
