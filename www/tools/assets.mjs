/** What a page is told of its files: where each of them is, by what it is for (platform/build_files.js). */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { companionPaths, namesByPath, objectPaths } from "./companions.mjs";
import { BACKGROUND } from "./contents.mjs";
import { VARIANTS, engineName } from "./engine_files.mjs";
import { SAMPLES, sampleOf, smallOf, tagsOfSample } from "./samples.mjs";
import { WWW } from "./sources.mjs";

/**
 * @param {import("./packing.mjs").Files} named @param {Record<string, string>} names that the build gave, by the plain one
 * @param {{parts: Map<string, string[]>, cases: string}} page
 */
export async function assetsOf(named, names, { parts, cases }) {
    const [card, vocabulary] = ["model.json", "vocabulary.json"].map((name) => named.get(names[name] ?? ""));
    const samples = SAMPLES.filter((name) => sampleOf(names, name)).map(async (name) => {
        const file = names[sampleOf(names, name) ?? ""];
        return [name, { file, small: names[smallOf(name)], tags: await tagsOfSample(cases, name, card, vocabulary) }];
    });
    const { version: number } = JSON.parse(await readFile(join(WWW, "package.json"), "utf8"));
    return {
        worker: names["worker.js"],
        store: names["store.js"],
        sqlite: names["sqlite3.wasm"],
        provider: names["provider.js"],
        providers: names["providers.wasm"],
        trainer: names["trainer.js"],
        train: names["train.wasm"],
        background: names[BACKGROUND],
        engine: Object.fromEntries(VARIANTS.map((variant) => [variant, names[engineName(variant)]])),
        session: names["session.wasm"],
        exports: names["exports.wasm"],
        card: names["model.json"],
        vocabulary: names["vocabulary.json"],
        model: names["model.onnx"],
        companions: namesByPath(companionPaths(card), names),
        objects: namesByPath(objectPaths(card), names),
        samples: Object.fromEntries(await Promise.all(samples)),
        styles: Object.fromEntries([...parts.keys()].map((part) => [part, names[`${part}.css`]])),
        catalog: names["catalog.json"],
        catalogFrame: names["catalog.html"],
        self_test: names["self_test.json"],
        licences: names["licences.txt"],
        version: number,
    };
}
