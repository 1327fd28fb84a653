/**
 * The platform of a web page.
 * @import { Assets } from "./build_files.js"
 * @import { Platform } from "./platform.d.ts"
 */
import { filesOfBuild } from "./build_files.js";
import { findProviders } from "./find_providers.js";
import { inBrowser } from "./in_browser.js";
import { openModels } from "./model_store.js";
import { findPersistence } from "./persistence.js";
import { openUpdates } from "./updates.js";
import { trustedScript } from "./worker_script.js";

/** @param {Document} document @returns {Platform} */
export function openPlatform(document) {
    const meta = document.querySelector('meta[name="tagsmith-assets"]');
    /** @type {Assets} */
    const assets = JSON.parse(meta?.getAttribute("content") ?? "{}");
    /** @param {string} name */
    const url = (name) => new URL(name, document.baseURI);

    return {
        ...filesOfBuild(document, { ...assets, build: assets.serviceWorker.version }, url),
        ...inBrowser(document, "tagsmith."),
        providers: findProviders({
            scope: url(".").href,
            script: url(assets.provider).href,
            module: url(assets.providers),
            serviceWorker: url(assets.serviceWorker.file).href,
            trust: trustedScript,
        }),
        models: openModels(document, {
            card: url(assets.card),
            vocabulary: url(assets.vocabulary),
            catalog: url(assets.catalog),
            frame: url(assets.catalogFrame),
        }),
        storage: findPersistence(),
        updates: openUpdates(url(assets.serviceWorker.file), assets.serviceWorker, trustedScript),
    };
}
