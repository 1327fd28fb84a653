import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFile, readdir, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import test from "node:test";
import { isHashed } from "../platform/cache_names.js";
import { build } from "./build.mjs";
import { csp } from "./csp.mjs";
import { serve } from "./serve.mjs";
import { makeInputs } from "./tiny_inputs.mjs";

test("a hashed build names every file by its content and a page that finds them", async (context) => {
    const wanted = await makeInputs(context);
    const names = await build({ ...wanted, hash: true, compress: "fast", minify: true });
    const index = await readFile(join(wanted.out, "index.html"), "utf8");
    const manifest = await readFile(join(wanted.out, names["manifest.webmanifest"] ?? ""), "utf8");
    const files = await readdir(wanted.out);
    const scripts = await Promise.all(
        files
            .filter((name) => /^(page|part)\..*js$/.test(name))
            .map((name) => readFile(join(wanted.out, name), "utf8")),
    );
    const all = [index, manifest, ...scripts].join("\n");
    for (const name of Object.values(names)) {
        assert.ok(isHashed(name), `${name} is kept as long as it is asked for`);
        assert.ok(all.includes(name), `${name} is named in the page, in its manifest or in one of its parts`);
        const { size } = await stat(join(wanted.out, name)); // so small a file only grows
        assert.ok(
            name.endsWith(".png") || size < 150 || (files.includes(`${name}.br`) && files.includes(`${name}.gz`)),
            `${name} is compressed`,
        );
    }
    assert.ok(index.includes(`content="${csp({ hasFrame: false })}"`));
    assert.doesNotMatch(index, /(src|href)="\/|https?:/, "it works under any path");
});

test("the self-test's expectations are those of the sample pictures that are built, and of this pipeline", async (context) => {
    const { cases: _, ...wanted } = await makeInputs(context);
    const names = await build(wanted);
    const { pipeline, pictures } = JSON.parse(await readFile(join(wanted.out, names["self_test.json"] ?? ""), "utf8"));
    assert.ok(Number.isInteger(pipeline) && pipeline >= 1);
    const samples = Object.keys(names).flatMap((name) => /^sample-(\w+)\./.exec(name)?.[1] ?? []);
    assert.ok(samples.length >= 3);
    assert.deepEqual(pictures.map((/** @type {any} */ { name }) => name).sort(), samples.sort());
    for (const { model, tolerance, tags } of pictures) {
        assert.deepEqual([typeof model, typeof tolerance, tags.length > 0], ["string", "number", true]);
    }
    assert.equal(
        pictures.find((/** @type {any} */ { name }) => name === "coffee").tags[0].id,
        "espresso",
        "the thing before what lies above it",
    );
});

test("a second build leaves nothing of the first and touches nothing else", async (context) => {
    const wanted = await makeInputs(context);
    const first = await build({ ...wanted, hash: true });
    await writeFile(join(wanted.out, "mine.txt"), "not yours");
    await writeFile(join(wanted.models, "tiny/model.onnx"), "another");
    const second = await build({ ...wanted, hash: true });
    const files = await readdir(wanted.out);
    assert.notEqual(first["model.onnx"], second["model.onnx"]);
    assert.ok(!files.includes(first["model.onnx"] ?? "") && files.includes("mine.txt"));
});

test("the service worker knows every file by its hash, the page included, and each build has a version of its own", async (context) => {
    const wanted = await makeInputs(context);
    const facts = async () => {
        const names = await build({ ...wanted, hash: true });
        const script = await readFile(join(wanted.out, "sw.js"), "utf8");
        const index = await readFile(join(wanted.out, "index.html"), "utf8");
        const kept = [...script.matchAll(/name: "([^"]+)", sha256: "([0-9a-f]{64})"/g)].map(([, name = "", hash]) => [
            name,
            hash,
        ]);
        const version = script.match(/version: "(\w+)"/)?.[1] ?? "";
        assert.ok(
            index.includes(`&quot;version&quot;:&quot;${version}&quot;`),
            "page and service worker are of one version",
        );
        return { names, kept, version };
    };
    const { names, kept, version } = await facts();
    assert.deepEqual(kept.map(([name]) => name).sort(), ["./", ...Object.values(names)].sort());
    for (const [name, hash] of kept) {
        const content = await readFile(join(wanted.out, name === "./" ? "index.html" : (name ?? "")));
        assert.equal(createHash("sha256").update(content).digest("hex"), hash, name);
    }
    assert.equal((await facts()).version, version, "the same files are the same version");
    await writeFile(join(wanted.models, "tiny/model.onnx"), "another");
    assert.notEqual((await facts()).version, version);
});

test("the store and SQLite are files of their own, which the service worker fetches last", async (context) => {
    const wanted = await makeInputs(context);
    const names = await build({ ...wanted, hash: true });
    const worker = await readFile(join(wanted.out, "sw.js"), "utf8");
    const store = await readFile(join(wanted.out, names["store.js"] ?? ""), "utf8");
    for (const name of ["store.js", "sqlite3.wasm"])
        assert.match(worker, new RegExp(`name: "${names[name]}"[^}]*isLast: true`), name);
    assert.ok(store.includes("CREATE TABLE ledger"), "its SQL is in it");
    assert.doesNotMatch(store, /^(import|export) /m, "it is a classic script");
    const pages = (await readdir(wanted.out)).filter((name) => /^(page|part)\..*js$/.test(name));
    for (const name of pages)
        assert.ok(!(await readFile(join(wanted.out, name), "utf8")).includes("CREATE TABLE"), name);
});

test("the provider worker, the trainer, their modules and styles are kept once they were used, and nothing of the page asks for them before", async (context) => {
    const wanted = await makeInputs(context);
    const names = await build({ ...wanted, hash: true });
    const worker = await readFile(join(wanted.out, "sw.js"), "utf8");
    for (const name of ["provider.js", "providers.wasm", "trainer.js", "train.wasm", "background.bin", "own_tags.css"])
        assert.match(worker, new RegExp(`name: "${names[name]}"[^}]*isOnDemand: true`), name);
    const index = await readFile(join(wanted.out, "index.html"), "utf8");
    const preloads = [...index.matchAll(/modulepreload" href="([^"]+)"/g)].map(([, name]) => name);
    const scripts = await Promise.all(
        ["page.js", ...preloads].map((name) => readFile(join(wanted.out, names[name ?? ""] ?? name ?? ""), "utf8")),
    );
    assert.ok(scripts.some((script) => script.includes("tagsmith-assets")));
    assert.ok(
        scripts.every((script) => !script.includes("tagsmith-providers")),
        "the page's side comes later",
    );
    for (const name of ["provider.js", "trainer.js"]) {
        const script = await readFile(join(wanted.out, names[name] ?? ""), "utf8");
        assert.doesNotMatch(script, /^(import|export) /m, "it is a classic script");
    }
});

test("a missing engine is named with the command that makes it", async (context) => {
    const wanted = await makeInputs(context);
    await assert.rejects(build({ ...wanted, engine: join(wanted.out, "nowhere") }), /cargo x build/);
});

test("the server sends types, policy, caching and the smallest encoding", async (context) => {
    const wanted = await makeInputs(context);
    const names = await build({ ...wanted, hash: true, compress: "fast" });
    const server = await serve({ dir: wanted.out, port: 0 });
    context.after(server.close);
    /** @param {string} path @param {Record<string, string>} [headers] */
    const get = async (path, headers = {}) => (await fetch(server.url + path, { headers })).headers;
    const page = await get("");
    assert.match(
        page.get("content-security-policy") ?? "",
        /require-trusted-types-for 'script'.*frame-ancestors 'none'/,
    );
    assert.equal(page.get("cache-control"), "no-cache");
    assert.equal((await get("sw.js")).get("cache-control"), "no-cache");
    const manifest = await get(names["manifest.webmanifest"] ?? "", { "accept-encoding": "br" });
    assert.match(manifest.get("content-type") ?? "", /^application\/manifest\+json/);
    const wasm = await get(names["engine-relaxed.wasm"] ?? "", { "accept-encoding": "br" });
    assert.deepEqual([wasm.get("content-type"), wasm.get("content-encoding")], ["application/wasm", "br"]);
    assert.match(wasm.get("cache-control") ?? "", /immutable/);
    assert.equal((await fetch(`${server.url}nothing`)).status, 404);
    const again = await fetch(server.url, { headers: { "if-none-match": page.get("etag") ?? "" } });
    assert.equal(again.status, 304);
});

test("what the build did not compress is compressed when it is asked for", async (context) => {
    const wanted = await makeInputs(context);
    await build(wanted);
    const server = await serve({ dir: wanted.out, port: 0 });
    context.after(server.close);
    for (const [accepted, encoding] of [
        ["br, gzip", "br"],
        ["gzip", "gzip"],
        ["identity", null],
    ]) {
        const response = await fetch(`${server.url}page.js`, { headers: { "accept-encoding": accepted ?? "" } });
        assert.equal(response.headers.get("content-encoding"), encoding);
        assert.equal(await response.text(), await readFile(join(wanted.out, "page.js"), "utf8"));
    }
});
