/**
 * Builds the page: one function per output. `--hash`, `--compress best` and `--minify` make it ready for any static host.
 *
 *   node www/tools/build.mjs --engine target/engine --models models --out target/page [--hash] [--compress best|fast] [--minify] [--hosts dist/hosts]
 *
 * @typedef {{
 *   engine: string, models: string, out: string, model?: string, cases?: string,
 *   hash?: boolean, compress?: import("./compress.mjs").Effort | undefined, minify?: boolean, hosts?: string | undefined }} Wanted
 *   `hosts`: a folder for the headers as servers read them; then what Netlify and Cloudflare Pages read lies in `out`
 * @import { Files } from "./packing.mjs"
 */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join, relative, resolve } from "node:path";
import { parseArgs } from "node:util";
import { assetsOf } from "./assets.mjs";
import { compressBeside, isEffort } from "./compress.mjs";
import { MODEL, addCatalog, addIcons, addModel } from "./contents.mjs";
import { csp } from "./csp.mjs";
import { VARIANTS, addEngine, engineName } from "./engine_files.mjs";
import { headersFile, notFoundPage, serverPieces } from "./hosts.mjs";
import { keptFiles, sha256 } from "./kept.mjs";
import { MANIFEST, filled, nameAll, nameFile, writeAll } from "./output.mjs";
import { addProviders, addStore, addTrainer, packCss, packPage, packServiceWorker, packWorker } from "./packing.mjs";
import { addSamples, addSelfTest } from "./samples.mjs";
import { BuildError, WWW, runIfMain } from "./sources.mjs";

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

/** Colours are those of the page, in the light scheme: a manifest knows one of each. @param {Record<string, string>} names */
async function writeManifest(names) {
    const tokens = await readFile(join(WWW, "css/tokens.css"), "utf8");
    const template = await readFile(join(WWW, "shells/page/manifest.webmanifest"), "utf8");
    const json = filled(template, (name) =>
        name.startsWith("--") ? tokens.match(new RegExp(`${name}: (#\\w+);`))?.[1] : names[name],
    );
    return new TextEncoder().encode(json);
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

/** @typedef {Awaited<ReturnType<typeof packPage>> & {cases: string, hasFrame: boolean}} PageFacts */

/**
 * With links to the scripts that the page needs at once, so that the browser asks for them beside it and not after it.
 * @param {Files} named @param {Record<string, string>} names @param {PageFacts} page @param {string} version @param {boolean} [isFinal]
 */
async function writeIndex(named, names, { parts, preloads, cases, hasFrame }, version, isFinal = false) {
    const links = preloads.map((file) => `<link rel="modulepreload" href="${file}" />`).join("\n        ");
    const assets = {
        ...(await assetsOf(named, names, { parts, cases })),
        serviceWorker: { file: "sw.js", version, offers: isFinal },
    };
    /** @type {Record<string, string | undefined>} */
    const values = { ...names, csp: csp({ hasFrame }), assets: JSON.stringify(assets) };
    const template = await readFile(join(WWW, "shells/page/index.html"), "utf8");
    return new TextEncoder().encode(filled(template, (name) => values[name]).replace("<!-- preloads -->", links));
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

runIfMain(import.meta.url, run);
