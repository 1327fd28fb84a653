/** What `cargo x build` made of wasm/: where its parts are, and what they are called in a build of the page. */
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { BuildError } from "./sources.mjs";

export const VARIANTS = /** @type {const} */ (["simd128", "relaxed"]);

/** @param {string} engine @param {Record<string, string>} modules name → path @returns {Record<string, string>} */
export function glueOf(engine, modules) {
    const found = Object.entries(modules).map(([name, path]) => /** @type {const} */ ([name, join(engine, path)]));
    const [, missing] = found.find(([, path]) => !existsSync(path)) ?? [];
    if (missing)
        throw new BuildError(`The engine is not complete: ${missing} is missing. Build it first: cargo x build`);
    return Object.fromEntries(found);
}

/** @param {import("./packing.mjs").Files} files @param {string} engine @param {readonly (typeof VARIANTS[number])[]} [variants] that the shell brings */
export async function addEngine(files, engine, variants = VARIANTS) {
    for (const variant of variants) {
        const path = join(engine, variant, "engine_bg.wasm");
        if (!existsSync(path))
            throw new BuildError(`The engine's variant ${variant} is missing (${path}). Build it first: cargo x build`);
        files.set(engineName(variant), await readFile(path));
    }
    for (const name of ["session", "exports"])
        files.set(`${name}.wasm`, await readFile(join(engine, name, `${name}_bg.wasm`)));
}

/** @param {string} variant */
export const engineName = (variant) => `engine-${variant}.wasm`;
