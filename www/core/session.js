/**
 * The one session worker, seen from the page. Everything that waits goes in one update, and at most one is under way: a slider
 * may move as fast as it likes, the newest policy wins and none queues up behind another.
 *
 * Nothing that was sent stays here. A worker that starts, for the first time or after a crash, is filled with what is kept, beginning with
 * what is on screen; until a picture's turn has come, nothing is asked or said of it.
 * @import { Corrections, ExportChoices, ExportFormatFacts, HeadTaggings, PictureSources, PictureText, Policy, ProviderTagging, Query, Rule, Tag, TagRef } from "./engine_api.d.ts"
 * @import { AddedPicture, Calls, FailedResult, TagList, TaggedResult, Update } from "./protocol.js"
 * @import { SessionOptions } from "./session_options.d.ts"
 * @import { WorkerClient } from "./client.js"
 */
import { inChunks } from "./in_chunks.js";
import { CodedError } from "./protocol.js";
import { foundByOthers } from "./stored_tagging.js";
import { Unsent } from "./unsent.js";

const LONG = { timeoutMs: 120_000 };

export class SessionClient {
    #options;
    /** @type {WorkerClient | null} */
    #client = null;
    /** @type {Promise<WebAssembly.Module> | null} */
    #exports = null;
    #isStopped = false;
    #isBusy = false;
    #isDirty = false;
    /** Whether there is more than other pictures to look at. */
    #isChanged = true;
    /** A start that was overtaken by another, or by `stop`, counts no more. */
    #nStarts = 0;
    #unsent = new Unsent();
    /** @type {Set<number>} pictures with more than the model has found */
    #withOthers = new Set();
    /** @type {Set<number>} pictures whose turn to be filled in has not come */
    #unfilled = new Set();
    #isFilling = false;
    /** @type {Policy | null} the newest policy, for a worker that starts anew */
    #policy = null;
    #isPolicyNew = false;
    /** @type {readonly Rule[]} */
    #rules = [];
    /** @type {string | null} the strict vocabulary in force, as JSON */
    #words = null;
    #areRulesNew = false;
    /** @type {number[]} */
    #ids = [];
    /** @type {number | null} */
    #opened = null;
    /** @type {Query | null} */
    #query = null;
    /** @type {TagList | null} */
    #list = null;
    /** @type {Policy | null} */
    #before = null;
    /** @type {(() => void)[]} */
    #waiting = [];
    /** @type {(() => void)[]} wait only until the next update is on its way */
    #unposted = [];

    /** @param {SessionOptions} options */
    constructor(options) {
        this.#options = options;
    }

    /** Pictures that are there from now on, tagged or not. @param {readonly AddedPicture[]} pictures */
    add(pictures) {
        this.#unsent.add(pictures);
        this.#touch();
    }

    /** What came of a picture that was added. @param {TaggedResult | FailedResult} result */
    record(result) {
        this.#unsent.record(result);
        this.#touch();
    }

    /** What a provider found in a picture, once it is kept. @param {number} id @param {ProviderTagging} found */
    putProvider(id, found) {
        this.#withOthers.add(id);
        this.#unsent.putProvider(id, found);
        this.#touch();
    }

    /** What an own tagger found in pictures, once it is kept, or what its draft says of them. @param {HeadTaggings} found */
    putHead(found) {
        for (const id of found.ids) this.#withOthers.add(id);
        this.#unsent.putHead(found);
        this.#touch();
    }

    /** Replaces all texts of a picture. @param {number} id @param {readonly PictureText[]} texts */
    setTexts(id, texts) {
        this.#withOthers.add(id);
        this.#unsent.setTexts(id, texts);
        this.#touch();
    }

    /** @param {number} id */
    remove(id) {
        this.#unsent.remove(id);
        this.#touch();
    }

    /** What is kept of some pictures, put back or changed elsewhere. @param {readonly number[]} ids */
    async refill(ids) {
        const client = this.#client; // one that starts later is filled with everything
        this.#unsent.putBack(ids);
        if (client) await this.#fill(client, ids);
    }

    /** Replaces what a person says of a picture. @param {number} id @param {Corrections} corrections */
    correct(id, corrections) {
        this.#unsent.correct(id, corrections);
        this.#touch();
    }

    /** @param {Policy} policy @param {Policy | null} [before] compared with in every update from now on */
    apply(policy, before = null) {
        this.#policy = policy;
        this.#before = before;
        this.#isPolicyNew = true;
        this.#touch();
    }

    /** Which pictures' tags, and whose details, are wanted with every update from now on. @param {number[]} ids @param {number | null} opened */
    watch(ids, opened) {
        this.#ids = ids;
        this.#opened = opened;
        this.#touch(false);
    }

    /** @param {readonly Rule[]} rules @param {string | null} [words] a strict vocabulary, as JSON; null for none */
    rule(rules, words = null) {
        this.#rules = rules;
        this.#words = words;
        this.#areRulesNew = true;
        this.#touch();
    }

    /** Which pictures are asked for with every update from now on; null for all, as they came. @param {Query | null} query */
    find(query) {
        this.#query = query;
        this.#touch();
    }

    /** Which tags are listed with every update from now on. @param {TagList | null} list */
    listTags(list) {
        this.#list = list;
        this.#touch();
    }

    /** The tags of any pictures, under everything said before. @param {readonly number[]} ids @returns {AsyncGenerator<{id: number, tags: Tag[]}>} */
    async *tagsOf(ids) {
        await this.#caughtUp();
        yield* inChunks(ids, async (some) =>
            (await this.#live().call("tags", { ids: some })).map((tags, idx) => ({ id: some[idx] ?? 0, tags })),
        );
    }

    /** What each tagger says of them by itself, and the person. @param {readonly number[]} ids @returns {AsyncGenerator<PictureSources>} */
    async *sourcesOf(ids) {
        await this.#caughtUp();
        yield* inChunks(ids, (some) => this.#live().call("sources", { ids: some }));
    }

    async #caughtUp() {
        if (this.#isFilling) await this.settled();
        await this.#posted();
    }

    /** @param {string} typed @param {number} n @returns {Promise<TagRef[]>} tags that may be meant */
    complete(typed, n) {
        return this.#live().call("complete", { typed, n });
    }

    /** The tag that a person means; `byName`: that a word of another taxonomy is, which has aliases of its own. @param {string} text @param {boolean} [byName] @returns {Promise<TagRef>} */
    tagRef(text, byName = false) {
        return this.#live().call("tag_ref", { text, byName });
    }

    /** What words of a provider are called in the library; null for what cannot be a tag. @param {string[]} texts @param {string | null} [language] of them, if not the policy's */
    tagRefs(texts, language = null) {
        return this.#live().call("tag_refs", { texts, language });
    }

    /** What the entries of allow and deny lists are called under the policy applied before, and the categories there are. @param {string[]} entries */
    async nameEntries(entries) {
        await this.#posted();
        return this.#live().call("name_entries", { entries });
    }

    /** Until everything said so far is with the worker, which does one thing after the other. */
    async #posted() {
        if (this.#isDirty && this.#client) await new Promise((resolve) => this.#unposted.push(() => resolve(null)));
    }

    /** Until the page has the answer to everything said so far. */
    async settled() {
        while (this.#isBusy || this.#isDirty || this.#isFilling)
            await new Promise((resolve) => this.#waiting.push(() => resolve(null)));
    }

    #live() {
        if (!this.#client) throw new CodedError("local_model_off", "The local model is off.");
        return this.#client;
    }

    /** The export of these pictures, under everything recorded and applied before. @param {ExportFormatFacts} format @param {number[]} ids @param {ExportChoices} [options] */
    async report(format, ids, options = {}) {
        const module = await this.#readyToExport();
        return this.#live().call("report", { module, format, options, ids }, LONG);
    }

    /**
     * The first `n` files of that export, as they will be.
     * @param {ExportFormatFacts} format @param {number[]} ids @param {ExportChoices} options @param {number} n
     */
    async previewReport(format, ids, options, n = 3) {
        const module = await this.#readyToExport();
        return this.#live().call("preview_report", { module, format, options, ids, n }, LONG);
    }

    /**
     * The files of that export one by one, for whoever puts them in place.
     * @param {ExportFormatFacts} format @param {number[]} ids @param {ExportChoices} options
     */
    async reportFiles(format, ids, options) {
        const module = await this.#readyToExport();
        return this.#live().call("report_files", { module, format, options, ids }, LONG);
    }

    /** A copy of the picture with its tags inside. @param {number} id @param {Blob} file */
    async copyWithKeywords(id, file) {
        const module = await this.#exportsModule();
        return this.#live().call("copy_with_keywords", { module, id, file }, LONG);
    }

    /** The sidecar that is there, with the picture's tags in it. @param {number} id @param {Blob} file */
    async mergeSidecar(id, file) {
        const module = await this.#exportsModule();
        return this.#live().call("merge_sidecar", { module, id, file }, LONG);
    }

    /**
     * What is asked about a person's own words, under everything said before.
     * @template {"strict_report" | "read_words" | "near_words"} Name @param {Name} name @param {Omit<Calls[Name][0], "module">} params
     * @returns {Promise<Calls[Name][1]>}
     */
    async askWords(name, params) {
        const module = await this.#exportsModule();
        await this.#caughtUp();
        return this.#live().call(name, /** @type {Calls[Name][0]} */ ({ module, ...params }), LONG);
    }

    /** Into the ZIP that is being written. @param {string} name @param {Blob | string} content */
    addToZip(name, content) {
        return this.#live().call("add_to_zip", { name, content }, LONG);
    }

    closeZip() {
        return this.#live().call("close_zip", {}, LONG);
    }

    /** Until nothing is under way; the module that writes files. */
    async #readyToExport() {
        const module = await this.#exportsModule();
        await this.settled();
        return module;
    }

    /** Fetched once; what failed is fetched anew by the next export. */
    #exportsModule() {
        this.#exports ??= this.#options.loadExports().catch((error) => {
            this.#exports = null;
            throw error;
        });
        return this.#exports;
    }

    async start() {
        this.#isStopped = false;
        const nStart = ++this.#nStarts;
        /** @type {WorkerClient | null} */
        let client = null;
        try {
            const started = await this.#options.start((error) => nStart === this.#nStarts && this.#lose(client, error));
            if (nStart !== this.#nStarts) return started.client.stop();
            client = this.#client = started.client;
            this.#options.onReady?.(started.ready);
            this.#unsent.clear();
            this.#isPolicyNew = this.#policy !== null;
            this.#areRulesNew = this.#rules.length > 0 || this.#words !== null;
            this.#unfilled = new Set();
            void this.#fill(client, this.#options.kept.ids());
            this.#touch();
        } catch (error) {
            if (nStart !== this.#nStarts) return;
            if (error instanceof CodedError && error.code === "worker_crashed") return; // #lose has seen to it
            this.#options.onFailed(error);
        }
    }

    stop() {
        this.#isStopped = true;
        this.#nStarts++;
        this.#client?.stop();
        this.#client = null;
        this.#isFilling = false;
        this.#release();
    }

    /** What somebody looks at first. @param {WorkerClient} client @param {readonly number[]} ids */
    async #fill(client, ids) {
        if (ids.length === 0) return;
        for (const id of ids) this.#unfilled.add(id);
        this.#isFilling = true;
        const seen = new Set([...this.#ids, ...(this.#opened === null ? [] : [this.#opened])]);
        const first = ids.filter((id) => seen.has(id));
        const inOrder = first.length > 0 ? [...first, ...ids.filter((id) => !seen.has(id))] : ids;
        try {
            for await (const filling of this.#options.kept.fillings(inOrder, (id) => this.#withOthers.has(id))) {
                if (this.#client !== client) return;
                for (const id of foundByOthers(filling.taggings)) this.#withOthers.add(id);
                await client.call("fill", filling, LONG);
                for (const { id } of filling.adds) this.#unfilled.delete(id);
                this.#touch();
            }
        } catch (error) {
            if (client.isGone || this.#client !== client) return; // another one is filled from the beginning
            this.#options.onFailed(error);
        }
        for (const id of ids) this.#unfilled.delete(id);
        this.#isFilling = this.#unfilled.size > 0;
        this.#touch();
    }

    #touch(isChanged = true) {
        this.#isDirty = true;
        this.#isChanged ||= isChanged;
        if (!this.#isBusy && this.#client) void this.#update(this.#client);
    }

    /** @param {WorkerClient} client */
    async #update(client) {
        this.#isBusy = true;
        await null; // what is recorded in the same breath goes along
        /** @type {Update} */
        const update = {
            // What is kept may be older than what came of a picture, and comes first.
            ...this.#unsent.take((id) => this.#unfilled.has(id)),
            rules: this.#areRulesNew ? this.#rules : null,
            ...(this.#areRulesNew && { words: this.#words }),
            policy: this.#isPolicyNew ? this.#policy : null,
            ids: this.#ids.filter((id) => !this.#unfilled.has(id) && this.#mayHaveTags(id)),
            opened: this.#opened !== null && this.#isFilled(this.#opened) ? this.#opened : null,
            query: this.#query,
            list: this.#list,
            before: this.#before,
            isChanged: this.#isChanged,
        };
        this.#areRulesNew = this.#isPolicyNew = this.#isDirty = this.#isChanged = false;
        try {
            const answer = client.call("update", update, { timeoutMs: this.#options.timeoutMs ?? 30_000 });
            for (const wake of this.#unposted.splice(0)) wake();
            const snapshot = await answer;
            this.#options.onSnapshot(snapshot, update);
        } catch (error) {
            if (!client.isGone) this.#options.onFailed(error);
        }
        this.#isBusy = false;
        if (this.#client !== client) return; // crashed meanwhile; the new worker sends its own update
        if (this.#isDirty) void this.#update(client);
        else if (!this.#isFilling) this.#release();
    }

    #mayHaveTags = (/** @type {number} */ id) => this.#options.kept.hasTags(id) || this.#withOthers.has(id);

    #isFilled = (/** @type {number} */ id) => this.#options.kept.isHere(id) && !this.#unfilled.has(id);

    #release() {
        if (!this.#client) this.#isDirty = false;
        for (const wake of [...this.#waiting.splice(0), ...this.#unposted.splice(0)]) wake();
    }

    /** @param {WorkerClient | null} client @param {CodedError} error */
    #lose(client, error) {
        if (this.#isStopped || this.#client !== client) return;
        this.#client = null;
        this.#isFilling = false;
        if (this.#options.relaunch.take()) {
            void this.start();
            return;
        }
        this.stop();
        this.#options.onOff(new CodedError("local_model_off", error.detail));
    }
}
