/**
 * Builds the page: one function per output. `--hash`, `--compress best` and `--minify` make it ready for any static host.
 *
 *   node www/tools/build.mjs --engine target/engine --models models --out target/page [--hash] [--compress best|fast] [--minify] [--hosts dist/hosts]
 *
 * @typedef {{
 *   engine: string, models: string, out: string, model?: string, cases?: string,
 *   hash?: boolean, compress?: import("./compress.mjs").Effort | undefined, minify?: boolean, hosts?: string | undefined }} Wanted
 *   `hosts`: a folder for the headers as servers read them; then what Netlify and Cloudflare Pages read lies in `out`
 * @typedef {Map<string, Uint8Array>} Files name → content, as they will lie in `out`
 */
import { existsSync } from "node:fs";
import { mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { basename, dirname, extname, join, relative, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { build as pack } from "esbuild";
import { parseCatalog, foreignAddresses, writeFrame } from "./catalog.mjs";
import { companionName, companionPaths, namesByPath, objectPaths } from "./companions.mjs";
import { compressBeside, isEffort } from "./compress.mjs";
import { csp } from "./csp.mjs";
import { VARIANTS, addEngine, engineName, glueOf } from "./engine_files.mjs";
import { headersFile, notFoundPage, serverPieces } from "./hosts.mjs";
import { keptFiles, onDemandScripts, sha256 } from "./kept.mjs";
import { PAGE, partsOf } from "./parts.mjs";
import { BuildError, WWW } from "./sources.mjs";
import { SAMPLES, addSamples, addSelfTest, sampleOf, smallOf, tagsOfSample } from "./samples.mjs";

const MODEL = "efficientnet-lite0";
const BACKGROUND = "background.bin";
/** Lies in every folder built here: which file is which, and the leave to delete them next time. */
const MANIFEST = "assets.json";

/** @type {import("esbuild").BuildOptions} */
const BUNDLE = {
    bundle: true,
    target: ["chrome105", "firefox121", "safari16.4"],
    charset: "utf8",
    legalComments: "eof",
    write: false,
};
/** Named by its content already. */
const CHUNK = /^part\.[A-Z0-9]{8}\.js$/;

/** @param {Wanted} wanted @returns {Promise<Record<string, string>>} plain name → name in `out` */
export async function build(wanted) {
    const options = { minify: wanted.minify ?? false };
    /** @type {Files} */
    const files = new Map();
    files.set("worker.js", await packWorker(resolve(wanted.engine), options));
    await addStore(files, options);
    await addProviders(files, resolve(wanted.engine), options);
    await addTrainer(files, resolve(wanted.engine), options);
    const page = await packPage(options);
    for (const [name, content] of page.files) files.set(name, content);
    for (const [part, modules] of page.parts) files.set(`${part}.css`, await packCss(part, modules, options));
    await addIcons(files);
    await addEngine(files, resolve(wanted.engine));
    await addModel(files, join(resolve(wanted.models), wanted.model ?? MODEL));
    const cases = resolve(wanted.cases ?? join(WWW, "../tests/cases"));
    const hasFrame = await addCatalog(files, resolve(wanted.models), options);
    await addSamples(files, cases);
    await addSelfTest(files, cases);
    files.set("licences.txt", await readFile(join(WWW, "../THIRD_PARTY_LICENCES.txt")));
    const { named, names } = nameAll(files, wanted.hash ?? false);
    nameFile("manifest.webmanifest", await writeManifest(names), wanted.hash ?? false, { named, names });
    await addPage(named, names, { ...page, cases, hasFrame }, { ...options, isFinal: wanted.hash ?? false });
    if (wanted.hosts) await addHosts(named, names, wanted.hosts, { hasFrame });
    await writeAll(resolve(wanted.out), named, { ...names, "index.html": "index.html", "sw.js": "sw.js" });
    if (wanted.compress) await compressBeside(resolve(wanted.out), [...named.keys()], wanted.compress);
    return names;
}

/**
 * What tells other servers to send the headers.
 * @param {Files} named @param {Record<string, string>} names @param {string} folder @param {import("./hosts.mjs").Options} options
 */
async function addHosts(named, names, folder, options) {
    const content = { _headers: headersFile([...named.keys(), MANIFEST], options), "404.html": notFoundPage() };
    for (const [name, text] of Object.entries(content)) {
        names[name] = name;
        named.set(name, new TextEncoder().encode(text));
    }
    await mkdir(folder, { recursive: true });
    for (const [name, text] of Object.entries(serverPieces(options))) await writeFile(join(folder, name), text);
}

/** A classic script with the engine's glue inside: what every shell can start, a page opened from a file included. @param {string} engine @param {{minify: boolean}} options */
async function packWorker(engine, { minify }) {
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
async function addTrainer(files, engine, { minify }) {
    files.set("trainer.js", await packModuleWorker("train_worker", "train", engine, minify));
    files.set("train.wasm", await readFile(join(engine, "train/train_bg.wasm")));
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
 * @param {{minify: boolean}} options
 */
async function packPage({ minify }) {
    const { outputFiles = [], metafile } = await pack({
        ...BUNDLE,
        absWorkingDir: WWW,
        entryPoints: { page: PAGE },
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
    const { parts, atOnce } = partsOf(packed);
    return { files, parts, preloads: atOnce.filter((file) => file !== "page.js"), onDemand: onDemandScripts(packed) };
}

/** Packs the styles of a part, and before those of the page what holds for all. @param {string} part @param {string[]} modules @param {{minify: boolean}} options */
async function packCss(part, modules, { minify }) {
    const views = modules.map((path) => path.replace(/\.js$/, ".css")).filter((path) => existsSync(join(WWW, path)));
    const imports = [...(part === "page" ? ["css/tokens.css", "css/base.css"] : []), ...views.sort()];
    const contents = imports.map((path) => `@import "./${path}";`).join("\n");
    return bundle({ stdin: { contents, resolveDir: WWW, loader: "css" }, minify });
}

/** @param {import("esbuild").BuildOptions} options @returns {Promise<Uint8Array>} */
async function bundle(options) {
    const { outputFiles = [] } = await pack({ ...BUNDLE, ...options });
    return /** @type {import("esbuild").OutputFile} */ (outputFiles[0]).contents;
}

/** The drawing and what tools/icons.mjs made of it. @param {Files} files */
async function addIcons(files) {
    const shell = join(WWW, "shells/page");
    files.set("icon.svg", await readFile(join(shell, "icon.svg")));
    for (const name of (await readdir(join(shell, "icons"))).sort())
        files.set(name, await readFile(join(shell, "icons", name)));
}

/** @param {Files} files @param {string} folder */
async function addModel(files, folder) {
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

/** Where other models can be had, and the proxy frame for their hosts. Without a catalog there are none. @param {Files} files @param {string} models @param {{minify: boolean}} options @returns {Promise<boolean>} whether there are any */
async function addCatalog(files, models, { minify }) {
    const path = join(models, "catalog.json");
    const json = existsSync(path) ? await readFile(path, "utf8") : '{"version":1,"models":[]}';
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
        throw new BuildError(`${path}: ${/** @type {Error} */ (error).message}`);
    }
}

/** @typedef {{named: Files, names: Record<string, string>}} Named files by the name they lie under, and that name by the plain one */

/** @param {Files} files @param {boolean} hash @returns {Named} */
function nameAll(files, hash) {
    /** @type {Named} */
    const all = { named: new Map(), names: {} };
    for (const [name, content] of files) nameFile(name, content, hash, all);
    return all;
}

/**
 * A name that changes with the content may be cached for ever.
 * @param {string} name @param {Uint8Array} content @param {boolean} hash @param {Named} all
 */
function nameFile(name, content, hash, { named, names }) {
    const extension = extname(name);
    names[name] =
        hash && !CHUNK.test(name)
            ? `${name.slice(0, -extension.length)}.${sha256(content).slice(0, 10)}${extension}`
            : name;
    named.set(names[name], content);
}

/** Colours are those of the page, in the light scheme: a manifest knows one of each. @param {Record<string, string>} names */
async function writeManifest(names) {
    const tokens = await readFile(join(WWW, "css/tokens.css"), "utf8");
    const template = await readFile(join(WWW, "shells/page/manifest.webmanifest"), "utf8");
    const json = filled(template, (name) =>
        name.startsWith("--") ? tokens.match(new RegExp(`${name}: (#\\w+);`))?.[1] : names[name],
    );
    return new TextEncoder().encode(json);
}

/** Puts values where a template names them: `"%name%"`. @param {string} template @param {(name: string) => string | undefined} valueFor */
function filled(template, valueFor) {
    return template.replace(/"%([\w.-]+)%"/g, (_, name) => {
        const value = valueFor(name);
        if (value === undefined) throw new BuildError(`A template of the page asks for "${name}", which is not built.`);
        return `"${value.replaceAll("&", "&amp;").replaceAll('"', "&quot;")}"`;
    });
}

/**
 * The page and the service worker that keeps it: the two whose names never change. Everything built, both of them included, makes
 * the version.
 * @param {Files} named @param {Record<string, string>} names @param {PageFacts} page
 * @param {{minify: boolean, isFinal: boolean}} options
 */
async function addPage(named, names, page, { minify, isFinal }) {
    const variants = new Map(VARIANTS.map((variant) => [names[engineName(variant)], variant]));
    const files = keptFiles(named, names, { variants, onDemand: page.onDemand });
    const drafts = [
        await writeIndex(named, names, page, ""),
        await packServiceWorker({ version: "", isFinal, files }, { minify }),
    ];
    const version = sha256(drafts.map(sha256).join()).slice(0, 10);
    const index = await writeIndex(named, names, page, version, isFinal);
    const all = [{ name: "./", sha256: sha256(index), variant: undefined }, ...files];
    named.set("sw.js", await packServiceWorker({ version, isFinal, files: all }, { minify }));
    named.set("index.html", index);
}

/** @param {{version: string, isFinal: boolean, files: ReturnType<typeof keptFiles>}} facts @param {{minify: boolean}} options */
export const packServiceWorker = (facts, { minify }) =>
    bundle({
        entryPoints: [join(WWW, "shells/page/sw.js")],
        format: "iife",
        define: { TAGSMITH_BUILD: JSON.stringify(facts) },
        minify,
    });

/** @typedef {Awaited<ReturnType<typeof packPage>> & {cases: string, hasFrame: boolean}} PageFacts */

/**
 * With links to the scripts that the page needs at once, so that the browser asks for them beside it and not after it.
 * @param {Files} named @param {Record<string, string>} names @param {PageFacts} page @param {string} version @param {boolean} [isFinal]
 */
async function writeIndex(named, names, { parts, preloads, cases, hasFrame }, version, isFinal = false) {
    const [card, vocabulary] = ["model.json", "vocabulary.json"].map((name) => named.get(names[name] ?? ""));
    const links = preloads.map((file) => `<link rel="modulepreload" href="${file}" />`).join("\n        ");
    const samples = SAMPLES.filter((name) => sampleOf(names, name)).map(async (name) => {
        const file = names[sampleOf(names, name) ?? ""];
        return [name, { file, small: names[smallOf(name)], tags: await tagsOfSample(cases, name, card, vocabulary) }];
    });
    const { version: number } = JSON.parse(await readFile(join(WWW, "package.json"), "utf8"));
    const assets = {
        worker: names["worker.js"],
        store: names["store.js"],
        sqlite: names["sqlite3.wasm"],
        provider: names["provider.js"],
        providers: names["providers.wasm"],
        trainer: names["trainer.js"],
        train: names["train.wasm"],
        background: names[BACKGROUND],
        engine: { simd128: names["engine-simd128.wasm"], relaxed: names["engine-relaxed.wasm"] },
        session: names["session.wasm"],
        exports: names["exports.wasm"],
        card: names["model.json"],
        vocabulary: names["vocabulary.json"],
        model: names["model.onnx"],
        companions: namesByPath(companionPaths(card), names),
        objects: namesByPath(objectPaths(card), names),
        samples: Object.fromEntries(await Promise.all(samples)),
        styles: Object.fromEntries([...parts.keys()].map((part) => [part, names[`${part}.css`]])),
        catalog: names["catalog.json"],
        catalogFrame: names["catalog.html"],
        self_test: names["self_test.json"],
        licences: names["licences.txt"],
        version: number,
        serviceWorker: { file: "sw.js", version, offers: isFinal },
    };
    /** @type {Record<string, string | undefined>} */
    const values = { ...names, csp: csp({ hasFrame }), assets: JSON.stringify(assets) };
    const template = await readFile(join(WWW, "shells/page/index.html"), "utf8");
    return new TextEncoder().encode(filled(template, (name) => values[name]).replace("<!-- preloads -->", links));
}

/** @param {string} out @param {Files} files @param {Record<string, string>} names */
async function writeAll(out, files, names) {
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
            compress: { type: "string" },
            minify: { type: "boolean", default: false },
            hosts: { type: "string" },
        },
    });
    const start = performance.now();
    const { compress, ...wanted } = values;
    if (compress !== undefined && !isEffort(compress))
        throw new BuildError(`--compress is "best" or "fast", not "${compress}".`);
    await build({ ...wanted, compress });
    console.log(
        `built ${relative(process.cwd(), resolve(values.out)) || "."} in ${((performance.now() - start) / 1000).toFixed(1)} s`,
    );
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
    run(process.argv.slice(2)).catch((error) => {
        console.error(
            error instanceof BuildError || error.code?.startsWith("ERR_PARSE_ARGS") ? `build: ${error.message}` : error,
        );
        process.exitCode = 1;
    });
}
