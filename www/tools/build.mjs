/**
 * Builds the page: one function per output. `--hash`, `--compress` and `--minify` make it ready for any static host.
 *
 *   node www/tools/build.mjs --engine target/engine --models models --out target/page [--hash] [--compress] [--minify]
 *
 * @typedef {{
 *   engine: string, models: string, out: string, model?: string, cases?: string,
 *   hash?: boolean, compress?: boolean, minify?: boolean }} Wanted
 * @typedef {Map<string, Uint8Array>} Files name → content, as they will lie in `out`
 */
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { dirname, extname, join, relative, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { build as pack } from "esbuild";
import { compress_beside } from "./compress.mjs";
import { CSP } from "./csp.mjs";

const WWW = fileURLToPath(new URL("..", import.meta.url));
const MODEL = "efficientnet-lite0";
const VARIANTS = /** @type {const} */ (["simd128", "relaxed"]);
const SAMPLES = ["chelsea", "coffee", "camera"];
/** Lies in every folder built here: which file is which, and the leave to delete them next time. */
const MANIFEST = "assets.json";

/** For the caller to show as it is, without a stack. */
export class BuildError extends Error {}

/** @param {Wanted} wanted @returns {Promise<Record<string, string>>} plain name → name in `out` */
export async function build(wanted) {
    const options = { minify: wanted.minify ?? false };
    await pack_vendor();
    /** @type {Files} */
    const files = new Map();
    files.set("worker.js", await pack_worker(resolve(wanted.engine), options));
    files.set("page.js", await pack_page(options));
    files.set("page.css", await pack_css(options));
    files.set("icon.svg", await readFile(join(WWW, "shells/page/icon.svg")));
    await add_engine(files, resolve(wanted.engine));
    await add_model(files, join(resolve(wanted.models), wanted.model ?? MODEL));
    await add_samples(files, resolve(wanted.cases ?? join(WWW, "../tests/cases")));
    const { named, names } = wanted.hash ? name_by_content(files) : { named: files, names: plain_names(files) };
    named.set("index.html", await write_index(names));
    await write_all(resolve(wanted.out), named, { ...names, "index.html": "index.html" });
    if (wanted.compress) await compress_beside(resolve(wanted.out), [...named.keys()]);
    return names;
}

/** lit-html and signals-core as one module, so that own sources need no bundler to find them. */
async function pack_vendor() {
    const contents = `export { html, svg, nothing, render } from "lit-html";
        export { repeat } from "lit-html/directives/repeat.js";
        export { signal, computed, effect, batch, untracked } from "@preact/signals-core";`;
    const outfile = join(WWW, "vendor/view.js");
    const result = await pack({ stdin: { contents, resolveDir: WWW }, bundle: true, format: "esm", legalComments: "inline", outfile, write: false });
    const packed = result.outputFiles[0]?.text ?? "";
    // Written only when it differs: --watch would see its own writing.
    if (!existsSync(outfile) || (await readFile(outfile, "utf8")) !== packed) await writeFile(outfile, packed);
}

/** A classic script with the engine's glue inside: what every shell can start, a page opened from a file included. @param {string} engine @param {{minify: boolean}} options */
async function pack_worker(engine, { minify }) {
    const glue = join(engine, "simd128/engine.js"); // the same for both variants
    if (!existsSync(glue)) throw new BuildError(`There is no engine in ${engine}. Build it first: cargo x build`);
    return bundle({
        entryPoints: [join(WWW, "core/worker.js")],
        format: "iife",
        alias: { "tagsmith-engine": glue },
        define: { "import.meta.url": "self.location.href" },
        minify,
    });
}

/** @param {{minify: boolean}} options */
const pack_page = ({ minify }) => bundle({ entryPoints: [join(WWW, "shells/page/main.js")], format: "esm", minify });

/** @param {{minify: boolean}} options */
async function pack_css({ minify }) {
    const views = (await readdir(join(WWW, "views"))).filter((name) => name.endsWith(".css")).sort();
    const imports = ["./css/tokens.css", "./css/base.css", ...views.map((name) => `./views/${name}`)];
    const contents = imports.map((path) => `@import "${path}";`).join("\n");
    return bundle({ stdin: { contents, resolveDir: WWW, loader: "css" }, minify });
}

/** @param {import("esbuild").BuildOptions} options @returns {Promise<Uint8Array>} */
async function bundle(options) {
    const result = await pack({ bundle: true, target: ["chrome105", "firefox121", "safari16.4"], charset: "utf8", legalComments: "eof", write: false, ...options });
    return /** @type {import("esbuild").OutputFile} */ (result.outputFiles?.[0]).contents;
}

/** @param {Files} files @param {string} engine */
async function add_engine(files, engine) {
    for (const variant of VARIANTS) {
        const path = join(engine, variant, "engine_bg.wasm");
        if (!existsSync(path)) throw new BuildError(`The engine's variant ${variant} is missing (${path}). Build it first: cargo x build`);
        files.set(`engine-${variant}.wasm`, await readFile(path));
    }
}

/** @param {Files} files @param {string} folder */
async function add_model(files, folder) {
    for (const name of ["model.onnx", "model.json", "vocabulary.json"]) {
        const path = join(folder, name);
        if (!existsSync(path)) throw new BuildError(`The model is not complete: ${path} is missing. Make it with: cargo x model`);
        files.set(name, await readFile(path));
    }
}

/** Golden cases double as the sample pictures of the empty page; without them the page offers none. @param {Files} files @param {string} cases */
async function add_samples(files, cases) {
    const folders = (await readdir(cases).catch(() => [])).sort();
    for (const name of SAMPLES) {
        const folder = join(cases, folders.find((folder) => folder === name) ?? folders.find((folder) => folder.startsWith(name)) ?? "");
        const picture = (await readdir(folder).catch(() => [])).find((file) => /^picture\.(jpg|jpeg|png|webp)$/.test(file));
        if (picture) files.set(`sample-${name}${extname(picture)}`, await readFile(join(folder, picture)));
    }
}

/** @param {Files} files */
const plain_names = (files) => Object.fromEntries([...files.keys()].map((name) => [name, name]));

/** A name that changes with the content may be cached for ever. @param {Files} files */
function name_by_content(files) {
    /** @type {Files} */
    const named = new Map();
    /** @type {Record<string, string>} */
    const names = {};
    for (const [name, content] of files) {
        const hash = createHash("sha256").update(content).digest("hex").slice(0, 10);
        const extension = extname(name);
        names[name] = `${name.slice(0, -extension.length)}.${hash}${extension}`;
        named.set(names[name], content);
    }
    return { named, names };
}

/** @param {Record<string, string>} names */
async function write_index(names) {
    const samples = SAMPLES.map((name) => [name, Object.keys(names).find((file) => file.startsWith(`sample-${name}.`))]);
    const assets = {
        worker: names["worker.js"],
        engine: { simd128: names["engine-simd128.wasm"], relaxed: names["engine-relaxed.wasm"] },
        card: names["model.json"],
        vocabulary: names["vocabulary.json"],
        model: names["model.onnx"],
        samples: Object.fromEntries(samples.flatMap(([name, file]) => (file ? [[name, names[file]]] : []))),
    };
    /** @type {Record<string, string | undefined>} */
    const values = { ...names, csp: CSP, assets: JSON.stringify(assets) };
    const template = await readFile(join(WWW, "shells/page/index.html"), "utf8");
    const html = template.replace(/"%([\w.]+)%"/g, (_, name) => {
        const value = values[name];
        if (value === undefined) throw new BuildError(`index.html asks for "${name}", which is not built.`);
        return `"${value.replaceAll("&", "&amp;").replaceAll('"', "&quot;")}"`;
    });
    return new TextEncoder().encode(html);
}

/** @param {string} out @param {Files} files @param {Record<string, string>} names */
async function write_all(out, files, names) {
    await mkdir(out, { recursive: true });
    await clear_former(out, new Set(files.keys()));
    for (const [name, content] of files) {
        const path = join(out, name);
        // A server that watches keeps what it has compressed as long as the file is the same.
        const is_same = existsSync(path) && Buffer.compare(await readFile(path), content) === 0;
        if (!is_same) await writeFile(path, content);
    }
    await writeFile(join(out, MANIFEST), JSON.stringify(names, null, 4) + "\n");
}

/** Deletes what a former build left and this one does not write; never anything else. @param {string} out @param {Set<string>} kept */
async function clear_former(out, kept) {
    const manifest = join(out, MANIFEST);
    if (!existsSync(manifest)) return;
    const former = /** @type {string[]} */ (Object.values(JSON.parse(await readFile(manifest, "utf8"))));
    for (const name of former.filter((name) => dirname(name) === ".")) {
        for (const end of [".br", ".gz"]) await rm(join(out, name + end), { force: true });
        if (!kept.has(name)) await rm(join(out, name), { force: true });
    }
}

/** @param {string[]} args */
async function run(args) {
    const { values } = parseArgs({
        args,
        options: {
            engine: { type: "string", default: "target/engine" },
            models: { type: "string", default: "models" },
            model: { type: "string", default: MODEL },
            cases: { type: "string", default: join(WWW, "../tests/cases") },
            out: { type: "string", default: "target/page" },
            hash: { type: "boolean", default: false },
            compress: { type: "boolean", default: false },
            minify: { type: "boolean", default: false },
        },
    });
    const start = performance.now();
    await build(values);
    console.log(`built ${relative(process.cwd(), resolve(values.out)) || "."} in ${((performance.now() - start) / 1000).toFixed(1)} s`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
    run(process.argv.slice(2)).catch((error) => {
        console.error(error instanceof BuildError || error.code?.startsWith("ERR_PARSE_ARGS") ? `build: ${error.message}` : error);
        process.exitCode = 1;
    });
}
