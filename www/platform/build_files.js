/**
 * The files of a build, by the names that tools/build.mjs gave them.
 * @import { Platform } from "./platform.d.ts"
 *
 * The names of this build's files, as tools/build.mjs wrote them into the page.
 * @typedef {{worker: string, store: string, sqlite: string, provider: string, providers: string,
 *   trainer: string, train: string, background?: string, engine: Partial<Record<import("../core/engine.js").Variant, string>>, session: string, exports: string, card: string, vocabulary: string, model: string,
 *   companions: Record<string, string>, objects: Record<string, string>,
 *   styles: Record<string, string>, self_test: string, licences: string, version: string,
 *   catalog: string, catalogFrame: string,
 *   samples: Record<string, {file: string, small: string, tags: {id: string, names: Record<string, string>}[]}>,
 *   serviceWorker: import("./updates.js").ServiceWorkerFacts}} Assets
 */
import { fetchFile, fetchModule } from "../core/engine.js";
import { linkStyles } from "./style_links.js";
import { WorkerScript } from "./worker_script.js";

/**
 * @param {Document} document @param {Omit<Assets, "serviceWorker"> & {build: string}} assets @param {(name: string) => URL} url of a file
 * @returns {Pick<Platform, "engineFiles" | "samples" | "selfTestFile" | "licencesFile" | "version" | "loadStyles" | "startWorker" | "store" | "training">}
 */
export function filesOfBuild(document, assets, url) {
    /** @param {Record<string, string>} names by path */
    const urls = (names) => Object.fromEntries(Object.entries(names).map(([path, name]) => [path, url(name)]));
    const workerScript = new WorkerScript(url(assets.worker));
    const storeScript = new WorkerScript(url(assets.store));
    const trainerScript = new WorkerScript(url(assets.trainer));
    return {
        engineFiles: () => ({
            engine: urls(assets.engine),
            session: url(assets.session),
            exports: url(assets.exports),
            card: url(assets.card),
            vocabulary: url(assets.vocabulary),
            model: url(assets.model),
            companions: urls(assets.companions),
            objects: urls(assets.objects),
        }),
        samples: () =>
            Object.entries(assets.samples).map(([name, { file, small, tags }]) => ({
                name,
                url: url(file),
                small: url(small),
                tags,
            })),
        selfTestFile: () => url(assets.self_test),
        licencesFile: () => url(assets.licences),
        version: () => ({ number: assets.version, build: assets.build }),
        async loadStyles(part) {
            const file = assets.styles[part];
            if (file) await linkStyles(document, url(file));
        },
        startWorker: (name) => workerScript.start(name),
        store: {
            scope: new URL(".", document.baseURI).href,
            startWorker: () => storeScript.start("store"),
            loadModule: () => fetchModule(url(assets.sqlite)),
        },
        training: {
            startWorker: () => trainerScript.start("trainer"),
            loadModule: () => fetchModule(url(assets.train)),
            loadBackground: async () =>
                assets.background ? (await fetchFile(url(assets.background))).arrayBuffer() : null,
        },
    };
}
