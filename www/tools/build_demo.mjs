/**
 * Builds the page as a single file that opens by double click, without a network. Its files lie in it as bytes that pass as text
 * (platform/text_bytes.js); it is read as windows-1252 for that.
 *
 *   node www/tools/build_demo.mjs --engine target/engine --models models --out target/tagsmith-demo.html [--without-objects]
 *
 * @import { Files } from "./packing.mjs"
 * @typedef {{engine: string, models: string, out: string, model?: string, cases?: string, hasObjects?: boolean}} WantedDemo
 */
import { createHash } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join, relative, resolve } from "node:path";
import { parseArgs } from "node:util";
import { gzipSync } from "node:zlib";
import { toText } from "../platform/text_bytes.js";
import { assetsOf } from "./assets.mjs";
import { companionName, companionPaths, objectPaths } from "./companions.mjs";
import { MODEL, addModel, readCatalog } from "./contents.mjs";
import { fileCsp } from "./csp.mjs";
import { addEngine } from "./engine_files.mjs";
import { sha256 } from "./kept.mjs";
import { filled } from "./output.mjs";
import { addStore, addTrainer, bundle, packCss, packPage, packWholePage, packWorker } from "./packing.mjs";
import { addSamples, addSelfTest } from "./samples.mjs";
import { BuildError, WWW, runIfMain } from "./sources.mjs";

const SHELL = join(WWW, "shells/demo");
const MINIFY = { minify: true };
/** Follows each file, and takes it (shells/demo/opening.js). */
const TAKE = "takeFile()";
/** @param {WantedDemo} wanted @returns {Promise<number>} its size in bytes */
export async function buildDemo({ out, ...wanted }) {
    const cases = resolve(wanted.cases ?? join(WWW, "../tests/cases"));
    const files = await collect(wanted, cases);
    const { parts } = await packPage(MINIFY);
    for (const part of parts.keys())
        if (part !== "page") files.set(`${part}.css`, await packCss(part, parts.get(part) ?? [], MINIFY));
    files.set("page.js", await packWholePage(MINIFY));
    const style = await packStyle(parts.get("page") ?? []);
    const html = await write(files, { style, parts, cases });
    await mkdir(dirname(resolve(out)), { recursive: true });
    await writeFile(out, html);
    return html.length;
}

/** @param {Omit<WantedDemo, "out">} wanted @param {string} cases @returns {Promise<Files>} */
async function collect({ engine, models, model = MODEL, hasObjects = true }, cases) {
    /** @type {Files} */
    const files = new Map();
    files.set("worker.js", await packWorker(resolve(engine), MINIFY));
    await addStore(files, MINIFY);
    await addTrainer(files, resolve(engine), MINIFY);
    await addEngine(files, resolve(engine), ["simd128"]);
    await addModel(files, join(resolve(models), model));
    if (!hasObjects) leaveOutObjects(files);
    await addSamples(files, cases);
    await addSelfTest(files, cases);
    files.set("catalog.json", new TextEncoder().encode(await readCatalog(resolve(models))));
    files.set("licences.txt", await readFile(join(WWW, "../THIRD_PARTY_LICENCES.txt")));
    return files;
}

/** Nobody misses them: the card says nothing of a second look then. @param {Files} files */
function leaveOutObjects(files) {
    const card = files.get("model.json");
    for (const path of objectPaths(card)) files.delete(companionName(path));
    const { second_look: _, ...rest } = JSON.parse(new TextDecoder().decode(card));
    files.set("model.json", new TextEncoder().encode(JSON.stringify(rest)));
}

/** @param {string[]} modules of the empty page */
const packStyle = (modules) => packCss("page", [...modules, "shells/demo/opening.js", "shells/demo/note.js"], MINIFY);

/** @param {Files} files @param {{style: Uint8Array, parts: Map<string, string[]>, cases: string}} page */
async function write(files, { style, parts, cases }) {
    const opening = await bundle({
        entryPoints: [join(SHELL, "opening.js")],
        format: "iife",
        charset: "ascii",
        legalComments: "none",
        ...MINIFY,
    });
    const names = Object.fromEntries([...files.keys()].map((name) => [name, name]));
    const assets = {
        ...(await assetsOf(files, names, { parts, cases })),
        build: versionOf([...files.values(), opening]),
    };
    const packed = inOrder(files).map(([name, content]) => /** @type {const} */ ([name, pack(content)]));
    const [styleText, openingText] = [style, opening].map((bytes) => new TextDecoder().decode(bytes).trim());
    const pageText = new TextDecoder().decode(files.get("page.js"));
    /** @type {Record<string, string>} */
    const values = {
        assets: JSON.stringify(assets),
        files: JSON.stringify(Object.fromEntries(packed.map(([name, { length }]) => [name, length]))),
        icon: `data:image/svg+xml,${encodeURIComponent(await readFile(join(WWW, "shells/page/icon.svg"), "utf8"))}`,
        csp: fileCsp({
            scripts: [openingText ?? "", TAKE, pageText].map(hashOf),
            styles: [hashOf(styleText ?? "")],
        }),
    };
    const template = filled(await readFile(join(SHELL, "index.html"), "utf8"), (name) => values[name])
        .replace("%what%", whatIsInside(assets.version, files))
        .replace("<!-- style -->", () => styleText ?? "")
        .replace("<!-- page -->", await placesOfPage())
        .replace("<!-- opening -->", () => openingText ?? "");
    const [before = "", after = ""] = template.split("<!-- files -->").map(asReferences);
    const blocks = packed.flatMap(([name, content]) => [
        Buffer.from(`<script type="application/gzip" data-file="${name}">`),
        toText(content),
        Buffer.from(`</script><script>${TAKE}</script>\n`),
    ]);
    return Buffer.concat([Buffer.from(before, "latin1"), ...blocks, Buffer.from(after, "latin1")]);
}

/** The same bytes on every machine: the header would say what system it is. @param {Uint8Array} content */
function pack(content) {
    const packed = gzipSync(content, { level: 9 });
    packed[9] = 255;
    return packed;
}

/** What the first tags need comes first, and what few people need last. @param {Files} files @returns {[string, Uint8Array][]} */
function inOrder(files) {
    const card = files.get("model.json");
    const all = [...files.keys()].sort();
    const first = [
        ...["page.js", ...all.filter((name) => /^small-|\.css$/.test(name))],
        ...["session.wasm", "model.json", "vocabulary.json", "worker.js", "engine-simd128.wasm", "model.onnx"],
        ...[...companionPaths(card).map(companionName), "store.js", "sqlite3.wasm", "exports.wasm"],
        ...objectPaths(card).map(companionName),
    ];
    return [...new Set([...first, ...all])].map((name) => [name, files.get(name) ?? new Uint8Array()]);
}

/** The places of the page's own document, and one for the note. */
async function placesOfPage() {
    const html = await readFile(join(WWW, "shells/page/index.html"), "utf8");
    const [, places] = /<body>\s*(.*?)\s*<noscript>/s.exec(html) ?? [];
    if (!places) throw new BuildError("shells/page/index.html has no body that ends with its noscript.");
    return places.replace('<div data-view="problem">', '<div data-view="note"></div>$&');
}

/** For a person who opens the file in an editor. @param {string} version @param {Files} files */
function whatIsInside(version, files) {
    const card = files.get("model.json");
    const objects = objectPaths(card);
    const cards = ["model.json", ...[...companionPaths(card), ...objects].map(companionName)];
    const models = cards
        .filter((name) => name.endsWith("model.json"))
        .map((name) => JSON.parse(new TextDecoder().decode(files.get(name))).name);
    return [
        `Tagsmith ${version} in one file: open it in a browser.`,
        `Inside: the page in English and Swedish, its engine, the models ${models.join("; ")}${objects.length > 0 ? "" : " (none for objects)"}.`,
        "Without a network; nothing is kept. Tagsmith i en fil: öppna den i en webbläsare.",
    ].join(" ");
}

/** What is not ASCII, so that the text is the same in every encoding. @param {string} html */
const asReferences = (html) => html.replace(/[^\0-\x7f]/gu, (letter) => `&#${letter.codePointAt(0)};`);

/** @param {Uint8Array[]} all */
const versionOf = (all) => sha256(all.map(sha256).join()).slice(0, 10);

/** As a policy names a script. @param {string} text */
const hashOf = (text) => `sha256-${createHash("sha256").update(text).digest("base64")}`;

/** @param {string[]} args */
async function run(args) {
    const { values } = parseArgs({
        args,
        options: {
            engine: { type: "string", default: "target/engine" },
            models: { type: "string", default: "models" },
            cases: { type: "string", default: join(WWW, "../tests/cases") },
            out: { type: "string", default: "target/tagsmith-demo.html" },
            "without-objects": { type: "boolean", default: false },
        },
    });
    const start = performance.now();
    const { "without-objects": isWithout, ...wanted } = values;
    const bytes = await buildDemo({ ...wanted, hasObjects: !isWithout });
    const seconds = ((performance.now() - start) / 1000).toFixed(1);
    console.log(
        `built ${relative(process.cwd(), resolve(values.out))}, ${(bytes / 1e6).toFixed(2)} MB, in ${seconds} s`,
    );
}

runIfMain(import.meta.url, run);
