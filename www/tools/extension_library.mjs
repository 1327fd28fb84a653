/**
 * The library of the browser extension: the page, its store and its exports. What no package has room for is left out: samples, and what own
 * tags are trained with.
 * @import { Files } from "./packing.mjs"
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { assetsOf } from "./assets.mjs";
import { sha256 } from "./kept.mjs";
import { filled } from "./output.mjs";
import { addStore, packCss, packPage } from "./packing.mjs";
import { BuildError, WWW } from "./sources.mjs";

const ENTRY = "shells/extension/library.js";
/** Under one name for every engine of the page: the package has one. */
const ENGINE = "engine-relaxed.wasm";

/** @param {Files} files what the package has by now @param {{minify: boolean, inject: string[], define: Record<string, string>}} options */
export async function addLibrary(files, options) {
    await addStore(files, options);
    files.delete("sqlite3.wasm"); // it is there, packed
    const page = await packPage({ ...options, entry: ENTRY });
    for (const [name, content] of page.files) files.set(name, content);
    for (const [part, modules] of page.parts) files.set(`${part}.css`, await packCss(part, modules, options));
    const names = Object.fromEntries(
        [...files.keys()].map((name) => [name.replace(/\.br$/, ""), name.replace(/\.br$/, "")]),
    );
    const assets = await assetsOf(files, { ...names, "engine-simd128.wasm": ENGINE }, { parts: page.parts, cases: "" });
    const build = sha256(Buffer.concat([...files.values()])).slice(0, 10);
    const html = filled(await readFile(join(WWW, "shells/extension/library.html"), "utf8"), (name) =>
        name === "assets" ? JSON.stringify({ ...assets, build, licences: "THIRD_PARTY_LICENCES.txt" }) : undefined,
    );
    files.set("library.html", new TextEncoder().encode(html.replace("<!-- page -->", await placesOfPage())));
}

/** The places of the page's own document. */
async function placesOfPage() {
    const html = await readFile(join(WWW, "shells/page/index.html"), "utf8");
    const [, places] = /<body>\s*(.*?)\s*<noscript>/s.exec(html) ?? [];
    if (!places) throw new BuildError("shells/page/index.html has no body that ends with its noscript.");
    return places;
}
