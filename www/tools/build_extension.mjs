/**
 * Builds the browser extension, a folder for each browser: one source, of which only the background and the manifest differ.
 *
 *   node www/tools/build_extension.mjs --engine target/engine --models models --out dist [--browser chromium|firefox] [--minify]
 *
 * @import { BrowserName } from "./extension_manifest.mjs"
 * @import { Files } from "./packing.mjs"
 * @typedef {{engine: string, models: string, out: string, browsers?: readonly BrowserName[], minify?: boolean}} Wanted
 */
import { existsSync } from "node:fs";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join, relative, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { companionName, companionPaths, objectPaths } from "./companions.mjs";
import { MODEL, addIcons, addModel } from "./contents.mjs";
import { BROWSERS, json, localeFiles, manifestFor } from "./extension_manifest.mjs";
import { bundle, packWorker } from "./packing.mjs";
import { BuildError, WWW } from "./sources.mjs";

const MANIFEST = "manifest.json";
const SHELL = join(WWW, "shells/extension");
const PAGES = ["popup", "options", "permit"];
const LICENCES = ["LICENSE-MIT", "LICENSE-APACHE", "THIRD_PARTY_LICENCES.txt"];
/** Relaxed SIMD runs in every browser that the manifests allow. */
const ENGINE = "relaxed/engine_bg.wasm";

/** @param {Wanted} wanted */
export async function buildExtension({ engine, models, out, browsers = BROWSERS, minify = false }) {
    const { version } = JSON.parse(await readFile(join(WWW, "package.json"), "utf8"));
    const common = await commonFiles(resolve(engine), resolve(models), minify);
    for (const browser of browsers) {
        const own = await filesFor(browser, { version, minify, card: common.get("model.json") });
        await writePackage(join(resolve(out), `extension-${browser}`), new Map([...common, ...own]));
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

/** @param {string} engine @param {string} models @param {boolean} minify @returns {Promise<Files>} */
async function commonFiles(engine, models, minify) {
    /** @type {Files} */
    const files = new Map();
    files.set("worker.js", await packWorker(engine, { minify }));
    files.set("engine-relaxed.wasm", await readFile(join(engine, ENGINE)));
    files.set("session.wasm", await readFile(join(engine, "session/session_bg.wasm")));
    await addModel(files, join(models, MODEL));
    files.delete("background.bin"); // nothing is trained here
    await addIcons(files);
    for (const name of ["apple-touch-icon.png", "icon-maskable-512.png", "icon.svg"]) files.delete(name);
    const define = packageFacts(files.get("model.json"));
    files.set("content.js", await packScript("content.js", define, { minify }));
    for (const name of PAGES) {
        files.set(`${name}.js`, await packScript(`${name}.js`, define, { minify, format: "esm" }));
        files.set(`${name}.html`, await readFile(join(SHELL, `${name}.html`)));
        files.set(`${name}.css`, await packStyles(`${name}.css`, minify));
    }
    for (const [path, text] of Object.entries(localeFiles())) files.set(path, encoded(text));
    for (const name of LICENCES) files.set(name, await readFile(join(WWW, "..", name)));
    return files;
}

/** @param {BrowserName} browser @param {{version: string, minify: boolean, card: Uint8Array | undefined}} how @returns {Promise<Files>} */
async function filesFor(browser, { version, minify, card }) {
    const define = packageFacts(card);
    /** @type {Files} */
    const files = new Map();
    files.set(MANIFEST, encoded(json(manifestFor(browser, version))));
    files.set("background.js", await packScript(`background_${browser}.js`, define, { minify }));
    if (browser === "chromium") {
        files.set("offscreen.js", await packScript("offscreen.js", define, { minify }));
        files.set("offscreen.html", await readFile(join(SHELL, "offscreen.html")));
    }
    return files;
}

/** What package_files.js has to know of the card. @param {Uint8Array | undefined} card */
function packageFacts(card) {
    const byPath = (/** @type {string[]} */ paths) =>
        Object.fromEntries(paths.map((path) => [path, companionName(path)]));
    const facts = { companions: byPath(companionPaths(card)), objects: byPath(objectPaths(card)) };
    return { TAGSMITH_PACKAGE: JSON.stringify(facts) };
}

/**
 * A script in one file: a classic one, which content scripts and backgrounds have to be, or a module.
 * @param {string} name @param {Record<string, string>} define @param {{minify: boolean, format?: "iife" | "esm"}} how
 */
const packScript = (name, define, { minify, format = "iife" }) =>
    bundle({
        ...{ entryPoints: [join(SHELL, name)], format, loader: { ".css": "text" }, define, minify },
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
        },
    });
    const start = performance.now();
    const { browser, ...wanted } = values;
    const browsers = BROWSERS.filter((one) => browser === undefined || one === browser);
    if (browsers.length === 0) throw new BuildError(`--browser is "chromium" or "firefox", not "${browser}".`);
    await buildExtension({ ...wanted, browsers });
    const built = browsers.map((one) => `extension-${one}`).join(", ");
    const where = relative(process.cwd(), resolve(values.out)) || ".";
    console.log(`built ${built} in ${where} in ${((performance.now() - start) / 1000).toFixed(1)} s`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
    run(process.argv.slice(2)).catch((error) => {
        console.error(error instanceof BuildError ? `build_extension: ${error.message}` : error);
        process.exitCode = 1;
    });
}
