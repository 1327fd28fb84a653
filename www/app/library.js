/**
 * The library as the page uses it: the store, opened when it is first needed, ids for files that come in, and the run that results belong
 * to. The store itself keeps what it was given to write until there is room for it.
 * @import { ModelFacts, Tagging } from "../core/engine_api.d.ts"
 * @import { TaggedReply } from "../core/protocol.js"
 * @import { Store } from "../db/client.js"
 * @import { Files, ModelRef, StoreCalls } from "../db/protocol.js"
 *
 * @typedef {{facts: ModelFacts, pipeline: number, vocabulary: string}} ModelInUse
 * A picture that was tagged. `more`: what comes with the first look.
 * @typedef {{id: number, size: number, tagging: Tagging, looks: 1 | 2, more?: Pick<TaggedReply, "thumbnail" | "embedding">}} TaggedPicture
 */
import { taggingOf } from "../core/stored_tagging.js";
import { Handles } from "../db/handles.js";
import { StoredThumbnails } from "../db/thumbnails.js";
import * as state from "./state.js";

/** So many ids are at hand for files that come in; more are asked for in time. */
const SPARE_IDS = 5_000;
/** The language that tags are named in where whoever reads them has another vocabulary. */
const NAMES_IN = "en";

/** What people say that is in no export. @type {ReadonlySet<string>} */
const SAID = new Set([
    ...["make_collection", "copy_files", "delete_collection", "set_texts"],
    ...["make_own_tagger", "change_own_tagger", "remove_own_tagger", "delete_own_tagger", "take_training", "use_head"],
]);

/** Whether a step could not be moved because another tab was faster (see db/protocol.js). @param {unknown} error */
export const isPassed = (error) => Object(error).code === "step_passed";

export class Library {
    #open;
    #scope;
    #onFailed;
    /** @type {Handles | null} */
    #handles = null;
    /** @type {StoredThumbnails | null} */
    #thumbnails = null;
    /** @type {Promise<Store> | null} */
    #opening = null;
    /** @type {Store | null} */
    #store = null;
    #collection = 0;
    #isShown = false;
    /** Rises when ids may mean others. */
    #nLeft = 0;
    /** Whether there are other collections, whose pictures may come into this one, too. */
    hasOthers = false;
    /** Files that came in and hold what a picture of the library holds, with their hash. @type {WeakMap<File, string>} */
    #contents = new WeakMap();
    /** Ids that nobody else has. @type {{next: number, end: number}} */
    #ids = { next: 0, end: 0 };
    /** @type {{promise: Promise<ModelInUse>, resolve: (model: ModelInUse) => void}} */
    #model = pending();
    /** @type {{model?: ModelRef}} */
    #known = {};
    /** @type {Promise<number> | null} */
    #run = null;
    /** Results that are not committed yet, of first and second looks. */
    #nSent = { 1: 0, 2: 0 };
    /** @type {(() => void)[]} */
    #waiting = [];
    /** How often something was written: what was read meanwhile may not have it. */
    nWrites = 0;
    /** How often somebody said something that only a backup has. */
    nSaid = 0;
    /** Shows the collection that is open. */
    onNeeded = () => {};
    /** What nothing waited for was written. @type {(name: keyof StoreCalls, params: any) => unknown} */
    onWritten = () => {};
    /** A picture has its first tags, and an embedding where the model gives one. @type {(id: number) => unknown} */
    onTagged = () => {};
    /** A step was not moved, and nothing of its change was made: on the page it was. @type {(params: any) => unknown} of the call */
    onPassed = () => {};

    /**
     * @param {() => Promise<Store>} open @param {string} scope whose library it is
     * @param {(error: unknown, code: string) => void} onFailed `code` where the error has none
     */
    constructor(open, scope, onFailed) {
        this.#open = open;
        this.#scope = scope;
        this.#onFailed = onFailed;
    }

    /** The store, opened the first time; what kept it from opening may be over the next time. */
    openStore() {
        this.#opening ??= this.#open().catch((error) => {
            this.#opening = null;
            throw error;
        });
        return this.#opening;
    }

    /** What comes in from now on waits until a collection is shown; it may be one of another library. */
    leave() {
        this.#isShown = false;
        this.#ids = { next: 0, end: 0 };
        this.#nLeft++;
    }

    /** A collection is to be shown. @param {Store} store @param {number} collection @param {boolean} hasOthers */
    show(store, collection, hasOthers) {
        this.#store = store;
        this.#collection = collection;
        this.hasOthers = hasOthers;
    }

    /** It is there as a whole: files that come in go there. */
    begin() {
        this.#isShown = true;
        for (const wake of this.#waiting.splice(0)) wake();
    }

    /** The store is given up, for one that is opened anew. */
    close() {
        this.#opening?.then((store) => store.close()).catch(() => {});
        this.#opening = this.#store = null;
        this.leave();
    }

    /** Ways to files, beside the store. */
    get handles() {
        return (this.#handles ??= new Handles(this.#scope));
    }

    /** Thumbnails of earlier visits, beside the store. */
    get thumbnails() {
        return (this.#thumbnails ??= new StoredThumbnails(this.#scope));
    }

    /** Tries again to write what found no room. */
    retry() {
        this.#opening?.then((store) => store.retry()).catch(() => {});
    }

    /** Whether a collection is shown as a whole. */
    get isOpen() {
        return this.#isShown;
    }

    /** Which library that is; another one has other pictures under the same ids. */
    get libraryId() {
        return this.#store?.library ?? null;
    }

    get collection() {
        return this.#collection;
    }

    /** When a collection is shown, however long that takes; it is asked for where nobody has. @returns {Promise<void>} */
    shown() {
        if (this.isOpen) return Promise.resolve();
        /** @type {Promise<void>} */
        const shown = new Promise((resolve) => this.#waiting.push(resolve));
        this.onNeeded();
        return shown;
    }

    /** @template {keyof StoreCalls} K @param {K} name @param {StoreCalls[K][0]} params @returns {Promise<StoreCalls[K][1]>} */
    async call(name, params) {
        if (SAID.has(name)) this.nSaid++;
        return (this.#store ?? (await this.openStore())).call(name, params);
    }

    /** Writes what nothing waits for; what goes wrong is said. @template {keyof StoreCalls} K @param {K} name @param {StoreCalls[K][0]} params */
    write(name, params) {
        if (!this.#store) return;
        this.nWrites++;
        this.call(name, params).then(
            () => this.onWritten(name, params),
            (error) => (isPassed(error) ? this.onPassed(params) : this.#onFailed(error, "library_unwritten")),
        );
    }

    /** The next ids; null where none are at hand at this moment, and more are on their way. @param {number} n @returns {number | null} the first */
    takeIds(n) {
        const { next, end } = this.#ids;
        if (!this.isOpen || next + n > end) return null;
        this.#ids.next += n;
        return next;
    }

    /** Until there are so many ids. @param {number} n */
    async fetchIds(n) {
        await this.shown();
        if (this.#ids.end - this.#ids.next >= n) return;
        const [wanted, nLeft] = [Math.max(n, SPARE_IDS), this.#nLeft];
        try {
            const first = await this.call("reserve_ids", { n: wanted });
            if (nLeft === this.#nLeft) this.#ids = { next: first, end: first + wanted };
        } catch (error) {
            this.#onFailed(error, "library_unwritten");
            if (nLeft === this.#nLeft) this.leave(); // what comes in waits until somebody tries again
        }
    }

    /** The model whose results come from now on. @param {ModelInUse} model */
    useModel(model) {
        this.#run = null;
        this.#known = { model: refOf(model) };
        this.#model.resolve(model);
        this.#model = { promise: Promise.resolve(model), resolve: () => {} };
    }

    /** Another model is on its way. */
    forgetModel() {
        this.endRun();
        if (this.#known.model) this.#model = pending(); // else it is still waited for, whichever comes
        this.#known = {};
    }

    /** Once its card has been read. @returns {Promise<ModelRef>} */
    async modelRef() {
        return refOf(await this.#model.promise);
    }

    /** The same for who does not wait for it: whose results are preferred, as far as that is known. */
    get preferred() {
        return this.#known;
    }

    /** Resolves once it is committed, and the picture finished for good. @param {TaggedPicture} picture */
    async record({ id, size, tagging, looks, more }) {
        const { facts } = await this.#model.promise;
        const run = await this.run();
        const { sha256, timings_ms: timings, tags, scores, confidences, components, boxes, ...read } = tagging;
        const { width, height, format, incomplete, decoder, taken_ms: takenMs } = read;
        const result = {
            file: id,
            run,
            sha256,
            size,
            facts: {
                width,
                height,
                format,
                ...(incomplete && { incomplete }),
                ...(decoder && { decoder }),
                ...(takenMs !== undefined && { taken_ms: takenMs }),
            },
            timings,
            looks,
            candidates: { tags, scores, confidences, components },
            boxes,
            thumbnail: more?.thumbnail,
            embedding: more?.embedding && { ...more.embedding, backbone: `${facts.id} ${facts.version}` },
        };
        await this.#send(looks, result);
        if (looks === 1) this.onTagged(id);
    }

    /** @param {1 | 2} looks @param {StoreCalls["record"][0]["results"][number]} result */
    async #send(looks, result) {
        this.#nSent[looks]++;
        const isLast = this.#nSent[looks] >= (looks === 1 ? state.nInWork.value : state.nSecondLooks.value);
        try {
            await this.call("record", { results: [result], is_last: isLast });
        } finally {
            this.#nSent[looks]--;
        }
    }

    /** What the model in use gave for a picture in an earlier visit; null where another one has tagged it. @param {number} id */
    async taggingOf(id) {
        const { vocabulary, ...model } = await this.#model.promise;
        const asked = { collection: this.#collection, ids: [id], model: refOf({ vocabulary, ...model }) };
        const [stored, table] = [await this.call("taggings", asked), await this.call("tags", {})];
        const [run] = stored.run_rows;
        if (
            run?.kind !== "model" ||
            run.tagger !== model.facts.id ||
            run.version !== model.facts.version ||
            run.pipeline !== model.pipeline
        )
            return null;
        const place = new Map(namedTags(vocabulary).map((tag, position) => [tag.id, position]));
        const known = table.flatMap(({ id, ref }) => (place.has(ref) ? [[id, place.get(ref)]] : []));
        return taggingOf(stored, new Map(/** @type {[number, number][]} */ (known)));
    }

    /** A picture of the library has this content. @param {File} file @param {string} sha256 */
    noteContent(file, sha256) {
        this.#contents.set(file, sha256);
    }

    /**
     * Gives a picture the tags that its content has already, once; null where the model in use has not looked at that.
     * @param {number} id @param {File} file @returns {Promise<Files | null>}
     */
    async adopt(id, file) {
        const sha256 = this.#contents.get(file);
        if (!sha256) return null;
        this.#contents.delete(file);
        const model = await this.modelRef();
        if (!(await this.call("adopt", { file: id, sha256, model }))) return null;
        this.onTagged(id);
        return this.call("files", { collection: this.#collection, ids: [id], model });
    }

    /** Whether there may be some. @param {File} file */
    canAdopt(file) {
        return this.#contents.has(file);
    }

    /** @param {number} id @param {{code: string, detail: string}} failure */
    recordFailure(id, { code, detail }) {
        return this.#send(1, { file: id, failure: { code, detail } });
    }

    /** The run under way of the model in use, which begins here where none is. @returns {Promise<number>} */
    run() {
        const run = (this.#run ??= this.#beginRun());
        return run.catch((error) => {
            if (this.#run === run) this.#run = null;
            throw error;
        });
    }

    /** Whether this one is under way. @param {number} id */
    async isUnderWay(id) {
        return (await this.#run?.catch(() => null)) === id;
    }

    async #beginRun() {
        const { facts, pipeline, vocabulary } = await this.#model.promise;
        const { threshold, maxTags, tagLanguage } = state;
        return this.call("begin_run", {
            tagger: facts.id,
            version: facts.version,
            pipeline,
            components: facts.components,
            tags: namedTags(vocabulary),
            language: NAMES_IN,
            settings: {
                name: facts.name,
                threshold: threshold.value,
                max_tags: maxTags.value,
                language: tagLanguage.value,
            },
        });
    }

    /** Nothing is under way any more: what comes later is another run. */
    endRun() {
        const run = this.#run;
        this.#run = null;
        run?.then((id) => this.write("end_run", { run: id })).catch(() => {});
    }
}

/** @param {ModelInUse} model @returns {ModelRef} */
const refOf = ({ facts: { id, version }, pipeline }) => ({ id, version, pipeline });

/** The vocabulary's tags in its order, which candidates mean them by. @param {string} vocabulary as JSON, read by the session before */
function namedTags(vocabulary) {
    /** @type {{tags: {id: string, names: Record<string, string>}[]}} */
    const { tags } = JSON.parse(vocabulary);
    return tags.map(({ id, names }) => ({ id, name: names[NAMES_IN] ?? Object.values(names)[0] ?? id }));
}

/** @returns {{promise: Promise<ModelInUse>, resolve: (model: ModelInUse) => void}} */
function pending() {
    /** @type {(model: ModelInUse) => void} */
    let resolve = () => {};
    const promise = /** @type {Promise<ModelInUse>} */ (new Promise((known) => (resolve = known)));
    return { promise, resolve };
}
