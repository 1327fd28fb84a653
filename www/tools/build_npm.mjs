/**
 * Builds the npm package: a folder that can be published, installed or served as it is.
 *
 *   node www/tools/build_npm.mjs --engine target/engine --models models --out dist/npm [--minify]
 *
 * @import { Files } from "./packing.mjs"
 * @typedef {{engine: string, models: string, model?: string, out: string, minify?: boolean}} Wanted
 */
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join, relative, resolve } from "node:path";
import { parseArgs } from "node:util";
import { BACKGROUND, MODEL, addModel } from "./contents.mjs";
import { addEngine } from "./engine_files.mjs";
import { FIRST_CODES, assetsModule, made, wordsModule } from "./npm_modules.mjs";
import { writeAll } from "./output.mjs";
import { bundle, packWorker } from "./packing.mjs";
import { BuildError, WWW, runIfMain } from "./sources.mjs";

const SHELL = join(WWW, "shells/npm");
const LICENCES = ["LICENSE-MIT", "LICENSE-APACHE", "THIRD_PARTY_LICENCES.txt"];
const TYPES = {
    "index.d.ts": "shells/npm/api.d.ts",
    "report.d.ts": "core/report.d.ts",
    "element.d.ts": "shells/npm/element_api.d.ts",
};

/** @param {Wanted} wanted @returns {Promise<string[]>} the names of its files */
export async function buildNpm({ engine, models, model = MODEL, out, minify = false }) {
    /** @type {Files} */
    const files = new Map();
    files.set("worker.js", await packWorker(resolve(engine), { minify }));
    await addEngine(files, resolve(engine));
    files.delete("exports.wasm"); // nothing is exported
    await addModel(files, join(resolve(models), model));
    files.delete(BACKGROUND); // nor learnt
    await addScripts(files, minify);
    for (const [name, path] of Object.entries(TYPES)) files.set(name, await readTypes(path));
    for (const name of LICENCES) files.set(name, await readFile(join(WWW, "..", name)));
    files.set("README.md", await readFile(join(SHELL, "README.md")));
    files.set("package.json", await manifest([...files.keys()]));
    const names = [...files.keys()];
    await writeAll(resolve(out), files, Object.fromEntries(names.map((name) => [name, name])));
    return names;
}

/** They name each other by where they will lie. @param {string} path */
async function readTypes(path) {
    const text = await readFile(join(WWW, path), "utf8");
    return new TextEncoder().encode(
        text.replaceAll('"../../core/report.d.ts"', '"./report.d.ts"').replaceAll('"./api.d.ts"', '"./index.d.ts"'),
    );
}

/** @param {Files} files @param {boolean} minify */
async function addScripts(files, minify) {
    const modules = { "tagsmith-assets": assetsModule(files), "tagsmith-error-words": wordsModule() };
    const plugins = [made(modules)];
    const common = { format: /** @type {const} */ ("esm"), minify };
    const node = { ...common, platform: /** @type {const} */ ("node"), target: ["node20"] };
    files.set("index.js", await bundle({ ...common, entryPoints: [join(SHELL, "index.js")], plugins }));
    files.set("node.js", await bundle({ ...node, entryPoints: [join(SHELL, "node.mjs")], plugins }));
    files.set("node_worker.js", await bundle({ ...node, entryPoints: [join(SHELL, "node_worker.mjs")] }));
    const element = {
        ...{ entryPoints: [join(SHELL, "element.js")], external: ["./index.js"] },
        ...{
            loader: { ".css": /** @type {const} */ ("text") },
            plugins: [made({ "tagsmith-error-words": wordsModule(FIRST_CODES) })],
        },
    };
    files.set("element.js", await bundle({ ...common, ...element }));
}

/** @param {string[]} files */
async function manifest(files) {
    const { version, license, engines } = JSON.parse(await readFile(join(WWW, "package.json"), "utf8"));
    const element = { types: "./element.d.ts", default: "./element.js" };
    const content = {
        name: "tagsmith",
        version,
        description: "Tags for pictures, found on the device: in the browser, as a form element, and in node",
        keywords: ["image", "tagging", "classification", "object-detection", "wasm", "web-component"],
        license,
        type: "module",
        engines,
        exports: {
            ".": { types: "./index.d.ts", node: "./node.js", default: "./index.js" },
            "./element": element,
            "./element.js": element,
            "./package.json": "./package.json",
        },
        types: "./index.d.ts",
        sideEffects: ["./element.js"],
        files: files.sort(),
    };
    return new TextEncoder().encode(`${JSON.stringify(content, null, 2)}\n`);
}

/** @param {string[]} args */
async function run(args) {
    const { values } = parseArgs({
        args,
        options: {
            engine: { type: "string", default: "target/engine" },
            models: { type: "string", default: "models" },
            out: { type: "string", default: "dist/npm" },
            minify: { type: "boolean", default: false },
        },
    });
    if (!existsSync(values.engine)) throw new BuildError(`There is no engine in ${values.engine}: cargo x build`);
    await buildNpm(values);
    console.log(`built ${relative(process.cwd(), resolve(values.out)) || "."}`);
}

runIfMain(import.meta.url, run);
