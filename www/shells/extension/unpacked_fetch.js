/**
 * In place of the browser's `fetch` (the build puts it there): modules lie in the package as Brotli, which browsers undo for a server's answers
 * alone, and uncompressed or as Deflate they would make it a tenth larger. Each is unpacked once, and kept in the browser's Cache.
 */
import { decompress } from "brotli/decompress";
import { PACKAGE_ADDRESS } from "../../platform/package_stores.js";

const PREFIX = "tagsmith-unpacked-";
const [build, ...names] = TAGSMITH_PACKED.split(" ");
const CACHE = PREFIX + build;
/** Beside the manifest. */
const packed = new Set(names);

/** @param {RequestInfo | URL} asked @param {RequestInit} [how] @returns {Promise<Response>} */
export async function fetch(asked, how) {
    const url = new URL(asked instanceof Request ? asked.url : asked, location.href);
    const name = url.pathname.slice(1);
    if (url.origin !== location.origin || !packed.has(name)) return globalThis.fetch(asked, how);
    const key = PACKAGE_ADDRESS + name;
    const cache = await openCache();
    const kept = await cache?.match(key).catch(() => undefined);
    if (kept) return kept;
    const content = await (await globalThis.fetch(`${url.href}.br`)).arrayBuffer();
    const bytes = /** @type {Uint8Array<ArrayBuffer>} */ (decompress(new Uint8Array(content)));
    const response = new Response(bytes, { headers: { "Content-Type": "application/wasm" } });
    await cache?.put(key, response.clone()).catch(() => {}); // no room: it is unpacked again the next time
    return response;
}

/** That of this version; those of former ones go. @returns {Promise<Cache | undefined>} */
async function openCache() {
    try {
        const others = (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== CACHE);
        await Promise.all(others.map((name) => caches.delete(name)));
        return await caches.open(CACHE);
    } catch {
        return undefined; // the browser forbids it
    }
}
