/** What is downloaded: each file as it is, by gzip and by brotli, the sum until the first tags, and of all that is kept then. */
import { existsSync } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { brotli, gzipAt, isCompressible } from "../www/tools/compress.mjs";
import { serve } from "../www/tools/serve.mjs";
import { startChromium } from "./lib/browser.mjs";
import { atMost, figure } from "./lib/figures.mjs";

const ENGINE_MB = 2;
const FIRST_LOAD_MB = 7;
const OBJECTS_MB = 3.6;

/** @typedef {{raw: number, gzip: number, brotli: number}} Sizes in bytes */

/** @param {import("./run.mjs").Wanted} wanted */
export async function measure({ built }) {
    const { dir, names } = built;
    const { beforeTags, kept } = await firstVisit(dir);
    const of = (/** @type {string[]} */ files) => sum(dir, files);
    const nameOf = (/** @type {string} */ name) => names[name];
    const rows = [];
    for (const variant of ["relaxed", "simd128"])
        rows.push(...rowsOf(`engine ${variant}`, await of([names[`engine-${variant}.wasm`]]), ENGINE_MB));
    rows.push(
        ...rowsOf("model, card, vocabulary", await of(["model.onnx", "model.json", "vocabulary.json"].map(nameOf))),
    );
    const objects = ["nanodet-g-model.onnx", "nanodet-g-model.json"].map(nameOf);
    rows.push(...rowsOf("object detector, fetched after the first tags", await of(objects), OBJECTS_MB));
    rows.push(
        ...rowsOf(
            "page: HTML, CSS, JS, icon",
            await of(
                ["index.html", "icon.svg", ...Object.keys(names).filter((name) => /\.(css|js)$/.test(name))].map(
                    nameOf,
                ),
            ),
        ),
    );
    rows.push(
        ...rowsOf(`first visit until the first tags, ${beforeTags.length} files`, await of(beforeTags), FIRST_LOAD_MB),
    );
    rows.push(...rowsOf(`and what is kept after them for use offline, ${kept.length} files`, await of(kept)));
    return rows;
}

/**
 * The files that the page and its workers really ask for until a sample has its tags, and those that its service worker fetches beside
 * them, to keep the page.
 * @param {string} dir @returns {Promise<{beforeTags: string[], kept: string[]}>}
 */
async function firstVisit(dir) {
    const server = await serve({ dir, port: 0 });
    const browser = await startChromium();
    try {
        const page = await browser.newPage();
        const context = page.context();
        /** When each file was first asked for, in ms since 1970. @type {Map<string, number>} */
        const asked = new Map();
        /** @type {Set<string>} */
        const fetched = new Set();
        context.on("request", (request) => {
            if (!request.url().startsWith(server.url)) return;
            const name = new URL(request.url()).pathname.slice(1) || "index.html";
            if (request.serviceWorker()) fetched.add(name);
            else if (!asked.has(name)) asked.set(name, Date.now());
        });
        await page.goto(server.url);
        await page.waitForSelector('html[data-engine="ready"]', { timeout: 120_000 });
        // The page says when, because a question from here would come late.
        const tagged = page.evaluate(
            () =>
                new Promise((resolve) => {
                    const look = () => document.querySelector(".card[data-state=done]") && resolve(Date.now());
                    new MutationObserver(look).observe(document.body, {
                        ...{ subtree: true, childList: true },
                        ...{ attributes: true, attributeFilter: ["data-state"] },
                    });
                }),
        );
        await page.click("[data-sample]");
        const taggedAt = /** @type {number} */ (await tagged);
        await page.waitForSelector('html[data-offline="ready"]', { timeout: 120_000 });
        const beforeTags = [...asked].filter(([, at]) => at <= taggedAt).map(([name]) => name);
        return { beforeTags, kept: [...fetched].filter((name) => !asked.has(name)) };
    } finally {
        await browser.close();
        await server.close();
    }
}

/** @param {string} dir @param {string[]} files */
async function sum(dir, files) {
    const total = { raw: 0, gzip: 0, brotli: 0 };
    for (const sizes of await Promise.all(files.map((file) => sizesOf(join(dir, file))))) {
        total.raw += sizes.raw;
        total.gzip += sizes.gzip;
        total.brotli += sizes.brotli;
    }
    return total;
}

/** @type {Map<string, Promise<Sizes>>} */
const known = new Map();

/** @param {string} path @returns {Promise<Sizes>} */
function sizesOf(path) {
    let sizes = known.get(path);
    if (!sizes) known.set(path, (sizes = weigh(path)));
    return sizes;
}

/** The compressed files that lie beside it count as they are. @param {string} path @returns {Promise<Sizes>} */
async function weigh(path) {
    const content = await readFile(path);
    const raw = content.length;
    if (!isCompressible(path)) return { raw, gzip: raw, brotli: raw };
    const gzip = existsSync(`${path}.gz`) ? (await stat(`${path}.gz`)).size : (await gzipAt(content, 9)).length;
    const br = existsSync(`${path}.br`) ? (await stat(`${path}.br`)).size : (await brotli(content, 11)).length;
    // A host sends what is smallest.
    return { raw, gzip: Math.min(raw, gzip), brotli: Math.min(raw, br) };
}

/** @param {string} name @param {Sizes} sizes @param {number} [bar] on the brotli size, in MB */
function rowsOf(name, sizes, bar) {
    const [raw, gzip, br] = [sizes.raw / 1e6, sizes.gzip / 1e6, sizes.brotli / 1e6];
    return [
        figure(`${name}, raw`, raw, "MB"),
        figure(`${name}, gzip`, gzip, "MB"),
        bar ? atMost(`${name}, brotli`, br, "MB", bar) : figure(`${name}, brotli`, br, "MB"),
    ];
}
