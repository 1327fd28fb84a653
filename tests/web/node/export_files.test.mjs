/** The way of reports from the session module to the exports module (www/core/export_files.js), with both as they were built. */
import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { hasExiftool, textsIn } from "../exiftool.mjs";

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
const { copyWithKeywords, exportFiles, mergedSidecar, previewFiles } = await import(
    pathToFileURL(join(OUT, "export_files.mjs")).href
);
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
        boxes: {
            ...{ tags: new Uint16Array(), components: new Uint8Array() },
            ...{ confidences: new Float32Array(), regions: new Float32Array() },
        },
        ...{ components: Uint8Array.of(0), timings_ms: { decode: 0, resize: 0, infer: 0, tags: 0 } },
    };
    for (const [id, path] of paths.entries()) {
        session.add(id, path, 0);
        session.put(id, tagging);
    }
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
    const preview = await previewFiles(session, { ...request, n: 2 });
    assert.deepEqual(
        preview.files.map((/** @type {any} */ { name, content, picture }) => [name, content, picture]),
        [
            ["same.jpg.txt", "sks, hund\n", 0],
            ["same.png.txt", "sks, hund\n", 1],
        ],
    );
    assert.deepEqual([preview.n_files, preview.collisions], [3, [["same.jpg", "same.png"]]]);
    const table = await previewFiles(session, { ...request, format: format("csv"), n: 3 });
    assert.deepEqual([table.n_files, table.collisions, table.files[0].picture], [1, [], null]);
    await assert.rejects(exportFiles(session, request), { code: "export_names_collide" });
    const sidecars = await previewFiles(session, { ...request, format: format("xmp"), options: {}, n: 3 });
    assert.equal(sidecars.files[0].name, "same.jpg.xmp", "as usual for the format");
});

test("copies are called as their pictures, and hold what the list of keywords says", async () => {
    const { session, ids } = sessionOf(["a/same.jpg", "a/same.png"]);
    const copies = await exportFiles(session, { module, format: format("keywords"), options: {}, ids });
    assert.deepEqual(
        copies.map((/** @type {any} */ { name, content }) => [name, content]),
        [
            ["a/same.jpg", "hund\ndäggdjur\ndjur"],
            ["a/same.png", "hund\ndäggdjur\ndjur"],
        ],
    );
    const picture = readFileSync(join(ROOT, "tests/cases/coffee/picture.jpg"));
    const file = new Blob([picture], { type: "image/jpeg" });
    const copy = await copyWithKeywords(session, { module, id: 0, file });
    assert.equal(copy.type, "image/jpeg");
    const bytes = Buffer.from(await copy.arrayBuffer());
    for (const word of ["hund", "däggdjur", "djur|däggdjur|hund"])
        assert.ok(bytes.includes(`<rdf:li>${word}</rdf:li>`), word);
    const scan = picture.subarray(picture.indexOf(Uint8Array.of(0xff, 0xda)));
    assert.deepEqual(bytes.subarray(-scan.length), scan, "the picture itself is as it was");
    const gif = new Blob([readFileSync(join(ROOT, "tests/cases/drawn_balloons_gif/picture.gif"))]);
    await assert.rejects(copyWithKeywords(session, { module, id: 0, file: gif }), { code: "keywords_not_writable" });
});

test("a sidecar that is there keeps what another program wrote, and one that cannot be read is refused", async () => {
    const { session, ids } = sessionOf(["a.jpg"]);
    const [{ content }] = await exportFiles(session, { module, format: format("xmp"), options: {}, ids });
    const theirs = content
        .replaceAll("hund", "semester")
        .replace('rdf:about=""', 'rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmp:Rating="4"');
    const merged = await (await mergedSidecar(session, { module, id: 0, file: new Blob([theirs]) })).text();
    for (const part of ['xmp:Rating="4"', "<rdf:li>semester</rdf:li>", "<rdf:li>hund</rdf:li>"])
        assert.ok(merged.includes(part), part);
    const again = await mergedSidecar(session, { module, id: 0, file: new Blob([merged]) });
    assert.equal(await again.text(), merged, "nothing is there twice");
    const broken = mergedSidecar(session, { module, id: 0, file: new Blob(["<x:xmpmeta"]) });
    await assert.rejects(broken, { code: "xmp_invalid" });
});

test("texts go into every export, copies and sidecars too, where exiftool reads them", async () => {
    const { session } = sessionOf(["a.jpg"]);
    const texts = { title: "Räv & <hund>", description: "I snön.\nSent.", alt_text: "=En hund" };
    const given = Object.entries(texts).map(([field, text]) => ({ field, text, source: "person" }));
    session.setTexts(0, given);
    const one = async (/** @type {string} */ name) =>
        (await exportFiles(session, { module, format: format(name), options: {}, ids: [0] }))[0].content;
    assert.match(
        await one("csv"),
        /"title","description","alt_text"\r\n.*"Räv & <hund>","I snön.\n?Sent.","'=En hund"\r\n$/s,
    );
    assert.match(await one("csv-excel"), /"'=En hund".*"Räv & <hund>","I snön. Sent."\r\n$/s);
    const { title, description, alt_text: alt } = JSON.parse(await one("jsonl"));
    assert.deepEqual({ title, description, alt_text: alt }, texts);
    const picture = readFileSync(join(ROOT, "tests/cases/coffee/picture.jpg"));
    const copy = await copyWithKeywords(session, { module, id: 0, file: new Blob([picture]) });
    const existing = new Blob([(await one("xmp")).replace("Räv &amp; &lt;hund&gt;", "Old").replace("hund", "katt")]);
    const merged = await mergedSidecar(session, { module, id: 0, file: existing });
    if (!hasExiftool()) return;
    for (const [name, blob] of /** @type {[string, Blob][]} */ ([
        ["texts.jpg", copy],
        ["texts.xmp", merged],
    ])) {
        writeFileSync(join(OUT, name), new Uint8Array(await blob.arrayBuffer()));
        assert.deepEqual(textsIn(join(OUT, name)), Object.values(texts), name);
    }
});
