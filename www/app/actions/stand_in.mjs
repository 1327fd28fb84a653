/**
 * For the unit tests of the actions: stand-ins for what only a browser has, a worker and the platform that starts it. Whatever a test has
 * not provided for is an error. Everything else in these tests is real.
 * @import { Platform } from "../../platform/platform.d.ts"
 * @import { Calls, TaggedReply, Update } from "../../core/protocol.js"
 * @import { ModelFacts, Tag } from "../../core/engine_api.d.ts"
 *
 * @typedef {{[K in keyof Calls]?: (params: Calls[K][0]) => Calls[K][1] | Promise<Calls[K][1]>}} Answers
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
class StandInWorker {
    /** @type {((event: {data: unknown}) => void) | null} */
    onmessage = null;
    onerror = null;
    onmessageerror = null;
    isEnded = false;

    /** @param {Answers} answers */
    constructor(answers) {
        this.answers = answers;
    }

    /** @param {{seq: number, name: keyof Calls, params: any}} request */
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

/**
 * `sent` is what the session was told, update by update. `workers` are those that were started, by role.
 * @param {Answers} [answers] @param {Partial<Platform>} [parts]
 */
export function standIn(answers = {}, parts = {}) {
    /** @type {Map<string, unknown>} */
    const stored = new Map();
    /** @type {Update[]} */
    const sent = [];
    /** @type {{role: string, worker: StandInWorker}[]} */
    const workers = [];
    /** @type {Answers} */
    const all = {
        start_tagger: () => ({ ms: 0, facts: FACTS }),
        start_session: () => ({ export_formats: [], error_codes: [], pipeline_version: 1 }),
        tag: tagged,
        start_objects: () => null,
        look_again: ({ first }) => first,
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
            vocabulary: TEXT,
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
        saveSetting: (key, value) => void stored.set(key, value),
        loadSetting: (key) => stored.get(key) ?? null,
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
    return { platform, stored, sent, workers };
}

/**
 * A context with its workers running; the state is as on a first visit. `heard.objectsOff` is told where no objects can be found.
 * @param {Answers} [answers] @param {Partial<Platform>} [parts] @param {number} [workers]
 */
export async function standInContext(answers, parts, workers = 1) {
    resetState();
    const { platform, ...seen } = standIn(answers, parts);
    /** @type {unknown[]} */
    const errors = [];
    const heard = { objectsOff: /** @type {(error: unknown) => void} */ ((error) => void errors.push(error)) };
    let isReady = false;
    const context = createContext(platform, { workers }, null, {
        onReady: () => void (isReady = true),
        onSession: () => {},
        onSnapshot: () => {},
        onOff: (error) => errors.push(error),
        onFailed: (error) => errors.push(error),
        onObjectsLoaded: () => {},
        onObjectsOff: (error) => heard.objectsOff(error),
    });
    context.pool.restart();
    await context.session.start();
    await until(() => isReady || errors.length > 0);
    return { context, platform, errors, heard, ...seen };
}

export function resetState() {
    state.pictures.clear();
    state.orderedIds.value = [];
    state.counts.value = { queued: 0, decoding: 0, tagging: 0, done: 0, failed: 0, stopped: 0 };
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
    state.reviewed.value = new Set();
    state.selection.value = new Set();
    state.current.value = 0;
    state.history.value = { undo: null, redo: null };
    state.notice.value = { text: "", isShown: false };
    state.said.value = [];
}
