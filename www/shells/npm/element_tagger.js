/**
 * The taggers of all elements of a page: one for each model, loaded when the first picture comes.
 * @import { Progress, Tagger, TaggerOptions } from "./api.d.ts"
 */
import { words } from "tagsmith-error-words";

/** @typedef {Pick<TaggerOptions, "model" | "assets">} Wanted */
/** @typedef {{tagger: Promise<Tagger>, last: Progress | null, listeners: Set<(progress: Progress) => void>}} Loading */

/** @type {Map<string, Loading>} */
const taggers = new Map();

/** What could not even begin, as other errors are. */
class UnreachableError extends Error {
    /** @param {"en" | "sv"} language @param {unknown} cause */
    constructor(language, cause) {
        const detail = `The package could not be loaded: ${/** @type {Error} */ (cause).message}`;
        const { title = "", remedy = "" } = words[language]["engine_unreachable"] ?? {};
        super([title, remedy, detail].join(" "), { cause });
        this.name = "TaggerError";
        Object.assign(this, { code: "engine_unreachable", title, remedy, detail, subject: undefined });
    }
}

/**
 * @param {Wanted} wanted @param {"en" | "sv"} language of what is said where that fails @param {(progress: Progress) => void} onProgress
 * @returns {Promise<Tagger>}
 */
export async function taggerOf(wanted, language, onProgress) {
    const key = JSON.stringify(wanted);
    const loading = taggers.get(key) ?? load(wanted, language);
    taggers.set(key, loading);
    loading.listeners.add(onProgress);
    if (loading.last) onProgress(loading.last);
    try {
        return await loading.tagger;
    } catch (error) {
        if (taggers.get(key) === loading) taggers.delete(key); // the next picture tries again
        throw error;
    } finally {
        loading.listeners.delete(onProgress);
    }
}

/** @param {Wanted} wanted @param {"en" | "sv"} language @returns {Loading} */
function load(wanted, language) {
    /** @type {Set<(progress: Progress) => void>} */
    const listeners = new Set();
    /** @type {Loading} */
    const loading = { tagger: begin(), last: null, listeners };
    return loading;

    async function begin() {
        const { Tagger } = await import("./index.js").catch((error) => {
            throw new UnreachableError(language, error);
        });
        return Tagger.create({ ...wanted, workers: 1, language, onProgress: told });
    }

    /** @param {Progress} progress */
    function told(progress) {
        loading.last = progress;
        for (const listener of listeners) listener(progress);
    }
}
