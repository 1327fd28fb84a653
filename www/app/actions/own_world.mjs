/**
 * For the unit tests of own tags: a store that knows of them what the real one does, in a few lines, a pool that embeds, and a trainer. What a test has not
 * provided for is an error.
 */
import { mock } from "node:test";
import { CodedError, failureOf } from "../../core/protocol.js";
import {
    drafts,
    ownFailure,
    ownTagging,
    ownTaggers,
    schedule,
    training,
    trainingOver,
    trainingSet,
    untagged,
    waitingTrainings,
} from "../own_state.js";
import { createTeaching } from "./own_teaching.js";

export const BACKBONE = "stand-in 1";
export const N_FEATURES = 4;
const ANY_HASH = new Uint8Array(32);

/** Nothing is known, as at the beginning. */
export function forget() {
    /** @type {any} */ for (const [cell, value] of /** @type {const} */ ([
        [ownTaggers, null],
        [trainingSet, null],
        [training, null],
        [trainingOver, null],
        [waitingTrainings, []],
        [ownTagging, null],
        [untagged, new Map()],
        [drafts, new Map()],
        [schedule, new Map()],
        [ownFailure, null],
    ]))
        cell.value = value;
}

/** The trainer's worker: answers as `handlers` do, until it is ended. @param {Record<string, (params: any, progress: (share: number) => void) => any>} handlers */
class TrainerWorker {
    /** @type {((event: {data: unknown}) => void) | null} */
    onmessage = null;
    isEnded = false;

    /** @param {Record<string, (params: any, progress: (share: number) => void) => any>} handlers */
    constructor(handlers) {
        this.handlers = handlers;
    }

    /** @param {{seq: number, name: string, params: any}} call */
    async postMessage({ seq, name, params }) {
        const say = (/** @type {object} */ said) =>
            !this.isEnded && this.onmessage?.({ data: { seq, memory: 0, ...said } });
        if (name === "live") return;
        try {
            const answer = this.handlers[name];
            if (!answer) throw new TypeError(`No test has provided for ${name}.`);
            const ok = await answer(params, (progress) => say({ progress }));
            say({ ok });
        } catch (error) {
            say({ error: failureOf(error, "test") });
        }
    }

    terminate() {
        this.isEnded = true;
    }
}

/**
 * @param {{
 *   files?: {id: number, asset?: number, given?: string[], rejected?: string[], views?: number, side?: number}[], settings?: Record<string, unknown>,
 *   heads?: any[], trainer?: Record<string, (params: any, progress: (share: number) => void) => any>, store?: Record<string, (params: any) => any>,
 *   embed?: (id: number) => Promise<any> | any }} [how]
 */
export function ownWorld({
    files = [],
    settings = { collections: [1] },
    heads = [],
    trainer = {},
    store = {},
    embed = () => EMBEDDED,
} = {}) {
    /** Every call of the store, in its order. @type {[string, any][]} */
    const asked = [];
    /** @type {any[]} */
    const trainings = [];
    const tagger = { id: "mine", name: "Mine", settings, is_used: true, made_ms: 5, heads, trainings };
    const views = new Map(files.map(({ id, views: bits = 3 }) => [id, bits]));
    /** @type {Record<string, (params: any) => any>} */
    const answers = {
        own_taggers: () => [{ ...tagger, heads: [...tagger.heads], trainings: trainings.map((one) => ({ ...one })) }],
        trainings: () => trainings,
        n_features_of: () => N_FEATURES,
        begin_training({ own_tagger: ofTagger, by, title, comment }) {
            const one = {
                id: 70 + trainings.length,
                own_tagger: ofTagger,
                number: heads.length + 1,
                by,
                title,
                comment,
            };
            trainings.unshift({
                ...one,
                begun_ms: Date.now(),
                ended_ms: null,
                failure: null,
                is_running: true,
                head: null,
            });
            return { id: one.id, number: one.number };
        },
        take_training: ({ id }) => trainings.some((one) => one.id === id && one.ended_ms === null),
        end_training({ id, head = null, failure = null }) {
            const one = trainings.find((training) => training.id === id);
            Object.assign(one, { ended_ms: Date.now(), failure, is_running: false, head: head && 9 });
            if (!head) return { head: null };
            for (const other of tagger.heads) other.is_in_use = false;
            tagger.heads.unshift({
                id: 9,
                own_tagger: "mine",
                number: one.number,
                is_in_use: true,
                made_ms: Date.now(),
                ...head,
            });
            return { head: 9 };
        },
        training_files: (which) =>
            stored(
                files.filter(({ id }) => !which.files || which.files.includes(id)),
                views,
            ),
        embeddings: ({ files: ids }) => embeddingsOf([...ids].filter((id) => ((views.get(id) ?? 0) & 1) !== 0)),
        other_embeddings: () => embeddingsOf([]),
        squares: () => ({ files: new Uint32Array(), squares: [] }),
        record_embeddings: ({ embedded }) => embedded.forEach((/** @type {any} */ { file }) => views.set(file, 7)),
        ...store,
    };
    const library = {
        libraryId: "L",
        collection: 1,
        modelRef: async () => ({ id: "stand-in", version: "1", pipeline: 1 }),
        handles: { get: async () => new Map() },
        call: mock.fn(async (/** @type {string} */ name, /** @type {any} */ params) => {
            asked.push([name, params]);
            const answer = answers[name];
            if (!answer) throw new TypeError(`No test has provided for ${name}.`);
            return answer(params);
        }),
        write: (/** @type {string} */ name, /** @type {any} */ params) => asked.push([name, params]),
    };
    /** @type {TrainerWorker[]} */
    const workers = [];
    /** @type {Map<string, unknown>} */
    const kept = new Map();
    const platform = {
        store: { scope: "test" },
        loadSetting: (/** @type {string} */ key) => kept.get(key),
        saveSetting: (/** @type {string} */ key, /** @type {unknown} */ value) => kept.set(key, value),
        training: {
            async startWorker() {
                const worker = new TrainerWorker({ load: () => null, hold: () => null, ...trainer });
                workers.push(worker);
                return worker;
            },
            loadModule: async () => ({}),
            loadBackground: async () => null,
        },
    };
    const pool = { embed: mock.fn(async (/** @type {number} */ id) => embed(id)), cancelEmbeds: mock.fn() };
    const session = { putHead: mock.fn(), refill: mock.fn(async () => {}) };
    const context = /** @type {any} */ ({ library, platform, pool, session });
    return { asked, context, pool, session, tagger, teaching: createTeaching(context), trainings, workers };
}

export const EMBEDDED = {
    views: [0, 1].map(() => ({ scale: 1, vector: new Int8Array(N_FEATURES) })),
    square: new Blob(["square"]),
    longer_side: 800,
};

/** @param {number[]} ids */
export const embeddingsOf = (ids) => ({
    files: Uint32Array.from(ids),
    names: ids.map(() => ""),
    scales: Float32Array.from(ids, () => 1),
    vectors: Int8Array.from(ids.flatMap((id) => [id, 0, 0, 1])),
});

/** @param {{id: number, asset?: number, given?: string[], rejected?: string[], side?: number}[]} files `asset`: 0 of one that was never read @param {Map<number, number>} views */
export function stored(files, views = new Map()) {
    const ids = [...new Set(files.flatMap(({ given = [], rejected = [] }) => [...given, ...rejected]))];
    const places = (/** @type {string[]} */ list) => list.map((id) => ids.indexOf(id));
    return {
        files: Uint32Array.from(files, ({ id }) => id),
        assets: Float64Array.from(files, ({ id, asset = id }) => asset),
        sha256s: Uint8Array.from(files.flatMap(() => [...ANY_HASH])),
        sizes: Float64Array.from(files, () => 1),
        sides: Uint32Array.from(files, ({ side = 800 }) => side),
        states: Uint8Array.from(files, () => 1),
        views: Uint8Array.from(files, ({ id }) => views.get(id) ?? 3),
        tags: ids.map((id) => ({ id, name: id.replace("own:", ""), language: null })),
        given_lengths: Uint32Array.from(files, ({ given = [] }) => given.length),
        given: Uint32Array.from(files.flatMap(({ given = [] }) => places(given))),
        rejected_lengths: Uint32Array.from(files, ({ rejected = [] }) => rejected.length),
        rejected: Uint32Array.from(files.flatMap(({ rejected = [] }) => places(rejected))),
    };
}

export { CodedError };
