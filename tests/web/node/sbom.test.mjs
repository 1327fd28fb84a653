/** The bill of materials of a release is valid CycloneDX, and says what the lock files and cards say. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { ROOT } from "../root.mjs";

const fromWww = createRequire(join(ROOT, "www/package.json"));
const { Ajv } = fromWww("ajv");
const SCHEMAS = join(dirname(fromWww.resolve("@cyclonedx/cyclonedx-library/package.json")), "res/schema");

/** @typedef {{type: string, "bom-ref": string, name: string, version: string, purl?: string, licenses: {expression: string}[], hashes?: {alg: string, content: string}[]}} Component */
/** @typedef {{components: Component[], dependencies: {ref: string, dependsOn: string[]}[], specVersion: string}} Bill */

/** @param {string} path */
const json = (path) => JSON.parse(readFileSync(path, "utf8"));

/** @returns {Bill} */
function written() {
    const folder = join(ROOT, "target/sbom");
    mkdirSync(folder, { recursive: true });
    const file = join(folder, "bill.json");
    execFileSync("cargo", ["run", "--quiet", "--package=xtask", "--", "release", "--sbom", file], { cwd: ROOT });
    return json(file);
}

/** What is wrong with a bill by CycloneDX's own schema, which names others. @param {Bill} bill */
function faults(bill) {
    const isAddress = (/** @type {string} */ text) => URL.canParse(text, "http://localhost");
    const isTime = (/** @type {string} */ text) => /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(text);
    const formats = { "date-time": isTime, "iri-reference": isAddress, "idn-email": /@/, string: true };
    const ajv = new Ajv({ strict: false, allErrors: true, formats });
    for (const file of readdirSync(SCHEMAS).filter((name) => /^(?!bom-).*\.json$/.test(name)))
        ajv.addSchema(json(join(SCHEMAS, file)), `http://cyclonedx.org/schema/${file}`);
    const isValid = ajv.compile(json(join(SCHEMAS, `bom-${bill.specVersion}.SNAPSHOT.schema.json`)));
    return isValid(bill) ? [] : isValid.errors;
}

test("the bill of materials is valid CycloneDX and names crates, packages and models with hashes and licences", () => {
    const bill = written();
    assert.deepEqual(faults(bill), []);
    const broken = structuredClone(bill);
    Object.assign(broken.components[0] ?? {}, { type: "shell" });
    assert.ok(faults(broken).length > 0, "the schema sees a type that there is none");

    const byRef = new Map(bill.components.map((one) => [one["bom-ref"], one]));
    assert.equal(byRef.size, bill.components.length, "each name stands for one component");
    for (const { ref, dependsOn } of bill.dependencies.slice(1))
        for (const name of [ref, ...dependsOn]) assert.ok(byRef.has(name), name);
    for (const one of bill.components) {
        assert.match(one.licenses[0]?.expression ?? "", /\w/, `${one.name} has a licence`);
        const isOurs = one["bom-ref"].startsWith("tagsmith-");
        if (!isOurs && one["bom-ref"] !== "rust-std") assert.ok(one.hashes?.[0]?.content, `${one.name} has a hash`);
    }

    const inside = (/** @type {string} */ shell) =>
        bill.dependencies.find(({ ref }) => ref === shell)?.dependsOn ?? assert.fail(shell);
    const page = inside("tagsmith-page").join("\n");
    const { dependencies } = json(join(ROOT, "www/package.json"));
    for (const [name, version] of Object.entries(dependencies)) {
        const shell = name === "brotli" ? "tagsmith-extension" : "tagsmith-page";
        assert.ok(inside(shell).includes(`pkg:npm/${name.replace("@", "%40")}@${version}`), name);
    }
    assert.doesNotMatch(page, /npm.brotli/);
    assert.match(page, /pkg:cargo\/tract-onnx@/);
    assert.doesNotMatch(page, /pkg:cargo\/rusqlite@/);
    assert.match(inside("tagsmith-cli").join("\n"), /pkg:cargo\/rusqlite@/);
    for (const model of ["efficientnet-lite0", "blazeface-short", "nanodet-g"]) {
        const { sha256 } = json(join(ROOT, "models", model, "model.json")).model;
        assert.equal(byRef.get(`models/${model}/model.onnx`)?.hashes?.[0]?.content, sha256);
    }
});
