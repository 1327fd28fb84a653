/**
 * The models that are kept, in the browser's Cache under the page's own address, and those of the catalog (models/catalog.json), of
 * which nothing is fetched before someone asks. The service worker's caches have other names; it never touches this one.
 * @import { CatalogModel, KeptModel, ModelStore } from "./platform.d.ts"
 *
 * The files of this build that it needs.
 * @typedef {{card: URL, vocabulary: URL, catalog: URL, door: URL}} StoreFiles
 *
 * What it needs of a Cache; memory stands in where there is none (no secure context, storage forbidden).
 * @typedef {Pick<Cache, "put" | "match" | "delete" | "keys">} Shelf
 */
import { fetch_file } from "../core/engine.js";
import { CodedError, failure_of } from "../core/protocol.js";
import { pieces_through } from "./catalog_door.js";
import { pieces_of } from "./pieces.js";

const CACHE = "tagsmith-models";
const FILES = /** @type {const} */ (["model.onnx", "vocabulary.json", "model.json"]);
/** The vocabulary of 65,535 classes is smaller. */
const MAX_VOCABULARY_BYTES = 16e6;

/** @param {Document} document @param {StoreFiles} files @returns {ModelStore} */
export function open_models(document, files) {
    const root = new URL("models/", document.baseURI).href;
    /** @param {string} key @param {typeof FILES[number]} file */
    const url_of = (key, file) => `${root}${encodeURIComponent(key)}/${file}`;
    const memory = new MemoryShelf();
    /** @returns {Promise<Shelf>} */
    const open_shelf = async () => globalThis.caches?.open(CACHE).catch(() => memory) ?? memory;
    /** @type {Promise<CatalogModel[]> | null} */
    let catalog = null;

    /** @param {string} key */
    async function remove(key) {
        const shelf = await open_shelf();
        // The card comes last and goes first: a model without one is not there.
        for (const file of [...FILES].reverse()) await shelf.delete(url_of(key, file));
    }

    async function list() {
        const shelf = await open_shelf();
        const cards = (await shelf.keys()).map(({ url }) => url).filter((url) => url.startsWith(root) && url.endsWith("/model.json"));
        const all = cards.map(async (url) => {
            const key = decodeURIComponent(url.slice(root.length, -"/model.json".length));
            const card = await (await shelf.match(url))?.json().catch(() => null);
            return card?.model ? facts_of(key, card) : null; // whatever else has written there is none of ours
        });
        return (await Promise.all(all)).filter((kept) => kept !== null).sort((a, b) => a.name.localeCompare(b.name));
    }

    return {
        list,
        delete: remove,

        async get(key) {
            const shelf = await open_shelf();
            const [model, vocabulary, card] = await Promise.all(FILES.map((file) => shelf.match(url_of(key, file))));
            if (!model || !vocabulary || !card) throw new CodedError("own_model_missing", `There is no model "${key}" here.`, key);
            return { card: await card.text(), vocabulary: await vocabulary.text(), model: await model.arrayBuffer() };
        },

        async put({ card, vocabulary, model }) {
            const { id, model: { sha256 } } = JSON.parse(card);
            const kept = new Map((await list()).map((one) => [one.key, one.sha256]));
            // Another model of the same name is not overwritten.
            const key = [id, `${id}-${sha256.slice(0, 8)}`].find((key) => (kept.get(key) ?? sha256) === sha256) ?? `${id}-${sha256}`;
            const shelf = await open_shelf();
            try {
                if (!kept.has(key)) await shelf.put(url_of(key, "model.onnx"), answer_of(model, "application/octet-stream"));
                await shelf.put(url_of(key, "vocabulary.json"), answer_of(vocabulary, "application/json"));
                await shelf.put(url_of(key, "model.json"), answer_of(card, "application/json"));
            } catch (error) {
                if (!kept.has(key)) await remove(key);
                throw new CodedError("storage_full", `The browser did not take it: ${/** @type {Error} */ (error).message}`);
            }
            // Asked for now that there is something that would have to be fetched again. Whatever the answer, it goes on.
            if (kept.size === 0) globalThis.navigator.storage?.persist?.().catch(() => {});
            return facts_of(key, JSON.parse(card));
        },

        async bundled() {
            return facts_of("", await (await fetch_file(files.card)).json());
        },

        catalog() {
            catalog ??= read_catalog(files.catalog, document.baseURI).catch((error) => {
                catalog = null; // asked for again the next time
                throw error;
            });
            return catalog;
        },

        async download(wanted, { signal, on_progress }) {
            await check_room(wanted.bytes);
            /** @param {"model" | "vocabulary"} part @param {string} url */
            const pieces = (part, url) => {
                // The page may ask its own host for anything, and nobody else for anything.
                const is_own = new URL(url).origin === new URL(document.baseURI).origin;
                return is_own ? pieces_of(url, signal) : pieces_through(document, files.door, { id: wanted.id, part }, signal);
            };
            const model = await collected(pieces("model", wanted.url), wanted.url, { bytes: wanted.bytes, on_progress });
            await check(model, wanted.sha256, "model.onnx");
            const vocabulary = wanted.vocabulary
                ? await collected(pieces("vocabulary", wanted.vocabulary), wanted.vocabulary, { at_most: MAX_VOCABULARY_BYTES })
                : await (await fetch_file(files.vocabulary)).arrayBuffer();
            await check(vocabulary, wanted.vocabulary_sha256, "vocabulary.json");
            return { card: wanted.card, vocabulary: new TextDecoder().decode(vocabulary), model };
        },

        async recognise(file) {
            const known = (await this.catalog()).filter(({ bytes }) => bytes === file.size);
            if (known.length === 0) return null;
            const model = await file.arrayBuffer();
            const sha256 = await sha256_of(model);
            // Nothing is fetched from elsewhere for this: nobody has asked for it.
            const entry = known.find((one) => one.sha256 === sha256 && one.vocabulary === null);
            return entry ? { card: entry.card, vocabulary: await (await fetch_file(files.vocabulary)).text(), model } : null;
        },
    };
}

/** @param {string} key @param {any} card @returns {KeptModel} */
function facts_of(key, card) {
    const top1 = Array.isArray(card.figures) ? card.figures.find((/** @type {any} */ figure) => figure?.name === "top1")?.value : null;
    return {
        key,
        name: String(card.name ?? key),
        bytes: Number(card.model.bytes) || 0,
        sha256: String(card.model.sha256),
        licence: String(card.licence ?? ""),
        top1: typeof top1 === "number" ? top1 : null,
    };
}

/** @param {URL} url @param {string} base addresses in the catalog may be relative to it @returns {Promise<CatalogModel[]>} */
async function read_catalog(url, base) {
    const { models } = await (await fetch_file(url)).json();
    const { origin } = new URL(base);
    return models.map((/** @type {any} */ { id, name, url, vocabulary, bytes, sha256, licence, top1, is_verified, card }) => {
        const { href, host, origin: of_model } = new URL(url, base);
        return {
            id, name, bytes, sha256, licence, top1, is_verified,
            url: href,
            host: of_model === origin ? null : host,
            card: JSON.stringify(card),
            vocabulary: vocabulary ? new URL(vocabulary, base).href : null,
            vocabulary_sha256: card.vocabulary.sha256,
        };
    });
}

/** Before megabytes are fetched in vain. @param {number} bytes */
async function check_room(bytes) {
    const { quota, usage } = (await globalThis.navigator.storage?.estimate?.().catch(() => undefined)) ?? {};
    if (quota === undefined || usage === undefined || quota - usage >= bytes) return;
    throw new CodedError("storage_full", `The model has ${bytes} bytes; the browser has room for ${Math.max(0, quota - usage)} more.`);
}

/**
 * @param {AsyncIterable<Uint8Array<ArrayBuffer>>} pieces @param {string} url
 * @param {{bytes?: number, at_most?: number, on_progress?: (received: number) => void}} wanted `bytes`: exactly as many have to come
 * @returns {Promise<ArrayBuffer>}
 */
async function collected(pieces, url, { bytes, at_most = bytes ?? 0, on_progress = () => {} }) {
    /** @type {Uint8Array<ArrayBuffer>[]} */
    const all = [];
    let received = 0;
    try {
        for await (const piece of pieces) {
            received += piece.byteLength;
            if (received > at_most) throw new CodedError("model_hash_mismatch", `More than ${at_most} bytes came from ${url}.`);
            all.push(piece);
            on_progress(received);
        }
    } catch (error) {
        const { code, detail } = failure_of(error, "model_unreachable");
        throw Object(error).name === "AbortError" ? error : new CodedError(code, detail, new URL(url).host);
    }
    if (bytes !== undefined && received < bytes) {
        throw new CodedError("model_transfer_broken", `${received} of ${bytes} bytes came from ${url}.`, new URL(url).host);
    }
    return new Blob(all).arrayBuffer();
}

/** @param {ArrayBuffer} content @param {string} stated @param {string} name */
async function check(content, stated, name) {
    const found = await sha256_of(content);
    // Without a secure context the browser computes none; the engine does, before the model is used.
    if (found === null || found === stated) return;
    throw new CodedError("model_hash_mismatch", `${name} has the SHA-256 ${found}; the catalog says ${stated}.`);
}

/** @param {ArrayBuffer} content */
async function sha256_of(content) {
    if (!globalThis.crypto?.subtle) return null;
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", content));
    return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** @param {ArrayBuffer | string} content @param {string} type */
const answer_of = (content, type) => new Response(content, { headers: { "Content-Type": type } });

/** Holds until the page closes. @implements {Shelf} */
class MemoryShelf {
    /** @type {Map<string, Response>} */
    #kept = new Map();

    /** @param {RequestInfo | URL} url @param {Response} response */
    async put(url, response) {
        this.#kept.set(String(url), response);
    }

    /** @param {RequestInfo | URL} url */
    async match(url) {
        return this.#kept.get(String(url))?.clone();
    }

    /** @param {RequestInfo | URL} url */
    async delete(url) {
        return this.#kept.delete(String(url));
    }

    async keys() {
        return Array.from(this.#kept.keys(), (url) => new Request(url));
    }
}
