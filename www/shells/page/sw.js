/**
 * Keeps a version of the page for use without a network. The build fills in what belongs to the version, and puts this file beside
 * the page under a name that never changes: the browser asks for it again and takes other bytes for a newer version.
 *
 * What is kept is byte for byte the build. One file that is not, and nothing of the new version counts; the former one stays. What the
 * first tags do not need is fetched when the page says so, and what only some people use with its first use; until then a version has what a
 * former one had of it.
 */
import { probe } from "../../core/engine.js";
import { KEEP_LATE, TAKE_OVER, TIDY, isHashed, cacheName, cachePrefix } from "../../platform/cache_names.js";
import { enabledOrigins } from "../../platform/provider_origins.js";
import { answerForProvider, isProviderScript } from "./provider_script.js";
import { keepToScope } from "./scope_only.js";

/** @typedef {(typeof TAGSMITH_BUILD.files)[number]} BuildFile */

const worker = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (self));
const fetch = keepToScope(worker);
const { version, isFinal, files } = TAGSMITH_BUILD;
const { scope } = worker.registration;
const CACHE = cacheName(scope, version);
const PAGE = "./";
const lateFiles = files.filter(({ isLate }) => isLate);
const onDemand = files.filter(({ isOnDemand }) => isOnDemand);
const BY_NAME = new Map(files.map((file) => [file.name, file]));

worker.addEventListener("install", (event) => event.waitUntil(install()));
worker.addEventListener("activate", (event) => event.waitUntil(deleteOldCaches().then(() => worker.clients.claim())));
worker.addEventListener("message", (event) => {
    if (event.data === TAKE_OVER) event.waitUntil(worker.skipWaiting());
    if (event.data === TIDY) event.waitUntil(deleteOldCaches());
    if (event.data === KEEP_LATE) event.waitUntil(keepLate());
});
worker.addEventListener("fetch", (event) => {
    const { request } = event;
    const name = nameOf(request);
    if (name === null) return;
    if (isProviderScript(name))
        event.respondWith(answerForProvider({ request, scope, script: () => providerScript(name) }));
    else event.respondWith(isFinal ? cacheFirst(request, name) : networkFirst(request, name));
});

async function install() {
    const variant = probe();
    const usesAll = (await enabledOrigins(scope)).length > 0;
    const wanted = files.filter(
        (file) =>
            !file.isLate && (usesAll || !file.isOnDemand) && (file.variant === undefined || file.variant === variant),
    );
    await navigator.locks.request(CACHE, { mode: "shared" }, async () => {
        const cache = await caches.open(CACHE);
        // What the page itself waits for goes before what its first picture needs.
        for (const group of [wanted.filter(({ isLast }) => !isLast), wanted.filter(({ isLast }) => isLast)])
            await Promise.all(group.map((file) => store(cache, file)));
        const others = [...lateFiles, ...onDemand].filter((file) => !wanted.includes(file));
        await Promise.all(others.map((file) => store(cache, file, [cachedAnywhere]).catch(() => {})));
    });
    if (!isFinal) await worker.skipWaiting();
}

/** What is not needed before the first tags, as far as it is not kept yet. */
async function keepLate() {
    const cache = await caches.open(CACHE);
    const missing = await Promise.all(lateFiles.map(async (file) => ((await cached(file.name)) ? [] : [file])));
    await Promise.all(missing.flat().map((file) => store(cache, file)));
}

/** Where a file may be taken from, the nearest first. @type {((url: string, name: string) => Promise<Response | undefined>)[]} */
const WAYS = [
    cachedAnywhere,
    (url, name) => fetch(url, { cache: isHashed(name) ? "default" : "no-cache" }),
    (url) => fetch(url, { cache: "reload" }),
];

/**
 * Takes a file from where it is nearest: another version, the browser's own cache, the network.
 * @param {Cache} cache @param {BuildFile} file
 */
async function store(cache, { name, sha256 }, ways = WAYS) {
    const url = new URL(name, scope).href;
    for (const way of ways) {
        const response = await way(url, name);
        if (!response?.ok || (await sha256Of(response.clone())) !== sha256) continue;
        // A browser takes no answer for a page that says it was redirected.
        return cache.put(
            url,
            response.redirected ? new Response(response.body, { headers: response.headers }) : response,
        );
    }
    throw new Error(`${name} did not arrive as it was built.`);
}

/** @param {Response} response */
async function sha256Of(response) {
    const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", await response.arrayBuffer()));
    return Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The file of ours that is asked for; null means that the request is none of our business. @param {Request} request */
function nameOf({ method, url, mode, headers }) {
    if (method !== "GET" || headers.has("range") || !url.startsWith(scope)) return null;
    const { pathname, search } = new URL(url);
    const name = pathname.slice(new URL(scope).pathname.length);
    // Whatever the address asks the page for, it is the same page.
    if (mode === "navigate") {
        if (name === "" || name === "index.html") return PAGE;
        return name.endsWith(".txt") && BY_NAME.has(name) ? name : null; // the licences
    }
    return (search === "" || isProviderScript(name)) && (BY_NAME.has(name) || isHashed(name)) ? name : null;
}

/** @param {Request} request @param {string} name */
async function cacheFirst(request, name) {
    return (await cached(name)) ?? (await keptOnDemand(name)) ?? fetch(request);
}

/** What is kept from its first use on. @param {string} name */
async function keptOnDemand(name) {
    const file = BY_NAME.get(name);
    if (!file?.isOnDemand) return undefined;
    await store(await caches.open(CACHE), file).catch(() => {}); // then it comes as it is, and is not kept
    return cached(name);
}

/**
 * The script with the hash that its name promises, or that this build knows: what lies in the cache could have been put there by anybody.
 * @param {string} name
 */
async function providerScript(name) {
    const file = BY_NAME.get(name);
    const request = new Request(new URL(name, scope).href);
    const response = await (isFinal || !file ? cacheFirst(request, name) : networkFirst(request, name));
    const hash = await sha256Of(response.clone());
    const isRight = file ? !isFinal || hash === file.sha256 : name.includes(`.${hash.slice(0, 10)}.`);
    return response.ok && isRight ? response.text() : null;
}

/** @param {Request} request @param {string} name */
async function networkFirst(request, name) {
    return fetch(request).catch(async (error) => (await cached(name)) ?? Promise.reject(error));
}

/** A page that was opened before this version took over still asks for the files of its own. @param {string} name */
async function cached(name) {
    const url = new URL(name, scope).href;
    const own = await caches.match(url, { cacheName: CACHE, ignoreVary: true });
    return own ?? (isHashed(name) ? cachedAnywhere(url) : undefined);
}

/** @param {string} url */
async function cachedAnywhere(url) {
    for (const name of await ourCaches()) {
        const response = await caches.match(url, { cacheName: name, ignoreVary: true });
        if (response) return response;
    }
    return undefined;
}

/** Deletes the versions that no page shows and no worker is fetching. */
async function deleteOldCaches() {
    for (const name of await ourCaches()) {
        if (name === CACHE) continue;
        await navigator.locks.request(name, { ifAvailable: true }, async (lock) => {
            const { installing, waiting } = worker.registration;
            if (lock && !installing && !waiting) await caches.delete(name);
        });
    }
}

async function ourCaches() {
    return (await caches.keys()).filter((name) => name.startsWith(cachePrefix(scope)));
}
