import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import test from "node:test";
import { gunzipSync } from "node:zlib";
import { toBytes } from "../platform/text_bytes.js";
import { buildDemo } from "./build_demo.mjs";
import { makeInputs } from "./tiny_inputs.mjs";

const BLOCK = /<script type="application\/gzip" data-file="([^"]+)">(.*?)<\/script><script>(.*?)<\/script>/gs;
const CARDS = {
    tiny: { heads: [{ id: "general" }], detectors: [{ id: "faces" }], second_look: { detector: { id: "things" } } },
    faces: {},
    things: {},
};

/** The text of a demo, and its files as a browser gets them. @param {string} path */
async function open(path) {
    const html = new TextDecoder("windows-1252").decode(await readFile(path));
    const files = [...html.matchAll(BLOCK)].map(([, name = "", text = ""]) => /** @type {const} */ ([name, text]));
    return { html, files: new Map(files.map(([name, text]) => [name, gunzipSync(toBytes(text))])) };
}

test("one file has everything of the page, packed and named in its policy, and the same inputs make the same bytes", async (context) => {
    const inputs = await makeInputs(context);
    for (const [name, card] of Object.entries(CARDS)) {
        await mkdir(join(inputs.models, name), { recursive: true });
        await writeFile(join(inputs.models, name, "model.json"), JSON.stringify({ ...card, name }));
    }
    await writeFile(join(inputs.models, "things/model.onnx"), "things");
    const [out, without] = [join(inputs.out, "a.html"), join(inputs.out, "without.html")];
    await buildDemo({ ...inputs, out });
    await buildDemo({ ...inputs, out: without, hasObjects: false });

    const { html, files } = await open(out);
    assert.match(html, /^<!doctype html><!-- Tagsmith [^\n]*the models tiny; faces; things\. [^\n]*-->\n/);
    const engine = await readFile(join(inputs.engine, "simd128/engine_bg.wasm"));
    assert.deepEqual(files.get("engine-simd128.wasm"), engine);
    assert.equal(files.has("engine-relaxed.wasm"), false, "not every browser runs it");
    assert.equal(files.get("things-model.onnx")?.toString(), "things");
    assert.deepEqual(
        files.get("licences.txt"),
        await readFile(new URL("../../THIRD_PARTY_LICENCES.txt", import.meta.url)),
    );
    const [, listed = ""] = /name="tagsmith-files" content="([^"]*)"/.exec(html) ?? [];
    assert.deepEqual(Object.keys(JSON.parse(listed.replaceAll("&quot;", '"'))), [...files.keys()]);

    const [, policy = ""] = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(html) ?? [];
    const [, style = ""] = /<style>(.*?)<\/style>/s.exec(html) ?? [];
    const [, opening = ""] = /<script>((?!takeFile).*?)<\/script>/s.exec(html) ?? [];
    for (const text of [style, opening, "takeFile()", files.get("page.js") ?? ""])
        assert.ok(
            policy.includes(`'sha256-${createHash("sha256").update(text).digest("base64")}'`),
            `${text.slice(0, 40)}`,
        );
    assert.match(policy, /^default-src 'none'; /);
    assert.doesNotMatch(policy, /connect-src|unsafe-inline|unsafe-eval'? |'self'/);
    assert.doesNotMatch(files.get("page.js")?.toString() ?? "", /\blocalStorage\.|\bindexedDB\./);

    const smaller = await open(without);
    assert.deepEqual(
        [...smaller.files.keys()],
        [...files.keys()].filter((name) => !name.startsWith("things-")),
    );
    assert.equal(JSON.parse(smaller.files.get("model.json")?.toString() ?? "{}").second_look, undefined);
    assert.match(smaller.html, /the models tiny; faces \(none for objects\)\./);

    const again = join(inputs.out, "elsewhere/b.html");
    await buildDemo({ ...inputs, out: again });
    assert.ok((await readFile(again)).equals(await readFile(out)));
});
