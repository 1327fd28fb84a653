/**
 * The platform of a web page.
 * @import { Found, Platform } from "./platform.d.ts"
 *
 * The names of this build's files, as tools/build.mjs wrote them into the page.
 * @typedef {{worker: string, engine: {simd128: string, relaxed: string}, card: string, vocabulary: string, model: string,
 *   samples: Record<string, string>}} Assets
 */
import { fetch_file } from "../core/engine.js";

/** How many files of a dropped folder are handed on at a time. */
const HANDFUL = 200;
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
            card: url(assets.card),
            vocabulary: url(assets.vocabulary),
            model: url(assets.model),
        }),
        samples: () => Object.entries(assets.samples).map(([name, file]) => ({ name, url: url(file) })),
        start_worker: async (name) => new Worker(/** @type {URL} */ (await worker_script.url()), { name: `tagsmith ${name}` }),
        save_file: (blob, name) => save_file(document, blob, name),
        dropped_files,
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

/** The one policy that may name scripts; it knows no other script than the worker's. @type {{createScriptURL: (url: string) => unknown} | undefined} */
let policy;

/** @param {string} url */
function trusted_script(url) {
    const { trustedTypes } = /** @type {{trustedTypes?: {createPolicy: Function}}} */ (/** @type {unknown} */ (globalThis));
    policy ??= trustedTypes?.createPolicy("tagsmith", {
        createScriptURL(/** @type {string} */ wanted) {
            if (!wanted.startsWith(`blob:${location.origin}/`)) throw new TypeError(`Not a script of this build: ${wanted}`);
            return wanted;
        },
    });
    return policy ? policy.createScriptURL(url) : url;
}

/** @param {Document} document @param {Blob} blob @param {string} name */
function save_file(document, blob, name) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = name;
    link.click();
    // The browser reads the address after this turn; a minute is long enough for a slow disk.
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

/** @param {DataTransfer} drop @returns {AsyncGenerator<Found[]>} */
async function* dropped_files(drop) {
    // Entries and files must be taken before the first await: the drop is emptied when its event ends.
    const items = Array.from(drop.items, (item) => ({ entry: item.webkitGetAsEntry(), file: item.getAsFile() }));
    /** @type {Found[]} */
    let handful = [];
    for (const { entry, file } of items) {
        if (!entry?.isDirectory) {
            if (file) handful.push({ file, path: file.name });
            continue;
        }
        for await (const found of walk(/** @type {FileSystemDirectoryEntry} */ (entry))) {
            handful.push(found);
            if (handful.length >= HANDFUL) {
                yield handful;
                handful = [];
            }
        }
    }
    if (handful.length > 0) yield handful;
}

/** @param {FileSystemDirectoryEntry} folder @returns {AsyncGenerator<Found>} */
async function* walk(folder) {
    const entries = await read_folder(folder);
    entries.sort((a, b) => a.name.localeCompare(b.name, undefined, { numeric: true }));
    for (const entry of entries) {
        if (entry.isDirectory) {
            yield* walk(/** @type {FileSystemDirectoryEntry} */ (entry));
        } else {
            const file = await new Promise((resolve) =>
                /** @type {FileSystemFileEntry} */ (entry).file(resolve, () => resolve(null)),
            );
            if (file) yield { file, path: entry.fullPath.replace(/^\//, "") };
        }
    }
}

/** @param {FileSystemDirectoryEntry} folder @returns {Promise<FileSystemEntry[]>} */
async function read_folder(folder) {
    const reader = folder.createReader();
    /** @type {FileSystemEntry[]} */
    const all = [];
    for (;;) {
        // A reader gives at most a hundred at a time, and nothing at the end; a folder we may not read counts as empty.
        const some = await new Promise((resolve) => reader.readEntries(resolve, () => resolve([])));
        if (some.length === 0) return all;
        all.push(...some);
    }
}
