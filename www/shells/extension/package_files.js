/**
 * Where the files of this package are: under their plain names, beside the manifest. What a card names besides is told by the build.
 * @import { EngineFiles } from "../../core/engine.js"
 */
import { browser } from "./browser.js";

/** @param {string} name */
const url = (name) => new URL(browser.runtime.getURL(name));
/** @param {Record<string, string>} names by path */
const urls = (names) => Object.fromEntries(Object.entries(names).map(([path, name]) => [path, url(name)]));

/** @returns {EngineFiles} */
export const packageFiles = () => ({
    engine: { simd128: url("engine-relaxed.wasm"), relaxed: url("engine-relaxed.wasm") },
    session: url("session.wasm"),
    exports: url("exports.wasm"),
    card: url("model.json"),
    vocabulary: url("vocabulary.json"),
    model: url("model.onnx"),
    companions: urls(TAGSMITH_PACKAGE.companions),
    objects: urls(TAGSMITH_PACKAGE.objects),
});
