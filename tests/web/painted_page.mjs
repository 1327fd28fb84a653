/**
 * The page with the painted model in place of the bundled one, built once for all that is tested: into `target/page-painted`, under the
 * hash of everything that goes in. Test files that start at the same time build it side by side, and the first to finish puts it there.
 */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, readdirSync, statSync } from "node:fs";
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { build } from "../../www/tools/build.mjs";
import { brotli } from "../../www/tools/compress.mjs";
import { PAINTED_ID, writePaintedModels } from "./painted.mjs";
import { ROOT } from "./root.mjs";

const PAGES = join(ROOT, "target/page-painted");
const ENGINE = join(ROOT, "target/engine");
/** The browser unpacks faster than the server packs: enough that no test waits for either. */
const QUALITY = 1;
/** Pages of other states of the source are kept as long as somebody may be testing them. */
const KEPT_MS = 3_600_000;

/** Everything that a page is made of, by content; the engine by size and time. */
function hashOfInputs() {
    const hash = createHash("sha256");
    const add = (/** @type {string} */ folder, /** @type {RegExp} */ wanted) => {
        for (const name of readdirSync(folder, { recursive: true }).map(String).sort()) {
            if (/^(node_modules|vendor.view\.js)/.test(name) || !wanted.test(name)) continue;
            hash.update(name).update(readFileSync(join(folder, name)));
        }
    };
    add(join(ROOT, "www"), /\.(js|ts|mjs|css|html|svg|png|sql|webmanifest|json)$/);
    add(join(ROOT, "tests/cases"), /(expected\.json|picture\.\w+)$/);
    for (const name of [
        "tests/web/painted.mjs",
        "tests/web/onnx_file.mjs",
        "models/efficientnet-lite0/vocabulary.json",
    ])
        hash.update(readFileSync(join(ROOT, name)));
    for (const name of [
        "simd128/engine",
        "relaxed/engine",
        "session/session",
        "exports/exports",
        "providers/providers",
        "train/train",
    ]) {
        for (const path of [`${name}.js`, `${name}_bg.wasm`].map((file) => join(ENGINE, file))) {
            assert.ok(existsSync(path), `There is no engine in ${ENGINE}. Build it first: cargo x build`);
            const { size, mtimeMs } = statSync(path);
            hash.update(`${size} ${mtimeMs}`);
        }
    }
    return hash.digest("hex").slice(0, 16);
}

/** One at a time in a process: several hosts of one test file start together. @type {Promise<string> | null} */
let current = null;

/** Builds it if it is not there. @returns {Promise<string>} its folder */
export const paintedPage = () => (current ??= buildCurrent());

async function buildCurrent() {
    const page = join(PAGES, hashOfInputs());
    if (existsSync(page)) return page;
    const making = join(PAGES, `making-${process.pid}`);
    const models = join(making, "models");
    await writePaintedModels(models);
    const out = join(making, "page");
    await buildPainted({ models, out, hash: true, minify: true });
    await rename(out, page).catch((error) => {
        if (!existsSync(page)) throw error; // else another test file was faster
    });
    await rm(making, { recursive: true });
    await clearOld(page);
    return page;
}

/** A page with the painted model, or more of them, whose files are packed already. @param {{models: string, out: string} & Partial<import("../../www/tools/build.mjs").Wanted>} wanted */
export async function buildPainted(wanted) {
    const names = await build({ engine: ENGINE, model: PAINTED_ID, ...wanted });
    for (const name of Object.values(names).filter((name) => /\.(wasm|json)$/.test(name))) {
        await writeFile(join(wanted.out, `${name}.br`), await brotli(readFileSync(join(wanted.out, name)), QUALITY));
    }
}

/** @param {string} current */
async function clearOld(current) {
    await mkdir(PAGES, { recursive: true });
    for (const name of readdirSync(PAGES)) {
        const path = join(PAGES, name);
        const age = Date.now() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Infinity);
        if (path !== current && age > KEPT_MS) await rm(path, { recursive: true, force: true });
    }
}
