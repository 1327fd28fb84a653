/**
 * For the unit tests of the actions: stand-ins for what only a browser has, workers and the platform that starts them. Whatever a test has
 * not provided for is an error. Everything else in these tests is real; of the store only what it answers is not.
 * @import { Platform } from "../../platform/platform.d.ts"
 * @import { Calls, Filling, TaggedReply, Update } from "../../core/protocol.js"
 * @import { StoreCalls } from "../../db/protocol.js"
 * @import { ModelFacts, Tag } from "../../core/engine_api.d.ts"
 *
 * @typedef {{[K in keyof Calls]?: (params: Calls[K][0]) => Calls[K][1] | Promise<Calls[K][1]>}} Answers
 * @typedef {{[K in keyof StoreCalls]?: (params: StoreCalls[K][0]) => StoreCalls[K][1] | Promise<StoreCalls[K][1]>}} StoreAnswers
 */
import { mock } from "node:test";
import { CodedError, failureOf } from "../../core/protocol.js";
import { WORDS_PARTS, loadWords } from "../../i18n/messages.js";
import { createContext } from "../context.js";
import { DEFAULTS } from "../settings.js";
import * as state from "../state.js";

// What is said stays on show for seconds, and no test waits for that. The clock stands still as well.
mock.timers.enable({ apis: ["setTimeout", "Date"], now: new Date(2026, 10, 21, 14, 3, 5) });

for (const part of WORDS_PARTS) await loadWords("en", part);

export const FACTS = /** @type {ModelFacts} */ (
    /** @type {unknown} */ ({
        id: "stand-in",
        version: "1",
        components: ["classes"],
        languages: ["en"],
        has_second_look: true,
        is_preparation_guessed: false,
        policy: { threshold: 0.3, max_tags: 8 },
    })
);

/** @param {() => boolean} holds */
export async function until(holds) {
    const start = performance.now();
    while (!holds()) {
        if (performance.now() - start > 5_000) throw new Error(`Waited in vain until ${holds}`);
        await new Promise((resolve) => setImmediate(resolve));
    }
}

/** @param {string} name @param {string} [type] */
export const file = (name, type = "image/jpeg") =>
    new File([name], /** @type {string} */ (name.split("/").at(-1)), { type });
/** @param {string[]} paths */
export const found = (...paths) => paths.map((path) => ({ file: file(path), path }));

/** @param {string} id @param {"auto" | "manual"} [source] */
export const tag = (id, source = "auto") =>
    /** @type {Tag} */ ({
        id,
        name: `the ${id}`,
        category: null,
        confidence: 0.9,
        score: 0.9,
        source,
        from: "classes",
        also_from: [],
        parents: [],
        count: null,
        boxes: [],
    });

/** @returns {TaggedReply} */
export const tagged = () =>
    /** @type {TaggedReply} */ (
        /** @type {unknown} */ ({
            width: 4,
            height: 3,
            format: "jpeg",
            sha256: "",
            timings_ms: {},
            thumbnail: new Blob([]),
            tags: [],
            confidences: [],
            boxes: { tags: [], components: [], confidences: [], regions: [] },
        })
    );

/** A worker's side of the wire, answered by the test. */
export class StandInWorker {
    /** @type {((event: {data: unknown}) => void) | null} */
    onmessage = null;
    onerror = null;
    onmessageerror = null;
    isEnded = false;

    /** @param {Record<string, any>} answers */
    constructor(answers) {
        this.answers = answers;
    }

    /** @param {{seq: number, name: string, params: any}} request */
    async postMessage({ seq, name, params }) {
        if (name === "live") return; // it lives as long as the test
        try {
            const answer = /** @type {((params: any) => unknown) | undefined} */ (this.answers[name]);
            if (!answer) throw new CodedError("stand_in", `Nobody said what a worker answers to ${name}.`);
            const ok = await answer(params);
            this.onmessage?.({ data: { seq, ok } });
        } catch (error) {
            this.onmessage?.({ data: { seq, error: failureOf(error, "stand_in") } });
        }
    }

    /** @param {string} detail */
    crash(detail) {
        this.onmessage?.({ data: { crash: detail } });
    }

    terminate() {
        this.isEnded = true;
    }
}

const EMPTY_MODULE = new URL("data:application/wasm;base64,AGFzbQEAAAA=");
const TEXT = new URL("data:text/plain,stand-in");
const VOCABULARY = new URL('data:application/json,{"tags":[]}');

/** An empty store that takes everything. `calls` is what it was told. @param {StoreAnswers} answers */
function standInStore(answers) {
    /** @type {{name: keyof StoreCalls, params: any}[]} */
    const calls = [];
    let nextId = 1;
    const collection = { id: 1, name: "", folder: null, made_ms: 0, opened_ms: 0, view: null, n_files: 0 };
    const columns = () => ({ ids: new Uint32Array(0), sizes: new Float64Array(0), modified_ms: new Float64Array(0) });
    /** @type {StoreAnswers} */
    const all = {
        open: () => ({
            kept: "memory",
            reason: null,
            library: "stand-in",
            has_others: false,
            collection,
            n_files: 0,
            n_jobs: 0,
            n_own: 0,
            steps: [],
            settings: {},
        }),
        order: () => new Uint32Array(0),
        reserve_ids: ({ n }) => (nextId += n) - n,
        begin_run: () => 1,
        outdated: () => new Uint32Array(0),
        tags: () => [],
        files: () => ({
            ...columns(),
            paths: [],
            states: new Uint8Array(0),
            looks: new Uint8Array(0),
            facts: [],
            failures: {},
            corrections: {},
        }),
        find_known: ({ files }) => files.map(() => ({ file: null, is_size_known: false })),
        find_assets: ({ sha256s }) => sha256s.map(() => null),
        ...answers,
    };
    const worker = new StandInWorker(
        new Proxy(
            {},
            {
                get: (_, /** @type {string} */ name) => (/** @type {any} */ request) => {
                    if (name === "start") return { kept: "memory", reason: null };
                    calls.push({ name: /** @type {keyof StoreCalls} */ (name), params: request.params });
                    return /** @type {Record<string, any>} */ (all)[name]?.(request.params) ?? null;
                },
            },
        ),
    );
    return { calls, worker };
}

/**
 * `sent` is what the session was told, update by update, and `filled` what it was filled with. `storeCalls` is what the store was told. `workers`
 * are those that were started, by role.
 * @param {Answers} [answers] @param {Partial<Platform>} [parts] @param {StoreAnswers} [storeAnswers]
 */
export function standIn(answers = {}, parts = {}, storeAnswers = {}) {
    /** @type {Map<string, unknown>} */
    const stored = new Map();
    /** @type {Update[]} */
    const sent = [];
    /** @type {Filling[]} */
    const filled = [];
    /** @type {{role: string, worker: StandInWorker}[]} */
    const workers = [];
    const store = standInStore(storeAnswers);
    /** @type {Answers} */
    const all = {
        start_tagger: () => ({ ms: 0, facts: FACTS }),
        start_session: () => ({ facts: FACTS, export_formats: [], error_codes: [], pipeline_version: 1 }),
        tag: tagged,
        start_objects: () => null,
        look_again: ({ first }) => first,
        fill: (filling) => {
            filled.push(filling);
            return null;
        },
        update: (update) => {
            sent.push(update);
            return { tags: update.ids.map(() => []), details: null, counted: null };
        },
        ...answers,
    };
    /** @type {Partial<Platform>} */
    const given = {
        engineFiles: () => ({
            engine: { simd128: EMPTY_MODULE, relaxed: EMPTY_MODULE },
            card: TEXT,
            vocabulary: VOCABULARY,
            model: TEXT,
            session: EMPTY_MODULE,
            exports: EMPTY_MODULE,
            companions: {},
            objects: {},
        }),
        loadStyles: async () => {},
        machine: () => ({ cores: 2, memoryGb: 4 }),
        startWorker: async (role) => {
            const worker = new StandInWorker(all);
            workers.push({ role, worker });
            return /** @type {Worker} */ (/** @type {unknown} */ (worker));
        },
        store: {
            scope: "https://tagsmith.test/",
            startWorker: async () => /** @type {Worker} */ (/** @type {unknown} */ (store.worker)),
            loadModule: async () => /** @type {any} */ ({}),
        },
        saveSetting: (key, value) => void stored.set(key, value),
        loadSetting: (key) => stored.get(key) ?? null,
        onSetting: () => {},
        ...parts,
    };
    const platform = /** @type {Platform} */ (
        new Proxy(given, {
            get(target, name) {
                if (name in target) return target[/** @type {keyof Platform} */ (name)];
                throw new Error(`The stand-in platform has no ${String(name)}.`);
            },
        })
    );
    return { platform, stored, sent, filled, storeCalls: store.calls, workers };
}

/**
 * A context with its workers running; the state is as on a first visit. `heard.objectsOff` is told where no objects can be found.
 * @param {Answers} [answers] @param {Partial<Platform>} [parts] @param {number} [workers] @param {StoreAnswers} [storeAnswers]
 */
export async function standInContext(answers, parts, workers = 1, storeAnswers = {}) {
    resetState();
    const { platform, ...seen } = standIn(answers, parts, storeAnswers);
    /** @type {unknown[]} */
    const errors = [];
    const heard = { objectsOff: /** @type {(error: unknown) => void} */ ((error) => void errors.push(error)) };
    let isReady = false;
    const context = createContext(platform, { workers }, null, {
        onReady: () => void (isReady = true),
        onSession: ({ facts }) => context.library.useModel({ facts, pipeline: 1, vocabulary: '{"tags":[]}' }),
        onSnapshot: () => {},
        onOff: (error) => errors.push(error),
        onFailed: (error) => errors.push(error),
        onObjectsLoaded: () => {},
        onObjectsOff: (error) => heard.objectsOff(error),
        onChange: () => {},
        onStalled: () => {},
        onStoreFailed: (error) => errors.push(error),
    });
    context.library.show(await context.openStore(), 1, false);
    context.library.begin();
    await context.library.fetchIds(1);
    context.pool.restart();
    await context.session.start();
    await until(() => isReady || errors.length > 0);
    return { context, platform, errors, heard, ...seen };
}

export function resetState() {
    state.pictures.clear();
    state.orderedIds.value = [];
    state.counts.value = { queued: 0, decoding: 0, tagging: 0, done: 0, failed: 0, stopped: 0, undone: 0 };
    state.settings.value = DEFAULTS;
    state.engine.value = { status: "loading" };
    state.problem.value =
        state.dialog.value =
        state.opened.value =
        state.finishedBeforeRun.value =
        state.change.value =
            null;
    state.isPaused.value = false;
    state.nSecondLooks.value = state.nLooksLeft.value = 0;
    state.areTagsDrawn.value = true; // nothing is drawn here
    state.query.value = { words: "", filters: [], without: [], sort: "added" };
    state.foundIds.value = state.tagList.value = state.listed.value = null;
    state.leftOut.value = [];
    state.runOver.value = null;
    state.kept.value = state.collection.value = state.keptTop.value = state.filesNeeded.value = null;
    state.outdated.value = { ids: [], areLeft: false };
    state.reviewed.value = new Set();
    state.selection.value = new Set();
    state.current.value = 0;
    state.history.value = { undo: null, redo: null };
    state.notice.value = { text: "", isShown: false };
    state.said.value = [];
}
