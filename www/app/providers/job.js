/**
 * A job: many pictures, asked of one provider, a few requests at a time. It knows no network, no store and no clock: all of that is handed
 * in, and so is what is random, so that every way it can go is tried in tests.
 *
 * What holds, whatever happens:
 * - A request is in the log before it is sent, and its answer, what was found and its end are written at once. So what was answered is
 *   never asked for again, also not after a reload.
 * - What was sent and not answered may have been billed: it fails as such, and only a person asks for it again. Where nobody bills
 *   (`isBilled` false) it is asked again by itself.
 * - What is wrong with the provider as a whole stops the job, and its pictures wait; what is wrong with a picture fails that picture.
 *
 * @import { Found, KeptFailure, Outcome, ProviderFailure, Reply } from "./outcomes.js"
 * @import { RetryLimits } from "./retry.js"
 *
 * A picture as it leaves. @typedef {{blob: Blob, width: number, height: number}} Outgoing
 * What is written of it. @typedef {{file: number, found: Found} | {file: number, failure: KeptFailure} | {file: number, back: true}} Result
 * `n_bytes`: of the body, where that is known. @typedef {{status: number | null, outcome: Outcome, n_bytes?: number | undefined, n_billed: number, n_maybe: number, detail: string | null, results: Result[]}} Ended
 *
 * `prepare` rejects with a coded error where there is no such picture, and gives null where another one of the job has the same content. `begin` and `end` resolve once that is committed. `reserve` sets units of
 * the month aside until `begin` has them in the log. `fail`: pictures for which nothing was asked. `mayLeave`: looked at last of all.
 * @typedef {{
 *   prepare: (file: number) => Promise<Outgoing | null>, plan: (sizes: number[]) => Promise<{batches: ArrayLike<number>, units: number}>,
 *   begin: (request: {files: number[], n_pictures: number, n_units: number, n_bytes: number}) => Promise<number>,
 *   send: (pictures: Outgoing[], how: {signal: AbortSignal}) => Promise<Reply>, end: (id: number, ended: Ended) => Promise<void>,
 *   fail: (failures: {file: number, code: string, detail: string}[]) => Promise<void>,
 *   reserve: (nUnits: number) => Promise<(() => void) | null>, mayLeave: (file: number) => boolean,
 *   sleep: (ms: number) => Promise<void>, now: () => number, random: () => number, onChange: () => void }} Ports
 *
 * @typedef {{isBilled: boolean, nAtOnce?: number, limits?: RetryLimits}} JobOptions
 * `alone`: not together with others. @typedef {{file: number, nTries: number, isAlone: boolean, outgoing: Outgoing | null}} Item
 * `paused` by a person, or by a `problem`; `ended` when nothing waits.
 * @typedef {"running" | "paused" | "ended"} JobStatus
 */
import { CodedError, failureOf } from "../../core/protocol.js";
import { NEVER_LEAVES, NO_RESULTS, courseOfPicture, courseOfRequest, isOfAll, keptOf, lost } from "./outcomes.js";
import { RETRY_LIMITS, waitBefore } from "./retry.js";

export const AT_ONCE = 4;
/** So many pictures are made ready at a time, ahead of their requests. */
const PREPARED_AT_ONCE = 2;
/** The most that any provider takes in a request. */
const MOST_PICTURES = 16;
/** So many requests in a row that came to nothing are no accident. */
const MOST_IN_A_ROW = 8;
/** What could not be written is tried again so often: it was paid for. */
const TRIES_TO_END = 5;

export class ProviderJob {
    #ports;
    #isBilled;
    #nAtOnce;
    #limits;
    /** @type {Item[]} */
    #queue = [];
    /** @type {Item[]} made ready, in the order in which they go */
    #ready = [];
    #nPreparing = 0;
    #nSending = 0;
    /** Pictures that wait for a time of their own. */
    #nLater = 0;
    /** Nothing is sent before that. */
    #notBefore = 0;
    #isWaking = false;
    #nInARow = 0;
    /** Pictures a request at most; null until it is known. @type {number | null} */
    #most = null;
    /** @type {JobStatus} */
    #status = "running";
    #abort = new AbortController();
    /** @type {(() => void)[]} */
    #idle = [];
    /** Why it has stopped. @type {{code: string, detail: string} | null} */
    problem = null;
    /** Pictures that wait for a person, and why: they never leave, or their files are needed. @type {Map<number, {code: string, detail: string}>} */
    held = new Map();
    /** Answers that could not be written: they were paid for, so they are kept until they can be. @type {(() => Promise<void>)[]} */
    #unwritten = [];

    /** @param {Ports} ports @param {JobOptions} options */
    constructor(ports, { isBilled, nAtOnce = AT_ONCE, limits = RETRY_LIMITS }) {
        this.#ports = ports;
        this.#isBilled = isBilled;
        this.#nAtOnce = nAtOnce;
        this.#limits = limits;
    }

    get status() {
        return this.#status;
    }

    /** Pictures that wait for their answer. */
    get nWaiting() {
        return (
            this.#queue.length +
            this.#ready.length +
            this.#nPreparing +
            this.#nLater +
            this.held.size +
            this.#unwritten.length
        );
    }

    /** Whether there are answers that could not be written yet, which nobody else has. */
    get hasUnwritten() {
        return this.#unwritten.length > 0;
    }

    /** Asks for these too, in their order. @param {Iterable<number>} files */
    add(files) {
        for (const file of files) this.#queue.push({ file, nTries: 0, isAlone: false, outgoing: null });
        if (this.#status === "ended") this.#status = "running";
        this.#pump();
    }

    /** Sends nothing more; what was sent is answered. */
    pause() {
        if (this.#status === "running") this.#status = "paused";
        this.#ports.onChange();
    }

    /** Goes on, also after a problem that somebody has seen to. */
    resume() {
        if (this.#status !== "paused") return;
        this.#status = "running";
        this.problem = null;
        this.#notBefore = this.#nInARow = 0;
        for (const file of this.held.keys()) this.#queue.push({ file, nTries: 0, isAlone: false, outgoing: null });
        this.held.clear();
        for (const item of [...this.#queue, ...this.#ready]) item.nTries = 0;
        for (const write of this.#unwritten.splice(0)) {
            this.#nSending++;
            void this.#write(write).finally(() => this.#sent());
        }
        this.#pump();
        this.#ports.onChange();
    }

    /**
     * Stops waiting for answers, and ends. What was sent is in the log as lost.
     * @returns {Promise<boolean>} once everything is written; false where answers still cannot be: then it waits with them, as they were paid for
     */
    async cancel() {
        this.#queue = [];
        this.#ready = [];
        this.held.clear();
        this.#status = "paused";
        this.#abort.abort();
        await this.idle();
        await this.#writeLeft();
        if (!this.hasUnwritten) this.#status = "ended";
        this.#ports.onChange();
        return !this.hasUnwritten;
    }

    /** Once more what could not be written, in its order. */
    async #writeLeft() {
        for (const write of this.#unwritten.splice(0)) {
            try {
                await write();
            } catch (error) {
                this.#unwritten.push(write);
                this.problem = failureOf(error, "library_unwritten");
            }
        }
    }

    /** Once nothing is under way. @returns {Promise<void>} */
    idle() {
        if (this.#nSending === 0) return Promise.resolve();
        return new Promise((resolve) => this.#idle.push(resolve));
    }

    #pump() {
        if (this.#status !== "running") return;
        this.#prepareMore();
        if (this.#ports.now() < this.#notBefore) return this.#wakeAt(this.#notBefore);
        while (this.#status === "running" && this.#nSending < this.#nAtOnce && this.#isBatchReady()) {
            this.#nSending++;
            void this.#send(this.#takeBatch()).finally(() => this.#sent());
        }
        this.#endIfOver();
    }

    #sent() {
        this.#nSending--;
        if (this.#nSending === 0) for (const tell of this.#idle.splice(0)) tell();
        this.#ports.onChange();
        this.#pump();
    }

    #endIfOver() {
        if (this.#nSending > 0 || this.nWaiting > this.held.size) return;
        const [why] = this.held.values();
        if (why) return this.#stop(why);
        this.#status = "ended";
        this.#ports.onChange();
    }

    /** @param {number} at */
    #wakeAt(at) {
        if (this.#isWaking) return;
        this.#isWaking = true;
        void this.#ports.sleep(at - this.#ports.now()).then(() => {
            this.#isWaking = false;
            this.#pump();
        });
    }

    #prepareMore() {
        const window = this.#nAtOnce * (this.#most ?? 1);
        while (this.#nPreparing < PREPARED_AT_ONCE && this.#ready.length + this.#nPreparing < window) {
            const item = this.#queue.shift();
            if (!item) return;
            this.#nPreparing++;
            void this.#prepare(item).finally(() => {
                this.#nPreparing--;
                this.#pump();
            });
        }
    }

    /** @param {Item} item */
    async #prepare(item) {
        try {
            this.#most ??= (await this.#ports.plan(Array(MOST_PICTURES).fill(1))).batches[0] ?? 1;
            item.outgoing ??= await this.#ports.prepare(item.file);
            if (!item.outgoing) return this.#ports.onChange();
            if (!this.#abort.signal.aborted) this.#ready.push(item);
        } catch (thrown) {
            if (this.#abort.signal.aborted) return;
            const { code, detail } = failureOf(thrown, "provider_picture_refused");
            if (code === "file_needed") return void this.held.set(item.file, { code, detail });
            if (++this.#nInARow >= MOST_IN_A_ROW) this.#stop({ code, detail });
            await this.#ports.fail([{ file: item.file, code, detail }]).catch((error) => this.#stopFor(error, [item]));
            this.#ports.onChange();
        }
    }

    /** Whether a request is full, or can become no fuller. */
    #isBatchReady() {
        const [first] = this.#ready;
        if (!first) return false;
        const isNoMore = this.#queue.length + this.#nPreparing === 0;
        return first.isAlone || isNoMore || this.#ready.length >= (this.#most ?? 1);
    }

    /** @returns {Item[]} */
    #takeBatch() {
        const n = this.#ready.findIndex(({ isAlone }, idx) => isAlone || idx >= (this.#most ?? 1));
        return this.#ready.splice(0, n < 0 ? this.#ready.length : Math.max(1, n));
    }

    /** @param {Item[]} taken */
    async #send(taken) {
        /** @type {Item[]} */
        let items = [];
        /** @type {(() => void) | null} */
        let release = null;
        try {
            const allowed = this.#thatMayLeave(taken);
            if (allowed.length === 0) return;
            items = allowed;
            const sizes = allowed.map(({ outgoing }) => outgoing?.blob.size ?? 0);
            const length = (await this.#ports.plan(sizes)).batches[0] ?? 1;
            this.#ready.unshift(...allowed.slice(length));
            items = allowed.slice(0, length);
            const units = this.#isBilled ? (await this.#ports.plan(sizes.slice(0, length))).units : 0;
            release = await this.#ports.reserve(units);
            if (!release) throw new CodedError("provider_cap_reached", "No more may be asked for this month.");
            // Meanwhile somebody may have paused it, or said that these never leave.
            const isStill = items.every(({ file }) => this.#ports.mayLeave(file));
            if (this.#status !== "running" || !isStill) return this.#putBack(items);
            const id = await this.#ports.begin({
                files: items.map(({ file }) => file),
                n_pictures: items.length,
                n_units: units,
                n_bytes: sizes.slice(0, length).reduce((sum, size) => sum + size, 0),
            });
            release(); // from here on the log counts them, for every tab
            await this.#ask(id, items, units);
            items = [];
        } catch (error) {
            this.#stopFor(error, items);
        } finally {
            release?.();
        }
    }

    /** Rules may be others than when the job began. @param {Item[]} items */
    #thatMayLeave(items) {
        return items.filter(({ file }) => this.#ports.mayLeave(file) || !this.held.set(file, NEVER_LEAVES));
    }

    /** From here on it is in the log: whatever goes wrong, these pictures are not asked for again as if nothing had been. @param {number} id @param {Item[]} items @param {number} nUnits */
    async #ask(id, items, nUnits) {
        const outgoing = items.flatMap(({ outgoing }) => outgoing ?? []);
        const { signal } = this.#abort;
        const reply = await this.#ports.send(outgoing, { signal }).catch((error) => lost(error, nUnits));
        for (const item of items) item.nTries++;
        const { after, ...ended } = this.#settled(reply, items);
        await this.#write(async () => {
            await this.#ports.end(id, ended);
            after();
        });
    }

    /** An answer was paid for: it is not given up at the first trouble. @param {() => Promise<void>} write */
    async #write(write) {
        for (let nTries = 1; ; nTries++) {
            try {
                return await write();
            } catch (error) {
                if (nTries < TRIES_TO_END) {
                    await this.#ports.sleep(nTries * 500);
                    continue;
                }
                this.#unwritten.push(write);
                return this.#stopFor(error, []);
            }
        }
    }

    /** What is written, and what comes after that. @param {Reply} reply @param {Item[]} items @returns {Ended & {after: () => void}} */
    #settled(reply, items) {
        const { status, outcome, n_bytes, n_billed, n_maybe, failure } = reply;
        const head = { status, outcome, n_bytes, n_billed, n_maybe, detail: failure?.detail ?? null };
        if (failure || !reply.results) return { ...head, ...this.#allFailed(failure ?? NO_RESULTS, items) };
        this.#nInARow = 0;
        /** @type {{item: Item, wait: number}[]} */
        const again = [];
        const results = items.map((item, idx) => {
            const { file } = item;
            const result = reply.results?.[idx] ?? { failure: NO_RESULTS };
            if ("found" in result) return { file, found: result.found };
            const { retry } = result.failure;
            const wait = waitBefore(retry, item.nTries, this.#ports.random, this.#limits);
            if (courseOfPicture(result.failure, { isBilled: this.#isBilled, wait }) === "fail")
                return { file, failure: keptOf(result.failure) };
            again.push({ item, wait: wait ?? 0 });
            return { file, back: /** @type {const} */ (true) };
        });
        return { ...head, results, after: () => again.forEach(({ item, wait }) => void this.#later(item, wait)) };
    }

    /** @param {ProviderFailure} failure @param {Item[]} items @returns {{results: Result[], after: () => void}} */
    #allFailed(failure, items) {
        const { code, detail, retry } = failure;
        const nTries = Math.max(...items.map((item) => item.nTries));
        // Where nobody bills, what was lost is asked for again as if nothing had come.
        const isFree = !this.#isBilled && failure.billed !== "no";
        const wait = waitBefore(isFree ? "backoff" : retry, nTries, this.#ports.random, this.#limits);
        const how = { isBilled: this.#isBilled, nPictures: items.length, wait };
        const course = this.#abort.signal.aborted ? "fail" : courseOfRequest(failure, how);
        const isTooOften = course === "fail" && (isOfAll(code) || ++this.#nInARow >= MOST_IN_A_ROW);
        const results = items.map(({ file }) =>
            course === "fail" ? { file, failure: keptOf(failure) } : { file, back: /** @type {const} */ (true) },
        );
        const after = () => {
            if (course !== "fail") this.#putBack(items, course === "alone");
            if (course === "again" && wait !== null)
                this.#notBefore = Math.max(this.#notBefore, this.#ports.now() + wait);
            if (course === "stop" || isTooOften) this.#stop({ code, detail });
        };
        return { results, after };
    }

    /** In front of all others: they were first. @param {Item[]} items @param {boolean} [isAlone] */
    #putBack(items, isAlone = false) {
        if (this.#abort.signal.aborted) return;
        if (isAlone) for (const item of items) item.isAlone = true;
        this.#ready.unshift(...items);
    }

    /** @param {Item} item @param {number} wait */
    async #later(item, wait) {
        this.#nLater++;
        await this.#ports.sleep(wait);
        this.#nLater--;
        this.#putBack([item]);
        this.#pump();
    }

    /** @param {unknown} error @param {Item[]} items that wait again */
    #stopFor(error, items) {
        this.#putBack(items);
        const { code, detail } = failureOf(error, "library_unwritten");
        this.#stop({ code, detail });
    }

    /** @param {{code: string, detail: string}} problem */
    #stop(problem) {
        if (this.#status !== "running") return;
        this.#status = "paused";
        this.problem = problem;
        this.#ports.onChange();
    }
}
