/** The way of reports from the session module to the exports module (www/core/export_files.js), with both as they were built. */
import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
const ENGINE = join(ROOT, "target/engine");
const MODEL = join(ROOT, "models/efficientnet-lite0");
const OUT = join(ROOT, "target/export_files");

const { build } = createRequire(join(ROOT, "www/package.json"))("esbuild");
mkdirSync(OUT, { recursive: true });
await build({
    entryPoints: [join(ROOT, "www/core/export_files.js")],
    outfile: join(OUT, "export_files.mjs"),
    bundle: true,
    format: "esm",
    alias: { "tagsmith-exports": join(ENGINE, "exports/exports.js") },
});
const { exportFiles, nameCollisions, previewFiles } = await import(pathToFileURL(join(OUT, "export_files.mjs")).href);
const { Session, exportFormats, initSync } = await import(pathToFileURL(join(ENGINE, "session/session.js")).href);
initSync({ module: readFileSync(join(ENGINE, "session/session_bg.wasm")) });
const module = new WebAssembly.Module(readFileSync(join(ENGINE, "exports/exports_bg.wasm")));

/** @param {string} wanted */
const format = (wanted) => exportFormats().find((/** @type {{name: string}} */ { name }) => name === wanted);

/** A session whose pictures each show the vocabulary's third tag, which is the dog. @param {string[]} paths */
function sessionOf(paths) {
    const read = (/** @type {string} */ name) => readFileSync(join(MODEL, name), "utf8");
    const session = new Session(read("model.json"), read("vocabulary.json"));
    session.apply({ threshold: 0.5, max_tags: 8, allow: [], deny: [], language: "sv" });
    const tagging = {
        ...{ sha256: "0".repeat(64), width: 2, height: 1, format: "png" },
        ...{ tags: Uint16Array.of(2), scores: Float32Array.of(0.9), confidences: Float32Array.of(0.9) },
        ...{ components: Uint8Array.of(0), timings_ms: { decode: 0, resize: 0, infer: 0, tags: 0 } },
    };
    for (const [id, path] of paths.entries()) session.put(id, path, tagging);
    return { session, ids: [...paths.keys()] };
}

test("more pictures than are handed over at once arrive, each once and in order", async () => {
    const paths = Array.from({ length: 1234 }, (_, id) => `a/${id}.jpg`);
    const { session, ids } = sessionOf(paths);
    const [{ content }] = await exportFiles(session, { module, format: format("jsonl"), options: {}, ids });
    const lines = content.trimEnd().split("\n");
    assert.deepEqual(
        lines.map((/** @type {string} */ line) => JSON.parse(line).path),
        paths,
    );
    const [table] = await exportFiles(session, { module, format: format("csv-excel"), options: {}, ids: [7] });
    assert.match(table.content, /^\ufeff"Fil",.*\r\n"7.jpg","a","hund",/, "headings in the language of the tags");
});

test("a preview shows files of pictures that share a name, which the export itself refuses", async () => {
    const { session, ids } = sessionOf(["same.jpg", "same.png", "b.jpg"]);
    const request = { module, format: format("captions"), options: { captions: { prefix: "sks" } }, ids };
    const preview = await previewFiles(session, request);
    assert.deepEqual(
        preview.map((/** @type {any} */ { name, content }) => [name, content]),
        [
            ["same.jpg.txt", "sks, hund\n"],
            ["same.png.txt", "sks, hund\n"],
            ["b.txt", "sks, hund\n"],
        ],
    );
    assert.deepEqual(await nameCollisions(session, request), [["same.jpg", "same.png"]]);
    assert.deepEqual(await nameCollisions(session, { ...request, format: format("csv") }), []);
    await assert.rejects(exportFiles(session, request), { code: "export_names_collide" });
    const sidecars = await previewFiles(session, { ...request, format: format("xmp"), options: {} });
    assert.equal(sidecars[0].name, "same.jpg.xmp", "as usual for the format");
});
