/**
 * Modules of the package that are made while it is built: the addresses of its files, and the sentences of its errors.
 * @import { Plugin } from "esbuild"
 * @import { Files } from "./packing.mjs"
 */
import { start as en } from "../i18n/en.js";
import { work as enWork } from "../i18n/en_work.js";
import { start as sv } from "../i18n/sv.js";
import { work as svWork } from "../i18n/sv_work.js";
import { companionName, companionPaths, objectPaths } from "../core/companions.js";
import { engineName } from "./engine_files.mjs";
import { BuildError } from "./sources.mjs";

/** What may go wrong where there is no library, no export and no other tagger. */
const CODES = [
    ...["picture_empty", "picture_file_too_large", "picture_side_too_long", "picture_too_many_pixels"],
    ...["picture_too_much_memory", "picture_too_slow", "picture_format_unknown", "picture_format_unsupported"],
    ...["picture_damaged", "file_unreadable", "card_invalid", "vocabulary_invalid", "head_invalid"],
    ...["model_hash_mismatch", "model_invalid", "model_weights_missing", "model_unsupported"],
    ...["model_operator_unsupported", "model_mismatch", "inference_failed", "scores_invalid", "policy_invalid"],
    ...["engine_unsupported", "engine_unreachable", "worker_crashed", "local_model_off"],
    ...["objects_unreachable", "objects_damaged", "objects_off"],
];
/** What the element may have to say before it has the rest. */
export const FIRST_CODES = ["engine_unreachable"];

/** Name → source, as a plugin. @param {Record<string, string>} modules @returns {Plugin} */
export const made = (modules) => ({
    name: "made",
    setup(build) {
        build.onResolve({ filter: /^tagsmith-/ }, ({ path }) => (path in modules ? { path, namespace: "made" } : null));
        build.onLoad({ filter: /.*/, namespace: "made" }, ({ path }) => ({ contents: modules[path] ?? "" }));
    },
});

/**
 * Each address as `new URL("./name", import.meta.url)`: that is how Vite and webpack find files to bring along.
 * @param {Files} files
 */
export function assetsModule(files) {
    const asset = (/** @type {string} */ name) => {
        const bytes = files.get(name)?.length;
        if (bytes === undefined) throw new BuildError(`The package lacks ${name}.`);
        return `{ url: new URL("./${name}", import.meta.url), bytes: ${bytes} }`;
    };
    const all = (/** @type {string[]} */ paths) =>
        `{ ${paths.map((path) => `${JSON.stringify(path)}: ${asset(companionName(path))}`).join(", ")} }`;
    const card = files.get("model.json");
    const engine = `{ simd128: ${asset(engineName("simd128"))}, relaxed: ${asset(engineName("relaxed"))} }`;
    const values = {
        ...{ worker: asset("worker.js"), engine, session: asset("session.wasm") },
        ...{ card: asset("model.json"), vocabulary: asset("vocabulary.json"), model: asset("model.onnx") },
        ...{ companions: all(companionPaths(card)), objects: all(objectPaths(card)) },
    };
    return Object.entries(values)
        .map(([name, value]) => `export const ${name} = ${value};`)
        .join("\n");
}

/** @param {readonly string[]} [codes] */
export function wordsModule(codes = CODES) {
    const catalogues = { en: { ...en.errors, ...enWork.errors }, sv: { ...sv.errors, ...svWork.errors } };
    const words = Object.fromEntries(
        Object.entries(catalogues).map(([language, errors]) => [language, chosen(errors, codes)]),
    );
    const details = { en: en.engine_details, sv: sv.engine_details };
    return `export const words = ${JSON.stringify(words)};\nexport const details = ${JSON.stringify(details)};`;
}

/** @param {Record<string, {title: string, remedy: string}>} errors @param {readonly string[]} codes */
function chosen(errors, codes) {
    return Object.fromEntries(
        codes.map((code) => {
            const found = errors[code];
            if (!found) throw new BuildError(`The page has no words for ${code}.`);
            return [code, { title: found.title, remedy: found.remedy }];
        }),
    );
}
