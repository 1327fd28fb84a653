/** For tests of jobs from the press of a button to the store: a store, a provider worker and a session that are the test's own. */
import { afterEach, mock } from "node:test";
import { signal } from "../../vendor/signals.js";
import { NOTHING_KEPT } from "../provider_profiles.js";
import { jobs, keptProviders } from "../provider_state.js";
import * as state from "../state.js";
import { createProviderJobs } from "./provider_jobs.js";
import { StandInWorker, standInContext, until as waitUntil } from "./stand_in.mjs";
import { createUndo } from "./undo.js";

export const ORIGIN = "https://provider.test";
const NEED = { max_side: 1024, min_side: 1, max_bytes: 4_000_000, media_type: "image/jpeg" };
const FACTS = { width: 400, height: 300, format: "png", sha256: "", timings_ms: {} };
export const SENT = { n_bytes: 10, ms: 1 };

/** @param {string} name */
export const found = (name) => ({
    found: { tags: [{ name, confidence: 0.9 }], title: `A ${name}`, description: null, alt_text: "", language: "en" },
});
export const ANSWERED = { ...SENT, status: 200, outcome: "answered", failure: null, n_billed: 1, n_maybe: 0 };
export const LOST = { ...SENT, status: null, outcome: "lost", results: null, n_billed: 0, n_maybe: 1 };

/** A store that knows of jobs what the real one does, in a few lines. */
function jobStore() {
    /** @type {{run: number, settings: any, awaited: Map<number, {code: string, detail: string} | null>, n: number} | null} */
    let job = null;
    /** @type {any[]} */
    const ended = [];
    const of = (/** @type {boolean} */ isFailed) =>
        [...(job?.awaited.values() ?? [])].filter((failure) => (failure !== null) === isFailed).length;
    /** @type {Record<string, (params: any) => unknown>} */
    const answers = {
        begin_job({ run, files }) {
            job = {
                run: 7,
                settings: run.settings,
                awaited: new Map(files.map((/** @type {number} */ id) => [id, null])),
                n: files.length,
            };
            return 7;
        },
        begin_tried_job({ tried, ...begun }) {
            answers["begin_job"]?.(begun);
            for (const { file } of tried) job?.awaited.delete(file);
            return { run: 7, files: tried.map((/** @type {any} */ { file }) => file) };
        },
        jobs() {
            if (!job || job.awaited.size === 0) return [];
            const counts = { n_files: job.n, n_waiting: of(false), n_failed: of(true) };
            const n_done = job.n - job.awaited.size;
            return [
                {
                    run: 7,
                    provider: "one",
                    name: "One",
                    collection: 1,
                    settings: job.settings,
                    begun_ms: 0,
                    n_done,
                    ...counts,
                },
            ];
        },
        awaited: () => [...(job?.awaited ?? [])].map(([file, failure]) => ({ file, is_asked: false, failure })),
        ask_again: ({ files }) =>
            [...(job?.awaited.keys() ?? [])].forEach(
                (id) => (files ?? [id]).includes(id) && job?.awaited.set(id, null),
            ),
        end_job: () => void job?.awaited.clear(),
        end_request(end) {
            ended.push(end);
            for (const result of end.results) {
                if ("found" in result) job?.awaited.delete(result.file);
                else job?.awaited.set(result.file, "failure" in result ? result.failure : null);
            }
            return { files: end.results.flatMap((/** @type {any} */ { file, found }) => (found ? [file] : [])) };
        },
        fail_awaited: ({ failures }) =>
            failures.forEach((/** @type {any} */ { file, ...failure }) => job?.awaited.set(file, failure)),
        texts: () => [],
        know_content: () => false,
        begin_request: () => null,
        request_totals: () => [],
        files: ({ ids }) => ({
            ...{ ids: Uint32Array.from(ids), paths: ids.map((/** @type {number} */ id) => `${id}.png`) },
            ...{ sizes: Float64Array.from(ids, () => 1), modified_ms: Float64Array.from(ids, () => 0) },
        }),
    };
    /** What a test answers in its place. @type {Record<string, ((params: any) => unknown) | undefined>} */
    const hooks = {};
    const names = Object.keys(answers);
    const hooked = names.map((name) => [name, (/** @type {any} */ params) => (hooks[name] ?? answers[name])?.(params)]);
    return { answers: Object.fromEntries(hooked), hooks, ended, awaited: () => job?.awaited ?? new Map() };
}

/** @type {(() => void)[]} */
const endings = [];
afterEach(() => {
    for (const end of endings.splice(0)) end();
    jobs.value = [];
    keptProviders.value = NOTHING_KEPT;
});

/**
 * @param {(pictures: number[], nth: number) => unknown} answer what the provider says of these files
 * @param {{n?: number, cap?: number | null}} [how]
 */
export async function begin(answer, { n = 3, cap = null } = {}) {
    const store = jobStore();
    let nSent = 0;
    /** @type {any[]} */
    const asked = [];
    const secrets = { key: "secret-key" };
    const described = {
        setup: { kind: "http" },
        notes: [],
        origins: [ORIGIN],
        need: NEED,
        has_confidence: true,
        is_billed: true,
    };
    /** @type {StandInWorker[]} */
    const workers = [];
    const worker = () => {
        const started = new StandInWorker({
            load: () => null,
            describe: () => described,
            start: (/** @type {any} */ params) => {
                asked.push(params);
                return described;
            },
            plan: (/** @type {{sizes: number[]}} */ { sizes }) => ({
                batches: sizes.map(() => 1),
                units: sizes.length,
            }),
            send: (/** @type {{pictures: {width: number}[]}} */ { pictures }) =>
                answer(
                    pictures.map(({ width }) => width),
                    nSent++,
                ),
            abort: () => null,
        });
        workers.push(started);
        return started;
    };
    const providers = {
        startWorker: async () => worker(),
        loadModule: async () => ({}),
        localLeave: async () => "none",
        serverDate: async () => null,
    };
    /** @type {any} */
    const answers = {
        start_shrinker: () => null,
        shrink: (/** @type {{file: File}} */ { file }) => ({
            blob: new Blob(["jpeg"]),
            width: Number.parseInt(file.name, 10),
            height: 1,
            sha256: "ab",
            size: 1,
            facts: FACTS,
        }),
        tags: (/** @type {{ids: number[]}} */ { ids }) => ids.map(() => []),
    };
    const { context, storeCalls } = await standInContext(
        answers,
        /** @type {any} */ ({ providers }),
        1,
        /** @type {any} */ (store.answers),
    );
    const ids = Array.from({ length: n }, (_, idx) => idx + 1);
    for (const id of ids) {
        const file = new File(["x"], `${id}.png`, { lastModified: 0 });
        const picture = {
            id,
            path: `${id}.png`,
            name: `${id}.png`,
            size: 1,
            modified_ms: 0,
            file,
            state: /** @type {const} */ ("done"),
            facts: FACTS,
        };
        state.pictures.set(id, signal(/** @type {any} */ (picture)));
    }
    const shown = /** @type {{id: number, tags: any[]}[]} */ ([]);
    Object.assign(context.session, {
        tagRefs: async (/** @type {string[]} */ texts) =>
            texts.map((text) => ({ id: text === "dog" ? "dog" : `own:${text}`, name: text })),
        putProvider: (/** @type {number} */ id, /** @type {any} */ { tags }) => void shown.push({ id, tags }),
        setTexts: () => {},
    });
    const history = createUndo(context.library);
    const files = {
        openFiles: async (/** @type {number[]} */ ids) => ({ open: ids, locked: [], missing: [] }),
        unlockFiles: async () => {},
    };
    const profile = /** @type {any} */ ({
        id: "one",
        kind: "http",
        name: "One",
        setup: { kind: "http" },
        threshold: 0.5,
        max_tags: 20,
        language: "en",
        mode: "add",
        enabled: true,
    });
    const actions = createProviderJobs(/** @type {any} */ ({ context, history, actions: files }), {
        profileOf: (id) => (id === "one" ? profile : null),
        secretsOf: () => ({ ...secrets }),
        limitOf: () => ({ cap }),
        reach: async () => () => {},
    });
    endings.push(() => {
        context.session.stop();
        context.pool.stop();
    });
    const wanted = {
        provider: "one",
        ids,
        mode: /** @type {const} */ ("add"),
        only_doubted: false,
        never: { collections: [], folders: [] },
    };
    return {
        ...{ actions, context, wanted, ids, store, storeCalls, shown, asked, history, profile, described, secrets },
        workers,
    };
}

/** Time goes on meanwhile. @param {() => boolean} isSo */
export const until = (isSo) =>
    waitUntil(() => {
        mock.timers.tick(50);
        return isSo();
    });

export const status = () => jobs.value[0]?.status;
