/** docs/DEPENDENCIES.md has a reason for every dependency, and for none that is gone. */
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
const MANIFESTS = [
    "Cargo.toml",
    "cli/Cargo.toml",
    "wasm/engine/Cargo.toml",
    "wasm/exports/Cargo.toml",
    "wasm/providers/Cargo.toml",
    "wasm/session/Cargo.toml",
    "wasm/train/Cargo.toml",
    "xtask/Cargo.toml",
    "fuzz/Cargo.toml",
];

/** @param {string} path */
const read = (path) => readFileSync(join(ROOT, path), "utf8");

/** The crates in the tables of dependencies of a manifest, ours left out. @param {string} manifest @returns {string[]} */
const cratesOf = (manifest) =>
    manifest
        .split(/^(?=\[)/m)
        .filter((table) => /^\[(.*\.)?(dev-|build-)?dependencies\]/.test(table))
        .flatMap((table) =>
            [...table.matchAll(/^([\w-]+)(?:\.workspace)?\s*=\s*(?!.*\bpath\s*=)/gm)].map(([, name]) => name ?? ""),
        );

/** @returns {string[]} */
function packages() {
    return ["www/package.json", "tests/web/shells/bundlers/package.json"].flatMap((path) => {
        const { dependencies, devDependencies } = JSON.parse(read(path));
        return Object.keys({ ...dependencies, ...devDependencies });
    });
}

/** The names in requirements or in the list of a `pyproject.toml`. @returns {string[]} */
const pythonPackages = () =>
    [
        "models/tools/requirements.txt",
        "models/tools/pyproject.toml",
        "benches/own_tags/pyproject.toml",
        "benches/scale/pyproject.toml",
    ]
        .filter((path) => existsSync(join(ROOT, path)))
        .flatMap((path) =>
            [...read(path).matchAll(/^\s*"?([A-Za-z][\w-]*)==/gm)].map(([, name]) => (name ?? "").toLowerCase()),
        );

test("every dependency has a reason, and every reason a dependency", () => {
    const crates = MANIFESTS.filter((path) => existsSync(join(ROOT, path))).flatMap((path) => cratesOf(read(path)));
    const used = new Set([...crates, ...packages(), ...pythonPackages()]);
    assert.ok(crates.length >= 20 && packages().length >= 8 && pythonPackages().length >= 3, [...used].join(", "));
    const rows = read("docs/DEPENDENCIES.md").matchAll(/^\| (`[^|]+`) \|/gm);
    const named = new Set(
        [...rows].flatMap(([, cell]) => [...(cell ?? "").matchAll(/`([^`]+)`/g)].map(([, name]) => name)),
    );
    assert.deepEqual([...used].filter((name) => !named.has(name)).sort(), [], "dependencies without a reason");
    assert.deepEqual([...named].filter((name) => !used.has(name ?? "")).sort(), [], "reasons without a dependency");
});
