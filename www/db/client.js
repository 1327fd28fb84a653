/**
 * The store, seen from the page. One tab owns the database, by a lock of the browser's: its worker has the files open, and answers the calls
 * of the other tabs on a channel. When that tab goes, the next one gets the lock, and what is not answered yet is asked again there.
 * @import { NewRun, Open, Opened, StoreCalls, StoreOptions, WorkerCalls } from "./protocol.js"
 */
import { WorkerClient } from "../core/client.js";
import { CodedError } from "../core/protocol.js";
import { Beginning, withRun } from "./beginning.js";
import { whyNotKept } from "./has_library.js";
import { channelName, directoryName, tabLock } from "./paths.js";
import { FREEING_CALLS, MAKING_CALLS, STORE_PROTOCOL, WAITING_CALLS } from "./protocol.js";
import { Stalled } from "./stalled.js";

/** What another tab has left is written before anything is read, unless that takes longer: then it is heard of. */
const LEFT_MS = 3_000;

export class Store {
    #options;
    /** This tab, among those that have the page open. */
    #tab = crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`;
    #seq = 0;
    /** Not answered yet, in their order. @type {Map<number, Open>} */
    #open = new Map();
    #stalled;
    /** In the tab that owns the database. @type {WorkerClient<WorkerCalls> | null} */
    #worker = null;
    /** @type {BroadcastChannel | null} null where nothing is kept: then every tab is by itself */
    #channel = null;
    /** @type {(() => void) | null} lets go of the lock */
    #letGo = null;
    /** Lets go of the lock that says that this tab lives. */
    #die = () => {};
    /** Whether the database is this tab's: then nobody else can be asked, also while the worker starts. */
    #isOwner = false;
    /** After a worker that could not be started: the next call tries again, and whoever looks for room. @type {(() => void) | null} */
    #startAgain = null;
    #isClosed = false;
    /** A library that is begun in this tab, until its worker is there. @type {Beginning | null} */
    #beginning = null;
    /** Asked while what another tab has left is written. @type {Map<number, Open> | null} */
    #held = null;
    /** Whether another tab needs the database. */
    #isAsked = false;
    /** What runs were begun with, for another owner. @type {Map<number, NewRun>} */
    #runs = new Map();
    #lastId = 0;
    /** Which library this tab has opened: what it asks is for that one. @type {string | null} */
    #library = null;

    /** @param {StoreOptions} options */
    constructor(options) {
        this.#options = options;
        this.#stalled = new Stalled(() => this.retry(), options.onStalled);
    }

    /** Which library this tab has opened. */
    get library() {
        return this.#library;
    }

    /** An id for a collection, a training or a step, later ones higher. */
    newId() {
        this.#lastId = Math.max(this.#lastId + 1, Date.now() * 1000 + Math.floor(Math.random() * 1000));
        return this.#lastId;
    }

    /**
     * @template {keyof StoreCalls} K
     * @param {K} name @param {StoreCalls[K][0]} params @returns {Promise<StoreCalls[K][1]>}
     */
    async call(name, params) {
        if (name === "record") return this.#record(/** @type {StoreCalls["record"][0]} */ (params));
        // What has its ids goes at once: a result asked for in the same breath as its file must not overtake it.
        const answer = await this.#ask(name, MAKING_CALLS.has(name) ? await this.#withIds(name, params) : params);
        if (name === "start_anew") await Beginning.drop(this.#options.scope);
        if (name === "restore" || name === "rescue" || name === "start_anew") this.#runs.clear();
        if (name === "open" || name === "open_collection") this.#library = /** @type {Opened} */ (answer).library;
        if (FREEING_CALLS.has(name)) this.retry();
        if (name === "begin_run") this.#runs.set(/** @type {number} */ (answer), /** @type {NewRun} */ (params));
        return answer;
    }

    /** What is made gets its id here, so that asking again makes nothing twice. @param {keyof StoreCalls} name @param {any} params */
    async #withIds(name, params) {
        if (name === "make_collection" || name === "begin_training") return { id: this.newId(), ...params };
        if (name === "begin_job" || name === "begin_tried_job") return { job: this.newId(), ...params };
        if (name === "copy_files")
            return { first_id: await this.#ask("reserve_ids", { n: params.ids.length }), ...params };
        return params;
    }

    /** Tries again what found no room. */
    retry() {
        for (const [idx, one] of this.#stalled.take().entries())
            this.#send(++this.#seq, { ...one, again: idx === 0, hasWaited: true });
        this.#tryAgain();
    }

    #tryAgain() {
        const startAgain = this.#startAgain;
        this.#startAgain = null;
        startAgain?.();
    }

    /** There is no room to open it: what is asked waits, or is refused, as where a single call finds none; also what other tabs ask. @param {unknown} error @param {() => void} startAgain */
    #waitForRoom(error, startAgain) {
        if (this.#isClosed) return;
        this.#startAgain = startAgain;
        for (const seq of [...this.#open.keys()]) this.#fail(seq, error);
        this.#stalled.wait();
        this.#post(0, { kind: "owner" });
    }

    /** Ends the worker, where it is this tab's; another tab goes on. What is not answered is rejected. */
    close() {
        this.#isClosed = true;
        this.#die();
        this.#worker?.stop();
        this.#leave();
        this.#rejectAll(new DOMException("The store was closed.", "AbortError"));
    }

    async start() {
        const reason = this.#options.whyInMemory ?? (await whyNotKept());
        if (reason) return this.#own(null, reason);
        const { scope } = this.#options;
        this.#channel = new BroadcastChannel(channelName(scope));
        this.#channel.onmessage = ({ data }) => this.#hear(data);
        this.#live();
        this.#waitForTurn();
    }

    /** While this is held, requests that this tab has sent are waited for (library/lost_requests.js). */
    #live() {
        const end = new Promise((resolve) => void (this.#die = () => resolve(null)));
        void navigator.locks.request(tabLock(this.#tab), () => end);
    }

    /** The database is this tab's once no other one has it. */
    #waitForTurn() {
        const { scope } = this.#options;
        void navigator.locks.request(channelName(scope), async () => {
            if (this.#isClosed) return;
            /** @type {Promise<void>} */
            const end = new Promise((resolve) => void (this.#letGo = resolve));
            if (!(await this.#begin())) await this.#own(directoryName(scope), null);
            await end;
        });
    }

    /** Where there is no library one begins, without its worker. @returns {Promise<boolean>} */
    async #begin() {
        const { scope, untilShown } = this.#options;
        if (!untilShown || this.#isAsked) return false;
        this.#beginning = await Beginning.make(scope);
        if (!this.#beginning || this.#isClosed) return false;
        this.#beginning.onFull = () => this.#fetch();
        this.#isOwner = true;
        for (const [seq, { name, params, resolve, reject }] of [...this.#open]) {
            const answer = this.#early(name, params);
            if (answer) this.#open.delete(seq);
            answer?.then(resolve, reject);
        }
        if (this.#isAsked) this.#fetch();
        return true;
    }

    /** @param {keyof StoreCalls} name @param {any} params @returns {Promise<any> | null} null where it waits for the worker */
    #early(name, params) {
        if (!this.#beginning || this.#isClosed) return null;
        const answer = this.#beginning.answer(name, params);
        const { hasResults } = this.#beginning;
        if (answer && name === "record") void this.#options.untilShown?.().then(() => this.#fetch());
        else if (!answer && !hasResults) this.#fetch();
        return answer;
    }

    /** The worker of a library that is begun. */
    #fetch() {
        if (!this.#beginning || this.#beginning.isFetching || this.#isClosed) return;
        this.#beginning.isFetching = true;
        void this.#own(directoryName(this.#options.scope), null);
    }

    /** What a library was begun with is written before anything else. @param {Beginning} beginning @param {{run: number | null} | null} begun null where none of it is to be written @param {boolean} isKept it is left for another time */
    async #write(beginning, begun, isKept) {
        const isLeft = beginning !== this.#beginning;
        this.#beginning = null;
        const waiting = new Map([...(this.#held ?? []), ...this.#open]);
        this.#open.clear(); // they come after it
        if (isLeft) this.#held = waiting;
        if (begun?.run && beginning.run) this.#runs.set(begun.run, beginning.run);
        const all = begun ? beginning.calls : [];
        for (const { name, params, resolve, reject } of all) {
            const [call, by] = [withRun(params, begun?.run ?? null), isLeft ? "" : this.#tab];
            (name === "record" ? this.#record(call, by) : this.#ask(name, call, by)).then(resolve, reject);
        }
        const tell = (/** @type {{code?: string}} */ error) => {
            isKept ||= error.code === "library_damaged"; // found only now
            this.#options.onUnwritten?.(error);
        };
        const written = Promise.all(all.map((one) => one.written.catch(tell))).then(() =>
            beginning.end(isKept || this.#isClosed || !this.#worker),
        );
        if (isLeft) await Promise.race([written, new Promise((resolve) => setTimeout(resolve, LEFT_MS))]);
        if (isLeft && this.#held !== waiting) return; // given up, or another worker has begun with it again
        this.#held = null;
        for (const [seq, open] of waiting) this.#send(seq, open);
        await written;
    }

    /** From now on the database is this tab's. @param {string | null} directory null, with the reason, for memory @param {string | null} reason @returns {Promise<void>} */
    async #own(directory, reason) {
        const { scope, startWorker, loadModule, relaunch, onChange } = this.#options;
        this.#isOwner = true;
        /** @param {unknown} error */
        const giveUp = (error) => {
            this.#startAgain = directory ? () => this.#waitForTurn() : () => void this.#own(null, reason);
            this.#rejectAll(error);
            this.#beginning?.giveUp(error);
            this.#beginning = null;
            this.#isOwner = false;
            this.#letGo?.(); // another tab may be able to
        };
        /** @type {WorkerClient<WorkerCalls> | null} */
        let begun = null;
        const left = directory && !this.#beginning ? Beginning.left(scope) : null;
        try {
            const [script, module] = await Promise.all([startWorker(), loadModule()]);
            if (this.#isClosed) return script.terminate();
            const beginning = this.#beginning ?? (await left);
            let isEmptied = false;
            /** @type {WorkerClient<WorkerCalls>} */
            const worker = new WorkerClient(script, (error) => {
                this.#worker = null;
                if (!relaunch.take()) return giveUp(error);
                void this.#own(directory, reason).then(() => {
                    // What lived in memory went with the worker.
                    if (isEmptied) onChange?.({ by: "", is_replaced: true });
                });
            });
            begun = worker;
            const told = beginning?.tell() ?? null;
            const asked = { module, directory, reason, channel: channelName(scope), beginning: told };
            const { kept, begun: made } = await worker.call("start", asked);
            this.#worker = worker;
            isEmptied = kept === "memory";
            if (isEmptied) this.#leave();
            if (!beginning) this.#askAgain();
            this.#endStall();
            if (!beginning) return;
            const isSaid = beginning === this.#beginning;
            // Memory would lose it, and what cannot be opened does not take it.
            await this.#write(beginning, made === "left" ? null : made, made === "left" || (isEmptied && !isSaid));
            // It had been said that it would be kept.
            if (isEmptied && isSaid) onChange?.({ by: "", is_replaced: true });
        } catch (error) {
            void left?.then((one) => one?.end(true));
            const { code } = /** @type {{code?: string}} */ (error);
            if (code === "worker_crashed") return;
            begun?.stop();
            if (code === "storage_full") return this.#waitForRoom(error, () => void this.#own(directory, reason));
            giveUp(error);
        }
    }

    /** What lives in memory is of this tab alone. */
    #leave() {
        this.#channel?.close();
        this.#channel = null;
        this.#letGo?.();
    }

    /** @param {any} message of the channel */
    #hear(message) {
        if (message.kind === "owner" && !this.#isOwner) this.#askAgain();
        this.#isAsked ||= message.kind === "ask";
        if (this.#isAsked) this.#fetch();
        if (message.kind === "ask" && this.#isOwner && this.#startAgain) {
            const error = { code: "storage_full", detail: "There is no room to open the library." };
            this.#post(0, { kind: "answer", to: message.params.by, seq: message.seq, error });
        }
        if (message.kind === "change" && message.change.by !== this.#tab) {
            if (message.change.is_replaced) this.#runs.clear(); // ids may mean others now
            this.#options.onChange?.(message.change);
        }
        if (message.kind === "answer" && message.to === this.#tab) {
            const { code, detail, subject } = message.error ?? {};
            if (message.error) this.#fail(message.seq, new CodedError(code, detail, subject));
            else this.#succeed(message.seq, message.ok);
        }
    }

    /** @param {keyof StoreCalls} name @param {any} params @param {string} [by] @returns {Promise<any>} */
    #ask(name, params, by = this.#tab) {
        const early = this.#early(name, params);
        if (early) return early;
        return new Promise((resolve, reject) => {
            const open = { name, params, library: this.#library, again: false, resolve, reject, by };
            if (this.#isClosed) reject(new DOMException("The store was closed.", "AbortError"));
            else if (!this.#stalled.isEmpty && WAITING_CALLS.has(name)) this.#stalled.add(open);
            else {
                this.#send(++this.#seq, open);
                this.#tryAgain();
            }
        });
    }

    #askAgain() {
        for (const [seq, open] of this.#open) this.#send(seq, open);
    }

    /** @param {number} seq @param {Open} open */
    #send(seq, open) {
        if (this.#held && open.by !== "") return void this.#held.set(seq, open);
        this.#open.set(seq, open);
        const { name, params, library, again, by = this.#tab } = open;
        const request = { by, library, params, again };
        if (this.#worker)
            this.#worker.call(name, request).then(
                (answer) => this.#succeed(seq, answer),
                (error) => this.#fail(seq, error),
            );
        else if (!this.#isOwner) this.#post(seq, { kind: "ask", protocol: STORE_PROTOCOL, seq, name, params: request });
    }

    /** @param {number} seq @param {object} message */
    #post(seq, message) {
        try {
            this.#channel?.postMessage(message);
        } catch (error) {
            this.#take(seq)?.reject(error); // it cannot be sent to anybody
        }
    }

    /** @param {number} seq */
    #take(seq) {
        const open = this.#open.get(seq);
        this.#open.delete(seq);
        return open;
    }

    /** @param {number} seq @param {any} answer */
    #succeed(seq, answer) {
        this.#take(seq)?.resolve(answer);
        this.#endStall();
    }

    #endStall() {
        const isWaiting =
            !this.#stalled.isEmpty ||
            [...this.#open.values(), ...(this.#held?.values() ?? [])].some(({ hasWaited }) => hasWaited);
        if (!isWaiting) this.#stalled.end();
    }

    /** @param {number} seq @param {any} error */
    #fail(seq, error) {
        if (error.code === "worker_crashed" || error.name === "AbortError") return; // asked again, or given up already
        const open = this.#take(seq);
        if (!open) return;
        // What shows is about to be shown anew: nobody needs to be told.
        if (error.code === "library_replaced") return open.reject(new DOMException(error.message, "AbortError"));
        if (error.code !== "storage_full" || !WAITING_CALLS.has(open.name)) return open.reject(error);
        this.#stalled.add(open);
        this.#stalled.wait();
    }

    /** @param {unknown} error */
    #rejectAll(error) {
        const held = this.#held?.values() ?? [];
        this.#held = null;
        for (const { reject } of [...this.#open.values(), ...held, ...this.#stalled.take()]) reject(error);
        this.#open.clear();
    }

    /** A new owner does not know which tags a run means until it hears it again. @param {StoreCalls["record"][0]} params @param {string} [by] @returns {Promise<any>} */
    async #record(params, by) {
        try {
            return await this.#ask("record", params, by);
        } catch (error) {
            if (/** @type {{code?: string}} */ (error).code !== "run_unknown") throw error;
        }
        /** @type {Map<number, number>} */
        const now = new Map();
        const asked = new Set(params.results.map((one) => ("run" in one ? one.run : 0)));
        for (const [id, run] of this.#runs) if (asked.has(id)) now.set(id, await this.call("begin_run", run));
        const results = params.results.map((one) =>
            "run" in one ? { ...one, run: now.get(one.run) ?? one.run } : one,
        );
        return this.#ask("record", { results }, by);
    }
}

/** @param {StoreOptions} options @returns {Promise<Store>} */
export async function openStore(options) {
    const store = new Store(options);
    await store.start();
    return store;
}
