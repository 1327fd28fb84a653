/** What the service worker is told of each file of a build: when it is fetched to be kept. */
import { createHash } from "node:crypto";
import { namesByPath, objectPaths } from "./companions.mjs";

/** The store's worker and SQLite. */
const STORE = ["store.js", "sqlite3.wasm"];

/** Modules of the page with which such a part begins: its views, and its words. */
const BEGINNINGS = /^(views\/(providers|own_tags|words)|platform\/providers|i18n\/\w+_(providers|own_tags|words))\.js$/;
/** The worker that asks other taggers, what builds its requests, and the styles of its views; the worker that trains, what it needs, and styles. */
const ON_DEMAND = [
    ...["provider.js", "providers.wasm", "providers.css"],
    ...["trainer.js", "train.wasm", "background.bin", "own_tags.css"],
    "words.css",
];

/** @param {string | Uint8Array} content */
export const sha256 = (content) => createHash("sha256").update(content).digest("hex");

/**
 * @param {import("./packing.mjs").Files} named @param {Record<string, string>} names that the build gave, by the plain one
 * @param {{variants: Map<string | undefined, string>, onDemand: readonly string[]}} known engines by the browser that runs them; and scripts that only
 *   some people use: they are in the build, and a first visit has nothing of them
 */
export function keptFiles(named, names, { variants, onDemand }) {
    const namesOf = (/** @type {readonly string[]} */ plain) => plain.map((name) => names[name] ?? "");
    const late = Object.values(namesByPath(objectPaths(named.get(names["model.json"] ?? "")), names));
    const last = namesOf(STORE);
    const some = [...namesOf(ON_DEMAND), ...namesOf(onDemand)];
    return [...named].map(([name, content]) => ({
        name,
        sha256: sha256(content),
        variant: variants.get(name),
        ...(late.includes(name) && { isLate: true }),
        ...(last.includes(name) && { isLast: true }),
        ...(some.includes(name) && { isOnDemand: true }),
    }));
}

/**
 * The scripts that nothing else of the page brings.
 * @param {import("esbuild").Metafile} metafile of a build in www/ @returns {string[]}
 */
export function onDemandScripts({ outputs }) {
    const isBeginning = (/** @type {string} */ file) => BEGINNINGS.test(outputs[file]?.entryPoint ?? "");
    /** @type {Set<string>} */
    const early = new Set();
    const add = (/** @type {string} */ file) => {
        if (early.has(file)) return;
        early.add(file);
        for (const { kind, path } of outputs[file]?.imports ?? []) if (kind === "import-statement") add(path);
    };
    for (const [file, { entryPoint }] of Object.entries(outputs)) if (entryPoint && !isBeginning(file)) add(file);
    return Object.keys(outputs).filter((file) => !early.has(file));
}
