/** What the page (updates.js) and its service worker (shells/page/sw.js) have agreed on, and the server with both. */

/** Names of our caches begin like this; a page of another folder on the same origin has its own. @param {string} scope */
export const cachePrefix = (scope) => `tagsmith-page ${scope} `;

/**
 * The cache of one version. A lock of the same name, held shared, says that the version is still in use.
 * @param {string} scope @param {string} version
 */
export const cacheName = (scope, version) => cachePrefix(scope) + version;

/**
 * Messages to the service worker: take over from the former version; delete what no version in use needs; keep what only pictures with
 * first tags need.
 */
export const KEEP_LATE = "keep_late";
export const TAKE_OVER = "take_over";
export const TIDY = "tidy";

/** Such a name (by the build, or by its bundler) never means another content, in whichever version. @param {string} name */
export const isHashed = (name) => /\.([0-9a-f]{10}|[A-Z0-9]{8})\.\w+$/.test(name);
