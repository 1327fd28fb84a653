/**
 * The platform of a web page.
 * @import { Platform } from "./platform.d.ts"
 *
 * The names of this build's files, as tools/build.mjs wrote them into the page.
 * @typedef {{worker: string, engine: {simd128: string, relaxed: string}, session: string, card: string, vocabulary: string, model: string,
 *   companions: Record<string, string>,
 *   samples: Record<string, string>, self_test: string, version: string,
 *   catalog: string, catalog_door: string,
 *   service_worker: import("./updates.js").ServiceWorkerFacts}} Assets
 */
import { fetch_file } from "../core/engine.js";
import { find_camera } from "./camera.js";
import { dropped_files, find_folder_chooser } from "./folders.js";
import { open_models } from "./model_store.js";
import { save_file } from "./saving.js";
import { open_updates } from "./updates.js";

const STORE = "tagsmith.";

/** @param {Document} document @returns {Platform} */
export function open_platform(document) {
    const meta = document.querySelector('meta[name="tagsmith-assets"]');
    /** @type {Assets} */
    const assets = JSON.parse(meta?.getAttribute("content") ?? "{}");
    /** @param {string} name */
    const url = (name) => new URL(name, document.baseURI);
    const worker_script = new WorkerScript(url(assets.worker));
    /** @type {Map<string, unknown>} */
    const memory = new Map();

    return {
        engine_files: () => ({
            engine: { simd128: url(assets.engine.simd128), relaxed: url(assets.engine.relaxed) },
            session: url(assets.session),
            card: url(assets.card),
            vocabulary: url(assets.vocabulary),
            model: url(assets.model),
            companions: Object.fromEntries(Object.entries(assets.companions).map(([path, name]) => [path, url(name)])),
        }),
        samples: () => Object.entries(assets.samples).map(([name, file]) => ({ name, url: url(file) })),
        self_test_file: () => url(assets.self_test),
        version: () => ({ number: assets.version, build: assets.service_worker.version }),
        start_worker: async (name) => new Worker(/** @type {URL} */ (await worker_script.url()), { name: `tagsmith ${name}` }),
        save_file: (name, type, make) => save_file(document, name, type, make),
        dropped_files,
        choose_folder: find_folder_chooser(),
        camera: find_camera(),
        copy_text: find_clipboard(),
        chosen_files: (input) =>
            Array.from(input.files ?? [], (file) => ({ file, path: file.webkitRelativePath || file.name })),
        remember(key, value) {
            memory.set(key, value);
            try {
                localStorage.setItem(STORE + key, JSON.stringify(value));
            } catch {
                // Storage is full or forbidden: the setting holds until the page closes.
            }
        },
        recall(key) {
            if (memory.has(key)) return memory.get(key);
            try {
                return JSON.parse(localStorage.getItem(STORE + key) ?? "null");
            } catch {
                return null;
            }
        },
        machine: () => ({
            cores: navigator.hardwareConcurrency,
            memory_gb: /** @type {{deviceMemory?: number}} */ (navigator).deviceMemory,
        }),
        languages: () => navigator.languages,
        models: open_models(document, {
            card: url(assets.card),
            vocabulary: url(assets.vocabulary),
            catalog: url(assets.catalog),
            door: url(assets.catalog_door),
        }),
        updates: open_updates(url(assets.service_worker.file), assets.service_worker, trusted_script),
    };
}

/**
 * The worker's script as a `blob:` address. A worker from there is under the page's own content security policy, whatever headers the
 * host sends; one from the network would be under those of its own answer alone, and on a plain static host there are none.
 */
class WorkerScript {
    /** @type {Promise<unknown> | null} */
    #blob_url = null;

    /** @param {URL} url */
    constructor(url) {
        this.source = url;
    }

    /** What `new Worker` takes, fetched once. A fetch that failed is tried again the next time. */
    url() {
        this.#blob_url ??= this.#fetch().catch((error) => {
            this.#blob_url = null;
            throw error;
        });
        return this.#blob_url;
    }

    async #fetch() {
        const script = await (await fetch_file(this.source)).blob();
        return trusted_script(URL.createObjectURL(new Blob([script], { type: "text/javascript" })));
    }
}

/** The one policy that may name scripts: the worker's, and the service worker of this build. @type {{createScriptURL: (url: string) => unknown} | undefined} */
let policy;

/** @param {string} url */
function trusted_script(url) {
    const { trustedTypes } = /** @type {{trustedTypes?: {createPolicy: Function}}} */ (/** @type {unknown} */ (globalThis));
    policy ??= trustedTypes?.createPolicy("tagsmith", {
        createScriptURL(/** @type {string} */ wanted) {
            if (!wanted.startsWith(`blob:${location.origin}/`) && wanted !== new URL("sw.js", document.baseURI).href) throw new TypeError(`Not a script of this build: ${wanted}`);
            return wanted;
        },
    });
    return policy ? policy.createScriptURL(url) : url;
}

/** Null where the page is no secure context. @returns {((text: string) => Promise<void>) | null} */
function find_clipboard() {
    const { clipboard } = /** @type {{clipboard?: Clipboard}} */ (navigator);
    return clipboard ? (text) => clipboard.writeText(text) : null;
}
