/**
 * `Tagger`, whatever it runs on.
 * @import { Get } from "../../core/engine.js"
 * @import { Picture, TagOptions, Tagged, TaggerOptions } from "./api.d.ts"
 * @import { Report } from "../../core/report.d.ts"
 *
 * What differs between browsers and node. `base`: what addresses are relative to; `read`: the file of a picture, and what it is called.
 * @typedef {{
 *   get: Get, base: () => string | URL, startWorker: (script: URL, name: string) => Promise<Worker>, workers: () => number,
 *   read: (picture: Picture, signal: AbortSignal | undefined) => Promise<{file: Blob, name: string | undefined}> }} Shell
 */
import { chosen } from "../../core/engine.js";
import { inOrder } from "../../core/in_order.js";
import { PictureTagger } from "../../core/picture_tagger.js";
import { CodedError } from "../../core/protocol.js";
import { TaggerError, told, wrongOption } from "./errors.js";
import { counting, sourcesOf } from "./loading.js";
import { checkTagOptions, checkTaggerOptions, policyOf } from "./options.js";

/** Pictures taken in advance for each worker, so that none waits for the next. */
const AHEAD = 2;

/** @param {Shell} shell */
export function taggerFor(shell) {
    return class Tagger {
        #pictures;
        #objects;
        #language;

        /** @param {TaggerOptions} [options] */
        static async create(options = {}) {
            let language = "en";
            try {
                checkTaggerOptions(options);
                language = options.language ?? language;
                const loading = load(shell, options);
                return new Tagger(await unlessAborted(loading, options.signal), options);
            } catch (error) {
                throw told(error, language);
            }
        }

        /** @param {PictureTagger} pictures @param {TaggerOptions} options */
        constructor(pictures, { objects = true, language = "en" }) {
            this.#pictures = pictures;
            this.#objects = objects;
            this.#language = language;
        }

        get model() {
            const { id, version, name } = this.#pictures.facts;
            return { id, version, name };
        }

        get languages() {
            return this.#pictures.facts.languages;
        }

        /** @param {Picture} picture @param {TagOptions} [options] @returns {Promise<Report>} */
        async tag(picture, options = {}) {
            try {
                checkTagOptions(options);
                checkLanguage(this.#pictures, options.language);
                return await this.#tag(picture, options, options.signal);
            } catch (error) {
                throw told(error, options?.language ?? this.#language);
            }
        }

        /**
         * @template {Picture} Input @param {Iterable<Input> | AsyncIterable<Input>} pictures @param {Omit<TagOptions, "name">} [options]
         * @returns {AsyncGenerator<Tagged<Input>, void, undefined>}
         */
        async *tagAll(pictures, options = {}) {
            const language = options?.language ?? this.#language;
            try {
                checkTagOptions(options);
                checkLanguage(this.#pictures, options.language);
                if (!isRow(pictures))
                    throw new CodedError("file_unreadable", "The pictures are no list, nor anything to go through.");
                const atOnce = this.#pictures.size * AHEAD;
                yield* inOrder(
                    pictures,
                    atOnce,
                    (input, signal) => this.#tried(input, options, signal),
                    options.signal,
                );
            } catch (error) {
                throw told(error, language);
            }
        }

        close() {
            this.#pictures.close();
        }

        /** @template {Picture} Input @param {Input} input @param {TagOptions} options @param {AbortSignal} signal @returns {Promise<Tagged<Input>>} */
        async #tried(input, options, signal) {
            try {
                return { input, report: await this.#tag(input, options, signal) };
            } catch (error) {
                if (!(error instanceof CodedError)) throw error;
                return { input, error: new TaggerError(error, options.language ?? this.#language) };
            }
        }

        /** @param {Picture} picture @param {TagOptions} options @param {AbortSignal | undefined} signal */
        async #tag(picture, options, signal) {
            signal?.throwIfAborted();
            const { file, name } = await shell.read(picture, signal);
            const { objects = this.#objects } = options;
            const path = options.name ?? name;
            return this.#pictures.tag(file, { signal, path, objects, policy: policyOf(options) });
        }
    };
}

/** @param {Shell} shell @param {TaggerOptions} options */
async function load(shell, { workers, model, assets, timeoutMs, onProgress, signal, ...shown }) {
    const sources = await sourcesOf(shell.get, { assets, model, base: shell.base() });
    const { worker, files, get } = sources;
    const variant = chosen(files);
    signal?.throwIfAborted();
    const pictures = await PictureTagger.create({
        files,
        variant,
        timeoutMs,
        get: onProgress ? counting(sources, variant, onProgress) : get,
        size: workers ?? shell.workers(),
        policy: policyOf(shown),
        startWorker: (role) => shell.startWorker(worker, `tagsmith ${role}`),
    });
    try {
        signal?.throwIfAborted();
        checkLanguage(pictures, shown.language);
    } catch (error) {
        pictures.close();
        throw error;
    }
    return pictures;
}

/** @param {any} value */
const isRow = (value) =>
    typeof value === "object" && Boolean(value?.[Symbol.iterator] ?? value?.[Symbol.asyncIterator]);

/** @param {PictureTagger} pictures @param {string | undefined} language */
function checkLanguage({ facts: { languages } }, language) {
    if (language === undefined || languages.includes(language)) return;
    throw wrongOption(`The model has no names in ${language}, only in ${languages.join(", ")}.`);
}

/** @template T @param {Promise<T>} loading @param {AbortSignal | undefined} signal @returns {Promise<T>} */
function unlessAborted(loading, signal) {
    if (!signal) return loading;
    return new Promise((resolve, reject) => {
        const abort = () => reject(signal.reason);
        if (signal.aborted) abort();
        signal.addEventListener("abort", abort, { once: true });
        loading.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
    });
}
