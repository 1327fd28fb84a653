/**
 * Builds the browser extension, a folder for each browser: one source, of which only the background and the manifest differ.
 *
 *   node www/tools/build_extension.mjs --engine target/engine --models models --out dist [--browser chromium|firefox] [--minify] [--compress best|fast]
 *
 * @import { BrowserName } from "./extension_manifest.mjs"
 * @import { Files } from "./packing.mjs"
 * @typedef {{engine: string, models: string, out: string, browsers?: readonly BrowserName[], minify?: boolean, effort?: number}} Wanted
 *   `effort`: of Brotli; the best takes half a minute
 */
import { existsSync } from "node:fs";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join, relative, resolve } from "node:path";
import { parseArgs } from "node:util";
import { brotli, isEffort } from "./compress.mjs";
import { companionName, companionPaths, objectPaths } from "./companions.mjs";
import { BACKGROUND, MODEL, addIcons, addModel } from "./contents.mjs";
import { BROWSERS, json, localeFiles, manifestFor } from "./extension_manifest.mjs";
import { addLibrary } from "./extension_library.mjs";
import { sha256 } from "./kept.mjs";
import { filled } from "./output.mjs";
import { bundle, packWorker } from "./packing.mjs";
import { BuildError, WWW, runIfMain } from "./sources.mjs";

const MANIFEST = "manifest.json";
const SHELL = join(WWW, "shells/extension");
const PAGES = ["popup", "options", "permit"];
const LICENCES = ["LICENSE-MIT", "LICENSE-APACHE", "THIRD_PARTY_LICENCES.txt"];
const UNPACKED_FETCH = join(SHELL, "unpacked_fetch.js");
/** Relaxed SIMD runs in every browser that the manifests allow. @type {Record<string, string>} */
const MODULES = {
    "engine-relaxed.wasm": "relaxed/engine_bg.wasm",
    "session.wasm": "session/session_bg.wasm",
    "exports.wasm": "exports/exports_bg.wasm",
    "sqlite3.wasm": "node_modules/@sqlite.org/sqlite-wasm/dist/sqlite3.wasm",
};

/** @param {Wanted} wanted */
export async function buildExtension({ engine, models, out, browsers = BROWSERS, minify = false, effort = 11 }) {
    const { version } = JSON.parse(await readFile(join(WWW, "package.json"), "utf8"));
    const { files, define } = await commonFiles(resolve(engine), resolve(models), { minify, effort });
    for (const browser of browsers) {
        const own = await filesFor(browser, define, { version, minify });
        await writePackage(join(resolve(out), `extension-${browser}`), new Map([...files, ...own]));
    }
}

/** A package holds what was built and nothing else. @param {string} folder @param {Files} files */
async function writePackage(folder, files) {
    if (existsSync(folder) && !existsSync(join(folder, MANIFEST)))
        throw new BuildError(`${folder} holds something else than an extension. Name another folder with --out.`);
    await rm(folder, { recursive: true, force: true });
    for (const [name, content] of [...files].sort(([a], [b]) => (a < b ? -1 : 1))) {
        await mkdir(dirname(join(folder, name)), { recursive: true });
        await writeFile(join(folder, name), content);
    }
}

/** @param {string} engine @param {string} models @param {{minify: boolean, effort: number}} how @returns {Promise<{files: Files, define: Record<string, string>}>} */
async function commonFiles(engine, models, { minify, effort }) {
    /** @type {Files} */
    const files = new Map();
    await addModel(files, join(models, MODEL));
    files.delete(BACKGROUND); // nothing is trained here
    // By it the library knows models that somebody brings.
    files.set("catalog.json", await readFile(join(models, "catalog.json")));
    const define = await addModules(files, engine, effort);
    files.set("worker.js", await packWorker(engine, { minify }));
    await addIcons(files);
    for (const name of ["apple-touch-icon.png", "icon-maskable-512.png", "icon.svg"]) files.delete(name);
    await addLibrary(files, { minify, inject: [UNPACKED_FETCH], define });
    files.set("content.js", await packScript("content.js", define, { minify }));
    const page = await readFile(join(SHELL, "page.html"), "utf8");
    for (const name of PAGES) {
        files.set(`${name}.js`, await packScript(`${name}.js`, define, { minify, format: "esm" }));
        files.set(`${name}.html`, encoded(filled(page, (kind) => `${name}.${kind}`)));
        files.set(`${name}.css`, await packStyles(`${name}.css`, minify));
    }
    for (const [path, text] of Object.entries(localeFiles())) files.set(path, encoded(text));
    for (const name of LICENCES) files.set(name, await readFile(join(WWW, "..", name)));
    return { files, define };
}

/** WebAssembly, packed, and what scripts are told of the package. @param {Files} files @param {string} engine @param {number} effort */
async function addModules(files, engine, effort) {
    const modules = Object.entries(MODULES).map(async ([name, path]) => {
        const content = await readFile(path.startsWith("node_modules/") ? join(WWW, path) : join(engine, path));
        return /** @type {const} */ ([`${name}.br`, await brotli(content, effort)]);
    });
    const packed = await Promise.all(modules);
    for (const [name, content] of packed) files.set(name, content);
    const card = files.get("model.json");
    const byPath = (/** @type {string[]} */ paths) =>
        Object.fromEntries(paths.map((path) => [path, companionName(path)]));
    const facts = { companions: byPath(companionPaths(card)), objects: byPath(objectPaths(card)) };
    const build = sha256(Buffer.concat(packed.map(([, content]) => content))).slice(0, 10);
    return {
        TAGSMITH_PACKAGE: JSON.stringify(facts),
        TAGSMITH_PACKED: JSON.stringify([build, ...Object.keys(MODULES)].join(" ")),
    };
}

/** @param {BrowserName} browser @param {Record<string, string>} define @param {{version: string, minify: boolean}} options @returns {Promise<Files>} */
async function filesFor(browser, define, { version, minify }) {
    /** @type {Files} */
    const files = new Map();
    files.set(MANIFEST, encoded(json(manifestFor(browser, version))));
    const unpacking = { minify, inject: [UNPACKED_FETCH] };
    const own = browser === "firefox" ? unpacking : { minify }; // with the engine, or without
    files.set("background.js", await packScript(`background_${browser}.js`, define, own));
    if (browser === "chromium") {
        files.set("offscreen.js", await packScript("offscreen.js", define, unpacking));
        files.set("offscreen.html", await readFile(join(SHELL, "offscreen.html")));
    }
    return files;
}

/**
 * A script in one file: a classic one, which content scripts and backgrounds have to be, or a module.
 * @param {string} name @param {Record<string, string>} define @param {{minify: boolean, format?: "iife" | "esm", inject?: string[]}} how
 */
const packScript = (name, define, { minify, format = "iife", inject = [] }) =>
    bundle({
        ...{ entryPoints: [join(SHELL, name)], format, loader: { ".css": "text" }, define, minify, inject },
        ignoreAnnotations: true, // own_world.js is all side effect
    });

/** With the page's tokens before it. @param {string} name @param {boolean} minify */
function packStyles(name, minify) {
    const contents = `@import "../../css/tokens.css";\n@import "./pages.css";\n@import "./${name}";`;
    return bundle({ stdin: { contents, resolveDir: SHELL, loader: "css" }, minify });
}

/** @param {string} text */
const encoded = (text) => new TextEncoder().encode(text);

/** @param {string[]} args */
async function run(args) {
    const { values } = parseArgs({
        args,
        options: {
            engine: { type: "string", default: "target/engine" },
            models: { type: "string", default: "models" },
            out: { type: "string", default: "dist" },
            browser: { type: "string" },
            minify: { type: "boolean", default: false },
            compress: { type: "string", default: "best" },
        },
    });
    const start = performance.now();
    const { browser, compress, ...wanted } = values;
    if (!isEffort(compress)) throw new BuildError(`--compress is "best" or "fast", not "${compress}".`);
    const browsers = BROWSERS.filter((one) => browser === undefined || one === browser);
    if (browsers.length === 0) throw new BuildError(`--browser is "chromium" or "firefox", not "${browser}".`);
    await buildExtension({ ...wanted, browsers, effort: compress === "best" ? 11 : 1 });
    const built = browsers.map((one) => `extension-${one}`).join(", ");
    const where = relative(process.cwd(), resolve(values.out)) || ".";
    console.log(`built ${built} in ${where} in ${((performance.now() - start) / 1000).toFixed(1)} s`);
}

runIfMain(import.meta.url, run);
