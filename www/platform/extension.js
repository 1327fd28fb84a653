/**
 * The platform of the library inside the browser extension: every file lies in the package, workers start from it, and nothing is ever
 * fetched from elsewhere.
 * @import { Platform } from "./platform.d.ts"
 * @typedef {Omit<import("./build_files.js").Assets, "serviceWorker"> & {build: string}} PackageAssets as tools/extension_library.mjs wrote them into the page
 */
import { filesOfBuild } from "./build_files.js";
import { inBrowser } from "./in_browser.js";
import { PACKAGE_ADDRESS, PACKAGE_SETTINGS } from "./package_stores.js";
import { findPersistence } from "./persistence.js";
import { cameWhole } from "./whole.js";

/** @param {Document} document @returns {Platform} */
export function openPlatform(document) {
    const meta = document.querySelector('meta[name="tagsmith-assets"]');
    /** @type {PackageAssets} */
    const assets = JSON.parse(meta?.getAttribute("content") ?? "{}");
    const url = (/** @type {string} */ name) => new URL(name, document.baseURI);
    // The package's own policy holds for its workers, so that they need not be `blob:` ones, which it forbids.
    const start = async (/** @type {string} */ script, /** @type {string} */ name) =>
        new Worker(url(script), { name: `tagsmith ${name}` });
    const files = filesOfBuild(document, assets, url);

    return {
        ...files,
        ...inBrowser(document, PACKAGE_SETTINGS),
        ...cameWhole(document, assets, url, PACKAGE_ADDRESS),
        startWorker: (name) => start(assets.worker, name),
        store: { ...files.store, startWorker: () => start(assets.store, "store") },
        training: null, // there is no room for it in a package
        storage: findPersistence(),
    };
}
