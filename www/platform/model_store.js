/**
 * The models that are kept, in the browser's Cache under the page's own address or another one, and those of the catalog (catalog.js). The service worker's caches have other names; it never touches this one.
 * @import { CatalogModel, StoredModel, ModelStore } from "./platform.d.ts"
 *
 * The files of this build that it needs.
 * @typedef {{card: URL, vocabulary: URL, catalog: URL, frame: URL}} StoreFiles
 *
 * What it needs of a Cache; memory stands in where there is none (no secure context, storage forbidden).
 * @typedef {Pick<Cache, "put" | "match" | "delete" | "keys">} ModelCache
 */
import { fetchFile } from "../core/engine.js";
import { CodedError } from "../core/protocol.js";

const CACHE = "tagsmith-models";
const FILES = /** @type {const} */ (["model.onnx", "vocabulary.json", "model.json"]);
/** A part of the page that is fetched when someone asks for other models. */
const loadCatalog = () => import("./catalog.js");

/** @param {Document} document @param {StoreFiles} files @param {string} [at] where a Cache does not take the document's address @returns {ModelStore} */
export function openModels(document, files, at = document.baseURI) {
    const root = new URL("models/", at).href;
    /** @param {string} key @param {typeof FILES[number]} file */
    const urlOf = (key, file) => `${root}${encodeURIComponent(key)}/${file}`;
    const memory = new MemoryCache();
    /** @returns {Promise<ModelCache>} */
    const openCache = async () => globalThis.caches?.open(CACHE).catch(() => memory) ?? memory;
    /** @type {Promise<CatalogModel[]> | null} */
    let catalog = null;

    /** @param {string} key */
    async function remove(key) {
        const cache = await openCache();
        // The card comes last and goes first: a model without one is not there.
        for (const file of [...FILES].reverse()) await cache.delete(urlOf(key, file)).catch(refuse);
    }

    async function list() {
        const cache = await openCache();
        const cards = (await cache.keys().catch(refuse))
            .map(({ url }) => url)
            .filter((url) => url.startsWith(root) && url.endsWith("/model.json"));
        const all = cards.map(async (url) => {
            try {
                const key = decodeURIComponent(url.slice(root.length, -"/model.json".length));
                const card = await (await cache.match(url))?.json();
                const isOurs = key !== "" && new URL(urlOf(key, "model.json")).href === url;
                return isOurs && typeof card.model.sha256 === "string" ? factsOf(key, card) : null;
            } catch {
                return null; // whatever else has written there (an origin may be shared) is none of ours
            }
        });
        return (await Promise.all(all))
            .filter((stored) => stored !== null)
            .sort((a, b) => a.name.localeCompare(b.name));
    }

    return {
        list,
        delete: remove,

        async get(key) {
            const cache = await openCache();
            const matches = FILES.map((file) => cache.match(urlOf(key, file)));
            const [model, vocabulary, card] = await Promise.all(matches).catch(refuse);
            if (!model || !vocabulary || !card)
                throw new CodedError("own_model_missing", `There is no model "${key}" here.`, key);
            return { card: await card.text(), vocabulary: await vocabulary.text(), model: await model.arrayBuffer() };
        },

        async put({ card, vocabulary, model }) {
            const {
                id,
                model: { sha256 },
            } = JSON.parse(card);
            const stored = new Map((await list()).map((one) => [one.key, one.sha256]));
            // Another model of the same name is not overwritten.
            const key =
                [id, `${id}-${sha256.slice(0, 8)}`].find((key) => (stored.get(key) ?? sha256) === sha256) ??
                `${id}-${sha256}`;
            const cache = await openCache();
            try {
                if (!stored.has(key))
                    await cache.put(urlOf(key, "model.onnx"), responseOf(model, "application/octet-stream"));
                await cache.put(urlOf(key, "vocabulary.json"), responseOf(vocabulary, "application/json"));
                await cache.put(urlOf(key, "model.json"), responseOf(card, "application/json"));
            } catch (error) {
                if (!stored.has(key)) await remove(key).catch(() => {}); // what is wrong is said already
                refuse(error);
            }
            // Asked for now that there is something that would have to be fetched again. Whatever the answer, it goes on.
            if (stored.size === 0) globalThis.navigator.storage?.persist?.().catch(() => {});
            return factsOf(key, JSON.parse(card));
        },

        async bundled() {
            return factsOf("", await (await fetchFile(files.card)).json());
        },

        catalog() {
            catalog ??= (async () => (await loadCatalog()).readCatalog(files.catalog, document.baseURI))().catch(
                (error) => {
                    catalog = null; // asked for again the next time
                    throw error;
                },
            );
            return catalog;
        },

        async download(wanted, how) {
            return (await loadCatalog()).download(document, files, wanted, how);
        },

        async identify(file) {
            return (await loadCatalog()).identify(file, await this.catalog(), files.vocabulary);
        },
    };
}

/** The storage's own errors are no word of a network. @param {unknown} error @returns {never} */
function refuse(error) {
    const { name, message } = /** @type {Error} */ (error);
    const code = name === "QuotaExceededError" ? "storage_full" : "storage_failed";
    throw new CodedError(code, `The browser's storage refused: ${message}`);
}

/** @param {string} key @param {any} card @returns {StoredModel} */
function factsOf(key, card) {
    const top1 = Array.isArray(card.figures)
        ? card.figures.find((/** @type {any} */ figure) => figure?.name === "top1")?.value
        : null;
    return {
        key,
        name: String(card.name ?? key),
        bytes: Number(card.model.bytes) || 0,
        sha256: String(card.model.sha256),
        licence: String(card.licence ?? ""),
        top1: typeof top1 === "number" ? top1 : null,
        isGuess: card.preparation === "guess",
    };
}

/** @param {ArrayBuffer | string} content @param {string} type */
const responseOf = (content, type) => new Response(content, { headers: { "Content-Type": type } });

/** Holds until the page closes. @implements {ModelCache} */
class MemoryCache {
    /** @type {Map<string, Response>} */
    #entries = new Map();

    /** @param {RequestInfo | URL} url @param {Response} response */
    async put(url, response) {
        this.#entries.set(String(url), response);
    }

    /** @param {RequestInfo | URL} url */
    async match(url) {
        return this.#entries.get(String(url))?.clone();
    }

    /** @param {RequestInfo | URL} url */
    async delete(url) {
        return this.#entries.delete(String(url));
    }

    async keys() {
        return Array.from(this.#entries.keys(), (url) => new Request(url));
    }
}
