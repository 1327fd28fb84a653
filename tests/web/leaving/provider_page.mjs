/**
 * A page with nothing but the way to other taggers, as it is shipped: the page's side, the provider worker, and the service worker that hands
 * it out. What a test may use of it is in `globalThis.tagsmith`.
 */
import { createHash } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { addProviders, packServiceWorker } from "../../../www/tools/packing.mjs";
import { csp } from "../../../www/tools/csp.mjs";
import { ROOT } from "../root.mjs";

const { build } = createRequire(join(ROOT, "www/package.json"))("esbuild");
const SCRIPT = `
import { openPlatform } from "./platform/page.js";
import { ProviderClient } from "./core/provider_client.js";
const platform = openPlatform(document);
globalThis.tagsmith = { providers: platform.providers, ProviderClient };
platform.updates.keep({ onKept() {}, onUpdate() {} });`;

/** @param {string | Uint8Array} content */
const sha256 = (content) => createHash("sha256").update(content).digest("hex");

/**
 * @param {string} [version] of the page @param {string} [worker] a script in place of the provider worker's
 * @returns {Promise<{folder: string, script: string, remove: () => Promise<void>}>} the folder it was made in, and the worker's name there
 */
export async function makeProviderPage(version = "one", worker) {
    const folder = await mkdtemp(join(tmpdir(), "tagsmith-provider-page-"));
    /** @type {import("../../../www/tools/packing.mjs").Files} */
    const files = new Map();
    await addProviders(files, join(ROOT, "target/engine"), { minify: true });
    if (worker) files.set("provider.js", new TextEncoder().encode(worker));
    const { outputFiles } = await build({
        stdin: { contents: SCRIPT, resolveDir: join(ROOT, "www") },
        bundle: true,
        format: "esm",
        splitting: true,
        outdir: ".",
        entryNames: "page",
        chunkNames: "part.[hash]",
        write: false,
    });
    for (const { path, contents } of outputFiles) files.set(path.split("/").pop() ?? "", contents);
    /** @type {Record<string, string>} by plain name */
    const names = {};
    /** @type {typeof files} */
    const named = new Map();
    for (const [name, content] of files) {
        const [stem, ending] = [name.replace(/\.\w+$/, ""), name.split(".").pop()];
        names[name] = name.startsWith("part.") ? name : `${stem}.${sha256(content).slice(0, 10)}.${ending}`;
        named.set(names[name], content);
    }
    const facts = { file: "sw.js", version, offers: true };
    const assets = JSON.stringify({
        provider: names["provider.js"],
        providers: names["providers.wasm"],
        serviceWorker: facts,
    });
    const head = `<meta http-equiv="Content-Security-Policy" content="${csp({ hasFrame: false })}">
        <meta name="tagsmith-assets" content='${assets}'><link rel="icon" href="data:,">`;
    const index = `<!doctype html><html lang="en"><head><title>Providers</title>${head}</head><body><script type="module" src="${names["page.js"]}"></script></body></html>`;
    const kept = [...named].map(([name, content]) => ({
        name,
        sha256: sha256(content),
        ...(/^providers?\./.test(name) && { isOnDemand: true }),
    }));
    const all = [{ name: "./", sha256: sha256(index) }, ...kept];
    named.set(
        "sw.js",
        await packServiceWorker({ version, isFinal: true, files: /** @type {any} */ (all) }, { minify: true }),
    );
    for (const [name, content] of named) await writeFile(join(folder, name), content);
    await writeFile(join(folder, "index.html"), index);
    return {
        folder,
        script: names["provider.js"] ?? "",
        remove: () => rm(folder, { recursive: true, force: true }),
    };
}
