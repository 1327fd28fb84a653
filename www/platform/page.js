/**
 * The platform of a web page.
 * @import { Found, Platform } from "./platform.d.ts"
 *
 * The names of this build's files, as tools/build.mjs wrote them into the page.
 * @typedef {{worker: string, engine: {simd128: string, relaxed: string}, card: string, vocabulary: string, model: string,
 *   samples: Record<string, string>}} Assets
 */

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
    const worker_url = trusted_script(url(assets.worker));
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
        start_worker: (name) => new Worker(/** @type {URL} */ (worker_url), { name: `tagsmith ${name}` }),
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
 * The policy demands that a script's address comes from a named place: this one, which vouches for this build's worker only.
 * @param {URL} url
 */
function trusted_script(url) {
    const { trustedTypes } = /** @type {{trustedTypes?: {createPolicy: Function}}} */ (/** @type {unknown} */ (globalThis));
    if (!trustedTypes) return url;
    const createScriptURL = (/** @type {string} */ wanted) => {
        if (wanted !== url.href) throw new TypeError(`Not a script of this build: ${wanted}`);
        return wanted;
    };
    return trustedTypes.createPolicy("tagsmith", { createScriptURL }).createScriptURL(url.href);
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
