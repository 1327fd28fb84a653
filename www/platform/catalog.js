/**
 * The models of the catalog (models/catalog.json): the list, and their files, of which nothing is fetched before someone asks.
 * @import { CatalogModel } from "./platform.d.ts"
 * @import { StoreFiles } from "./model_store.js"
 */
import { fetchFile } from "../core/engine.js";
import { CodedError, failureOf } from "../core/protocol.js";
import { downloadThroughFrame } from "./catalog_frame.js";
import { downloadChunks } from "./download_chunks.js";

/** The vocabulary of 65,535 classes is smaller. */
const MAX_VOCABULARY_BYTES = 16e6;

/** @param {URL} url @param {string} base addresses in the catalog may be relative to it @returns {Promise<CatalogModel[]>} */
export async function readCatalog(url, base) {
    const { models } = await (await fetchFile(url)).json();
    const { origin } = new URL(base);
    return models.map(
        (
            /** @type {any} */ {
                id,
                name,
                url,
                vocabulary,
                bytes,
                sha256,
                licence,
                top1,
                is_verified: isVerified,
                card,
            },
        ) => {
            const { href, host, origin: modelOrigin } = new URL(url, base);
            return {
                id,
                name,
                bytes,
                sha256,
                licence,
                top1,
                is_verified: isVerified,
                url: href,
                host: modelOrigin === origin ? null : host,
                card: JSON.stringify(card),
                vocabulary: vocabulary ? new URL(vocabulary, base).href : null,
                vocabularySha256: card.vocabulary.sha256,
            };
        },
    );
}

/**
 * Fetches a model, and keeps nothing that is not what the catalog says.
 * @param {Document} document @param {StoreFiles} files @param {CatalogModel} wanted
 * @param {{signal: AbortSignal, onProgress: (received: number) => void}} how
 */
export async function download(document, files, wanted, { signal, onProgress }) {
    await checkRoom(wanted.bytes);
    /** @param {"model" | "vocabulary"} file @param {string} url */
    const chunks = (file, url) => {
        // The page may ask its own host for anything, and nobody else for anything.
        const isOwn = new URL(url).origin === new URL(document.baseURI).origin;
        return isOwn
            ? downloadChunks(url, signal)
            : downloadThroughFrame(document, files.frame, { id: wanted.id, file }, signal);
    };
    const model = await collected(chunks("model", wanted.url), wanted.url, { bytes: wanted.bytes, onProgress });
    await check(model, wanted.sha256, "model.onnx");
    const vocabulary = wanted.vocabulary
        ? await collected(chunks("vocabulary", wanted.vocabulary), wanted.vocabulary, { atMost: MAX_VOCABULARY_BYTES })
        : await (await fetchFile(files.vocabulary)).arrayBuffer();
    await check(vocabulary, wanted.vocabularySha256, "vocabulary.json");
    return { card: wanted.card, vocabulary: new TextDecoder().decode(vocabulary), model };
}

/** The model of the catalog that a file is. @param {Blob} file @param {CatalogModel[]} catalog @param {URL} vocabulary of this build */
export async function identify(file, catalog, vocabulary) {
    const known = catalog.filter(({ bytes }) => bytes === file.size);
    if (known.length === 0) return null;
    const model = await file.arrayBuffer();
    const sha256 = await sha256Of(model);
    // Nothing is fetched from elsewhere for this: nobody has asked for it.
    const entry = known.find((one) => one.sha256 === sha256 && one.vocabulary === null);
    return entry ? { card: entry.card, vocabulary: await (await fetchFile(vocabulary)).text(), model } : null;
}

/** Before megabytes are fetched in vain. @param {number} bytes */
async function checkRoom(bytes) {
    const { quota, usage } = (await globalThis.navigator.storage?.estimate?.().catch(() => undefined)) ?? {};
    if (quota === undefined || usage === undefined || quota - usage >= bytes) return;
    throw new CodedError(
        "storage_full",
        `The model has ${bytes} bytes; the browser has room for ${Math.max(0, quota - usage)} more.`,
    );
}

/**
 * @param {AsyncIterable<Uint8Array<ArrayBuffer>>} chunks @param {string} url
 * @param {{bytes?: number, atMost?: number, onProgress?: (received: number) => void}} wanted `bytes`: exactly as many have to come
 * @returns {Promise<ArrayBuffer>}
 */
async function collected(chunks, url, { bytes, atMost = bytes ?? 0, onProgress = () => {} }) {
    /** @type {Uint8Array<ArrayBuffer>[]} */
    const all = [];
    let received = 0;
    try {
        for await (const chunk of chunks) {
            received += chunk.byteLength;
            if (received > atMost)
                throw new CodedError("model_hash_mismatch", `More than ${atMost} bytes came from ${url}.`);
            all.push(chunk);
            onProgress(received);
        }
    } catch (error) {
        const { code, detail } = failureOf(error, "model_unreachable");
        throw Object(error).name === "AbortError" ? error : new CodedError(code, detail, new URL(url).host);
    }
    if (bytes !== undefined && received < bytes) {
        throw new CodedError(
            "model_transfer_broken",
            `${received} of ${bytes} bytes came from ${url}.`,
            new URL(url).host,
        );
    }
    return new Blob(all).arrayBuffer();
}

/** @param {ArrayBuffer} content @param {string} stated @param {string} name */
async function check(content, stated, name) {
    const found = await sha256Of(content);
    // Without a secure context the browser computes none; the engine does, before the model is used.
    if (found === null || found === stated) return;
    throw new CodedError("model_hash_mismatch", `${name} has the SHA-256 ${found}; the catalog says ${stated}.`);
}

/** @param {ArrayBuffer} content */
async function sha256Of(content) {
    if (!globalThis.crypto?.subtle) return null;
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", content));
    return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
