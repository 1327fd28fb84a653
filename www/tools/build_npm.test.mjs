import assert from "node:assert/strict";
import { readFile, readdir, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import test from "node:test";
import { buildNpm } from "./build_npm.mjs";
import { BuildError } from "./sources.mjs";
import { makeInputs } from "./tiny_inputs.mjs";

/** @param {string} folder */
async function contentOf(folder) {
    const names = (await readdir(folder)).sort();
    return Promise.all(names.map(async (name) => [name, await readFile(join(folder, name), "utf8")]));
}

test("a package has the same bytes wherever it is built, and names its files and where they are", async (context) => {
    const inputs = await makeInputs(context);
    const root = dirname(inputs.models);
    const [one, two] = ["one", "other/two"].map((name) => join(root, name));
    await buildNpm({ ...inputs, out: String(one), minify: true });
    const names = await buildNpm({ ...inputs, out: String(two), minify: true });
    assert.deepEqual(await contentOf(String(one)), await contentOf(String(two)));
    const manifest = JSON.parse(await readFile(join(String(one), "package.json"), "utf8"));
    for (const name of manifest.files) assert.ok(names.includes(name), name);
    for (const name of [
        "LICENSE-MIT",
        "LICENSE-APACHE",
        "THIRD_PARTY_LICENCES.txt",
        "element.d.ts",
        "engine-simd128.wasm",
    ])
        assert.ok(manifest.files.includes(name), name);
    for (const name of ["exports.wasm", "background.bin"]) assert.ok(!names.includes(name), name);
    for (const script of ["index.js", "node.js"]) {
        const code = await readFile(join(String(one), script), "utf8");
        const named = [...code.matchAll(/new URL\("\.\/([^"]+)",import\.meta\.url\)/g)].map(([, name]) => name ?? "");
        assert.ok(named.includes("worker.js") && named.includes("model.onnx") && named.length >= 7, named.join());
        for (const name of named) assert.ok(names.includes(name), `${script} names ${name}`);
        assert.ok(!code.includes(root), "no path of this machine");
    }
    const element = await readFile(join(String(one), "element.js"), "utf8");
    assert.ok(element.length < 60_000 && /import\("\.\/index\.js"\)/.test(element), `${element.length}`);
    assert.ok(!element.includes("import.meta.url"), "of engine and model it knows nothing");
    for (const types of ["index.d.ts", "element.d.ts"])
        for (const [, from = ""] of (await readFile(join(String(one), types), "utf8")).matchAll(/from "([^"]+)"/g))
            assert.ok(names.includes(from.replace("./", "")), `${types} imports ${from}`);
});

test("what is missing is said with what to do", async (context) => {
    const inputs = await makeInputs(context);
    await rm(join(inputs.models, "tiny/vocabulary.json"));
    await assert.rejects(
        buildNpm(inputs),
        (error) => error instanceof BuildError && /vocabulary\.json is missing\. Make it with/.test(error.message),
    );
});
