/**
 * The platform of a page that is a single file, opened from a disk: everything it is made of lies in it, and nothing is kept but what
 * somebody saves.
 * @import { Platform } from "./platform.d.ts"
 *
 * What tools/build_demo.mjs wrote into the page: files by name, as in a page of many.
 * @typedef {{
 *   companions: Record<string, string>, objects: Record<string, string>, styles: Record<string, string>, background: string | null,
 *   samples: Record<string, {file: string, small: string, tags: {id: string, names: Record<string, string>}[]}>,
 *   version: {number: string, build: string}, has_objects: boolean }} PackedAssets
 */
import { fetchFile, fetchModule } from "../core/engine.js";
import { findCamera } from "./camera.js";
import { droppedFiles } from "./folders.js";
import { knownLanguages } from "./languages.js";
import { openModels } from "./model_store.js";
import { packedUrl } from "./packed_fetch.js";
import { saveFile } from "./saving.js";

/** @param {Document} document @returns {PackedAssets} */
export const readAssets = (document) =>
    JSON.parse(document.querySelector('meta[name="tagsmith-assets"]')?.getAttribute("content") ?? "{}");

/** @param {Document} document @param {PackedAssets} assets @returns {Promise<Platform>} */
export async function openPlatform(document, assets) {
    /** @param {Record<string, string>} names by path */
    const urls = (names) => Object.fromEntries(Object.entries(names).map(([path, name]) => [path, packedUrl(name)]));
    const samples = Object.entries(assets.samples).map(async ([name, { file, small, tags }]) => ({
        name,
        tags,
        url: packedUrl(file),
        small: await blobUrl(small),
    }));
    const shown = await Promise.all(samples);
    /** Opened in a tab, which no script can do with what is not there yet. */
    let licences = new URL("about:blank");
    void blobUrl("licences.txt").then((url) => (licences = url)).catch(() => {}); // a file that is not whole says so at its start
    /** @type {Map<string, unknown>} */
    const settings = new Map();
    const [worker, store, trainer] = ["worker.js", "store.js", "trainer.js"].map(workerStarter);

    return {
        engineFiles: () => ({
            engine: { simd128: packedUrl("engine-simd128.wasm") },
            session: packedUrl("session.wasm"),
            exports: packedUrl("exports.wasm"),
            card: packedUrl("model.json"),
            vocabulary: packedUrl("vocabulary.json"),
            model: packedUrl("model.onnx"),
            companions: urls(assets.companions),
            objects: urls(assets.objects),
        }),
        samples: () => shown,
        selfTestFile: () => packedUrl("self_test.json"),
        licencesFile: () => licences,
        version: () => assets.version,
        async loadStyles(part) {
            const file = assets.styles[part];
            if (!file) return;
            const sheet = new CSSStyleSheet();
            sheet.replaceSync(await (await fetchFile(packedUrl(file))).text());
            document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
        },
        startWorker: worker,
        store: {
            scope: packedUrl("library").href,
            startWorker: () => store("store"),
            loadModule: () => fetchModule(packedUrl("sqlite3.wasm")),
            whyInMemory: "one_file",
        },
        training: {
            startWorker: () => trainer("trainer"),
            loadModule: () => fetchModule(packedUrl("train.wasm")),
            loadBackground: async () =>
                assets.background ? (await fetchFile(packedUrl(assets.background))).arrayBuffer() : null,
        },
        providers: null,
        saveFile: (name, type, make) => saveFile(document, name, type, make),
        saveFolder: null,
        pictureFolders: () => [],
        droppedFiles,
        chooseFolder: null,
        camera: findCamera(),
        browserModel: null,
        copyText: findClipboard(),
        chosenFiles: (input) =>
            Array.from(input.files ?? [], (file) => ({ file, path: file.webkitRelativePath || file.name })),
        saveSetting: (key, value) => void settings.set(key, value),
        loadSetting: (key) => settings.get(key) ?? null,
        onSetting: () => {},
        machine: () => ({
            cores: navigator.hardwareConcurrency,
            memoryGb: /** @type {{deviceMemory?: number}} */ (navigator).deviceMemory,
        }),
        languages: () => knownLanguages(navigator.languages),
        models: openModels(document, {
            card: packedUrl("model.json"),
            vocabulary: packedUrl("vocabulary.json"),
            catalog: packedUrl("catalog.json"),
            frame: packedUrl("catalog.html"),
        }),
        storage: { isPromised: async () => null, ask: async () => false },
        updates: {
            keep: async ({ onKept }) => onKept(),
            keepLate: () => {},
            check: () => {},
            apply: () => location.reload(),
        },
    };
}

/** @param {string} name */
const blobUrl = async (name) => new URL(URL.createObjectURL(await (await fetchFile(packedUrl(name))).blob()));

/** Workers of a script in the page, unpacked once. @param {string} file */
function workerStarter(file) {
    /** @type {Promise<unknown> | null} */
    let script = null;
    return async (/** @type {string} */ name) => {
        script ??= blobUrl(file).then(({ href }) => trusted(href));
        return new Worker(/** @type {URL} */ (await script), { name: `tagsmith ${name}` });
    };
}

/** @type {{createScriptURL: (url: string) => unknown} | undefined} */
let policy;

/** What `new Worker` takes. @param {string} url */
function trusted(url) {
    const { trustedTypes } = /** @type {{trustedTypes?: {createPolicy: Function}}} */ (
        /** @type {unknown} */ (globalThis)
    );
    policy ??= trustedTypes?.createPolicy("tagsmith", {
        createScriptURL(/** @type {string} */ wanted) {
            if (wanted.startsWith("blob:")) return wanted;
            throw new TypeError(`Not a script of this file: ${wanted}`);
        },
    });
    return policy ? policy.createScriptURL(url) : url;
}

/** @returns {((text: string) => Promise<void>) | null} */
function findClipboard() {
    const { clipboard } = /** @type {{clipboard?: Clipboard}} */ (navigator);
    return clipboard ? (text) => clipboard.writeText(text) : null;
}
