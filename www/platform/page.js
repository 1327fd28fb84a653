/**
 * The platform of a web page.
 * @import { Platform } from "./platform.d.ts"
 *
 * The names of this build's files, as tools/build.mjs wrote them into the page.
 * @typedef {{worker: string, store: string, sqlite: string, provider: string, providers: string,
 *   trainer: string, train: string, background?: string, engine: {simd128: string, relaxed: string}, session: string, exports: string, card: string, vocabulary: string, model: string,
 *   companions: Record<string, string>, objects: Record<string, string>,
 *   styles: Record<string, string>, self_test: string, licences: string, version: string,
 *   catalog: string, catalogFrame: string,
 *   samples: Record<string, {file: string, small: string, tags: {id: string, names: Record<string, string>}[]}>,
 *   serviceWorker: import("./updates.js").ServiceWorkerFacts}} Assets
 */
import { fetchFile, fetchModule } from "../core/engine.js";
import { findBrowserModel } from "./browser_model.js";
import { findCamera } from "./camera.js";
import { droppedFiles, findFolderChooser } from "./folders.js";
import { knownLanguages } from "./languages.js";
import { openModels } from "./model_store.js";
import { findPersistence } from "./persistence.js";
import { findProviders } from "./find_providers.js";
import { findSaveFolder, rememberedFolders } from "./save_folder.js";
import { saveFile } from "./saving.js";
import { openUpdates } from "./updates.js";

const STORE = "tagsmith.";

/** @param {Document} document @returns {Platform} */
export function openPlatform(document) {
    const meta = document.querySelector('meta[name="tagsmith-assets"]');
    /** @type {Assets} */
    const assets = JSON.parse(meta?.getAttribute("content") ?? "{}");
    /** @param {string} name */
    const url = (name) => new URL(name, document.baseURI);
    /** @param {Record<string, string>} names by path */
    const urls = (names) => Object.fromEntries(Object.entries(names).map(([path, name]) => [path, url(name)]));
    const workerScript = new WorkerScript(url(assets.worker));
    const storeScript = new WorkerScript(url(assets.store));
    const trainerScript = new WorkerScript(url(assets.trainer));
    /** @type {Map<string, unknown>} */
    const memory = new Map();

    return {
        engineFiles: () => ({
            engine: { simd128: url(assets.engine.simd128), relaxed: url(assets.engine.relaxed) },
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
        version: () => ({ number: assets.version, build: assets.serviceWorker.version }),
        async loadStyles(part) {
            const file = assets.styles[part];
            if (file) await linkStyles(document, url(file));
        },
        startWorker: (name) => workerScript.start(name),
        store: {
            scope: url(".").href,
            startWorker: () => storeScript.start("store"),
            loadModule: () => fetchModule(url(assets.sqlite)),
        },
        training: {
            startWorker: () => trainerScript.start("trainer"),
            loadModule: () => fetchModule(url(assets.train)),
            loadBackground: async () =>
                assets.background ? (await fetchFile(url(assets.background))).arrayBuffer() : null,
        },
        providers: findProviders({
            scope: url(".").href,
            script: url(assets.provider).href,
            module: url(assets.providers),
            serviceWorker: url(assets.serviceWorker.file).href,
            trust: trustedScript,
        }),
        saveFile: (name, type, make) => saveFile(document, name, type, make),
        saveFolder: findSaveFolder(),
        pictureFolders: rememberedFolders,
        droppedFiles,
        chooseFolder: findFolderChooser(),
        camera: findCamera(),
        browserModel: findBrowserModel(/** @type {object} */ (globalThis)),
        copyText: findClipboard(),
        chosenFiles: (input) =>
            Array.from(input.files ?? [], (file) => ({ file, path: file.webkitRelativePath || file.name })),
        saveSetting(key, value) {
            memory.set(key, value);
            try {
                localStorage.setItem(STORE + key, JSON.stringify(value));
            } catch {
                // Storage is full or forbidden: the setting holds until the page closes.
            }
        },
        loadSetting(key) {
            if (memory.has(key)) return memory.get(key);
            try {
                return JSON.parse(localStorage.getItem(STORE + key) ?? "null");
            } catch {
                return null;
            }
        },
        onSetting(key, tell) {
            addEventListener("storage", (event) => {
                if (event.key !== STORE + key) return;
                memory.delete(key);
                tell();
            });
        },
        machine: () => ({
            cores: navigator.hardwareConcurrency,
            memoryGb: /** @type {{deviceMemory?: number}} */ (navigator).deviceMemory,
        }),
        languages: () => knownLanguages(navigator.languages),
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

/** A link that failed makes room for the next try. @param {Document} document @param {URL} url @returns {Promise<void>} */
function linkStyles(document, url) {
    const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href: url.href });
    return new Promise((resolve, reject) => {
        link.onload = () => resolve();
        link.onerror = () => {
            link.remove();
            reject(new Error(`${url.pathname.split("/").pop()} could not be fetched.`));
        };
        document.head.append(link);
    });
}

/**
 * The worker's script as a `blob:` address. A worker from there is under the page's own content security policy, whatever headers the
 * host sends; one from the network would be under those of its own answer alone, and on a plain static host there are none.
 */
class WorkerScript {
    /** @type {Promise<unknown> | null} */
    #blobUrl = null;

    /** @param {URL} url */
    constructor(url) {
        this.source = url;
    }

    /** @param {string} name */
    async start(name) {
        return new Worker(/** @type {URL} */ (await this.#url()), { name: `tagsmith ${name}` });
    }

    /** What `new Worker` takes, fetched once. A fetch that failed is tried again the next time. */
    #url() {
        this.#blobUrl ??= this.#fetch().catch((error) => {
            this.#blobUrl = null;
            throw error;
        });
        return this.#blobUrl;
    }

    async #fetch() {
        const script = await (await fetchFile(this.source)).blob();
        return trustedScript(URL.createObjectURL(new Blob([script], { type: "text/javascript" })));
    }
}

/** Which origins its address may name is the service worker's to say. */
const PROVIDER = /^provider(\.[0-9a-f]{10})?\.js(\?[^#]*)?$/;

/** The one policy that may name scripts: the workers', and the service worker of this build. @type {{createScriptURL: (url: string) => unknown} | undefined} */
let policy;

/** @param {string} url */
function trustedScript(url) {
    const { trustedTypes } = /** @type {{trustedTypes?: {createPolicy: Function}}} */ (
        /** @type {unknown} */ (globalThis)
    );
    policy ??= trustedTypes?.createPolicy("tagsmith", {
        createScriptURL(/** @type {string} */ wanted) {
            const { href } = new URL(".", document.baseURI);
            const name = wanted.startsWith(href) ? wanted.slice(href.length) : "";
            if (wanted.startsWith(`blob:${location.origin}/`) || name === "sw.js" || PROVIDER.test(name)) return wanted;
            throw new TypeError(`Not a script of this build: ${wanted}`);
        },
    });
    return policy ? policy.createScriptURL(url) : url;
}

/** Null where the page is no secure context. @returns {((text: string) => Promise<void>) | null} */
function findClipboard() {
    const { clipboard } = /** @type {{clipboard?: Clipboard}} */ (navigator);
    return clipboard ? (text) => clipboard.writeText(text) : null;
}
