/**
 * Gets the engine and the model: which build this browser can run, then everything fetched at once, compiled while it streams in.
 *
 * @typedef {"simd128" | "relaxed"} Variant
 * @typedef {{engine: Partial<Record<Variant, URL>>, session: URL, exports: URL, card: URL, vocabulary: URL, model: URL, companions: Record<string, URL>, objects: Record<string, URL>}} EngineFiles
 *   `companions`: what a card may name besides (heads, detectors), by path from the card's folder; `objects`: what its second look needs; a shell may bring a single engine
 * @typedef {{card: string, vocabulary: string, model: ArrayBuffer}} Model a card and a vocabulary as JSON, and the ONNX file
 * @typedef {Record<string, ArrayBuffer>} CompanionBuffers
 * How a file is had; rejects with a CodedError. @typedef {(url: URL, how?: RequestInit) => Promise<Response>} Get
 * @typedef {Model & {companions: CompanionBuffers, variant: Variant, module: WebAssembly.Module, ms: number}} Engine
 * What results are shown with; no network is among it. @typedef {{card: string, vocabulary: string, session: WebAssembly.Module}} Basis
 */
import { CodedError } from "./protocol.js";

// A module of one function that uses one instruction of the feature in question: `v128.const`-free, so nothing else can fail.
const HEADER = [0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10];
/** i8x16.splat, i8x16.popcnt */
const SIMD128 = [...HEADER, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11];
/** two i8x16.splat, i8x16.relaxed_swizzle */
const RELAXED = [...HEADER, 15, 1, 13, 0, 65, 1, 253, 15, 65, 2, 253, 15, 253, 128, 2, 11];

/**
 * The fastest build that this browser can run.
 * @param {(bytes: Uint8Array<ArrayBuffer>) => boolean} [validate]
 * @returns {Variant}
 */
export function probe(validate = (bytes) => WebAssembly.validate(bytes)) {
    if (!validate(new Uint8Array(SIMD128))) {
        throw new CodedError("engine_unsupported", "This browser has no WebAssembly SIMD (simd128).");
    }
    return validate(new Uint8Array(RELAXED)) ? "relaxed" : "simd128";
}

/** The fastest of those that a shell brings. @param {EngineFiles} files @returns {Variant} */
export function chosen({ engine }) {
    const best = probe();
    return engine[best] ? best : /** @type {Variant} */ (Object.keys(engine)[0]);
}

/**
 * Everything is asked for at once. What is kept of earlier visits needs only the basis, which is there long before the network is.
 * @param {EngineFiles} files
 * @param {{variant?: Variant | undefined, model?: Promise<Model> | undefined, get?: Get | undefined}} [options]
 *   a variant instead of the fastest, for tests and measurements; a model instead of the files'; another way to files than `fetch`
 * @returns {{engine: Promise<Engine>, basis: Promise<Basis>}}
 */
export function loadEngine(files, { variant = chosen(files), model, get = fetchFile } = {}) {
    const words = model ?? fetchWords(files, get);
    const network = model ? model.then(({ model }) => model) : fetchBuffer(files.model, get);
    const session = get(files.session).then(compile);
    const basis = whole(async () => {
        const [{ card, vocabulary }, module] = await Promise.all([words, session]);
        return { card, vocabulary, session: module };
    });
    const engine = whole(async () => {
        const start = performance.now();
        // The address is stable, so the browser may keep the compiled code beside the cached response.
        const module = get(/** @type {URL} */ (files.engine[variant])).then(compile);
        const all = await Promise.all([module, words, network, fetchBuffers(files.companions, get)]);
        const ms = performance.now() - start;
        performance.measure("tagsmith:engine", { start, duration: ms, detail: { variant } });
        const [, { card, vocabulary }, bytes, companions] = all;
        return { variant, module: all[0], card, vocabulary, model: bytes, companions, ms };
    });
    return { engine, basis };
}

/** What breaks off on its way says so. @template Loaded @param {() => Promise<Loaded>} load @returns {Promise<Loaded>} */
async function whole(load) {
    try {
        return await load();
    } catch (error) {
        if (error instanceof CodedError) throw error;
        throw new CodedError(
            "engine_unreachable",
            `The engine broke off on its way: ${/** @type {Error} */ (error).message}`,
        );
    }
}

/** What the second look needs, past everything that is kept where it was of no use. @param {EngineFiles} files @param {boolean} isAgain @param {Get} [get] */
export const loadObjects = (files, isAgain, get = fetchFile) =>
    fetchBuffers(files.objects, get, isAgain ? { cache: "reload" } : {});

/** The module that writes files; the first export needs it. @param {EngineFiles} files */
export const loadExports = (files) => fetchModule(files.exports);

/** @param {EngineFiles} files @param {Get} get @returns {Promise<Pick<Model, "card" | "vocabulary">>} */
async function fetchWords(files, get) {
    const texts = [files.card, files.vocabulary].map(async (url) => (await get(url)).text());
    const [card = "", vocabulary = ""] = await Promise.all(texts);
    return { card, vocabulary };
}

/** @param {URL} url @param {Get} get @param {RequestInit} [how] */
const fetchBuffer = async (url, get, how) => (await get(url, how)).arrayBuffer();

/** @param {Record<string, URL>} urls @param {Get} get @param {RequestInit} [how] @returns {Promise<CompanionBuffers>} */
async function fetchBuffers(urls, get, how) {
    const fetched = Object.entries(urls).map(async ([path, url]) => [path, await fetchBuffer(url, get, how)]);
    return Object.fromEntries(await Promise.all(fetched));
}

/** @param {URL} url @param {RequestInit} [how] */
export async function fetchFile(url, how = {}) {
    const name = url.pathname.split("/").pop();
    const response = await fetch(url, how).catch((error) => {
        throw new CodedError("engine_unreachable", `${name} could not be fetched: ${error.message}`);
    });
    if (!response.ok) throw new CodedError("engine_unreachable", `${name}: the server answered ${response.status}.`);
    return response;
}

/** @param {URL} url */
export const fetchModule = async (url) => compile(await fetchFile(url));

/** @param {Response} response @returns {Promise<WebAssembly.Module>} */
async function compile(response) {
    if (response.headers.get("content-type")?.startsWith("application/wasm"))
        return WebAssembly.compileStreaming(response);
    // A host that does not know the type: slower, but it works.
    return WebAssembly.compile(await response.arrayBuffer());
}
