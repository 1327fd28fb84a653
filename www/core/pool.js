/**
 * Taggers in a row of workers: a queue, a size, and what happens when one of them crashes.
 * @import { Explanation, Limits, Tagging } from "./engine_api.d.ts"
 * @import { Calls, EmbeddedReply, TaggedReply, TaggerReady } from "./protocol.js"
 * @import { ObjectDetector } from "./second_looks.js"
 * @import { RelaunchLimit } from "./relaunch.js"
 *
 * What a worker is asked: the tags of a picture, which the queue holds for `id`, what one that waits looks like, why it has a tag
 * (`id` 0: of no use there), what it is trained by, or a second look at one that was tagged.
 * @typedef {{name: "tag", params: {file: Blob, has_thumbnail?: boolean}, id: number} | {name: "preview", params: {file: Blob}, id: number} |
 *   {name: "explain", params: Calls["explain"][0], id: 0} | {name: "embed_views", params: {file: Blob, is_square: boolean, is_unread: boolean}, id: number} |
 *   {name: "look_again", params: {file: Blob, first: Tagging}, id: number}} Task
 *
 * @typedef {{
 *   task: Task, crashes: number, onProgress: (share: number) => void,
 *   resolve: (answer: any) => void, reject: (reason: unknown) => void }} Job
 *
 * A worker's place: without client while it starts, warm once it has answered. `memoryAtStart` is that of its engine with its networks alone;
 * the one that finds objects is loaded for its first second look.
 * @typedef {{client: WorkerClient | null, job: Job | null, isWarm: boolean, findsObjects: boolean, memoryAtStart: number}} Slot
 *
 * @typedef {{
 *   size: number, relaunch: RelaunchLimit, timeoutMs?: number,
 *   start: (onCrash: (error: CodedError) => void) => Promise<{client: WorkerClient, ready: TaggerReady}>,
 *   onReady?: (ready: TaggerReady) => void,
 *   limits?: () => Partial<Limits>, detector?: ObjectDetector, hasThumbnails?: boolean,
 *   onOff: (error: CodedError) => void, onFailed: (error: unknown) => void }} PoolOptions
 *   `limits` are asked for when a picture's turn comes; `hasThumbnails`: false where nobody looks at any
 */
import { WorkerClient } from "./client.js";
import { Embeds } from "./embeds.js";
import { CodedError } from "./protocol.js";
import { SecondLooks } from "./second_looks.js";

export { poolSize } from "./pool_size.js";

/** The detector may take long to load on a slow machine, but not for ever. */
const DETECTOR_TIMEOUT_MS = 120_000;
/** Of the time that a picture may take, what decoding may. */
const DECODING_SHARE = 0.6;
/** Bytes of an engine's memory, which never shrinks, above which its worker is replaced: a large picture took them. */
const MOST_MEMORY = 300e6;
/** After so many crashes in a row it may be the engine's fault, or that of the pictures that come next. A picture from elsewhere tells. */
const DOUBTFUL = 2;
/** How long somebody is thought to be typing still: longer than it takes to find the next key. */
export const GIVE_WAY_MS = 1_000;

export class TaggerPool {
    #options;
    /** @type {Job[]} */
    #queue = [];
    /** @type {Slot[]} */
    #slots = [];
    #isStopped = false;
    #isPaused = false;
    /** Somebody is typing. @type {ReturnType<typeof setTimeout> | null} */
    #givingWay = null;
    /** Asked for before any picture came, so that the first one finds an engine that is ready. */
    #wanted = 0;
    /** Pictures on screen: their turn comes before that of the others. @type {ReadonlySet<number>} */
    #preferred = new Set();
    /** How many different pictures ended their worker since anything was answered. */
    #crashedInARow = 0;
    #embeds = new Embeds();
    #secondLooks;

    /** @param {PoolOptions} options */
    constructor(options) {
        this.#options = options;
        this.#secondLooks = new SecondLooks(options.detector, () => this.#pump());
    }

    /** How many pictures can be tagged side by side. */
    get size() {
        return this.#options.size;
    }

    /**
     * Tags one picture when its turn comes.
     * @param {number} id @param {Blob} file
     * @param {(share: number) => void} [onProgress] told 0 when its turn comes, and `DECODED` @returns {Promise<TaggedReply>}
     */
    tag(id, file, onProgress = () => {}) {
        const params = { file, ...(this.#options.hasThumbnails === false && { has_thumbnail: false }) };
        return this.#wait({ name: "tag", params, id }, (job) => this.#queue.push(job), onProgress);
    }

    /**
     * Looks for objects in a picture that has its first tags, once nothing else is to be done.
     * @param {number} id @param {Blob} file @param {Tagging} first what `tag` gave @param {() => void} [onBegin]
     * @returns {Promise<Tagging>} the tags of both looks together
     */
    lookAgain(id, file, first, onBegin = () => {}) {
        const task = { name: /** @type {const} */ ("look_again"), params: { file, first }, id };
        return this.#wait(task, (job) => this.#secondLooks.add(job), onBegin);
    }

    /** Tries again to find objects, with a detector that is fetched anew if it was at fault. */
    retryObjects() {
        this.#secondLooks.retry();
        this.#pump();
    }

    /**
     * Where in a picture the model saw `tag`. Somebody is looking at it now, so it goes before all that waits.
     * @param {Blob} file @param {string | Float32Array} tag an id of the vocabulary, or the direction of an own tag @returns {Promise<Explanation>}
     */
    explain(file, tag) {
        return this.#wait({ name: "explain", params: { file, tag }, id: 0 }, (job) => this.#queue.unshift(job));
    }

    /**
     * What a picture is trained by, once nothing waits for its tags.
     * @param {number} id @param {Blob} file @param {{isSquare?: boolean, isUnread?: boolean, owner?: unknown}} [how] the square of a picture, and not the picture; one that the library knows nothing of; who may cancel it @returns {Promise<EmbeddedReply>}
     */
    embed(id, file, { isSquare = false, isUnread = false, owner = null } = {}) {
        const params = { file, is_square: isSquare, is_unread: isUnread };
        return this.#wait({ name: "embed_views", params, id }, (job) => this.#embeds.add(job, owner));
    }

    /** Drops those of an owner that nobody has started on; their promises are rejected as aborted. @param {unknown} owner */
    cancelEmbeds(owner) {
        this.#embeds.cancel(owner);
    }

    /** Which pictures somebody is looking at: they come first, in the order of the queue. @param {readonly number[]} ids */
    prefer(ids) {
        this.#preferred = new Set(ids);
    }

    /**
     * What a picture that waits looks like: before all tagging, as it takes a fraction of the time.
     * @param {number} id @param {Blob} file @returns {Promise<Blob>}
     */
    preview(id, file) {
        return this.#wait({ name: "preview", params: { file }, id }, (job) => {
            const at = this.#queue.findIndex(({ task }) => task.name === "tag");
            this.#queue.splice(at < 0 ? this.#queue.length : at, 0, job);
        });
    }

    /** @param {Task} task @param {(job: Job) => void} put where it waits @param {(share: number) => void} [onProgress] @returns {Promise<any>} */
    #wait(task, put, onProgress = () => {}) {
        return new Promise((resolve, reject) => {
            put({ task, crashes: 0, onProgress, resolve, reject });
            this.#pump();
        });
    }

    /**
     * Drops what nobody has started on. Their promises are rejected as aborted.
     * @param {(id: number) => boolean} [isMeant] @returns {number[]} the ids dropped
     */
    cancel(isMeant = () => true) {
        const dropped = this.#drop((task) => task.name !== "explain" && isMeant(task.id));
        return dropped.flatMap((task) => (task.name === "tag" ? [task.id] : []));
    }

    /** Drops the previews that nobody waits for any more, in the same way. @param {(id: number) => boolean} isMeant */
    cancelPreviews(isMeant) {
        this.#drop((task) => task.name === "preview" && isMeant(task.id));
    }

    /** Drops second looks that wait, in the same way. @param {(id: number) => boolean} isMeant */
    cancelSecondLooks(isMeant) {
        this.#secondLooks.cancel(isMeant, new DOMException("Cancelled.", "AbortError"));
    }

    /** @param {(task: Task) => boolean} isMeant @returns {Task[]} */
    #drop(isMeant) {
        const reason = new DOMException("Cancelled.", "AbortError"); // one for all: ten thousand traces take a moment
        /** @type {Task[]} */
        const dropped = [];
        this.#queue = this.#queue.filter(({ task, reject }) => {
            if (!isMeant(task)) return true;
            dropped.push(task);
            reject(reason);
            return false;
        });
        return dropped;
    }

    /** Hands out nothing more; what is under way is finished. */
    pause() {
        this.#isPaused = true;
    }

    resume() {
        this.#isPaused = false;
        this.#pump();
    }

    /**
     * Somebody types or moves a slider: what they do comes first, and the next picture a moment later. On few cores each key waits for the
     * network otherwise.
     */
    giveWay() {
        if (this.#givingWay !== null) clearTimeout(this.#givingWay);
        this.#givingWay = setTimeout(() => {
            this.#givingWay = null;
            this.#pump();
        }, GIVE_WAY_MS);
    }

    /** Starts again after the relaunch limit or a failed start; what is queued goes on. */
    restart() {
        this.#isStopped = false;
        this.#wanted = Math.max(this.#wanted, 1);
        this.#pump();
    }

    /** Ends every worker and keeps the queue. */
    stop() {
        this.#isStopped = true;
        for (const slot of this.#slots.splice(0)) {
            slot.client?.stop();
            if (slot.job?.task.name === "look_again") this.#secondLooks.putBack(slot.job);
            else if (slot.job?.task.name === "embed_views") this.#embeds.putBack(slot.job);
            else if (slot.job) this.#queue.unshift(slot.job);
        }
    }

    #pump() {
        if (this.#isStopped) return;
        for (const slot of this.#slots) {
            if (!slot.client || slot.job) continue;
            const job = this.#nextJob();
            if (!job) break;
            void this.#run(slot, slot.client, job);
        }
        // One after the other, the next when the last has answered: where two start at once both take longer, some browsers compile the
        // engine as it runs for the first time, and the first tags matter most.
        if (this.#slots.some((slot) => !slot.isWarm)) return;
        const waiting = this.#isHeld && this.#queue[0]?.task.name === "tag" ? 0 : this.#queue.length + this.#embeds.n;
        const isWanted = this.#slots.length < this.#wanted || waiting > 0; // second looks make do with the workers that there are
        if (isWanted && this.#slots.length < this.#options.size) void this.#start();
    }

    get #isHeld() {
        return this.#isPaused || this.#givingWay !== null;
    }

    /** While the tagging is held, only what somebody is looking at goes on. */
    #nextJob() {
        const [first] = this.#queue;
        if (!first) return this.#isHeld ? undefined : (this.#embeds.next() ?? this.#secondLooks.next(this.#preferred));
        if (first.task.name !== "tag") return this.#queue.shift();
        if (this.#isHeld) return undefined;
        if (this.#crashedInARow >= DOUBTFUL) return this.#queue.splice(this.#fresh(), 1)[0];
        const isPreferred = (/** @type {Job} */ { task }) => task.name === "tag" && this.#preferred.has(task.id);
        // Most of the time it is among the first; where nothing on screen waits, nothing is looked for.
        const at = this.#preferred.size > 0 ? this.#queue.findIndex(isPreferred) : 0;
        return this.#queue.splice(Math.max(0, at), 1)[0];
    }

    /** The place of the last job in the queue that has ended no worker yet. */
    #fresh() {
        const at = this.#queue.findLastIndex(({ crashes }) => crashes === 0);
        return Math.max(0, at);
    }

    async #start() {
        /** @type {Slot} */
        const slot = { client: null, job: null, isWarm: false, findsObjects: false, memoryAtStart: 0 };
        this.#slots.push(slot);
        try {
            const { client, ready } = await this.#options.start((error) => this.#lose(slot, error));
            if (!this.#slots.includes(slot)) return client.stop();
            slot.client = client;
            slot.memoryAtStart = client.memory;
            this.#options.onReady?.(ready);
            this.#pump();
        } catch (error) {
            if (!this.#slots.includes(slot)) return; // a crash: #lose has seen to it
            this.stop();
            this.#options.onFailed(error);
        }
    }

    /** @param {Slot} slot @param {WorkerClient} client @param {Job} job */
    async #run(slot, client, job) {
        slot.job = job;
        job.onProgress(0);
        const start = performance.now();
        try {
            if (job.task.name === "look_again" && !slot.findsObjects && !(await this.#loadDetector(slot, client, job)))
                return;
            const { name, params, ...detail } = job.task;
            const { onProgress } = job;
            const timeoutMs = this.#options.timeoutMs ?? 30_000;
            // So that a picture which takes too long is refused by the engine, which then lives on.
            const how = { limits: { max_ms: Math.ceil(timeoutMs * DECODING_SHARE), ...this.#options.limits?.() } };
            const answer = await client.call(name, { ...params, ...how }, { timeoutMs, onProgress });
            // Counted by tests ("moving the threshold runs nothing") and read in the browser's performance panel.
            performance.measure(`tagsmith:${name}`, { start, end: performance.now(), detail });
            job.resolve(answer);
        } catch (error) {
            if (client.isGone) return; // #lose decides about the picture
            job.reject(error);
        }
        if (job.task.name === "look_again") this.#secondLooks.noteAnswer();
        this.#release(slot, client);
    }

    /**
     * For the first second look of a worker. A detector that cannot be used is nothing against the picture, which goes on waiting.
     * @param {Slot} slot @param {WorkerClient} client @param {Job} job @returns {Promise<boolean>} whether it can look for objects now
     */
    async #loadDetector(slot, client, job) {
        try {
            const { files: companions } = this.#secondLooks;
            await client.call("start_objects", { companions }, { timeoutMs: DETECTOR_TIMEOUT_MS });
        } catch (error) {
            if (client.isGone) throw error;
            this.#secondLooks.putBack(job);
            this.#secondLooks.turnOff(error);
            this.#release(slot, client);
            return false;
        }
        slot.findsObjects = true;
        slot.memoryAtStart = client.memory;
        return true;
    }

    /** A worker is free again. @param {Slot} slot @param {WorkerClient} client */
    #release(slot, client) {
        this.#crashedInARow = 0;
        slot.isWarm = true;
        slot.job = null;
        if (client.memory > Math.max(MOST_MEMORY, 2 * slot.memoryAtStart)) this.#retire(slot, client);
        this.#pump();
    }

    /** Gives the memory of a worker back: a new one takes its place. @param {Slot} slot @param {WorkerClient} client */
    #retire(slot, client) {
        this.#slots = this.#slots.filter((one) => one !== slot);
        client.stop();
        this.#wanted = Math.max(this.#wanted, this.#slots.length + 1);
    }

    /**
     * A worker is gone, and what it worked on is charged with it. Its place gets a new worker, while the limit allows it: the limit is for
     * engines that cannot live, so a picture that ended one before, or the first of several, does not count.
     * @param {Slot} slot @param {CodedError} error
     */
    #lose(slot, error) {
        const idx = this.#slots.indexOf(slot);
        if (idx < 0) return;
        this.#slots.splice(idx, 1);
        const { job, client } = slot;
        if (job?.task.name === "look_again") {
            // No word against the engine: what it is for, first looks, goes on.
            this.#secondLooks.charge(job, error, client?.isTimedOut === true);
            this.#wanted = Math.max(this.#wanted, Math.min(this.#slots.length + 1, this.#options.size));
            return this.#pump();
        }
        const isKnown = job !== null && job.crashes > 0;
        if (job) this.#charge(job, error, client?.isTimedOut === true);
        if (this.#isStopped) return;
        if (!isKnown) this.#crashedInARow++;
        const isForgiven = isKnown || (job !== null && this.#crashedInARow === 1);
        if ((isForgiven && this.#options.relaunch.max > 0) || this.#options.relaunch.take()) {
            this.#wanted = Math.max(this.#wanted, this.#slots.length + 1);
            this.#pump();
            return;
        }
        this.stop();
        this.#options.onOff(new CodedError("local_model_off", error.detail));
    }

    /**
     * One more try, after all others that wait; none for what took too long, as it would again.
     * @param {Job} job @param {CodedError} error @param {boolean} isTimedOut
     */
    #charge(job, error, isTimedOut) {
        job.crashes++;
        if (job.task.name === "preview") this.#chargePreview(job, job.task.id, error);
        else if (isTimedOut)
            job.reject(error.code === "worker_crashed" ? new CodedError("picture_too_slow", error.detail) : error);
        else if (job.crashes > 1) job.reject(error);
        else if (job.task.name === "explain") this.#queue.unshift(job);
        else if (job.task.name === "embed_views") this.#embeds.addAgain(job);
        else this.#queue.push(job);
    }

    /** A picture that ended a worker already by its preview is tried once more when it is tagged, and has no preview. @param {Job} job @param {number} id @param {CodedError} error */
    #chargePreview(job, id, error) {
        const waiting = this.#queue.find(({ task }) => task.name === "tag" && task.id === id);
        if (waiting) waiting.crashes++;
        job.reject(error);
    }
}
