/**
 * Which origins a provider worker may reach, as the page (providers.js) and its service worker (shells/page/provider_script.js) have agreed.
 * The list of those that are enabled lies in the Cache storage, where both can read it.
 */
import { isPrivateHost } from "../core/addresses.js";

/** More than any provider has: its service, where it signs in, and a relay. */
export const MAX_ORIGINS = 6;
/** A name or four numbers. Everything else would mean something in a policy, or nothing: an IPv6 address cannot be named in one. */
const HOST = /^[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*$/;

/**
 * Whether a text is an origin that a worker may be given, letter for letter as browsers write it: over https, or over http on this machine
 * and the network around it.
 * @param {string} text
 */
export function isProviderOrigin(text) {
    if (!URL.canParse(text)) return false;
    const { origin, protocol, hostname } = new URL(text);
    if (origin !== text || !HOST.test(hostname)) return false;
    return protocol === "https:" || (protocol === "http:" && isPrivateHost(hostname));
}

/** The address of a worker for these origins. @param {string} script @param {readonly string[]} origins */
export function addressFor(script, origins) {
    const url = new URL(script);
    for (const origin of origins) url.searchParams.append("to", origin);
    return url.href;
}

/**
 * What such an address asks for; null if any of it is not an origin, there are too many, or it asks for something else.
 * @param {string} search
 */
export function originsIn(search) {
    const wanted = new URLSearchParams(search);
    const origins = wanted.getAll("to");
    const isPlain =
        origins.length <= MAX_ORIGINS && [...wanted.keys()].every((key) => key === "to" || key === EMBEDDER);
    return isPlain && new Set(origins).size === origins.length && origins.every(isProviderOrigin) ? origins : null;
}

/** For browsers that do not know a worker without credentials: then it takes no answer but those that say they may be taken. */
export const EMBEDDER = "embedder";
export const STRICT = "require-corp";

/** Never a page's cache (cache_names.js). @param {string} scope */
const listName = (scope) => `tagsmith-providers ${scope}`;
/** @param {string} scope @param {string} origin */
const entryOf = (scope, origin) => `${scope}enabled-provider/${encodeURIComponent(origin)}`;

/** @param {string} scope @param {string} origin */
export async function isEnabled(scope, origin) {
    return (await caches.match(entryOf(scope, origin), { cacheName: listName(scope) })) !== undefined;
}

/** @param {string} scope @returns {Promise<string[]>} */
export async function enabledOrigins(scope) {
    if (!(await caches.has(listName(scope)))) return [];
    const entries = await (await caches.open(listName(scope))).keys();
    return entries.map(({ url }) => decodeURIComponent(url.slice(entryOf(scope, "").length))).filter(isProviderOrigin);
}

/** @param {string} scope @param {readonly string[]} origins */
export async function enable(scope, origins) {
    const wrong = origins.find((origin) => !isProviderOrigin(origin));
    if (wrong !== undefined) throw new TypeError(`${wrong} is not an origin that a provider may have.`);
    const list = await caches.open(listName(scope));
    await Promise.all(origins.map((origin) => list.put(entryOf(scope, origin), new Response(""))));
}

/** The list goes with its last entry. @param {string} scope @param {readonly string[]} origins */
export async function disable(scope, origins) {
    if (!(await caches.has(listName(scope)))) return;
    const list = await caches.open(listName(scope));
    await Promise.all(origins.map((origin) => list.delete(entryOf(scope, origin))));
    if ((await list.keys()).length === 0) await caches.delete(listName(scope));
}
