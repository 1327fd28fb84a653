/**
 * What the page is checked against (www/core/*_api.d.ts) is what was built: the bindings of each module can stand in for the
 * contract, each function and each type of it.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
const FOLDER = join(ROOT, "target/border");

/** What the type checker says of a program. @param {string} name @param {string} program */
function check(name, program) {
    mkdirSync(FOLDER, { recursive: true });
    const options = {
        strict: true,
        noEmit: true,
        skipLibCheck: true,
        types: [],
        module: "ESNext",
        moduleResolution: "bundler",
    };
    const compilerOptions = {
        ...options,
        target: "ES2023",
        lib: ["ES2023", "DOM", "ESNext.Disposable"],
        allowImportingTsExtensions: true,
    };
    writeFileSync(join(FOLDER, `${name}.ts`), program);
    writeFileSync(join(FOLDER, `${name}.json`), JSON.stringify({ compilerOptions, files: [`${name}.ts`] }));
    const tsc = join(ROOT, "www/node_modules/typescript/bin/tsc");
    return spawnSync(process.execPath, [tsc, "-p", join(FOLDER, `${name}.json`)], { cwd: ROOT, encoding: "utf8" })
        .stdout;
}

/** @param {string} contract @param {string} built */
const assignment = (contract, built) =>
    `export const contract: typeof import("../../www/core/${contract}") = {} as typeof import("../engine/${built}");\n`;

test("the engine, the session, the exports and the providers that were built are what the page is checked against", () => {
    assert.equal(check("engine", assignment("engine_api.d.ts", "simd128/engine.js")), "");
    assert.equal(check("session", assignment("session_api.d.ts", "session/session.js")), "");
    assert.equal(check("exports", assignment("exports_api.d.ts", "exports/exports.js")), "");
    assert.equal(check("providers", assignment("providers_api.d.ts", "providers/providers.js")), "");
});

test("a function that was not built is named", () => {
    const said = check("other", assignment("engine_api.d.ts", "session/session.js"));
    assert.match(said, /Tagger/, "the session is no engine");
});
