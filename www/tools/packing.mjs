/**
 * Scripts and styles as shells bring them, packed by esbuild.
 * @typedef {Map<string, Uint8Array>} Files name → content, as they will lie in a build
 */
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { build as pack } from "esbuild";
import { glueOf } from "./engine_files.mjs";
import { onDemandScripts } from "./kept.mjs";
import { PAGE, partsOf } from "./parts.mjs";
import { WWW } from "./sources.mjs";

/** @type {import("esbuild").BuildOptions} */
const BUNDLE = {
    bundle: true,
    target: ["chrome105", "firefox121", "safari16.4"],
    charset: "utf8",
    legalComments: "eof",
    write: false,
};

/** The store's worker, a classic script too, and SQLite, which it is handed. @param {Files} files @param {{minify: boolean}} options */
export async function addStore(files, { minify }) {
    const script = await bundle({
        entryPoints: [join(WWW, "db/worker.js")],
        format: "iife",
        loader: { ".sql": "text" },
        define: { "import.meta.url": "self.location.href" },
        minify,
    });
    files.set("store.js", script);
    files.set("sqlite3.wasm", await readFile(join(WWW, "node_modules/@sqlite.org/sqlite-wasm/dist/sqlite3.wasm")));
}

/** The worker that asks other taggers, and its module. @param {Files} files @param {string} engine @param {{minify: boolean}} options */
export async function addProviders(files, engine, { minify }) {
    files.set("provider.js", await packModuleWorker("provider_worker", "providers", engine, minify));
    files.set("providers.wasm", await readFile(join(engine, "providers/providers_bg.wasm")));
}

/** The worker that learns own tags, and its module. @param {Files} files @param {string} engine @param {{minify: boolean}} options */
export async function addTrainer(files, engine, { minify }) {
    files.set("trainer.js", await packModuleWorker("train_worker", "train", engine, minify));
    files.set("train.wasm", await readFile(join(engine, "train/train_bg.wasm")));
}

/** A classic script with the engine's glue inside: what every shell can start, a page opened from a file included. @param {string} engine @param {{minify: boolean}} options */
export async function packWorker(engine, { minify }) {
    const bindings = glueOf(engine, {
        "tagsmith-engine": "simd128/engine.js", // the same for both variants
        "tagsmith-session": "session/session.js",
        "tagsmith-exports": "exports/exports.js",
    });
    return bundle({
        entryPoints: [join(WWW, "core/worker.js")],
        format: "iife",
        alias: bindings,
        define: { "import.meta.url": "self.location.href" },
        minify,
    });
}

/** A classic script of core/ with the glue of the one module that it loads. @param {string} name @param {string} module @param {string} engine @param {boolean} minify */
function packModuleWorker(name, module, engine, minify) {
    const alias = glueOf(engine, { [`tagsmith-${module}`]: `${module}/${module}.js` });
    const entryPoints = [join(WWW, `core/${name}.js`)];
    const define = { "import.meta.url": "self.location.href" };
    return bundle({ entryPoints, format: "iife", alias, define, minify });
}

/**
 * The page, and beside it the parts that it fetches later (views, words). Those carry their hash from here: they name each other.
 * @param {{minify: boolean, entry?: string, inject?: string[], define?: Record<string, string>}} options `entry`: of another shell
 */
export async function packPage({ minify, entry = PAGE, inject = [], define = {} }) {
    const { outputFiles = [], metafile } = await pack({
        ...BUNDLE,
        absWorkingDir: WWW,
        entryPoints: { page: entry },
        inject,
        define,
        format: "esm",
        splitting: true,
        minify,
        outdir: ".",
        chunkNames: "part.[hash]",
        metafile: true,
    });
    /** @type {Files} */
    const files = new Map(outputFiles.map(({ path, contents }) => [basename(path), contents]));
    const packed = /** @type {import("esbuild").Metafile} */ (metafile);
    const { parts, atOnce } = partsOf(packed, entry);
    return { files, parts, preloads: atOnce.filter((file) => file !== "page.js"), onDemand: onDemandScripts(packed) };
}

/**
 * The page as one classic script, with all its parts. `fetch` is that of the files in the page, and there is no store of the browser's: what
 * would be kept there holds until the page closes.
 * @param {{minify: boolean}} options
 */
export const packWholePage = ({ minify }) =>
    bundle({
        entryPoints: [join(WWW, "shells/demo/main.js")],
        inject: [join(WWW, "platform/packed_fetch.js")],
        define: { indexedDB: "undefined", localStorage: "undefined", "globalThis.caches": "undefined" },
        format: "iife",
        minify,
    });

/** Packs the styles of a part, and before those of the page what holds for all. @param {string} part @param {string[]} modules @param {{minify: boolean}} options */
export async function packCss(part, modules, { minify }) {
    const views = modules.map((path) => path.replace(/\.js$/, ".css")).filter((path) => existsSync(join(WWW, path)));
    const imports = [...(part === "page" ? ["css/tokens.css", "css/base.css"] : []), ...views.sort()];
    const contents = imports.map((path) => `@import "./${path}";`).join("\n");
    return bundle({ stdin: { contents, resolveDir: WWW, loader: "css" }, minify });
}

/** @param {{version: string, isFinal: boolean, files: ReturnType<typeof import("./kept.mjs").keptFiles>}} facts @param {{minify: boolean}} options */
export const packServiceWorker = (facts, { minify }) =>
    bundle({
        entryPoints: [join(WWW, "shells/page/sw.js")],
        format: "iife",
        define: { TAGSMITH_BUILD: JSON.stringify(facts) },
        minify,
    });

/** @param {import("esbuild").BuildOptions} options @returns {Promise<Uint8Array>} */
export async function bundle(options) {
    const { outputFiles = [] } = await pack({ ...BUNDLE, ...options });
    return /** @type {import("esbuild").OutputFile} */ (outputFiles[0]).contents;
}
