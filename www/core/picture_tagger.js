/**
 * Pictures in, reports out: the taggers and the session of the page without the page, its state and its store. What other shells are made of.
 * @import { Limits, ModelFacts, Policy, Tagging } from "./engine_api.d.ts"
 * @import { Engine, EngineFiles, Get, Model, Variant } from "./engine.js"
 * @import { Report } from "./report.d.ts"
 *
 * @typedef {{
 *   files: EngineFiles, startWorker: (name: "tagger" | "session") => Promise<Worker>, size?: number | undefined, policy?: Partial<Policy> | undefined,
 *   limits?: Partial<Limits> | undefined, timeoutMs?: number | undefined, hasObjects?: boolean | undefined, model?: Promise<Model> | undefined,
 *   variant?: Variant | undefined, get?: Get | undefined }} PictureTaggerOptions
 *   `size`: how many workers tag, 1; `policy`: in place of what the model's card says; `timeoutMs`: what one look at a picture may take, 30 s;
 *   `hasObjects`: whether there is a second look for objects, as far as the model has one, true; `model`: in place of that of the files;
 *   `get`: another way to the files than `fetch`
 *
 * @typedef {{signal?: AbortSignal | undefined, policy?: Partial<Policy> | undefined, path?: string | undefined, objects?: boolean | undefined}} TagChoices
 *   `path`: what the report calls the picture, its name; `objects`: false for the first look alone
 */
import { loadEngine, loadObjects } from "./engine.js";
import { inOrder } from "./in_order.js";
import { TaggerPool } from "./pool.js";
import { CodedError, failureOf } from "./protocol.js";
import { RelaunchLimit } from "./relaunch.js";
import { objectsFailure } from "./second_looks.js";
import { beginSession, beginTagger, startWorker } from "./starting.js";

/** What a report calls a picture without a name, as the command line calls its standard input. */
const NAMELESS = "-";
/** Pictures taken in advance for each worker, so that none waits for the next. */
const AHEAD = 2;

export class PictureTagger {
    #options;
    #engine;
    #basis;
    #pool;
    #relaunch = new RelaunchLimit();
    /** @type {Promise<import("./client.js").WorkerClient> | null} */
    #session = null;
    #lastId = 0;
    /** Why no tagger runs. @type {unknown} */
    #off = null;
    /** Why no objects are found. @type {unknown} */
    #noObjects = null;
    #isClosed = false;
    /** What the engine says of the model. @type {ModelFacts} */
    facts = /** @type {any} */ (null);

    /**
     * Resolves when the first picture can be tagged at once.
     * @param {PictureTaggerOptions} options
     * @throws {CodedError} `engine_unsupported`, `engine_unreachable`, or what is wrong with the model
     */
    static async create(options) {
        const { files, variant, model, get } = options;
        const { engine, basis } = loadEngine(files, { variant, model, get });
        for (const part of [engine, basis]) part.catch(() => {}); // whoever waits for it reports it
        /** @type {(error?: unknown) => void} */
        let settle = () => {};
        const ready = new Promise((resolve, reject) => {
            settle = (error) => (error ? reject(error) : resolve(null));
        });
        ready.catch(() => {});
        const tagger = new PictureTagger(options, engine, basis, settle);
        try {
            await Promise.all([ready, tagger.#startSession()]);
        } catch (error) {
            tagger.close();
            throw error;
        }
        return tagger;
    }

    /**
     * @param {PictureTaggerOptions} options @param {Promise<Engine>} engine @param {ReturnType<typeof loadEngine>["basis"]} basis
     * @param {(error?: unknown) => void} settle told when the first worker is ready, or why none will be
     * @private by `create`, which waits for it
     */
    constructor(options, engine, basis, settle) {
        this.#options = options;
        this.#engine = engine;
        this.#basis = basis;
        const turnOff = (/** @type {unknown} */ error) => {
            settle(error);
            this.#turnOff(error);
        };
        this.#pool = new TaggerPool({
            size: options.size ?? 1,
            relaunch: this.#relaunch,
            ...(options.timeoutMs && { timeoutMs: options.timeoutMs }),
            hasThumbnails: false,
            start: (onCrash) =>
                startWorker(options.startWorker("tagger"), this.#engine, onCrash, (client, loaded) =>
                    beginTagger(client, loaded, options.limits),
                ),
            onReady: ({ facts }) => {
                this.facts ??= facts;
                settle();
            },
            detector: {
                load: (isAgain) => loadObjects(options.files, isAgain, options.get),
                onOff: (error) => this.#turnObjectsOff(error),
            },
            onOff: turnOff,
            onFailed: turnOff,
        });
        this.#pool.restart(); // the first worker starts before any picture comes
    }

    /** How many pictures are looked at side by side. */
    get size() {
        return this.#pool.size;
    }

    /**
     * What is found in a picture: the line that the command line writes.
     * @param {Blob} file @param {TagChoices} [choices] @returns {Promise<Report>}
     * @throws {CodedError} what is wrong with the picture or the policy; or the signal's reason
     */
    async tag(file, { signal, policy, path = nameOf(file), objects = true } = {}) {
        signal?.throwIfAborted();
        this.#wake();
        const id = ++this.#lastId;
        /** @type {() => void} */
        let drop = () => {};
        const aborted = new Promise((_, reject) => {
            drop = () => {
                reject(signal?.reason);
                this.#pool.cancel((one) => one === id);
                this.#pool.cancelSecondLooks((one) => one === id);
            };
        });
        signal?.addEventListener("abort", drop, { once: true });
        try {
            const found = this.#look(id, file, objects).then((tagging) => this.#reportOf({ path, tagging, policy }));
            return await /** @type {Promise<Report>} */ (signal ? Promise.race([aborted, found]) : found);
        } finally {
            signal?.removeEventListener("abort", drop);
        }
    }

    /**
     * Many pictures, one after the other as they were given. A picture that fails is told of in its place, and the others go on.
     * @template {Blob} Input @param {Iterable<Input> | AsyncIterable<Input>} files @param {Omit<TagChoices, "path">} [choices]
     * @returns {AsyncGenerator<{input: Input, report: Report} | {input: Input, error: CodedError}, void, undefined>}
     * @throws the signal's reason
     */
    tagAll(files, { signal, ...choices } = {}) {
        return inOrder(
            files,
            this.size * AHEAD,
            async (input, signal) => {
                try {
                    return { input, report: await this.tag(input, { ...choices, signal }) };
                } catch (error) {
                    if (!(error instanceof CodedError)) throw error;
                    return { input, error };
                }
            },
            signal,
        );
    }

    /** Ends all workers. What was not done is rejected as aborted. */
    close() {
        this.#isClosed = true;
        this.#pool.stop();
        this.#dropAll();
        void this.#session?.then((client) => client.stop()).catch(() => {});
        this.#session = null;
    }

    /** Both looks. @param {number} id @param {Blob} file @param {boolean} objects @returns {Promise<Tagging>} */
    async #look(id, file, objects) {
        try {
            const { thumbnail: _, embedding: __, ...first } = await this.#pool.tag(id, file);
            const isWanted = objects && this.facts.has_second_look && this.#options.hasObjects !== false;
            return isWanted ? await this.#lookAgain(id, file, first) : first;
        } catch (error) {
            throw this.#off && isAborted(error) ? this.#off : error;
        }
    }

    /** @param {number} id @param {Blob} file @param {Tagging} first */
    async #lookAgain(id, file, first) {
        if (this.#noObjects) throw this.#noObjects;
        try {
            return await this.#pool.lookAgain(id, file, first);
        } catch (error) {
            throw this.#noObjects && isAborted(error) ? this.#noObjects : error;
        }
    }

    /** A session that ends is started anew, and asked again. @param {{path: string, tagging: Tagging, policy: Partial<Policy> | undefined}} picture */
    async #reportOf({ path, tagging, policy }) {
        const { threshold, max_tags } = this.facts.policy;
        const usual = { threshold, max_tags, allow: [], deny: [], language: "en" };
        const picture = { path, tagging, policy: { ...usual, ...this.#options.policy, ...policy } };
        for (;;) {
            try {
                const client = await (this.#session ?? this.#startSession());
                return await client.call("report_of", picture, { timeoutMs: this.#options.timeoutMs ?? 30_000 });
            } catch (error) {
                const isLost = !this.#isClosed && failureOf(error, "").code === "worker_crashed";
                if (!isLost || !this.#relaunch.take()) throw error;
            }
        }
    }

    #startSession() {
        const forget = () => {
            if (this.#session === starting) this.#session = null;
        };
        const worker = this.#options.startWorker("session");
        const starting = startWorker(worker, this.#basis, forget, beginSession).then(({ client }) => client);
        starting.catch(forget);
        this.#session = starting;
        return starting;
    }

    /** After too many crashes a picture may try again, where the limit has room. */
    #wake() {
        if (this.#isClosed) throw new CodedError("local_model_off", "The tagger was closed.");
        if (failureOf(this.#noObjects, "").code === "objects_unreachable") {
            this.#noObjects = null;
            this.#pool.retryObjects();
        }
        if (!this.#off) return;
        if (!this.#relaunch.take()) throw this.#off;
        this.#off = null;
        this.#pool.restart();
    }

    /** No worker runs any more, nor will. @param {unknown} error */
    #turnOff(error) {
        this.#off = error;
        this.#dropAll();
    }

    /** Whoever waits for objects hears why there are none; without them they would get other tags and never know. @param {unknown} error */
    #turnObjectsOff(error) {
        this.#noObjects = objectsFailure(error);
        this.#pool.cancelSecondLooks(() => true);
    }

    #dropAll() {
        this.#pool.cancel();
        this.#pool.cancelSecondLooks(() => true);
    }
}

/** @param {unknown} error */
const isAborted = (error) => error instanceof DOMException && error.name === "AbortError";

/** @param {Blob & {name?: string, webkitRelativePath?: string}} file */
const nameOf = ({ name, webkitRelativePath }) => webkitRelativePath || name || NAMELESS;
