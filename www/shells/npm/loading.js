/**
 * Where engine and model come from: the package, or a model of one's own; and how far they are.
 * @import { EngineFiles, Get, Variant } from "../../core/engine.js"
 * @import { Asset } from "tagsmith-assets"
 * @import { ModelFiles, Progress } from "./api.d.ts"
 */
import * as packaged from "tagsmith-assets";
import { companionPaths, objectPaths } from "../../core/companions.js";
import { CodedError } from "../../core/protocol.js";

/** @typedef {{worker: URL, files: EngineFiles, get: Get}} Sources */

/**
 * @param {Get} get @param {{assets?: string | URL | undefined, model?: string | URL | ModelFiles | undefined, base: string | URL}} wanted
 *   `base`: what addresses are relative to
 * @returns {Promise<Sources>}
 */
export async function sourcesOf(get, { assets, model, base }) {
    const folder = assets === undefined ? null : folderAt(assets, base);
    const at = (/** @type {Asset} */ { url }) => (folder ? new URL(nameOf(url), folder) : url);
    const all = (/** @type {Record<string, Asset>} */ named) =>
        Object.fromEntries(Object.entries(named).map(([path, asset]) => [path, at(asset)]));
    const { engine, session, card, vocabulary } = packaged;
    const files = {
        engine: { simd128: at(engine.simd128), relaxed: at(engine.relaxed) },
        session: at(session),
        exports: at(session), // nothing is exported here
        card: at(card),
        vocabulary: at(vocabulary),
        model: at(packaged.model),
        companions: all(packaged.companions),
        objects: all(packaged.objects),
    };
    const worker = at(packaged.worker);
    if (model === undefined) return { worker, files, get };
    if (typeof model === "string" || model instanceof URL)
        return { worker, files: { ...files, ...(await folderOf(folderAt(model, base), get)) }, get };
    const given = await givenFiles(model);
    return { worker, files: { ...files, ...given.files }, get: given.over(get) };
}

/** @param {string | URL} address @param {string | URL} base */
function folderAt(address, base) {
    try {
        const url = new URL(address, base);
        if (!url.pathname.endsWith("/")) url.pathname += "/";
        return url;
    } catch {
        throw new CodedError("engine_unreachable", `${address} is no address.`);
    }
}

/** A bundler may have put its hash into the name; whoever names a folder has the package's own. @param {URL} url */
const nameOf = (url) => url.pathname.split("/").pop() ?? "";

/** The files of a model by its folder. @param {URL} folder @param {Get} get */
async function folderOf(folder, get) {
    const at = (/** @type {string} */ path) => new URL(path, folder);
    const card = new Uint8Array(await (await get(at("model.json"))).arrayBuffer());
    return { card: at("model.json"), vocabulary: at("vocabulary.json"), model: at("model.onnx"), ...besides(card, at) };
}

/** What a card names besides. @param {Uint8Array} card @param {(path: string) => URL} at */
function besides(card, at) {
    const urls = (/** @type {string[]} */ paths) => Object.fromEntries(paths.map((path) => [path, at(path)]));
    try {
        return { companions: urls(companionPaths(card)), objects: urls(objectPaths(card)) };
    } catch (error) {
        throw new CodedError("card_invalid", `The card cannot be read: ${/** @type {Error} */ (error).message}`);
    }
}

/** A model in memory, under addresses that nobody else has. @param {ModelFiles} given */
async function givenFiles({ card, vocabulary, model, companions = {} }) {
    /** @type {Map<string, Blob>} */
    const contents = new Map();
    const at = (/** @type {string} */ path) => new URL(`given:${encodeURIComponent(path)}`);
    const keep = (/** @type {string} */ path, /** @type {unknown} */ content) => {
        contents.set(at(path).href, asBlob(path, content));
        return at(path);
    };
    const files = { card: keep("card", card), vocabulary: keep("vocabulary", vocabulary), model: keep("model", model) };
    for (const [path, content] of Object.entries(companions)) keep(path, content);
    const bytes = new Uint8Array(await /** @type {Blob} */ (contents.get(at("card").href)).arrayBuffer());
    /** @param {Get} get @returns {Get} */
    const over = (get) => async (url, how) => {
        const content = contents.get(url.href);
        if (url.protocol === "given:" && !content)
            throw new CodedError(
                "model_invalid",
                `The card names ${decodeURIComponent(url.pathname)}, which was not given.`,
            );
        return content ? new Response(content) : get(url, how);
    };
    return { files: { ...files, ...besides(bytes, at) }, over };
}

/** @param {string} path @param {unknown} content */
function asBlob(path, content) {
    if (content instanceof Blob) return content;
    if (content instanceof ArrayBuffer || ArrayBuffer.isView(content))
        return new Blob([/** @type {ArrayBuffer} */ (content)]);
    const isText = path === "card" || path === "vocabulary";
    if (isText && typeof content === "string") return new Blob([content]);
    if (isText && typeof content === "object" && content !== null) return new Blob([JSON.stringify(content)]);
    throw new CodedError("model_invalid", `Of the model, ${path} is missing or is no file.`);
}

/** Bytes of the package's files by their addresses. */
const SIZES = new Map(
    [
        ...[packaged.session, packaged.card, packaged.vocabulary, packaged.model],
        ...[packaged.engine.simd128, packaged.engine.relaxed],
        ...Object.values(packaged.companions),
    ].map(({ url, bytes }) => [url.href, bytes]),
);

/**
 * Counts what comes. The answer itself is handed on: only so the browser keeps the engine as it was compiled.
 * @param {Sources} sources @param {Variant} variant @param {(progress: Progress) => void} onProgress @returns {Get}
 */
export function counting({ files, get }, variant, onProgress) {
    const wanted = [
        /** @type {URL} */ (files.engine[variant]),
        files.session,
        files.card,
        files.vocabulary,
        files.model,
    ];
    const urls = new Set([...wanted, ...Object.values(files.companions)].map(({ href }) => href));
    const sizes = [...urls].map((href) => SIZES.get(href) ?? null);
    const total = sizes.includes(null) ? null : sizes.reduce((sum, bytes) => Number(sum) + Number(bytes), 0);
    let loaded = 0;
    return async (url, how) => {
        const answer = await get(url, how);
        if (urls.delete(url.href))
            void count(answer.clone(), (bytes) => onProgress({ loaded: (loaded += bytes), total }));
        return answer;
    };
}

/** @param {Response} answer @param {(bytes: number) => void} onBytes */
async function count({ body }, onBytes) {
    const reader = body?.getReader();
    if (!reader) return;
    try {
        for (;;) {
            const { done, value } = await reader.read();
            if (done) return;
            onBytes(value.length);
        }
    } catch {
        // Whoever needs the file says what is wrong with it.
    }
}
