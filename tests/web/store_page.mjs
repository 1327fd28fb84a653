/**
 * An empty page with the store alone, as it is shipped: its worker, SQLite, and the page's side of both. What a test may use of it is in
 * `globalThis.tagsmith`.
 */
import { mkdir, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { addStore } from "../../www/tools/packing.mjs";
import { csp } from "../../www/tools/csp.mjs";
import { ROOT } from "./root.mjs";

const { build } = createRequire(join(ROOT, "www/package.json"))("esbuild");
const SCRIPT = `
import { openStore } from "./db/client.js";
import { Handles, fileOf } from "./db/handles.js";
import { hasLibrary } from "./db/has_library.js";
import { StoredThumbnails } from "./db/thumbnails.js";
import { RelaunchLimit } from "./core/relaunch.js";
import { openPlatform } from "./platform/page.js";
const parts = openPlatform(document).store;
globalThis.tagsmith = {
    workers: [],
    fileOf,
    has: () => hasLibrary(parts.scope),
    handles: new Handles(parts.scope),
    thumbnails: new StoredThumbnails(parts.scope),
    async startWorker() {
        const worker = await parts.startWorker();
        tagsmith.workers.push(worker);
        return worker;
    },
    open: (options = {}) => openStore({ ...parts, startWorker: tagsmith.startWorker, relaunch: new RelaunchLimit(), ...options }),
};`;

/** @returns {Promise<string>} the folder it was made in */
export async function storePage() {
    const folder = join(ROOT, "target/store-page");
    await mkdir(folder, { recursive: true });
    /** @type {import("../../www/tools/packing.mjs").Files} */
    const files = new Map();
    await addStore(files, { minify: true });
    const stdin = { contents: SCRIPT, resolveDir: join(ROOT, "www") };
    const { outputFiles } = await build({
        stdin,
        bundle: true,
        format: "esm",
        write: false,
        external: ["./catalog.js"],
    });
    files.set("page.js", outputFiles[0].contents);
    const assets = JSON.stringify({ store: "store.js", sqlite: "sqlite3.wasm", serviceWorker: { file: "sw.js" } });
    const head = `<meta http-equiv="Content-Security-Policy" content="${csp({ hasFrame: false })}">
        <meta name="tagsmith-assets" content='${assets}'><link rel="icon" href="data:,">`;
    const page = `<!doctype html><html lang="en"><head><title>The store</title>${head}</head><body><script type="module" src="page.js"></script></body></html>`;
    files.set("index.html", new TextEncoder().encode(page));
    for (const [name, content] of files) await writeFile(join(folder, name), content);
    return folder;
}
