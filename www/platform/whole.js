/**
 * What a shell has that comes as a whole: nothing of it is fetched later, and nobody else is asked.
 * @import { Platform } from "./platform.d.ts"
 */
import { openModels } from "./model_store.js";

/**
 * @param {Document} document @param {{card: string, vocabulary: string, catalog: string}} assets @param {(name: string) => URL} url
 * @param {string} [at] under which address models are kept
 * @returns {Pick<Platform, "models" | "providers" | "updates">}
 */
export function cameWhole(document, assets, url, at) {
    const files = {
        card: url(assets.card),
        vocabulary: url(assets.vocabulary),
        catalog: url(assets.catalog),
        frame: url("none"),
    };
    const models = openModels(document, files, at);
    return {
        // A model of the catalog is known where somebody brings its file; there is no way to fetch one.
        models: { ...models, catalog: async () => [], identify: (file) => models.identify(file) },
        providers: null,
        updates: {
            keep: async ({ onKept }) => onKept(),
            keepLate: () => {},
            check: () => {},
            apply: () => location.reload(),
        },
    };
}
